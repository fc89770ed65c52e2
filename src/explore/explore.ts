/**
 * Exploration of schedules: runs a function again and again, each time with another order of what its goroutines do, until
 * one of them fails. The order that fails is made as simple as can be, and comes with a token that repeats it exactly, on
 * every host.
 *
 * Others may go on at every operation of this library, also at those that need not wait; at the synchronous `try…` forms
 * they may not, as in the real world. Time is virtual and passes when nobody can go on, or, with `slow`, at any moment.
 *
 * A plain `await` of something that is not of this library is no such point: what another goroutine does meanwhile is not
 * explored.
 *
 * @module
 */

import { Activity, hostIdentity } from "../conductor/activity.ts";
import { holdGlobals } from "../conductor/conductor.ts";
import { awaitsSeen } from "../conductor/points.ts";
import type { Outcome, Routine, Strategy } from "../conductor/routine.ts";
import { checkCount, checkFunction, describe } from "../runtime/arguments.ts";
import { dispose } from "../runtime/symbols.ts";
import type { EventLog } from "../trace/event-log.ts";
import { shown } from "../trace/preview.ts";
import { type Told, written } from "../trace/transcript.ts";
import { Deviations } from "./deviations.ts";
import { Random } from "./random.ts";
import { defaultMaxSteps, logged, type Run, runOnce, type RunOptions, toldOf } from "./run.ts";
import { shrink, trimmed } from "./shrink.ts";
import { InOrder, Priorities, RandomWalk, Replay, Sampling } from "./strategies.ts";
import { checkOf, decode, encode } from "./token.ts";

export { Session, type SessionChoice, type SessionOptions, type SessionOutcome } from "./session.ts";

/**
 * How schedules are chosen. `random`: whoever can go on is equally likely to. `pct:3`: random priorities that change twice.
 * `bounded:2`: all schedules in which a goroutine that could go on has to wait at most twice. `mixed`: all of these in turn;
 * the only one that finds every kind of bug.
 */
export type StrategyName = "mixed" | "random" | `pct:${number}` | `bounded:${number}`;

/** What to explore. */
export interface ExploreOptions {
  /** How many schedules are tried. 1000 if it is left out. */
  readonly runs?: number;
  /** What the random choices begin with, to repeat an exploration. Chosen at random if it is left out. */
  readonly seed?: number;
  readonly strategy?: StrategyName;
  /** Whether time may pass although a goroutine can go on, as on a slow machine: then a timeout can beat work. */
  readonly slow?: boolean;
  /** Whether goroutines that are left when `f` has returned are a failure. True if it is left out. */
  readonly leaks?: boolean;
  /** After how many steps a run counts as one without end. 20,000 if it is left out. */
  readonly maxSteps?: number;
}

/** What was explored without a failure. */
export interface Exploration {
  /** How many schedules were tried. */
  readonly runs: number;
  /** How many steps all of them took. */
  readonly steps: number;
  /** Whether there are no other schedules. Then the first has been run once more, to see that the program repeats itself. */
  readonly exhausted: boolean;
  readonly seed: number;
  /** Whether plain awaits were points where others could go on: only in code that was transformed. */
  readonly awaits: "explored" | "not explored";
}

/** What a failure is called. */
export type FailureKind = "deadlock" | "leak" | "panic" | "livelock";

/** The failure of a schedule. Its message has the failure, the transcript of the run and the token. */
export class ExploreError extends Error {
  readonly kind: FailureKind;
  /** Repeats the failure with {@link replay}. */
  readonly token: string;
  /** The number of the schedule that failed first, from 1. */
  readonly run: number;
  readonly seed: number | undefined;
  readonly #told: readonly Told[];
  #transcript: readonly string[] | undefined;

