import { isSuppressedError } from "./error-values.ts";

/** What `goexit` throws. */
export const goexitSignal: object = {
  toString: () => "goexit: caught by mistake; rethrow it",
};

/**
 * Ends the calling goroutine. Mirrors Go's `runtime.Goexit`: deferred calls and `finally` blocks run on the way out, no
 * panic is reported, other goroutines go on. In main it lets the others run to their end; then the program ends with
 * `no goroutines (main called runtime.Goexit) - deadlock!`.
 *
 * It throws a value that is not an error. Unlike Go's `recover`, a `catch` block sees it and must throw it on: see
 * {@link recover}.
 *
 * @throws A value of its own, always.
 *
 * @example
 * ```ts
 * const left = new sync.WaitGroup();
 * left.go(async () => {
 *   console.log("leaving"); // leaving
 *   goexit();
 * });
 * await left.wait();
 * ```
 */
export function goexit(): never {
  throw goexitSignal;
}

/**
 * Tells whether a thrown value is the signal of {@link goexit}, also behind the errors of deferred calls.
 *
 * @example
 * ```ts
 * try {
 *   goexit();
 * } catch (thrown) {
 *   console.log(isGoexit(thrown)); // true
 * }
 * ```
 */
export function isGoexit(thrown: unknown): boolean {
  return withoutGoexit(thrown) === goexitSignal;
}

/**
 * Returns what a `catch` block has caught, unless it is the signal of {@link goexit}, which it rethrows. Mirrors Go's
 * `recover`, which does not stop a Goexit either. Call it first in every `catch` block that does not rethrow, around
 * code that may call `goexit`.
 *
 * @throws The signal of `goexit`.
 *
 * @example
 * ```ts
 * try {
 *   throw new Error("no luck");
 * } catch (thrown) {
 *   const err = recover(thrown);
 *   console.log(String(err)); // Error: no luck
 * }
 * ```
 */
export function recover(thrown: unknown): unknown {
  if (isGoexit(thrown)) throw thrown;
  return thrown;
}

/**
 * Returns the panic of a thrown value, or the signal of a goexit. A deferred call that throws wraps the error that was
 * on its way. As in Go, a goexit in one of them aborts the panic, and a panic in one of them aborts the goexit.
 */
export function withoutGoexit(error: unknown): unknown {
  let thrown = error;
  while (isSuppressedError(thrown)) {
    if (thrown.error !== goexitSignal && thrown.suppressed !== goexitSignal) {
      return withoutGoexit(thrown.error) === goexitSignal ? goexitSignal : error;
    }
    thrown = thrown.error;
  }
  return thrown;
}
