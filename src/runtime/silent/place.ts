/** Takes the place of `../place.ts` in bundles for browsers, where no report names a place. */

export type { Place } from "../stack.ts";

export function placeIfAffordable(_below: unknown): undefined {}

export function thrownHere<E>(error: E): E {
  return error;
}

export function placeLines(_place: unknown): string {
  return "";
}

export function isErrorLike(value: unknown): value is Error {
  return value instanceof Error;
}
