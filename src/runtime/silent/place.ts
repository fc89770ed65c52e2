/** Takes the place of `../place.ts` in bundles for browsers, where no report names a place. */

import type * as spoken from "../place.ts";

export type { Place } from "../stack.ts";

export const placeIfAffordable: typeof spoken.placeIfAffordable = () => undefined;
export const thrownHere: typeof spoken.thrownHere = (error) => error;
export const placeLines: typeof spoken.placeLines = () => "";

export function isErrorLike(value: unknown): value is Error {
  return value instanceof Error;
}
