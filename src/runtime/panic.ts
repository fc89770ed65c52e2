import { die } from "./host.ts";
import { type Place, placeLines, stackLines } from "./place.ts";

/**
 * The error that the library throws for misuse, as Go's runtime panics: its message is Go's exact text, such as
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

/** Ends the program with Go's `fatal error`, past every catch block. Throws where there is no process to end. */
export function fatal(text: string, details = ""): never {
  const error = new PanicError(text);
  die(2, `fatal error: ${text}\n${details}`, error);
  throw error;
}

/** Ends the program as Go does after a panic that nobody recovered. */
export function crash(value: unknown, id: number, started: Place | undefined): void {
  const trace = value instanceof Error ? stackLines(value.stack) : "";
  die(2, `panic: ${describe(value)}\n\ngoroutine ${id} [running]:\n${trace}${placeLines(started)}`, value);
}

const scriptErrors = new Set(["TypeError", "RangeError", "ReferenceError", "SyntaxError", "EvalError", "URIError"]);

/** Prints a thrown value as Go prints a panic's: an error by its message, other values in plain form. */
function describe(value: unknown): string {
  if (!(value instanceof Error)) {
    if (value === undefined || value === null) return "panic called with nil argument";
    return typeof value === "object" && String(value) === "[object Object]" ? inspect(value) : String(value);
  }
  // The engine's own errors mean a mistake in the program, and their kind says half of it.
  const text = scriptErrors.has(value.name) ? `${value.name}: ${value.message}` : value.message;
  return value.cause === undefined ? text : `${text}\n\tcaused by: ${describe(value.cause)}`;
}

function inspect(value: object): string {
  try {
    return `(${value.constructor?.name ?? "object"}) ${JSON.stringify(value)}`;
  } catch {
    return `(${value.constructor?.name ?? "object"})`;
  }
}
