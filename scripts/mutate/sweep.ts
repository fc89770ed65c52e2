// Runs many mutants in one process: for each test, all mutants that it reaches and that are not killed yet. This is a
// hundred times as fast as a process for each mutant. What modules decide as they are loaded is tried in a second pass, in
// which they are loaded for each mutant. What the first test of a process decides once and for all is missed.
import { type ChildProcess, fork } from "node:child_process";
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Job } from "./runner.ts";
import type { Event, Plan } from "./sweeper.ts";

/** Tests come in rounds: those that take this long, in milliseconds, meet what the quicker ones have left. */
const durations = [10, 50, 200, 2000];

/**
 * What a few tests of a file have not noticed, another file may notice sooner: so while there are many mutants, there are
 * rounds first in which a mutant meets no more tests of a file than `meetings`, of those that take longer than `over`.
 * Then come the tests that are made for what it changes, then all others.
 */
const rounds = [
  ...durations.map((longest, i) => ({ over: durations[i - 1] ?? -1, longest, meetings: 8, near: false })),
  ...durations.map((longest) => ({ over: -1, longest, meetings: null, near: true })),
  ...durations.map((longest) => ({ over: -1, longest, meetings: null, near: false })),
];
const many = 200;

/** With mutants that are active while modules are loaded, only tests run that take this long, in milliseconds. */
const shortest = 60;

/** How often a file may be loaded anew in a process, and how many processes it may have. */
const patience = 100;

export interface Sweep {
  /** The copy of the repository, and the folder for what is kept meanwhile. */
  readonly tree: string;
  readonly directory: string;
  /** The test files, best ones first, and the mutants that each is to kill. */
  readonly files: ReadonlyMap<string, readonly number[]>;
  /** Whether a test file is made for what a mutant changes. Only then it meets it from the start, which takes longer. */
  isNear(mutant: number, file: string): boolean;
  /** One more than the last mutant's number. */
  readonly count: number;
  readonly end: number;
  /** Is awaited before each file. */
  pause(): Promise<void>;
  /** What is known of the tests of a file. */
  knownOf(file: string): TestFile;
  /** Is called with that and what has been learned since. */
  onRun(file: string, known: TestFile): void;
  onKill(mutant: number, verdict: "killed" | "timed out", by: string): void;
}

/** What is known of the tests of a file, by their names. */
export interface TestFile {
  readonly milliseconds: Map<string, number>;
  /** The mutants that each reaches. */
  readonly reaches: Map<string, readonly number[]>;
  /** The mutants that each has met, which it does not notice. */
  readonly met: Map<string, Set<number>>;
  readonly passing: Set<string>;
  /** The mutants that are reached while no test runs. */
  readonly loaded: Set<number>;
  /** Those that have met all that they reach. */
  readonly finished: Set<string>;
}

