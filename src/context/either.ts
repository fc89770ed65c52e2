import { cancelAs } from "./cancel.ts";
import { canceled } from "./errors.ts";
import { attach, endSource, reasons, watchEnd } from "./propagate.ts";
import { CancelContext } from "./tree.ts";
import type { Context } from "./types.ts";

/**
 * Returns a context with the deadline and the values of `ctx` that ends with `other` as well. `free` detaches it from
 * both. If `other` cannot end before `ctx`, it returns `ctx` itself.
 */
export function withEither(ctx: Context, other: Context): [ctx: Context, free: () => void] {
  const source = endSource(other);
  if (source === undefined || source === endSource(ctx)) return [ctx, () => undefined];
  const both = new CancelContext(ctx);
  attach(both);
  const unwatch = watchEnd(other, false, () => both.end(...reasons(other)));
  return [
    both,
    () => {
      unwatch();
      cancelAs(both, canceled);
    },
  ];
}
