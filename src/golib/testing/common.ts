/** The common part of tests, benchmarks and fuzz tests: the name, failing, skipping, logging and cleaning up. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { background, type CancelFunc, type Context, withCancel } from "../../context/context.ts";
import { goexit, isGoexit } from "../../runtime/goexit.ts";
import { sprintf, sprintln } from "../fmt/fmt.ts";

/** The part of the context of node:test and vitest that is used here. */
export interface RunnerContext {
  readonly name?: string;
  readonly task?: { readonly name: string };
  skip?(message?: string): unknown;
}

/** The outcome of a test, as a line of `go test -json`. */
interface Report {
  readonly Test: string;
  readonly Action: "pass" | "fail" | "skip";
  readonly Elapsed: number;
  readonly Output: string;
}

/** The state of one test. Its methods are those of Go's `testing.common`. */
export abstract class Common {
  readonly #name: string;
  readonly #parent: Common | undefined;
  #failed = false;
  #skipped = false;
  /** Whether FailNow or SkipNow ended the function. */
  #finished = false;
  #output = "";
  /** The first thrown value that was a panic or `goexit`, not a failure reported by the test. */
  #thrown: unknown;
  readonly #cleanups: (() => unknown)[] = [];
  #context: Context | undefined;
  #cancel: CancelFunc | undefined;

  constructor(name: string, parent?: Common) {
    this.#name = name;
    this.#parent = parent;
  }

  /** Returns the full name: `TestAdd/small`. */
  name(): string {
    return this.#name;
  }

  /** Marks the test as failed; the test continues. */
  fail(): void {
    this.#failed = true;
    this.#parent?.fail();
  }

  /** Tells whether the test, or one of its subtests, has failed. */
  failed(): boolean {
    return this.#failed;
  }

  /**
   * Marks the test as failed and ends it, with the signal of `goexit`: deferred calls run, and a `catch` block must
   * rethrow it.
   */
  failNow(): never {
    this.fail();
    this.#finished = true;
    goexit();
  }

  /** Records a text, which is shown if the test fails, or always with `GOTEST_VERBOSE`. */
  log(...args: unknown[]): void {
    this.#write(sprintln(...args));
  }

  /** Records a formatted text. */
  logf(template: string, ...args: unknown[]): void {
    this.#write(sprintf(template, ...args));
  }

  /** `log` and `fail`. */
  error(...args: unknown[]): void {
    this.log(...args);
    this.fail();
  }

  /** `logf` and `fail`. */
  errorf(template: string, ...args: unknown[]): void {
    this.logf(template, ...args);
    this.fail();
  }

  /** `log` and `failNow`. */
  fatal(...args: unknown[]): never {
    this.log(...args);
    this.failNow();
  }

  /** `logf` and `failNow`. */
  fatalf(template: string, ...args: unknown[]): never {
    this.logf(template, ...args);
    this.failNow();
  }

  /** `log` and `skipNow`. */
  skip(...args: unknown[]): never {
    this.log(...args);
    this.skipNow();
  }

  /** `logf` and `skipNow`. */
  skipf(template: string, ...args: unknown[]): never {
    this.logf(template, ...args);
    this.skipNow();
  }

  /** Marks the test as skipped and ends it. */
  skipNow(): never {
    this.#skipped = true;
    this.#finished = true;
    goexit();
  }

  /** Tells whether the test was skipped. */
  skipped(): boolean {
    return this.#skipped;
  }

  /** Does nothing: stack traces name all functions here. */
  helper(): void {}

  /**
   * Registers a function to call when the test and its subtests are over. The functions run last in, first out, and may
   * be async.
   */
  cleanup(f: () => unknown): void {
    this.#cleanups.push(f);
  }

  /** Makes a folder that is removed after the test. */
  tempDir(): string {
    const folder = mkdtempSync(join(tmpdir(), "gocsp-test-"));
    this.cleanup(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Sets an environment variable until the end of the test. */
  setenv(key: string, value: string): void {
    const before = process.env[key];
    process.env[key] = value;
    this.cleanup(() => {
      if (before === undefined) delete process.env[key];
      else process.env[key] = before;
    });
  }

  /** Changes the working directory until the end of the test. */
  chdir(folder: string): void {
    const before = process.cwd();
    process.chdir(folder);
    this.cleanup(() => process.chdir(before));
  }

  /** Returns a context that ends just before the cleanups run. */
  context(): Context {
    if (this.#context === undefined) {
      const [ctx, cancel] = withCancel(background());
      this.#context = ctx;
      this.#cancel = cancel;
    }
    return this.#context;
  }

  #write(text: string): void {
    const lines = text.replace(/\n$/, "").replaceAll("\n", "\n        ");
    this.#output += `    ${lines}\n`;
  }

  /** Runs a function, its parallel subtests, and the cleanups. Never throws. */
  protected async carryOut(f: () => unknown, subtests: () => Promise<void>): Promise<void> {
    await this.#guard(f);
    await subtests();
    this.#cancel?.();
    for (let cleanup = this.#cleanups.pop(); cleanup !== undefined; cleanup = this.#cleanups.pop()) {
      await this.#guard(cleanup);
    }
  }

  async #guard(f: () => unknown): Promise<void> {
    try {
      await f();
    } catch (thrown) {
      if (isGoexit(thrown)) {
        if (!this.#finished) this.#panic("test executed panic(nil) or runtime.Goexit", thrown);
      } else {
        this.#panic(`panic: ${thrown instanceof Error ? thrown.message : sprintf("%v", thrown)}`, thrown);
      }
    }
  }

  #panic(text: string, thrown: unknown): void {
    this.error(text);
    this.#thrown ??= thrown;
  }

  /** Returns the texts of this test under Go's heading, for its parent or its runner. */
  protected summary(start: number, inner: string): string {
    const state = this.#failed ? "FAIL" : this.#skipped ? "SKIP" : "PASS";
    const seconds = (performance.now() - start) / 1000;
    this.#announce(state, seconds);
    return `--- ${state}: ${this.#name} (${seconds.toFixed(2)}s)\n${this.#output}${inner.replace(/^(?=.)/gm, "    ")}`;
  }

  #announce(state: "FAIL" | "SKIP" | "PASS", seconds: number): void {
    if (process.env["GOTEST_JSON"] === undefined) return;
    const report: Report = {
      Test: this.#name,
      Action: state.toLowerCase() as Report["Action"],
      Elapsed: Math.round(seconds * 100) / 100,
      Output: this.#output,
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }

  /** Reports the outcome to the runner: throws if the test has failed. */
  protected conclude(summary: string, context: RunnerContext | undefined): void {
    if (this.#failed) {
      const failure = new Error(summary, this.#thrown instanceof Error ? { cause: this.#thrown } : undefined);
      failure.name = "TestFailure";
      // The stack of this function is of no use; that of the thrown value shows the place.
      failure.stack = `${summary}${this.#thrown instanceof Error ? (this.#thrown.stack ?? "") : ""}`;
      throw failure;
    }
    if (process.env["GOTEST_VERBOSE"] !== undefined) process.stdout.write(summary);
    if (this.#skipped) context?.skip?.(this.#output.trim());
  }
}

/** Returns the runner's name of a test, or one made from the function's name. */
export function nameOf(context: RunnerContext | undefined, f: { readonly name: string }): string {
  return (
    context?.task?.name ??
    context?.name ??
    f.name.replace(/^test|^benchmark|^fuzz/, (word) => word.charAt(0).toUpperCase() + word.slice(1))
  );
}