/** Returns the mutants that are left. */
export async function sweep(job: Sweep): Promise<Set<number>> {
  mkdirSync(job.directory, { recursive: true });
  const left = new Set([...job.files.values()].flat());
  const known = new Map<string, TestFile>();
  let child: ChildProcess | undefined;
  const stop = (): void => {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
    child = undefined;
  };
  process.on("exit", stop);
  for (const { over, longest, meetings, near } of rounds) {
    if (meetings !== null && left.size <= many) continue;
    for (const [file, mutants] of job.files) {
      await job.pause();
      if (performance.now() > job.end || left.size === 0) break;
      const state = known.get(file) ?? job.knownOf(file);
      known.set(file, state);
      const own = new Set(near ? mutants.filter((id) => job.isNear(id, file)) : mutants);
      if (own.size === 0) continue;
      const due = (test: string): boolean => {
        const reaches = state.reaches.get(test);
        const taken = state.milliseconds.get(test) as number;
        if (state.finished.has(test) || taken > longest || taken <= over) return false;
        // It fails with no mutant.
        if (reaches !== undefined && !state.passing.has(test)) return false;
        const met = state.met.get(test);
        return reaches === undefined || reaches.some((id) => own.has(id) && left.has(id) && met?.has(id) !== true);
      };
      const tests = [...state.milliseconds.keys()];
      if (tests.length > 0 && !tests.some(due)) continue;
      const skip = new Set(tests.filter((test) => !due(test)));
      const before = left.size;
      const start = performance.now();
      const processes = await sweepFile(file, { longest, meetings }, state, skip);
      job.onRun(file, state);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`up to ${longest} ms, ${file}: ${before - left.size} of ${before} (${seconds} s, ${processes} x)`);
    }
  }
  const reachedByLoading = new Set<number>();
  for (const { loaded } of known.values()) for (const id of loaded) reachedByLoading.add(id);
  for (const [file, mutants] of job.files) {
    if (performance.now() > job.end) break;
    const state = known.get(file);
    const loading = mutants.filter((id) => left.has(id) && reachedByLoading.has(id) && job.isNear(id, file));
    const tests = [...(state?.passing ?? [])].filter((test) => (state?.milliseconds.get(test) ?? Infinity) <= shortest);
    if (state === undefined || loading.length === 0 || tests.length === 0) continue;
    const before = left.size;
    const start = performance.now();
    const processes = await sweepFile(file, { longest: 0, meetings: null }, state, new Set(), { loading, tests });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`from the start, ${file}: ${before - left.size} of ${loading.length} (${seconds} s, ${processes} x)`);
  }
  stop();
  process.off("exit", stop);
  return left;

  async function sweepFile(
    file: string,
    { longest, meetings }: { longest: number; meetings: number | null },
    state: TestFile,
    skip: Set<string>,
    start?: Pick<Plan, "loading" | "tests">,
  ): Promise<number> {
    let resume: string | undefined;
    let tried: number[] = [];
    let first: number | undefined;
    for (let processes = 1; ; processes++) {
      const pending = (job.files.get(file) as readonly number[]).filter((id) => left.has(id));
      const loading = (start?.loading ?? []).filter((id) => !tried.includes(id));
      const { tests = [] } = start ?? {};
      if (start !== undefined && loading.length === 0) return processes;
      const { count } = job;
      const finished = [...skip];
      const met = Object.fromEntries([...state.met].map(([test, ids]) => [test, [...ids]]));
      const plan: Plan = { pending, count, longest, meetings, finished, resume, tried, met, first, loading, tests };
      writeFileSync(join(job.directory, "plan.json"), JSON.stringify(plan));
      const eventsFile = join(job.directory, "events");
      writeFileSync(eventsFile, "");
      child ??= await begin();
      const running = child;
      let over = false;
      const onEnd = (): void => void (over = true);
      running.on("message", (answer: Answer) => answer.kind === "done" && onEnd());
      running.on("exit", () => {
        onEnd();
        child = undefined;
      });
      // The file comes many times, for it may have to be loaded anew.
      const files = Array.from({ length: patience }, () => join(job.tree, file));
      running.send({ files, env: { GOCSP_SWEEP: job.directory }, testTimeout: 60_000 } satisfies Job);

      const events = openSync(eventsFile, "r");
      const buffer = Buffer.alloc(1 << 20);
      let rest = "";
      let pid: number | undefined;
      let test: string | undefined;
      let passes = true;
      let why: string | undefined;
      let all = false;
      let mutant: number | undefined;
      let limit = 60_000;
      let heard = performance.now();
      let looked = heard;
      first = undefined;
      for (let last = false; !last;) {
        last = over;
        const size = readSync(events, buffer);
        if (size > 0) heard = performance.now();
        const lines = (rest + buffer.toString("utf8", 0, size)).split("\n");
        rest = lines.pop() as string;
        for (const line of lines) handle(JSON.parse(line) as Event);
        if (size === buffer.length) last = false;
        if (size > 0 || last) continue;
        // Time in which the machine has stood still is none.
        if (performance.now() - looked > 500) heard += performance.now() - looked;
        looked = performance.now();
        if (performance.now() - heard > limit + 5000 && pid !== undefined) {
          // Not even the counter of calls has ended it.
          if (mutant !== undefined) kill(mutant, "timed out");
          heard = Infinity;
          process.kill(pid, "SIGKILL");
          setTimeout(() => over || stop(), 10_000).unref();
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      closeSync(events);
      running.removeAllListeners();
      if (start === undefined ? test === undefined : all) return processes;
      // It has ended in the middle of a test.
      if (mutant !== undefined) kill(mutant, "killed");
      if (processes >= patience) return processes;

      function kill(id: number, verdict: "killed" | "timed out", by = test ?? "while it was loaded"): void {
        mutant = undefined;
        tried.push(id);
        if (!left.delete(id)) return;
        job.onKill(id, verdict, `${file}: ${by}`);
      }

      function handle(event: Event): void {
        switch (event.kind) {
          case "process":
            pid = event.pid;
            break;
          case "loaded":
            for (const id of event.reaches) state.loaded.add(id);
            break;
          case "over":
            all = true;
            break;
          case "test":
            test = event.test;
            if (resume !== test) tried = [];
            resume = test;
            passes = event.why === undefined;
            why = event.why;
            if (passes) state.passing.add(test);
            state.milliseconds.set(test, event.milliseconds);
            state.reaches.set(test, event.reaches);
            break;
          case "start":
            mutant = event.mutant;
            // Three runs and the hooks behind them.
            limit = 6 * event.limit;
            break;
          case "passed":
            tried.push(event.mutant);
            if (test !== undefined) state.met.set(test, (state.met.get(test) ?? new Set()).add(event.mutant));
            mutant = undefined;
            break;
          case "failed":
          case "timed out":
            kill(event.mutant, event.kind === "failed" ? "killed" : "timed out", event.test);
            break;
          case "spoiled":
            first = event.mutant;
            mutant = undefined;
            break;
          case "finished":
            if (!passes) console.log(`left out, since it fails with no mutant: ${file}: ${test}: ${why}`);
            if (event.complete && (state.milliseconds.get(event.test) as number) <= longest)
              state.finished.add(event.test);
            skip.add(event.test);
            test = undefined;
            limit = 60_000;
            break;
        }
      }
    }
  }

  async function begin(): Promise<ChildProcess> {
    const runner = join(job.tree, "scripts/mutate/runner.ts");
    const begun = fork(runner, [join(job.directory, "cache"), join(job.tree, "scripts/mutate/sweeper.ts")], {
      cwd: job.tree,
      detached: true,
      // The programs that tests start are compiled once.
      env: { ...process.env, NODE_COMPILE_CACHE: join(job.directory, "compiled") },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await new Promise<void>((resolve, reject) => {
      begun.once("exit", () => reject(new Error("vitest has ended at its start")));
      begun.once("message", () => {
        begun.removeAllListeners();
        resolve();
      });
    });
    return begun;
  }
}
