import { checkFunction } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { checkContext } from "./check.ts";
import type { Context } from "./context.ts";
import { watchEnd } from "./propagate.ts";

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
  checkContext("afterFunc: the first argument", ctx);
  checkFunction("context.afterFunc", f);
  return watchEnd(ctx, true, () => go(f));
}
