import { crashFatally } from "./crashreport.ts";
import { hooks } from "./hooks.ts";

/**
 * The error that the library throws for misuse, where Go's runtime panics: its message is Go's exact text, such as
 * `send on closed channel`.
 *
 * Mirrors Go's `runtime.Error`. A panic in Go unwinds the goroutine unless it is recovered; here it is thrown, and
 * `catch` is `recover`. Thrown out of a goroutine it ends the program.
 *
 * @example
 * ```ts
 * const ch = chan<number>();
 * ch.close();
 * try {
 *   ch.close();
 * } catch (err) {
 *   console.log(err instanceof PanicError, (err as Error).message); // true close of closed channel
 * }
 * ```
 */
export class PanicError extends Error {
  static {
    this.prototype.name = "PanicError";
  }
}

/** Ends the program with Go's `fatal error`. Throws for a caller that still runs: `catch` must not recover it. */
export function fatal(text: string): never {
  throw endFatally(text);
}

/** Ends the program with Go's `fatal error`, and returns the error. */
export function endFatally(text: string): PanicError {
  const error = new PanicError(text);
  if (hooks?.fatal?.(error) === true) return error;
  crashFatally(error);
  return error;
}
