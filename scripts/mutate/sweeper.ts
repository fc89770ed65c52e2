// Vitest's runner in the worker process of a sweep: each test runs once as it is, which tells the mutants that it reaches,
// and then once with each of them, all in the same process. What happens is appended to a file, line by line.
//
// A test that fails with a mutant is run again without it, since an earlier mutant may have left something behind. Only a
// failure between two successes counts; and it must repeat itself, for some tests draw lots. When something has been left
// behind, all modules are loaded anew, and the file goes on where it was. When that does not help, the next process goes on.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { performance as host } from "node:perf_hooks";
import { type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite, TestRunner, vi } from "vitest";

/** What the process is to do, written by sweep.ts. */
export interface Plan {
  /** The mutants that are still to be killed. */
  readonly pending: readonly number[];
  /** One more than the last mutant's number. */
  readonly count: number;
  /** Tests that take longer, in milliseconds, only tell what they reach. */
  readonly longest: number;
  /** How many tests of the file a mutant meets; null: all. */
  readonly meetings: number | null;
  /** The tests that need not run, by their names. */
  readonly finished: readonly string[];
  /** The test at which the last process ended, and the mutants that are done with it. */
  readonly resume: string | undefined;
  readonly tried: readonly number[];
  /** The mutants that a test has met in earlier runs, by its name. */
  readonly met: Readonly<Record<string, readonly number[]>>;
  /** The mutant that comes first there, since the last process was spoiled already when it met it. */
  readonly first: number | undefined;
  /** If not empty, only these are tried, each from the time on when the modules are loaded, with these tests. */
  readonly loading: readonly number[];
  readonly tests: readonly string[];
}

/** What a sweep tells, a line each. */
export type Event =
  | { readonly kind: "process"; readonly pid: number }
  /** What is reached while no test runs, as the modules are loaded. */
  | { readonly kind: "loaded"; readonly reaches: readonly number[] }
  | {
      readonly kind: "test";
      readonly test: string;
      /** Why it fails with no mutant, if it does. */
      readonly why: string | undefined;
      readonly milliseconds: number;
      readonly reaches: readonly number[];
    }
  | { readonly kind: "start"; readonly mutant: number; readonly limit: number }
  | { readonly kind: "passed" | "failed" | "timed out" | "spoiled"; readonly mutant: number; readonly test?: string }
  /** Not `complete`: some mutants had met enough tests before. */
  | { readonly kind: "finished"; readonly test: string; readonly complete: boolean }
  /** All of `loading` have been tried. */
  | { readonly kind: "over" };

/** The hooks that a test has added while it ran, which vitest's types do not show. */
type Hooked = RunnerTestCase & { onFinished?: ((context: object) => unknown)[] };

/** How one run of a test ended. */
type Outcome = "passed" | "failed" | "timed out";

// Tests replace the global ones.
const { setInterval, clearInterval, setImmediate, process } = globalThis;
const now = performance.now.bind(performance);
const eventLoopUtilization = host.eventLoopUtilization.bind(host);

const directory = process.env["GOCSP_SWEEP"] as string;
const plan = JSON.parse(readFileSync(`${directory}/plan.json`, "utf8")) as Plan;
const pending = new Set(plan.pending);
const finished = new Set(plan.finished);
/** The test that goes on, the mutants that are done with it, and the one that comes first. */
let { resume, first } = plan;
let tried = new Set(plan.tried);
const reachedByPrograms = `${directory}/reached`;

/** What the changed sources ask: see `helperSource` in mutants.ts. */
let state = newState();
function newState(): { active: number; reached: Uint8Array; calls: number; limit: number } {
  const made = { active: 0, reached: new Uint8Array(plan.count), calls: 0, limit: Infinity };
  return Object.assign(globalThis, { [Symbol.for("gocsp.mutant")]: made }) && made;
}

const log = (event: Event): void => appendFileSync(`${directory}/events`, `${JSON.stringify(event)}\n`);
log({ kind: "process", pid: process.pid });

