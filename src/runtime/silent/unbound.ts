/** Takes the place of `../unbound.ts` in bundles for browsers, where the engine's own errors must suffice. */

import type * as spoken from "../unbound.ts";

export const refuseUnbound: typeof spoken.refuseUnbound = () => undefined;
export const checkBound: typeof spoken.checkBound = () => undefined;
