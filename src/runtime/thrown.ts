import { isErrorLike } from "./place.ts";

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