/** Ends the attempt that is going on, when an error is caught by nobody. */
let onUncaught: ((error: unknown) => void) | undefined;
/** Why the last attempt failed that did. */
let failure: unknown;
// Vitest's listeners are replaced one by one, since the library counts them.
for (const name of ["uncaughtException", "unhandledRejection"]) {
  const listeners = process.listeners(name as "uncaughtException");
  process.removeAllListeners(name);
  for (const _ of listeners) process.on(name, (error) => onUncaught?.(error));
}

/** How often the modules have been loaded, and whether that is to be done again for the rest of the file. */
let loads = 0;
let spoiled = true;
/** Whether no mutant has been active since then. */
let fresh = true;
const ownListeners = new Map(process.eventNames().map((event) => [event, process.listeners(event as "exit")]));

/** Forgets all modules, and what they have left in the process. */
function forget(): void {
  state = newState();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
  for (const event of process.eventNames()) {
    for (const listener of process.listeners(event as "exit")) {
      if (!ownListeners.get(event)?.includes(listener)) process.off(event, listener);
    }
  }
}

/** How many tests each mutant has met. */
const meetings = new Map<number, number>();

/** A mutant that is active while the modules are loaded; then, if a test fails, that test is run without the mutant. */
interface Trial {
  readonly mutant: number;
  ran: number;
  outcome: Outcome;
  by: string | undefined;
  checks: boolean;
  confirmed: boolean;
}
const loading = [...plan.loading];
let trial: Trial | undefined;

/** Begins the next step of a trial, or the next trial; returns false when all are over. */
function nextTrial(): boolean {
  if (trial !== undefined && !trial.checks) {
    if (trial.ran === 0) [trial.outcome, trial.by] = ["failed", plan.tests[0]];
    if (trial.outcome === "passed") {
      log({ kind: "passed", mutant: trial.mutant });
      trial = undefined;
    } else {
      trial.checks = true;
    }
  } else if (trial !== undefined) {
    const { mutant, by, confirmed, outcome } = trial;
    if (confirmed) log({ kind: outcome as "failed", mutant, test: by as string });
    else {
      // Whose fault it is remains open.
      log({ kind: "passed", mutant });
      process.kill(process.pid, "SIGKILL");
    }
    trial = undefined;
  }
  if (trial !== undefined) return true;
  const mutant = loading.shift();
  if (mutant === undefined) {
    log({ kind: "over" });
    return false;
  }
  trial = { mutant, ran: 0, outcome: "passed", by: undefined, checks: false, confirmed: false };
  log({ kind: "start", mutant, limit: 5000 });
  return true;
}

export default class Sweeper extends TestRunner {
  /** The file comes many times in a row; it is loaded as often as needed. */
  override importFile(file: string, source: "collect" | "setup"): unknown {
    if (!spoiled) return undefined;
    fresh = true;
    if (plan.loading.length === 0) spoiled = false;
    else if (!nextTrial()) return (spoiled = false);
    if (loads > 0) forget();
    if (trial?.checks === false) state.active = trial.mutant;
    if (loads++ === 0) {
      // Vitest has put its own around these, which tell the other process each step, and wait for its answers.
      const silent = (): void => {};
      Object.assign(this, { onCollectStart: silent, onTaskUpdate: silent, onAfterRunSuite: silent });
      Object.assign(this, { onCollected: makeSequential, onAfterRunFiles: silent, onAfterRunTask: silent });
      return super.importFile(file, source);
    }
    return (this as unknown as { moduleRunner: { import(file: string): unknown } }).moduleRunner.import(file);
  }

