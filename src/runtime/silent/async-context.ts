/** Takes the place of `../async-context.ts` in bundles for browsers, which have no asynchronous contexts. */

export const hasAsyncContexts = false;

export function bound<Args extends unknown[], R>(f: (...args: Args) => R): (...args: Args) => R {
  return f;
}
