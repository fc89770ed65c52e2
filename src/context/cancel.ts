/// <reference lib="esnext.disposable" preserve="true" />
import { checkFunction } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { ringDue } from "../runtime/clock.ts";
import { dispose } from "../runtime/symbols.ts";
import { checkCause, checkContext, checkParent } from "./check.ts";
import { canceled } from "./errors.ts";
import { attach, cause as causeOf } from "./propagate.ts";
import { CancelContext } from "./tree.ts";
import type { CancelCauseFunc, CancelFunc, Context } from "./types.ts";

/**
 * Derives a context that ends when `cancel` is called or the parent ends. Mirrors Go's `context.WithCancel`. Call
 * `cancel` as soon as the work is done: until then the parent keeps the child.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withCancel: the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withCancel(context.background());
 * using _ = cancel;
 * ```
 */
export function withCancel(parent: Context): [ctx: Context, cancel: CancelFunc] {
  checkParent("withCancel", parent);
  const ctx = new CancelContext(parent);
  attach(ctx);
  return [ctx, cancelerOf(ctx)];
}

/**
 * Derives a context as {@link withCancel} does, with a cancel function that takes the cause. Mirrors Go's
 * `context.WithCancelCause`. `err()` is still `context canceled`; {@link cause} returns the cause.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withCancelCause: the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withCancelCause(context.background());
 * cancel(new Error("the user left"));
 * console.log(context.cause(ctx)?.message); // the user left
 * ```
 */
export function withCancelCause(parent: Context): [ctx: Context, cancel: CancelCauseFunc] {
  checkParent("withCancelCause", parent);
  const ctx = new CancelContext(parent);
  attach(ctx);
  const cancelCause = (cause?: Error | null): void => {
    checkCause(cause);
    cancelAs(ctx, cause ?? canceled);
  };
  return [ctx, disposable(cancelCause)];
}

/**
 * Returns why `ctx` ended: the error given to the cancel function or the deadline, its own or that of the ancestor that
 * ended first, otherwise the same as `ctx.err()`. Undefined while it has not ended. Mirrors Go's `context.Cause`.
 *
 * @throws TypeError `context.cause: the argument must be a Context, got …`
 *
 * @example
 * ```ts
 * await ch.receive(ctx).catch(() => console.log(context.cause(ctx)));
 * ```
 */
export function cause(ctx: Context): Error | undefined {
  checkContext("context.cause: the argument", ctx);
  return causeOf(ctx);
}

/**
 * Makes a {@link CancelFunc} of a function: the first call calls `f`, later ones do nothing, and `using` calls it at
 * the end of the block. For contexts of your own, and for everything else that is ended once. Go needs no such
 * function: there any function is a `context.CancelFunc`.
 *
 * Calls are synchronous, so `f` is not an async function. With parameters it makes a {@link CancelCauseFunc}.
 *
 * @throws TypeError `context.cancelFunc: 42 is not a function`
 *
 * @example
 * ```ts
 * const closed = chan<never>();
 * const close: CancelFunc = context.cancelFunc(() => closed.close());
 * close();
 * close(); // does nothing
 * ```
 */
export function cancelFunc<Args extends unknown[]>(f: (...args: Args) => void): ((...args: Args) => void) & Disposable {
  checkFunction("context.cancelFunc", f);
  let first: typeof f | undefined = bound(f);
  return disposable((...args: Args): void => {
    const call = first;
    first = undefined;
    call?.(...args);
  });
}

/**
 * Returns the function that ends `ctx` as canceled. It ignores its arguments, so that it can be an event's listener.
 */
export function cancelerOf(ctx: CancelContext): CancelFunc {
  return disposable((): void => cancelAs(ctx, canceled));
}

/** Ends a context as canceled. Contexts whose deadline passed before, unnoticed, end with that first. */
export function cancelAs(ctx: CancelContext, cause: Error): void {
  if (ctx.mayBeLate()) ringDue();
  ctx.end(canceled, cause);
}

/** Makes a function disposable: disposing of it calls it without arguments. */
export function disposable<Args extends unknown[]>(cancel: (...args: Args) => void): Disposed<Args> {
  const result = cancel as Disposed<Args>;
  // Object.assign would take as long as all the rest of a new context.
  result[dispose] = cancel;
  return result;
}

type Disposed<Args extends unknown[]> = ((...args: Args) => void) & { [dispose]: () => void };
