/**
 * Asynchronous contexts: what the host's `AsyncLocalStorage` reads. Every function of the user's that the library calls
 * later runs in the context in which it was handed over. Otherwise one request would see the store of another.
 *
 * A promise reaction runs in the context in which it was attached, so awaits and the starts of goroutines are right by
 * themselves. {@link bound} is for functions that are called from elsewhere: by an alarm, a cancel, the end of a block.
 */

import { host } from "./host.ts";

/** A context that was recorded. */
interface Scope {
  runInAsyncScope<Args extends unknown[], R>(f: (...args: Args) => R, self: undefined, ...args: Args): R;
}

interface AsyncHooks {
  AsyncResource?: new (type: string, options: { requireManualDestroy: boolean }) => Scope;
}

/**
 * Undefined in browsers, which have no such contexts, and in Node before 20.16, which does not give its modules out. It
 * records a context in 50 ns; `AsyncLocalStorage.snapshot()`, which does the same, takes several microseconds.
 */
const Recorder = host.process?.getBuiltinModule?.<AsyncHooks>("node:async_hooks")?.AsyncResource;

/** Whether contexts can be recorded here. */
export const hasAsyncContexts: boolean = Recorder !== undefined;

/** Returns a function that calls `f` in the asynchronous context of this call, wherever it is called itself. */
export function bound<Args extends unknown[], R>(f: (...args: Args) => R): (...args: Args) => R {
  if (Recorder === undefined) return f;
  // Its end interests nobody: the host need not watch for it.
  const scope = new Recorder("gocsp", { requireManualDestroy: true });
  return (...args) => scope.runInAsyncScope(f, undefined, ...args);
}