  onCollected(files: RunnerTestFile[]): void {
    makeSequential(files);
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const name = nameOf(test);
    if (trial !== undefined) return this.#try(trial, test, name);
    if (spoiled || finished.has(name)) return;
    const loaded = takeReached();
    if (loaded.length > 0) log({ kind: "loaded", reaches: loaded });

    writeFileSync(reachedByPrograms, "");
    process.env["GOCSP_REACHED"] = reachedByPrograms;
    const [used, loop] = [process.cpuUsage(), eventLoopUtilization()];
    state.limit = 1e8;
    const usual = await this.#attempt(test, 0, 60_000, true);
    state.limit = Infinity;
    delete process.env["GOCSP_REACHED"];
    // Without the time in which other programs had the processor.
    const { user, system } = process.cpuUsage(used);
    const milliseconds = (user + system) / 1000 + eventLoopUtilization(loop).idle;
    const calls = state.calls;
    const fromPrograms = readFileSync(reachedByPrograms, "utf8").trim().split("\n").map(Number);
    const reaches = [...new Set([...takeReached(), ...fromPrograms])].filter((id) => id > 0);
    log({ kind: "test", test: name, why: usual === "passed" ? undefined : `${failure}`, milliseconds, reaches });

    if (resume !== name) tried = new Set();
    resume = name;
    const met = new Set(plan.met[name]);
    const open = reaches.filter((id) => pending.has(id) && !tried.has(id) && !met.has(id));
    const mutants = new Set(open.filter((id) => (meetings.get(id) ?? 0) < (plan.meetings ?? Infinity)));
    if (usual !== "passed" && !fresh) {
      spoiled = true;
    } else if (usual !== "passed") {
      // What is left behind even so goes away with the process.
      if (loads > 1) process.kill(process.pid, "SIGKILL");
    } else if (milliseconds <= plan.longest) {
      const order = first !== undefined && mutants.has(first) ? [first, ...mutants] : mutants;
      first = undefined;
      await this.#meet(test, new Set(order), 1500 + 10 * milliseconds, 2e5 + 20 * calls);
    }
    if (spoiled) {
      // What goes on by itself ends at its next step, and so do the hooks behind this test.
      state.limit = -1;
      return;
    }
    finished.add(name);
    log({ kind: "finished", test: name, complete: mutants.size === open.length });
    // Vitest runs the hooks behind the test once more.
    await callHooks(test, "beforeEach");
  }

  /** Runs a test for a mutant that has been active from the start, or the one that failed without it. */
  async #try(trial: Trial, test: RunnerTestCase, name: string): Promise<void> {
    if (trial.checks ? name !== trial.by : trial.outcome !== "passed" || !plan.tests.includes(name)) return;
    state.limit = 5e6;
    const outcome = await this.#attempt(test, trial.checks ? 0 : trial.mutant, 4000, true);
    if (trial.checks) {
      trial.confirmed = outcome === "passed";
    } else {
      trial.ran++;
      [trial.outcome, trial.by] = [outcome, name];
    }
    if (trial.checks || outcome !== "passed") {
      state.limit = -1;
      return;
    }
    state.active = trial.mutant;
    await callHooks(test, "beforeEach");
  }

  /** Runs a test with one mutant after the other, until the process is spoiled. */
  async #meet(test: RunnerTestCase, mutants: ReadonlySet<number>, limit: number, calls: number): Promise<void> {
    const run = async (mutant: number): Promise<Outcome> => {
      state.limit = calls;
      const outcome = await this.#attempt(test, mutant, limit, false);
      state.limit = Infinity;
      return outcome;
    };
    let clean = true;
    for (const mutant of mutants) {
      fresh = false;
      log({ kind: "start", mutant, limit });
      const outcome = await run(mutant);
      const before = clean;
      clean = false;
      if (outcome === "passed") {
        tried.add(mutant);
        meetings.set(mutant, (meetings.get(mutant) ?? 0) + 1);
        log({ kind: "passed", mutant });
        continue;
      }
      const after = (await run(0)) === "passed";
      spoiled = !after;
      if (!before && !after) {
        first = mutant;
        log({ kind: "spoiled", mutant });
        return;
      }
      tried.add(mutant);
      if (after && outcome === "failed" && (await run(mutant)) === "passed") {
        log({ kind: "passed", mutant });
      } else {
        log({ kind: outcome, mutant });
        pending.delete(mutant);
      }
      if (spoiled) return;
    }
  }

  /** Runs a test once, with its hooks. Those before the first run have run already. */
  async #attempt(test: RunnerTestCase, mutant: number, limit: number, entered: boolean): Promise<Outcome> {
    state.active = mutant;
    state.calls = 0;
    if (mutant === 0) delete process.env["GOCSP_MUTANT"];
    else process.env["GOCSP_MUTANT"] = String(mutant);
    let cleanups: unknown[] = [];
    const inside = await ended(limit, async () => {
      if (!entered) cleanups = await callHooks(test, "beforeEach");
      this.onBeforeTryTask(test, { retry: 0, repeats: 0 });
      await TestRunner.getTestFn(test)();
      this.onAfterTryTask(test);
    });
    const behind = await ended(limit, async () => {
      await callHooks(test, "afterEach");
      for (const cleanup of cleanups.reverse()) if (typeof cleanup === "function") await cleanup();
      const { onFinished = [] } = test as Hooked;
      delete (test as Hooked).onFinished;
      for (const hook of onFinished.toReversed()) await hook(test.context);
      // An error that nobody catches comes to light now.
      await new Promise((resolve) => setImmediate(resolve));
    });
    state.active = 0;
    delete process.env["GOCSP_MUTANT"];
    return inside === "passed" ? behind : inside;
  }
}

