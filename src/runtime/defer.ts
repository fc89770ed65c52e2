/// <reference lib="esnext.disposable" preserve="true" />
import { bound } from "./async-context.ts";
import { checkFunction, isThenable } from "./arguments.ts";
import { asyncDispose, dispose } from "./symbols.ts";
import { runDeferred } from "./halted.ts";

/**
 * Defers a call to the end of the block. Mirrors Go's `defer f(args)`, except that a Go function's deferred calls run
 * at the end of the function: declare it in the function's outermost block for the same effect.
 *
 * Function and arguments are fixed here; the calls run in reverse order, on every way out of the block. A function that
 * returns a promise needs `await using`, which waits for it; under `using` its block throws TypeError `defer: the
 * deferred call returned a promise; write await using _ = defer(…) to wait for it`. If a deferred call throws, its
 * error replaces the one that was on its way, which stays readable as `suppressed` of a `SuppressedError`.
 *
 * @throws TypeError `defer: 42 is not a function`
 *
 * @example
 * ```ts
 * {
 *   using _1 = defer(console.log, "last");
 *   using _2 = defer(console.log, "first");
 * } // prints first, then last
 * ```
 */
export function defer<Args extends unknown[], Result>(
  f: (...args: Args) => Result,
  ...args: Args
): Result extends PromiseLike<unknown> ? AsyncDisposable : Disposable {
  checkFunction("defer", f);
  const call = bound((): Result => f(...args));
  return {
    [dispose]: () => refusePromise(runDeferred(call)),
    [asyncDispose]: () => runDeferred(call),
  } as never;
}

/** The types refuse a promise here. Where types are stripped, the call would go on after the block unnoticed. */
function refusePromise(result: unknown): void {
  if (isThenable(result)) {
    throw new TypeError("defer: the deferred call returned a promise; write await using _ = defer(…) to wait for it");
  }
}
