import { checkFunction } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { checkContext } from "./check.ts";
import { watchEnd } from "./propagate.ts";
import type { Context } from "./types.ts";

/**
 * Calls `f` once, in a goroutine of its own, after `ctx` has ended; soon, if it has ended already. Mirrors Go's
 * `context.AfterFunc`. Ending the context does not wait for it. Pending on a deadline, it keeps the process alive.
 *
 * @returns `stop`, which takes the registration back and returns true if that prevented the call. It does not wait for
 * a call that has started.
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
 * Calls `f` once, synchronously, in the same step in which `ctx` ends; before it returns, if `ctx` has ended already. For
 * drivers and adapters that must stop something at once and in order, such as a socket. Go has no such thing.
 *
 * It differs from {@link afterFunc} in this: `f` runs on the stack of whoever ends the context, before `cancel` returns,
 * and not in a goroutine. By then everything derived from `ctx` has ended as well. `f` must not wait, and what it throws
 * goes to whoever ended the context. One exception: a context of the user's that has a channel of its own tells its end
 * through that, so there `f` runs in a goroutine. Pending on a deadline, it keeps the process alive.
 *
 * @returns `stop`, which takes the registration back and returns true if that prevented the call. Once it has returned,
 * `f` is not called any more. It never calls `f` itself, not even for a deadline that passed while the event loop was
 * busy.
 * @throws TypeError `context.onEnd: the first argument must be a Context, got …`, or `context.onEnd: … is not a function`
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
