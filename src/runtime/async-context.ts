/**
 * Asynchronous contexts: what the host's `AsyncLocalStorage` reads. Every user function that the library calls later
 * runs in the context in which it was passed. Otherwise one request would see the store of another.
 *
 * A promise reaction runs in the context in which it was attached, so awaits and the starts of goroutines need nothing.
 * {@link bound} is for functions that are called from elsewhere: by an alarm, a cancel, the end of a block.
 */

import { host } from "./host.ts";

/** A recorded context. */
interface Scope {
  runInAsyncScope<Args extends unknown[], R>(f: (...args: Args) => R, self: undefined, ...args: Args): R;
}

interface AsyncHooks {
  AsyncResource?: new (type: string, options: { requireManualDestroy: boolean }) => Scope;
}

/**
 * Undefined in browsers, which have no such contexts, and in Node before 20.16, which has no `getBuiltinModule`. It
 * records a context in 50 ns; `AsyncLocalStorage.snapshot()`, which does the same, takes several microseconds.
 */
const Recorder = host.process?.getBuiltinModule?.<AsyncHooks>("node:async_hooks")?.AsyncResource;

/** Whether contexts can be recorded here. */
export const hasAsyncContexts: boolean = Recorder !== undefined;

/** Returns a function that calls `f` in the asynchronous context of this call, not in that of its own caller. */
export function bound<Args extends unknown[], R>(f: (...args: Args) => R): (...args: Args) => R {
  if (Recorder === undefined) return f;
  // Never destroyed. Without this option the host would track its collection.
  const scope = new Recorder("gocsp", { requireManualDestroy: true });
  return (...args) => scope.runInAsyncScope(f, undefined, ...args);
}
