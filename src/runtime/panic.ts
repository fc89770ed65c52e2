import { die } from "./host.ts";
import { goexitSignal } from "./program.ts";
import { isErrorLike, type Place, placeLines, stackLines } from "./place.ts";
import { halt } from "./turn.ts";

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
export function fatal(text: string): never {
  const error = new PanicError(text);
  const trace = stackLines(error);
  halt();
  die(2, `fatal error: ${text}\n${trace === "" ? "" : `\ngoroutine [running]:\n${trace}`}`, error);
  throw error;
}

/** Ends the program as Go does after a panic that nobody recovered. */
export function crash(value: unknown, id: number, started: Place | undefined): void {
  const chain = safely(() => panics(value), [value]);
  const lines = chain.map(
    (panic, i) => `${i > 0 ? "\t" : ""}panic: ${safely(() => printed(panic), "an unprintable value")}\n`,
  );
  const trace = safely(() => stackLines(chain.at(-1)), "");
  halt();
  die(2, `${lines.join("")}\ngoroutine ${id} [running]:\n${trace}${placeLines(started)}`, value);
}

/** A value that throws when it is looked at must not take the report with it. */
function safely<T>(print: () => T, otherwise: T): T {
  try {
    return print();
  } catch {
    return otherwise;
  }
}

/** Lists the panics that followed one another, the oldest first: a deferred call may throw while an error unwinds. */
function panics(value: unknown): unknown[] {
  if (isSuppressedError(value)) return [...panics(value.suppressed), ...panics(value.error)];
  return value === goexitSignal ? [] : [value];
}

/** Recognized by name: where the engine has none, compilers make a plain Error of it. */
export function isSuppressedError(value: unknown): value is { error: unknown; suppressed: unknown } {
  return safely(() => isErrorLike(value) && value.name === "SuppressedError", false);
}

const scriptErrors = new Set(["TypeError", "RangeError", "ReferenceError", "SyntaxError", "EvalError", "URIError"]);

/** Prints a thrown value as Go prints a panic's: an error by its message, other values in plain form; lines indented. */
function printed(value: unknown): string {
  return text(value, new Set()).replaceAll("\n", "\n\t");
}

function text(value: unknown, seen: Set<unknown>): string {
  if (value === undefined || value === null) return "panic called with nil argument";
  if (!isErrorLike(value)) return typeof value === "object" ? inspect(value) : String(value);
  seen.add(value);
  const { errors } = value as { errors?: unknown };
  const message =
    value.message === "" && Array.isArray(errors) ? errors.map((e) => text(e, seen)).join("\n") : value.message;
  // The engine's own errors mean a mistake in the program, and their kind says half of it.
  const own = scriptErrors.has(value.name) ? `${value.name}: ${message}` : message;
  return value.cause === undefined || seen.has(value.cause) ? own : `${own}\ncaused by: ${text(value.cause, seen)}`;
}

function inspect(value: object): string {
  const type = (Object.getPrototypeOf(value) as Partial<object> | null)?.constructor?.name ?? "object";
  const own = safely(() => String(value), "");
  return own !== "" && own !== "[object Object]"
    ? own
    : `(${type}) ${safely(() => JSON.stringify(value), "")}`.trimEnd();
}
