/**
 * Makes errors, and reads thrown values, which may be anything.
 */

import { describe } from "./arguments.ts";
import { isErrorLike } from "./place.ts";

/** Makes an error that many calls throw. It has no stack, because the place where it was made would mislead. */
export function sentinel(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}

/**
 * Tells whether a value is an error, also one of another realm (a test runner's, a frame's), which has classes of its
 * own. A DOMException, which web APIs throw, counts as one.
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

/** Returns what was thrown if it is an error; otherwise an error that has it as its cause. */
export function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown;
  return new Error(typeof thrown === "string" ? thrown : describe(thrown), { cause: thrown });
}

/** Tells whether this is a SuppressedError, which a deferred call that throws makes of an error on its way. */
export function isSuppressedError(value: unknown): value is { error: unknown; suppressed: unknown } {
  // By name: for engines without the class, compilers make a plain Error.
  return safely(() => isErrorLike(value) && value.name === "SuppressedError", false);
}

/** Reads a value that may throw when it is read, such as a thrown proxy, and yields `otherwise` then. */
export function safely<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
