import { checkFunction } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { checkContext } from "./check.ts";
import { watchEnd } from "./propagate.ts";
import type { Context } from "./types.ts";

/**
 * Calls `f` once, in a goroutine of its own, after `ctx` has ended; soon, if it has ended already. Mirrors Go's
 * `context.AfterFunc`. Ending the context does not wait for it. Pending on a deadline, it keeps the process alive.
 *
 * @returns `stop`, which unregisters `f` and returns true if that prevented the call. It does not wait for a call that
 * has started.
 * @throws TypeError `context.afterFunc: the first argument must be a Context, got …`, or `context.afterFunc: … is not a
 * function`
 *
 * @example
 * ```ts
 * const stop = context.afterFunc(ctx, () => socket.destroy());
 * await handle(socket);
 * stop();
 * ```
 */
export function afterFunc(ctx: Context, f: () => unknown): () => boolean {
  checkContext("context.afterFunc: the first argument", ctx);
  checkFunction("context.afterFunc", f);
  return watchEnd(ctx, true, () => go(f), true);
}

/**
 * Calls `f` once, synchronously, in the step in which `ctx` ends; before `onEnd` returns, if `ctx` has ended already.
 * For drivers and adapters that must stop something at once and in order, such as a socket. Go has no such function.
 *
 * Unlike that of {@link afterFunc}, `f` runs on the stack of the call that ends the context, before `cancel` returns,
 * and not in a goroutine. Everything derived from `ctx` has ended by then. `f` must not wait, and what it throws is
 * thrown to that call. One exception: a user's context with a channel of its own ends by that channel, so there `f`
 * runs in a goroutine. Pending on a deadline, it keeps the process alive.
 *
 * @returns `stop`, which unregisters `f` and returns true if that prevented the call. Once it has returned, `f` is not
 * called any more. It never calls `f` itself, not even for a deadline that passed while the event loop was busy.
 * @throws TypeError `context.onEnd: the first argument must be a Context, got …`, or `context.onEnd: … is not a
 * function`
 *
 * @example
 * ```ts
 * const stop = context.onEnd(ctx, () => socket.destroy());
 * try {
 *   await handle(socket);
 * } finally {
 *   stop();
 * }
 * ```
 */
export function onEnd(ctx: Context, f: () => void): () => boolean {
  checkContext("context.onEnd: the first argument", ctx);
  checkFunction("context.onEnd", f);
  return watchEnd(ctx, true, f);
}