  /** @internal */
  constructor(kind: FailureKind, text: string, found: Found, cause: unknown) {
    super(text, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.token = found.token;
    this.#told = found.told;
    this.run = found.run;
    this.seed = found.seed;
  }

  /**
   * What happened, a sentence for each event.
   *
   * @example
   * ```ts
   * const error = await explore(() => chan().receive()).catch((error: ExploreError) => error);
   * console.log((error as ExploreError).transcript[0]); // goroutine 1 begins to run
   * ```
   */
  get transcript(): readonly string[] {
    // A run without end has thousands of lines, of which the message needs the last ones only.
    return (this.#transcript ??= this.#told.map(written));
  }

  static {
    this.prototype.name = "ExploreError";
  }
}

interface Found {
  readonly token: string;
  readonly told: readonly Told[];
  readonly run: number;
  readonly seed: number | undefined;
}

/** The function {@link explore}, with its other forms. */
export interface Explore {
  /**
   * Runs `f` under many schedules, and throws at the first that fails: a deadlock, a goroutine that is left, an error that any
   * goroutine throws, a rejected promise that nobody handles, a run without end. `f` must do the same each time but for the
   * schedule: it makes its own channels, and reads no real clock, no `Math.random` and no network.
   *
   * Bubbles of `gocsp/synctest` and explorations take turns: one that begins while another runs waits for it.
   *
   * @throws ExploreError with the failure, a transcript and a token for {@link replay}
   * @throws Error `explore: the program does not repeat itself: …`
   * @throws Error `explore: goroutine 2 awaits the world outside …`
   * @throws TypeError `explore: 42 is not a function`, `explore: there is no strategy "pct"`
   * @throws RangeError `explore: the number of runs must be an integer of at least 0, got …`
   *
   * @example
   * ```ts
   * const error = await explore(async () => {
   *   let n = 0;
   *   const wg = new sync.WaitGroup();
   *   for (let i = 0; i < 2; i++) {
   *     wg.go(async () => {
   *       const seen = n;
   *       await gosched();
   *       n = seen + 1;
   *     });
   *   }
   *   await wg.wait();
   *   if (n !== 2) throw new Error(`lost an update: ${n}`);
   * }).catch((error: ExploreError) => error);
   * console.log((error as ExploreError).kind); // panic
   * ```
   */
  (f: () => unknown, options?: ExploreOptions): Promise<Exploration>;

  /**
   * Runs `f` under all its schedules, as far as `options.runs` allows, 100,000 if it is left out; whether there are no others
   * is `exhausted` in the result. A program of a few goroutines with a few operations each has some thousand.
   *
   * @throws As {@link explore}.
   *
   * @example
   * ```ts
   * const { runs, exhausted } = await explore.all(async () => {
   *   const ch = chan<number>(2);
   *   go(() => ch.send(1));
   *   go(() => ch.send(2));
   *   console.log((await ch.receive()) !== (await ch.receive()));
   * });
   * console.log(exhausted, runs > 1); // true true
   * ```
   */
  readonly all: (f: () => unknown, options?: Omit<ExploreOptions, "strategy">) => Promise<Exploration>;

  /**
   * Runs `f` under one schedule, chosen at random by `seed`: for properties over programs and schedules at once, such as
   * those of fast-check, which shrinks the program and the seed. Returns what `f` returns.
   *
   * @throws ExploreError as {@link explore}
   *
   * @example
   * ```ts
   * const sum = await explore.once(async () => {
   *   const ch = chan<number>();
   *   go(() => ch.send(20));
   *   go(() => ch.send(22));
   *   return ((await ch.receive()) as number) + ((await ch.receive()) as number);
   * }, 7);
   * console.log(sum); // 42
   * ```
   */
  readonly once: <T>(
    f: () => T | PromiseLike<T>,
    seed: number,
    options?: Omit<ExploreOptions, "runs" | "seed" | "strategy">,
  ) => Promise<T>;
}

/**
 * Explores the schedules of a function: see {@link Explore}.
 *
 * @example
 * ```ts
 * const { exhausted } = await explore(async () => {
 *   const ch = chan<number>();
 *   go(() => ch.send(42));
 *   if ((await ch.receive()) !== 42) throw new Error("another number");
 * });
 * console.log(exhausted); // true
 * ```
 */
export const explore: Explore = Object.assign(exploreSome, { all: exploreAll, once: exploreOnce });

async function exploreSome(f: () => unknown, options: ExploreOptions = {}): Promise<Exploration> {
  const held = holdGlobals(hostIdentity);
  try {
    return await exploreMany(f, options);
  } finally {
    held[dispose]();
  }
}

async function exploreMany(f: () => unknown, options: ExploreOptions): Promise<Exploration> {
  const { runs = 1000, seed = Math.floor(Math.random() * 2 ** 31), strategy = "mixed" } = options;
  checkFunction("explore", f);
  checkCount("explore: the number of runs", runs);
  checkCount("explore: the number of steps", options.maxSteps ?? defaultMaxSteps);
  checkSeed("explore", seed);
  const { deviations, others } = parse(strategy);
  const seenBefore = awaitsSeen();
  let steps = 0;
  let count = 0;
  let length = 0;
  let first: { readonly planned: readonly number[]; readonly sizes: readonly number[] } | undefined;
  while (count < runs) {
    // Every other run of a mixed exploration is the next deviation from the order.
    const planned = others.length === 0 || count % 2 === 0 ? deviations?.next() : undefined;
    if (planned === undefined && (others.length === 0 || deviations?.exhausted === true)) break;
    const random = new Random(Math.imul(seed, 7919) + count);
    const replay = planned === undefined ? undefined : new Replay(planned);
    const chosen = replay ?? strategyOf(others[(count >> 1) % others.length] as string, random, length);
    const run = await runOnce(f, chosen, options);
    count++;
    steps += run.conductor.steps;
    length = Math.max(length, run.conductor.choices.length);
    if (run.outcome.kind !== "returned") throw await explain(f, run, count, { ...options, seed });
    if (planned === undefined) continue;
    if (replay?.divergedAt !== undefined) throw await unrepeatable(f, planned, replay.divergedAt, options);
    deviations?.ran(planned, run.conductor.sizes);
    first ??= { planned, sizes: run.conductor.sizes };
  }
  if (deviations?.exhausted === true && first !== undefined) {
    // "There are no others" is said of a program that repeats itself only. One run alone does not show that it does.
    const again = await runOnce(f, new Replay(first.planned), options);
    if (again.outcome.kind !== "returned") throw await explain(f, again, count, { ...options, seed });
    const divergedAt = firstDifference(first.sizes, again.conductor.sizes);
    if (divergedAt !== undefined) throw await unrepeatable(f, first.planned, divergedAt, options);
  }
  return {
    runs: count,
    steps,
    exhausted: deviations?.exhausted === true,
    seed,
    awaits: awaitsSeen() > seenBefore ? "explored" : "not explored",
  };
}

async function exploreAll(f: () => unknown, options: Omit<ExploreOptions, "strategy"> = {}): Promise<Exploration> {
  return exploreSome(f, { runs: 100_000, ...options, strategy: "bounded:Infinity" as StrategyName });
}

async function exploreOnce<T>(
  f: () => T | PromiseLike<T>,
  seed: number,
  options: Omit<ExploreOptions, "runs" | "seed" | "strategy"> = {},
): Promise<T> {
  checkFunction("explore.once", f);
  checkSeed("explore.once", seed);
  const random = new Random(seed);
  // One time in three with priorities: random walks alone miss what needs a goroutine to wait for long.
  const strategy = random.below(3) === 0 ? new Priorities(random, 3, 100) : new RandomWalk(random);
  const run = await runOnce(f, strategy, options);
  if (run.outcome.kind !== "returned") throw await explain(f, run, 1, { ...options, seed });
  return run.outcome.value as T;
}

/**
 * Runs `f` under the schedule of a token, and returns what `f` returns. If the token came from a failure, that failure is
 * thrown again, with its transcript: here, on another machine, in a browser, under a debugger.
 *
 * @throws ExploreError the failure
 * @throws TypeError `explore.replay: "…" is not a token`, or one of another version
 * @throws Error `explore.replay: the token is of another program, or of another state of this one`
 *
 * @example
 * ```ts
 * const program = async () => {
 *   const [a, b] = [new sync.Mutex(), new sync.Mutex()];
 *   const wg = new sync.WaitGroup();
 *   const both = async (x: sync.Mutex, y: sync.Mutex) => {
 *     using _1 = await x.lock();
 *     using _2 = await y.lock();
 *   };
 *   wg.go(() => both(a, b));
 *   wg.go(() => both(b, a));
 *   await wg.wait();
 * };
 * const found = await explore(program).catch((error: ExploreError) => error);
 * const again = await replay((found as ExploreError).token, program).catch((error: ExploreError) => error);
 * console.log((again as ExploreError).kind); // deadlock
 * ```
 */
export async function replay<T>(
  token: string,
  f: () => T | PromiseLike<T>,
  options: Pick<ExploreOptions, "leaks" | "maxSteps"> = {},
): Promise<T> {
  const { slow, choices, check } = decode(token);
  checkFunction("explore.replay", f);
  const strategy = new Replay(choices);
  const log: EventLog[] = [];
  const run = await runOnce(f, strategy, { ...options, slow }, { lines: true, ...logged(log) });
  if (strategy.divergedAt !== undefined || checkOf(run.conductor.sizes, choices) !== check) {
    throw new Error("explore.replay: the token is of another program, or of another state of this one");
  }
  if (run.outcome.kind === "returned") return run.outcome.value as T;
  throw failure(run, { token, told: toldOf(log[0], run), run: 1, seed: undefined });
}

/** How many steps the runs that shrink a schedule may take together: a livelock's are long. */
const maxShrinking = 2_000_000;

function checkSeed(what: string, seed: unknown): void {
  if (!Number.isInteger(seed)) throw new RangeError(`${what}: the seed must be an integer, got ${describe(seed)}`);
}

/** What a mixed exploration tries in turn, beside the deviations. */
const mixture = ["order", "sampling", "pct:2", "random", "sampling", "pct:3", "sampling", "pct:5"];

function parse(strategy: string): { deviations: Deviations | undefined; others: readonly string[] } {
  const [kind, parameter] = strategy.split(":");
  const number = Number(parameter);
  if (strategy === "mixed") return { deviations: new Deviations(Infinity), others: mixture };
  if (strategy === "random") return { deviations: undefined, others: ["random"] };
  if (kind === "pct" && Number.isInteger(number) && number > 0) return { deviations: undefined, others: [strategy] };
  if (kind === "bounded" && number >= 0) return { deviations: new Deviations(number), others: [] };
  throw new TypeError(
    `explore: there is no strategy ${describe(strategy)}: it must be mixed, random, pct:3 or bounded:2, with any number`,
  );
}

function strategyOf(name: string, random: Random, length: number): Strategy {
  const [kind, parameter] = name.split(":");
  if (kind === "order") return new InOrder(random);
  if (kind === "sampling") return new Sampling(random);
  return kind === "pct" ? new Priorities(random, Number(parameter), length) : new RandomWalk(random);
}

/** Makes the error of a run that failed: its schedule shrunk, repeated once more with a log. */
async function explain(f: () => unknown, failed: Run, run: number, options: ExploreOptions): Promise<Error> {
  const wanted = kindOf(failed.outcome);
  const again = new Replay(failed.conductor.choices);
  const repeated = await runOnce(f, again, options);
  const divergedAt = again.divergedAt ?? firstDifference(failed.conductor.sizes, repeated.conductor.sizes);
  if (divergedAt !== undefined || kindOf(repeated.outcome) !== wanted) {
    const foreign = await foreignWait(f, failed, options);
    return foreign ?? unrepeatable(f, failed.conductor.choices, divergedAt ?? failed.conductor.sizes.length, options);
  }
  const foreign = await foreignWait(f, failed, options);
  if (foreign !== undefined) return foreign;
  let spent = 0;
  const fails = async (choices: readonly number[]): Promise<boolean> => {
    const { conductor, outcome } = await runOnce(f, new Replay(choices), options);
    spent += conductor.steps;
    return kindOf(outcome) === wanted;
  };
  const choices = await shrink(failed.conductor.choices, fails, () => spent > maxShrinking);
  const log: EventLog[] = [];
  const last = await runOnce(f, new Replay(choices), options, { lines: true, ...logged(log) });
  const check = checkOf(last.conductor.sizes, trimmed(choices));
  const token = encode({ slow: options.slow === true, choices: trimmed(choices), check });
  return failure(last, { token, told: toldOf(log[0], last), run, seed: options.seed });
}

/** Two failures are the same if these are. */
function kindOf(outcome: Outcome): string {
  return outcome.kind === "panic" ? `panic: ${shown(outcome.error)}` : outcome.kind;
}

function firstDifference(a: readonly number[], b: readonly number[]): number | undefined {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return undefined;
}

/** Makes the error of a program that went another way at a choice, with the place that it had come to before. */
async function unrepeatable(
  f: () => unknown,
  choices: readonly number[],
  choice: number,
  options: RunOptions,
): Promise<Error> {
  let line = "";
  let made = 0;
  const replay = new Replay(choices);
  const noting: Strategy = {
    next: (strands, last) => {
      if (made++ <= choice) line = last?.line?.toString() ?? line;
      return replay.next(strands);
    },
    choose: (ready) => {
      made++;
      return replay.choose(ready);
    },
  };
  await runOnce(f, noting, options, { lines: true });
  return new Error(
    `explore: the program does not repeat itself: under the same schedule it went another way at choice ${choice + 1}` +
      `${line === "" ? "" : `, after ${line}`}. ` +
      "Does it read a real clock or Math.random, use what an earlier run has left, or await the world outside?",
  );
}

/** Finds out whether what failed is only that a goroutine awaits the world outside, which no schedule can settle. */
async function foreignWait(f: () => unknown, failed: Run, options: ExploreOptions): Promise<Error | undefined> {
  if (!("blocked" in failed.outcome)) return undefined;
  const waiting = failed.outcome.blocked.find(({ state }) => state === "await");
  if (waiting === undefined) return undefined;
  const activity = new Activity();
  let busy = false;
  const watch = (): Disposable => {
    activity.start();
    return {
      [dispose]() {
        busy = activity.anyNow();
        activity.stop();
      },
    };
  };
  const run = await runOnce(f, new Replay(failed.conductor.choices), options, { lines: true, watch });
  if (!busy) return undefined;
  const routine = [...run.conductor.routines.values()].find(({ number }) => number === waiting.routine.number);
  return new Error(
    `explore: goroutine ${waiting.routine.number} awaits the world outside (a file, a socket, a thread), which cannot be ` +
      `repeated${routine === undefined ? "" : whereabouts(routine)}. ` +
      "Give the program a stand-in, or test it with gocsp/synctest.",
  );
}

/** Tells the line of a goroutine's latest operation or, if it has had none, that of its start. */
function whereabouts(routine: Routine): string {
  if (routine.line !== undefined) return `; its latest operation was at ${routine.line.toString()}`;
  return routine.start === undefined ? "" : `; it was started at ${routine.start.toString()}`;
}

const titles: Readonly<Record<Exclude<Outcome["kind"], "returned" | "panic">, readonly [FailureKind, string]>> = {
  deadlock: ["deadlock", "deadlock: all goroutines are asleep"],
  leak: ["leak", "leak: goroutines are left that will never go on"],
  steps: ["livelock", "livelock: the run does not end"],
  foreign: ["deadlock", "deadlock: a goroutine awaits what does not come"],
};

/** The longest transcript that a message shows; the whole is in `transcript`. */
const maxLines = 60;

function failure({ conductor, outcome }: Run, found: Found): ExploreError {
  if (outcome.kind === "returned") throw new Error("explore: internal error: the last run did not fail");
  const panics = outcome.kind === "panic";
  const [kind, title] = panics ? (["panic", `panic: ${shown(outcome.error)}`] as const) : titles[outcome.kind];
  const report = panics ? "" : `\n\n${conductor.report(outcome.blocked)}`;
  const { told, run, seed, token } = found;
  const skipped = told.length - maxLines;
  const lines = told.slice(-maxLines).map(written);
  if (skipped > 0) lines.unshift(`… ${skipped} events before …`);
  const where = seed === undefined ? "" : ` (schedule ${run} of seed ${seed})`;
  const text = `${title}${where}${report}\n\n${lines.join("\n")}\n\ntoken: ${token}`;
  return new ExploreError(kind, text, found, panics ? outcome.error : undefined);
}
