import { describe } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import type { Context } from "./context.ts";

/** Refuses a parent that is missing or no context. */
export function checkParent(what: string, parent: Context): void {
  if (parent === undefined || parent === null) throw new PanicError("cannot create context from nil parent");
  checkContext(`${what}: the parent`, parent);
}

export function checkContext(what: string, ctx: Context): void {
  const { done, err, value, deadline } = (ctx ?? {}) as Partial<Context>;
  if (
    typeof done === "function" &&
    typeof err === "function" &&
    typeof value === "function" &&
    typeof deadline === "function"
  ) {
    return;
  }
  throw new TypeError(`context.${what} must be a Context, got ${describe(ctx)}`);
}

/** Refuses a cause that is no error; none at all is fine. */
export function checkCause(cause: unknown): void {
  if (cause !== undefined && cause !== null && !isError(cause)) {
    throw new TypeError(`context: the cause must be an error, got ${describe(cause)}`);
  }
}

/** Tells whether a value is an error, also one of another realm, which is no instance of this one's Error. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
