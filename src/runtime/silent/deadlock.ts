/** Takes the place of `../deadlock.ts` in bundles for browsers, where no event loop ever runs dry. */

export function watchForDeadlock(): void {}
export function checkOrphans(): void {}
