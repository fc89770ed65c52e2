/** Takes the place of `../printing.ts` in bundles for browsers, whose consoles call no method. */

import type * as spoken from "../printing.ts";

export const printingMethods: typeof spoken.printingMethods = ["toJSON"];
