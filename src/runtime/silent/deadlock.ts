/** Takes the place of `../deadlock.ts` in bundles for browsers, where no event loop ever runs dry. */

import type * as spoken from "../deadlock.ts";

export const watchForDeadlock: typeof spoken.watchForDeadlock = () => undefined;
export const checkOrphans: typeof spoken.checkOrphans = () => undefined;
