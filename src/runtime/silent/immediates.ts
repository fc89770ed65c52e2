/** Takes the place of `../immediates.ts` in bundles for browsers, which have timeouts only. */

import type * as spoken from "../immediates.ts";

export const withImmediates: typeof spoken.withImmediates = (clock) => clock;
