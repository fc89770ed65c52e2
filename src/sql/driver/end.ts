import type { Context } from "../../context/context.ts";

/** Returns why a context has ended; undefined if it has not. One of the user's may say so with null, as Go does. */
export function endOf(ctx: Context | undefined): Error | undefined {
  return ctx?.err() ?? undefined;
}
