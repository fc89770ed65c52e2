import type { Context } from "../../context/context.ts";
import { errOf } from "../../context/internal.ts";

/** Returns why a context has ended; undefined if it has not. */
export function endOf(ctx: Context | undefined): Error | undefined {
  return errOf(ctx);
}
