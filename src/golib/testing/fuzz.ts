import { Common, nameOf, type RunnerContext } from "./common.ts";
import { T } from "./test.ts";

/** A fuzz test. It runs the inputs of its corpus, and generates none. Mirrors Go's `testing.F`. */
export class F extends Common {
  readonly #corpus: unknown[][] = [];
  #failures = "";

  /** Adds an input to the corpus. */
  add(...args: unknown[]): void {
    this.#corpus.push(args);
  }

  /** Runs a function with each input of the corpus, as subtests. */
  async fuzz(f: (t: T, ...args: never[]) => unknown): Promise<void> {
    for (const [i, args] of this.#corpus.entries()) {
      const t = new T(`${this.name()}/seed#${i}`);
      try {
        await t.conductFor((t) => f(t, ...(args as never[])), undefined);
      } catch (error) {
        this.#failures += (error as Error).message;
        this.fail();
      }
    }
  }

  /** @internal */
  async conductFor(f: (t: F) => unknown, context: RunnerContext | undefined): Promise<void> {
    const start = performance.now();
    await this.carryOut(
      () => f(this),
      async () => {},
    );
    this.conclude(this.summary(start, this.#failures), context);
  }
}

/** Makes a test from a Go fuzz test: it runs the seeds. */
export function fuzz(f: (f: F) => unknown): (context?: unknown) => Promise<void> {
  return async (context) => {
    const runner = context as RunnerContext | undefined;
    await new F(nameOf(runner, f)).conductFor(f, runner);
  };
}
