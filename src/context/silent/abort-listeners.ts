/** Takes the place of `../abort-listeners.ts` in bundles for browsers, which have no asynchronous contexts. */

export function bindListeners(): void {}
