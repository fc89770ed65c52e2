/**
 * The ends of the program by panics and fatal errors, and their reports.
 */

import { goexitSignal } from "./goexit.ts";
import { currentGoroutine } from "./identify.ts";
import { type Goroutine, program } from "./program.ts";
import { isErrorLike, type Place, placeLines, stackLines } from "./place.ts";
import { die } from "./process.ts";
import { isSuppressedError, safely } from "./error-values.ts";

/** Ends the program with the report of a panic. `name` is that of the function with which the goroutine was started. */
export function crash(panic: unknown, { id, place }: Goroutine, name: string): void {
  die(panicReport(panic, id, name, place), panic);
}

/** Ends the program with the report of a fatal error. */
export function crashFatally(error: Error): void {
  die(fatalReport(error), error);
}

/**
 * The report of a fatal error in the calling goroutine. Number 0 means code outside goroutines, such as a host's
 * callback.
 */
function fatalReport(error: Error): string {
  const text = error.message;
  const trace = stackLines(error);
  if (trace === "") return `fatal error: ${text}\n`;
  const goroutine = safely(currentGoroutine, undefined);
  const id = goroutine?.id ?? (program.main === "module" ? 1 : 0);
  return `fatal error: ${text}\n\ngoroutine ${id} [running]:\n${trace}${id === 1 ? "" : placeLines(goroutine?.place)}`;
}

function panicReport(value: unknown, id: number, name: string, started: Place | undefined): string {
  const chain = safely(() => panics(value), [value]);
  const lines = chain.map(
    (panic, i) => `${i > 0 ? "\t" : ""}panic: ${safely(() => printed(panic), "an unprintable value")}\n`,
  );
  const trace = safely(() => stackLines(chain.at(-1), { name, started }), "");
  return `${lines.join("")}\ngoroutine ${id} [running]:\n${trace}${id === 1 ? "" : placeLines(started)}`;
}

/** Lists consecutive panics, the oldest first: a deferred call may throw while an error unwinds. */
function panics(value: unknown): unknown[] {
  if (isSuppressedError(value)) return [...panics(value.suppressed), ...panics(value.error)];
  return value === goexitSignal ? [] : [value];
}

const scriptErrors = new Set(["TypeError", "RangeError", "ReferenceError", "SyntaxError", "EvalError", "URIError"]);

/**
 * Prints a thrown value as Go prints a panic's: an error by its message, other values in plain form; lines indented.
 */
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
  // An error of the engine is a mistake in the program: print its class too.
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
