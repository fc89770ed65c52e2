/// <reference lib="esnext.disposable" preserve="true" />
import { ringDue } from "../runtime/clock.ts";
import { dispose } from "../runtime/symbols.ts";
import { checkCause, checkContext, checkParent } from "./check.ts";
import type { Context } from "./context.ts";
import { canceled } from "./errors.ts";
import { attach, cause as causeOf } from "./propagate.ts";
import { CancelContext } from "./tree.ts";

/**
 * Ends a context and everything derived from it: when it returns, `err()` is set and `done()` closed throughout. It
 * does not wait for the work that uses the context. Only the first call counts. `using _ = cancel` calls it at the end
 * of the block. Mirrors Go's `context.CancelFunc`.
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withCancel(context.background());
 * cancel();
 * console.log(ctx.err()?.message); // context canceled
 * ```
 */
export interface CancelFunc extends Disposable {
  (): void;
}

/**
 * A {@link CancelFunc} that also sets the cause; without one the cause is `context canceled`. Mirrors Go's
 * `context.CancelCauseFunc`.
 *
 * @throws TypeError `context: the cause must be an error, got …`
 */
export interface CancelCauseFunc extends Disposable {
  (cause?: Error | null): void;
}

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
  return [ctx, cancelFunc(ctx)];
}

/**
 * Derives a context as {@link withCancel} does, with a cancel function that takes the cause. Mirrors Go's
 * `context.WithCancelCause`. `err()` is `context canceled` all the same; {@link cause} tells the cause.
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
    cancel(ctx, cause ?? canceled);
  };
  return [ctx, disposable(cancelCause)];
}

/**
 * Returns why `ctx` ended: the error given to the cancel function or the deadline, of itself or of the ancestor that
 * ended first, otherwise the same as `ctx.err()`. Undefined as long as it has not ended. Mirrors Go's `context.Cause`.
 *
 * @throws TypeError `context.cause: the argument must be a Context, got …`
 *
 * @example
 * ```ts
 * await ch.receive(ctx).catch(() => console.log(context.cause(ctx)));
 * ```
 */
export function cause(ctx: Context): Error | undefined {
  checkContext("cause: the argument", ctx);
  return causeOf(ctx);
}

/** Returns the function that ends `ctx` as canceled. It ignores what it is called with, so that any event may call it. */
export function cancelFunc(ctx: CancelContext): CancelFunc {
  const cancelContext = (): void => cancel(ctx, canceled);
  return disposable(cancelContext);
}

/** Ends a context as canceled; it and those below it whose time had come before end with that. */
export function cancel(ctx: CancelContext, cause: Error): void {
  if (ctx.mayBeLate()) ringDue();
  ctx.end(canceled, cause);
}

/** Makes a function disposable: disposing of it calls it. */
export function disposable<F extends () => void>(cancel: F): F & Disposable {
  const result = cancel as F & { [dispose]: () => void };
  result[dispose] = cancel;
  return result;
}