function makeSequential(tasks: readonly (RunnerTestCase | RunnerTestSuite)[]): void {
  for (const task of tasks) {
    task.concurrent = false;
    if (task.type === "suite") makeSequential(task.tasks);
  }
}

/**
 * Runs something until it ends, an error is caught by nobody, the time is over, or nothing goes on any more: no code of
 * the library, no timer, no request, no program.
 */
async function ended(limit: number, body: () => Promise<void>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const outcome = await new Promise<Outcome>((resolve) => {
    const fail = (error: unknown): void => {
      failure = error;
      resolve("failed");
    };
    onUncaught = fail;
    let start = now();
    let last = start;
    const resources = process.getActiveResourcesInfo().length;
    let [idle, calls] = [0, 0];
    timer = setInterval(() => {
      idle = state.calls === calls && process.getActiveResourcesInfo().length <= resources ? idle + 1 : 0;
      calls = state.calls;
      // While the machine has stood still, the test could not go on.
      if (now() - last > 500) start += now() - last;
      last = now();
      if (idle <= 4 && now() - start <= limit) return;
      failure = idle > 4 ? "nothing goes on any more" : "the time is over";
      resolve("timed out");
    }, 5);
    timer.unref();
    body().then(() => resolve("passed"), fail);
  });
  onUncaught = undefined;
  clearInterval(timer);
  if (outcome === "timed out") endPrograms();
  return outcome;
}

/** Ends the programs that a test has started, which would go on for a minute. Only Linux tells them. */
function endPrograms(): void {
  const list = `/proc/${process.pid}/task/${process.pid}/children`;
  if (!existsSync(list)) return;
  for (const child of readFileSync(list, "utf8").trim().split(" ")) {
    if (child !== "") process.kill(Number(child), "SIGKILL");
  }
}

/** Runs the hooks around a test, outer ones first before it and last behind it; returns what they return. */
async function callHooks(test: RunnerTestCase, name: "beforeEach" | "afterEach"): Promise<unknown[]> {
  const suites: RunnerTestSuite[] = [];
  for (let suite = test.suite; suite !== undefined && suite !== test.file; suite = suite.suite) suites.push(suite);
  suites.push(test.file);
  const results: unknown[] = [];
  for (const suite of name === "beforeEach" ? suites.reverse() : suites) {
    const hooks = TestRunner.getSuiteHooks(suite)[name];
    for (const hook of name === "beforeEach" ? hooks : hooks.toReversed()) {
      results.push(await hook(test.context, suite));
    }
  }
  return results;
}

function nameOf(test: RunnerTestCase): string {
  const names = [test.name];
  for (let suite = test.suite; suite !== undefined; suite = suite.suite)
    if (suite !== test.file) names.unshift(suite.name);
  return names.join(" > ");
}

/** Returns what has been reached since the last call. */
function takeReached(): number[] {
  const ids: number[] = [];
  for (const [id, reached] of state.reached.entries()) if (reached !== 0) ids.push(id);
  state.reached.fill(0);
  return ids;
}
