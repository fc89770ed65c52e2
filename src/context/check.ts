import { describe } from "../runtime/describe.ts";
import { PanicError } from "../runtime/panic.ts";
import type { Context } from "./context.ts";

/** Refuses a parent that is missing or no context. */
export function checkParent(what: string, parent: Context): void {
  if (parent === undefined || parent === null) throw new PanicError("cannot create context from nil parent");
  checkContext(`${what}: the parent`, parent);
}

export function checkContext(what: string, ctx: Context): void {
  const methods = ctx as Partial<Context> | null | undefined;
  for (const name of ["done", "err", "value", "deadline"] as const) {
    if (typeof methods?.[name] !== "function") {
      throw new TypeError(`context.${what} must be a Context, got ${describe(ctx)}`);
    }
  }
}
