import type { Conductor } from "../conductor/conductor.ts";
import type { Outcome, Strategy } from "../conductor/routine.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { dispose } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Event, EventLog } from "../trace/event-log.ts";
import { shown } from "../trace/preview.ts";
import { Random } from "./random.ts";
import { conductorOf, logged, type RunOptions } from "./run.ts";
import { trimmed } from "./shrink.ts";
import { Replay } from "./strategies.ts";
import { checkOf, decode, encode } from "./token.ts";

/** How a session runs its program. */
export interface SessionOptions extends RunOptions {
  /** A schedule to follow, such as that of an ExploreError, until another choice is made. */
  readonly token?: string;
  /** Decides the choices of selects where no token does. 0 if it is left out: the same each time. */
  readonly seed?: number;
  /** Whether to record the line of each event. True if it is left out. */
  readonly lines?: boolean;
}

/** Something that can happen next. */
export interface SessionChoice {
  /** The number of the goroutine that would go on; 0 if time would pass. */
  readonly goroutine: number;
  /** A goroutine starts, was woken, can go on behind an operation, has a callback to run; or time passes. */
  readonly why: "start" | "wake" | "ready" | "timer" | "wait" | "time";
}

/** How a session's run ended. */
export interface SessionOutcome {
  readonly kind: "returned" | "panic" | "deadlock" | "leak" | "livelock";
  /** What the function returned. */
  readonly value: unknown;
  /** What a goroutine threw. */
  readonly error: unknown;
  /** Where each goroutine is that will not go on, as Go reports it; empty if there are none. */
  readonly report: string;
}

const kinds = { returned: "returned", panic: "panic", deadlock: "deadlock", leak: "leak", steps: "livelock" } as const;

/** Methods of `console` whose output becomes an event: going back runs the program anew. */
const printing = ["log", "info", "warn", "error", "debug"] as const;

type Console = Record<(typeof printing)[number], (...values: unknown[]) => void>;

/**
 * A program that is led by hand: step by step, with the choice of who goes on, and back again. Going back runs the program
 * anew up to the step before, so the program has to repeat itself as in {@link explore}. What it writes to the console
 * becomes events of the kind `log`; a panic that ends it is the last event, of the kind `panic`.
 *
 * While a session is under way, explorations and bubbles wait for its end: {@link Session.stop} it.
 *
 * @example
 * ```ts
 * const session = new Session(async () => {
 *   const ch = chan<string>(2);
 *   go(() => ch.send("a"));
 *   go(() => ch.send("b"));
 * });
 * await session.start();
 * await session.step();
 * await session.step(1); // the second goroutine before the first
 * await session.back();
 * console.log(session.position, session.choices.map(({ goroutine }) => goroutine).join()); // 1 2,3
 * await session.stop();
 * ```
 */
export class Session {
  readonly #f: () => unknown;
  readonly #options: SessionOptions;
  /** What was chosen at each step: beyond the position too, until another choice is made. */
  readonly #picks: number[] = [];
  /** The choices of selects in each step, the first of which is 1. */
  readonly #selects: number[][] = [];
  /** Whether the token is still followed. */
  #follows: boolean;
  #conductor: Conductor | undefined = undefined;
  #log: EventLog | undefined = undefined;
  #position = 0;
  /** Up to which step the run goes on by itself. */
  #target = 0;
  #resume: (() => void) | undefined = undefined;
  #paused: () => void = () => undefined;
  #ended: Promise<void> = Promise.resolve();
  #outcome: SessionOutcome | undefined = undefined;
  #busy = false;

  /**
   * Makes a session that has not started.
   *
   * @throws TypeError `Session: 42 is not a function`, `explore.replay: "…" is not a token`
   */
  constructor(f: () => unknown, options: SessionOptions = {}) {
    checkFunction("Session", f);
    if (options.token !== undefined) decode(options.token);
    this.#f = f;
    this.#options = options;
    this.#follows = options.token !== undefined;
  }

  /**
   * How many steps have been made.
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * await session.step();
   * console.log(session.position); // 1
   * await session.stop();
   * ```
   */
  get position(): number {
    return this.#position;
  }

