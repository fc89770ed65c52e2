/** Takes the place of `../environment.ts` in bundles for browsers, where there is no process. */

// Bundlers put constants in their places only if the module imports nothing.
export const hasProcess = false;
export const tracesPromises = false;
