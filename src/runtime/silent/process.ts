/** Takes the place of `../process.ts` in bundles for browsers, where there is no process. */

import { reportUncaught } from "../host.ts";
import type * as spoken from "../process.ts";

export const hasProcess = false;
export const tracesPromises = false;

export const die: typeof spoken.die = (_report, error) => reportUncaught(error);
export const exitNormally: typeof spoken.exitNormally = () => Promise.resolve();
export const holdProcess: typeof spoken.holdProcess = () => () => undefined;
export const ignoreSignal: typeof spoken.ignoreSignal = () => undefined;
export const setHold: typeof spoken.setHold = () => undefined;
