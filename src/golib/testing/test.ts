import { Common, nameOf, type RunnerContext } from "./common.ts";

/** A promise that is resolved from outside. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((f) => {
    resolve = f;
  });
  return { promise, resolve };
}

/** The common part of tests, benchmarks and fuzz tests: `testing.TB`. */
export type TB = Common;

/**
 * A test that runs. Mirrors Go's `testing.T`.
 *
 * Subtests run one after the other, because `run` is awaited. Those that call `parallel` continue together when the
 * function of their parent has returned.
 */
export class T extends Common {
  readonly #names = new Map<string, number>();
  /** The output of finished subtests. */
  #inner = "";
  readonly #parallel: Promise<void>[] = [];
  /** Resolved when the function has returned: its parallel subtests continue. */
  readonly #returned = deferred();
  /** Resolved when this test waits in `parallel`: the parent's `run` returns. */
  readonly #parked = deferred();
  readonly #owner: T | undefined;

  constructor(name: string, owner?: T) {
    super(name, owner);
    this.#owner = owner;
  }

  /**
   * Runs a subtest. Mirrors Go's `T.Run`: it returns when the subtest is over or waits in `parallel`, and tells whether
   * it has not failed so far.
   */
  async run(name: string, f: (t: T) => unknown): Promise<boolean> {
    const subtest = new T(`${this.name()}/${this.#unique(name)}`, this);
    const done = subtest.#carryOut(f).then((summary) => {
      this.#inner += summary;
    });
    this.#parallel.push(done);
    await Promise.race([done, subtest.#parked.promise]);
    return !subtest.failed();
  }

  /**
   * Returns a unique name as Go does: spaces become underscores, and the second subtest of a name becomes `name#01`.
   */
  #unique(name: string): string {
    const base = name.replace(/\p{White_Space}/gu, "_");
    const count = this.#names.get(base) ?? 0;
    this.#names.set(base, count + 1);
    if (base !== "" && count === 0) return base;
    return `${base}#${String(count).padStart(2, "0")}`;
  }

  /**
   * Waits until the function of the parent has returned, and then continues together with the other parallel subtests.
   * Mirrors Go's `T.Parallel`. A top-level test continues at once: the runner decides what runs beside it.
   */
  async parallel(): Promise<void> {
    if (this.#owner === undefined) return;
    this.#parked.resolve();
    await this.#owner.#returned.promise;
  }

  /** Returns no time: runners do not report a deadline. */
  deadline(): [deadline: undefined, ok: false] {
    return [undefined, false];
  }

  async #carryOut(f: (t: T) => unknown): Promise<string> {
    const start = performance.now();
    await this.carryOut(
      () => f(this),
      async () => {
        this.#returned.resolve();
        // A subtest that runs meanwhile may start more.
        for (let done = this.#parallel.shift(); done !== undefined; done = this.#parallel.shift()) await done;
      },
    );
    return this.summary(start, this.#inner);
  }

  /** @internal Runs a top-level test. */
  async conductFor(f: (t: T) => unknown, context: RunnerContext | undefined): Promise<void> {
    this.conclude(await this.#carryOut(f), context);
  }
}

/**
 * Makes a test for `node:test`, vitest and other runners from a Go test: `test("TestAdd", testing.test(testAdd))`.
 *
 * @example
 * ```ts
 * const run = testing.test((t) => t.log("works"));
 * await run();
 * ```
 */
export function test(f: (t: T) => unknown): (context?: unknown) => Promise<void> {
  return async (context) => {
    const runner = context as RunnerContext | undefined;
    await new T(nameOf(runner, f)).conductFor(f, runner);
  };
}

/** Tells whether long tests should be skipped: Go's `-short`, here the environment variable `GOTEST_SHORT`. */
export function short(): boolean {
  return process.env["GOTEST_SHORT"] !== undefined;
}

/** Tells whether all output is shown: Go's `-v`, here the environment variable `GOTEST_VERBOSE`. */
export function verbose(): boolean {
  return process.env["GOTEST_VERBOSE"] !== undefined;
}

/** Tells whether the program runs under a test runner. Mirrors Go's `testing.Testing`. */
export function testing(): boolean {
  return process.env["NODE_TEST_CONTEXT"] !== undefined || process.env["VITEST"] !== undefined;
}

/**
 * Runs a function `runs + 1` times, as Go does, and returns 0: allocations are not counted here. Mirrors Go's
 * `testing.AllocsPerRun`. A run that returns a promise is over when the promise settles: the next one starts then, and
 * the result is a promise too.
 */
export function allocsPerRun(runs: number, f: () => PromiseLike<unknown>): Promise<number>;
export function allocsPerRun(runs: number, f: () => void): number;
export function allocsPerRun(runs: number, f: () => unknown): number | Promise<number> {
  for (let i = 0; i <= runs; i++) {
    const run = f();
    if (isPromise(run)) return others(run, runs - i, f);
  }
  return 0;
}

async function others(run: PromiseLike<unknown>, runs: number, f: () => unknown): Promise<number> {
  await run;
  for (let i = 0; i < runs; i++) await f();
  return 0;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
