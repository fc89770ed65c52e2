import { refuse } from "../chan/context-like.ts";
import { describe } from "../runtime/arguments.ts";
import { isError } from "../runtime/error-values.ts";
import { PanicError } from "../runtime/panic.ts";
import type { Context } from "./types.ts";

/** Refuses a parent that is missing or not a context. */
export function checkParent(what: string, parent: Context): void {
  if (parent === undefined || parent === null) throw new PanicError("cannot create context from nil parent");
  // The text is made only for an error: making it takes as long as the check.
  if (!hasMethods(parent)) refuse(`context.${what}: the parent`, parent);
}

/** Refuses a value that is not a context. `what` begins the error's text. */
export function checkContext(what: string, ctx: Context): void {
  if (!hasMethods(ctx)) refuse(what, ctx);
}

/** Names them one by one: a loop over the names takes as long as a new context. */
function hasMethods(ctx: Context): boolean {
  const { done, err, value, deadline } = (ctx ?? {}) as Partial<Context>;
  return (
    typeof done === "function" &&
    typeof err === "function" &&
    typeof value === "function" &&
    typeof deadline === "function"
  );
}

/** Refuses a cause that is not an error; undefined and null mean no cause. */
export function checkCause(cause: unknown): void {
  if (cause !== undefined && cause !== null && !isError(cause)) {
    throw new TypeError(`context: the cause must be an error, got ${describe(cause)}`);
  }
}