  /**
   * What can happen next, in the order of reference; nothing if the run has ended.
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * console.log(session.choices.length, session.choices[0]?.goroutine); // 1 1
   * await session.stop();
   * ```
   */
  get choices(): readonly SessionChoice[] {
    if (this.#outcome !== undefined || this.#conductor === undefined) return [];
    return this.#conductor.options.map(({ routine, why }) => ({ goroutine: routine.number, why }));
  }

  /**
   * What has happened so far. After `back` it is what it was before.
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * await session.step();
   * console.log(trace.transcript(session.events).join()); // goroutine 1 begins to run
   * await session.stop();
   * ```
   */
  get events(): readonly Event[] {
    return this.#log?.events ?? [];
  }

  /**
   * How many events there are. Unlike the list of them, which is made anew each time it is read, it costs nothing.
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * console.log(session.recorded === session.events.length); // true
   * await session.stop();
   * ```
   */
  get recorded(): number {
    return this.#log?.length ?? 0;
  }

  /**
   * The virtual time, in milliseconds since the start.
   *
   * @example
   * ```ts
   * const session = new Session(() => time.sleep(time.second));
   * await session.start();
   * await session.goTo(Infinity);
   * console.log(session.time); // 1000
   * ```
   */
  get time(): number {
    return this.#conductor?.clock.now() ?? 0;
  }

  /**
   * How the run ended; undefined if it has not.
   *
   * @example
   * ```ts
   * const session = new Session(() => chan().receive());
   * await session.start();
   * await session.goTo(Infinity);
   * console.log(session.outcome?.kind); // deadlock
   * ```
   */
  get outcome(): SessionOutcome | undefined {
    return this.#outcome;
  }

  /**
   * The token of what has been chosen so far, for {@link replay} and for another session.
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * console.log(session.token.startsWith("1-stay-")); // true
   * await session.stop();
   * ```
   */
  get token(): string {
    const { choices = [], sizes = [] } = this.#conductor ?? {};
    const made = trimmed(choices);
    return encode({ slow: this.#options.slow === true, choices: made, check: checkOf(sizes, made) });
  }

  /**
   * Starts the program, and stops before its first step. Starting again goes back to there.
   *
   * @throws Error `Session: a step is under way`
   *
   * @example
   * ```ts
   * const session = new Session(() => 42);
   * await session.start();
   * console.log(session.position, session.choices[0]?.why); // 0 start
   * await session.stop();
   * ```
   */
  start(): Promise<void> {
    return this.#alone(() => this.#run(0));
  }

  /**
   * Lets the one at `choice` of {@link Session.choices} go on, up to where somebody else could. Without a choice the run goes
   * on as it did before, as the token says, or in the order of reference. Does nothing if the run has ended.
   *
   * @throws RangeError `Session.step: the choice must be an integer from 0 to 1, got 2`
   * @throws Error `Session: a step is under way`, `Session: it has not started`
   *
   * @example
   * ```ts
   * const session = new Session(() => 42);
   * await session.start();
   * await session.step();
   * console.log(session.outcome?.value); // 42
   * ```
   */
  step(choice?: number): Promise<void> {
    return this.#alone(async () => {
      if (this.#outcome !== undefined) return;
      if (choice !== undefined) this.#choose(choice);
      await this.#forward(this.#position + 1);
    });
  }

  /**
   * Goes one step back; does nothing at the start.
   *
   * @throws Error `Session: a step is under way`, `Session: it has not started`
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * await session.step();
   * await session.back();
   * console.log(session.position); // 0
   * await session.stop();
   * ```
   */
  back(): Promise<void> {
    return this.goTo(Math.max(this.#position - 1, 0));
  }

  /**
   * Goes to a position, back or forward, or with Infinity to the end.
   *
   * @throws RangeError `Session.goTo: the position must be an integer of at least 0, or Infinity, got -1`
   * @throws Error `Session: a step is under way`, `Session: it has not started`
   *
   * @example
   * ```ts
   * const session = new Session(() => 42);
   * await session.start();
   * await session.goTo(Infinity);
   * console.log(session.outcome?.kind); // returned
   * ```
   */
  goTo(position: number): Promise<void> {
    return this.#alone(async () => {
      if (!(position >= 0 && (Number.isInteger(position) || position === Infinity))) {
        throw new RangeError(
          `Session.goTo: the position must be an integer of at least 0, or Infinity, got ${describe(position)}`,
        );
      }
      if (position < this.#position) await this.#run(position);
      else if (position > this.#position && this.#outcome === undefined) await this.#forward(position);
    });
  }

  /**
   * Ends the session: others may run. What happened stays to be looked at. Does nothing if the run has ended.
   *
   * @example
   * ```ts
   * const session = new Session(() => gosched());
   * await session.start();
   * await session.stop();
   * console.log(session.outcome); // undefined
   * ```
   */
  async stop(): Promise<void> {
    const ended = this.#ended;
    if (this.#outcome === undefined) this.#conductor?.abandon();
    await ended;
  }

  async #alone(f: () => Promise<void>): Promise<void> {
    if (this.#busy) throw new Error("Session: a step is under way");
    this.#busy = true;
    try {
      await f();
    } finally {
      this.#busy = false;
    }
  }

  #choose(choice: number): void {
    const { length } = this.choices;
    if (!Number.isInteger(choice) || choice < 0 || choice >= length) {
      throw new RangeError(
        `Session.step: the choice must be an integer from 0 to ${length - 1}, got ${describe(choice)}`,
      );
    }
    if (length === 1 || this.#picks[this.#position] === choice) return;
    this.#picks.length = this.#position;
    this.#selects.length = this.#position + 1;
    this.#picks.push(choice);
    this.#follows = false;
  }

  async #forward(target: number): Promise<void> {
    if (this.#conductor === undefined) throw new Error("Session: it has not started");
    this.#target = target;
    const paused = new Promise<void>((resolve) => (this.#paused = resolve));
    this.#resume?.();
    await Promise.race([paused, this.#ended]);
  }

  /** Runs the program anew, up to a position. */
  async #run(target: number): Promise<void> {
    await this.stop();
    this.#position = 0;
    this.#target = target;
    this.#outcome = undefined;
    const logs: EventLog[] = [];
    const { step, watch } = logged(logs, this.#options.lines ?? true);
    const conductor = conductorOf(this.#strategy(), this.#options, {
      lines: this.#options.lines ?? true,
      watch: (running) => {
        const attached = watch?.(running);
        this.#log = logs[0];
        const restore = this.#catchOutput(running);
        return {
          [dispose]: () => {
            attached?.[dispose]();
            restore();
          },
        };
      },
      step: (strand) => {
        this.#position++;
        step?.(strand);
      },
      pause: () => {
        if (this.#position < this.#target) return undefined;
        this.#paused();
        return new Promise((resume) => (this.#resume = resume));
      },
    });
    this.#conductor = conductor;
    const paused = new Promise<void>((resolve) => (this.#paused = resolve));
    this.#ended = conductor.run(this.#f).then((outcome) => {
      // One that was abandoned has no outcome.
      if (conductor !== this.#conductor || conductor.abandoned) return;
      this.#outcome = outcomeOf(conductor, outcome);
      if (outcome.kind !== "panic") return;
      const { error, routine: number } = outcome;
      const routine = [...conductor.routines.values()].find((one) => one.number === number);
      this.#log?.panic(number, error, routine?.line);
    });
    await Promise.race([paused, this.#ended]);
  }

  /** Does as before, as the token says, or as wanted. */
  #strategy(): Strategy {
    const { token, seed = 0 } = this.#options;
    const replay = token === undefined || !this.#follows ? undefined : new Replay(decode(token).choices);
    const random = new Random(seed);
    let step = -1;
    let selects = 0;
    const ask = (options: number, own: () => number): number => {
      // The token's choices are counted on, whoever decides.
      const told = replay?.choose(options);
      return (this.#follows ? told : undefined) ?? own();
    };
    return {
      next: (options) => {
        const at = this.#position;
        const own = ask(options.length, () => 0);
        return (this.#picks[at] ??= own);
      },
      choose: (ready) => {
        if (step !== this.#position) {
          step = this.#position;
          selects = 0;
        }
        const made = (this.#selects[step] ??= []);
        const own = ask(ready, () => random.below(ready));
        return (made[selects++] ??= own);
      },
    };
  }

  /** What goroutines of the run print becomes events. Returns what ends that. */
  #catchOutput(conductor: Conductor): () => void {
    const { console } = globalThis as unknown as { console: Console };
    const originals = printing.map((name) => [name, console[name]] as const);
    for (const [name, original] of originals) {
      console[name] = (...values) => {
        if (conductor.who() === undefined) original.apply(console, values);
        else this.#log?.tell("log", name, 0, values.map(textOf).join(" "), values);
      };
    }
    return () => {
      for (const [name, original] of originals) console[name] = original;
    };
  }

  static {
    refuseUnbound(this);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : shown(value);
}

function outcomeOf(conductor: Conductor, outcome: Outcome): SessionOutcome {
  const { kind } = outcome;
  return {
    kind: kind === "foreign" ? "deadlock" : kinds[kind],
    value: kind === "returned" ? outcome.value : undefined,
    error: kind === "panic" ? outcome.error : undefined,
    report: "blocked" in outcome ? conductor.report(outcome.blocked) : "",
  };
}
