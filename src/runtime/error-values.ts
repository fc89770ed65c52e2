/**
 * Making errors and looking at thrown values, which may be anything.
 */

import { describe } from "./arguments.ts";
import { isErrorLike } from "./place.ts";

/** Makes an error that many calls throw: the place where it was made would mislead everybody who reads it. */
export function sentinel(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}

/**
 * Tells whether a value is an error, also one of another realm (a test runner's, a frame's), whose classes are not those
 * of this one. A DOMException counts: it is what the web's own APIs throw.
 */
export function isError(value: unknown): value is Error {
  if (value instanceof Error) return true;
  const { message, stack } = Object(value) as Partial<Error>;
  // Errors have a stack in every engine; DOMExceptions in some only.
  return (
    typeof message === "string" &&
    (typeof stack === "string" || Object.prototype.toString.call(value) === "[object DOMException]")
  );
}

/** Returns what was thrown, or an error that has it as its cause: only errors can be an `err`, or the cause of a context. */
export function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown;
  return new Error(typeof thrown === "string" ? thrown : describe(thrown), { cause: thrown });
}

/** Tells whether this is what is thrown when a deferred call throws while an error is on its way. */
export function isSuppressedError(value: unknown): value is { error: unknown; suppressed: unknown } {
  // By name: where the engine has none, compilers make a plain Error of it.
  return safely(() => isErrorLike(value) && value.name === "SuppressedError", false);
}

/** A value that throws when it is looked at must not take with it what is to be done about it. */
export function safely<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
