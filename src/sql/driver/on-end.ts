import type { Context } from "../../context/context.ts";
import { watchEnd } from "../../context/propagate.ts";

/**
 * Calls `call` once when `ctx` ends; within this call if it has ended already.
 *
 * The result takes that back for good: once it has been called, `call` is never called, also if taking it back is the
 * moment at which a deadline is noticed. Other watchers of the context may run then, so the caller must not rely on
 * state that they can change.
 */
export function onEnd(ctx: Context, call: () => void): () => void {
  let wanted = true;
  const unwatch = watchEnd(ctx, true, () => {
    if (wanted) call();
  });
  return () => {
    wanted = false;
    unwatch();
  };
}
