import { Common, nameOf, type RunnerContext } from "./common.ts";

/** Hands out iterations to the goroutines of `runParallel`. Mirrors Go's `testing.PB`. */
export interface PB {
  next(): boolean;
}

/**
 * A benchmark. Mirrors Go's `testing.B`. Its loop runs once, to check that it works: benchmarks of JavaScript need
 * tools of their own. With the environment variable `GOTEST_BENCH` set to a number the loop runs that many times, and
 * the time per iteration is logged.
 */
export class B extends Common {
  /** The number of iterations: Go's `b.N`. */
  n: number = Number(process.env["GOTEST_BENCH"] ?? 1);
  #turn = 0;
  #start = 0;
  #elapsed = 0;

  /** Tells whether the loop continues: `for (; b.loop(); )`. */
  loop(): boolean {
    if (this.#turn === 0) this.resetTimer();
    return this.#turn++ < this.n;
  }

  /** Resets the measured time to zero. */
  resetTimer(): void {
    this.#elapsed = 0;
    this.#start = performance.now();
  }

  /** Resumes the measurement of time. */
  startTimer(): void {
    this.#start = performance.now();
  }

  /** Pauses the measurement of time. */
  stopTimer(): void {
    this.#elapsed += performance.now() - this.#start;
  }

  /** Returns the time since the start, in milliseconds. */
  elapsed(): number {
    return this.#elapsed + performance.now() - this.#start;
  }

  /** Does nothing: allocations are not counted here. */
  reportAllocs(): void {}

  /** Does nothing. */
  setBytes(_n: number): void {}

  /** Does nothing. */
  setParallelism(_p: number): void {}

  /** Logs a metric of the benchmark. */
  reportMetric(value: number, unit: string): void {
    this.logf("%v %s", value, unit);
  }

  /** Runs a sub-benchmark. */
  async run(name: string, f: (b: B) => unknown): Promise<boolean> {
    const part = new B(`${this.name()}/${name}`, this);
    this.log((await part.conduct(f)).trimEnd());
    return !part.failed();
  }

  /** Runs the body in one goroutine, with a `next` that returns true `n` times. */
  async runParallel(body: (pb: PB) => unknown): Promise<void> {
    let left = this.n;
    await body({ next: () => left-- > 0 });
  }

  /** @internal */
  async conduct(f: (b: B) => unknown): Promise<string> {
    const start = performance.now();
    this.resetTimer();
    await this.carryOut(
      async () => {
        await f(this);
        if (process.env["GOTEST_BENCH"] !== undefined)
          this.logf("%d\t%.0f ns/op", this.n, (this.elapsed() * 1e6) / this.n);
      },
      async () => {},
    );
    return this.summary(start, "");
  }

  /** @internal */
  async conductFor(f: (b: B) => unknown, context: RunnerContext | undefined): Promise<void> {
    this.conclude(await this.conduct(f), context);
  }
}

/**
 * Makes a test out of a Go benchmark, which runs its loop once.
 *
 * @example
 * ```ts
 * const run = testing.benchmark((b) => {
 *   for (let i = 0; i < b.n; i++) JSON.stringify(i);
 * });
 * await run();
 * ```
 */
export function benchmark(f: (b: B) => unknown): (context?: unknown) => Promise<void> {
  return async (context) => {
    const runner = context as RunnerContext | undefined;
    await new B(nameOf(runner, f)).conductFor(f, runner);
  };
}
