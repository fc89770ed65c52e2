/** Takes the place of `../crashreport.ts` in bundles for browsers: an uncaught error is the host's to report there. */

import type * as spoken from "../crashreport.ts";

export const fatalReport: typeof spoken.fatalReport = () => "";
export const panicReport: typeof spoken.panicReport = () => "";
