/** Takes the place of `../sites.ts` in bundles for browsers, which have no reports of parked goroutines. */

import type * as spoken from "../sites.ts";

export type { Site } from "../sites.ts";

export const track: typeof spoken.track = (site) => {
  site.tracked = true;
};
