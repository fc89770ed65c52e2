/**
 * Contexts: deadlines, cancellation and request-scoped values that travel with a request through all the functions and
 * goroutines that work for it. Mirrors Go's `context` package.
 *
 * A function that can wait takes a context as its first argument and gives up when it ends. Contexts form a tree:
 * canceling one ends everything derived from it, before the call of `cancel` returns.
 *
 * @module
 */

import type { ReceiveChan } from "../chan/chan.ts";
import type { Key } from "./value.ts";

export { afterFunc } from "./afterfunc.ts";
export { background, todo } from "./background.ts";
export { type CancelCauseFunc, type CancelFunc, cause, withCancel, withCancelCause } from "./cancel.ts";
export { withDeadline, withDeadlineCause, withTimeout, withTimeoutCause } from "./deadline.ts";
export { canceled, deadlineExceeded } from "./errors.ts";
export { type AbortSignalLike, fromSignal, type HostAbortSignal, signal } from "./signal.ts";
export { type Key, key, withoutCancel, withValue } from "./value.ts";

/**
 * Carries a deadline, a cancellation and values across function boundaries. Mirrors Go's `context.Context`.
 *
 * Users may implement it. A context that passes `done` and `value` of another one on is recognized: what is derived
 * from it ends synchronously with that other one. One with a channel of its own is watched. One with a method
 * `afterFunc(f): stop` is asked to call `f` at its end.
 */
export interface Context {
  /**
   * Returns the time at which the context will end by itself; undefined if there is none. Always the same. Mirrors
   * Go's `Context.Deadline`.
   *
   * @example
   * ```ts
   * const left = (ctx.deadline()?.getTime() ?? Infinity) - Date.now();
   * ```
   */
  deadline(): Date | undefined;

  /**
   * Returns the channel that is closed when the context ends; the nil channel if it never can. Always the same. Nothing
   * is ever sent on it. Mirrors Go's `Context.Done`.
   *
   * @example
   * ```ts
   * const op = await select({ job: jobs, done: ctx.done() });
   * if (op.case === "done") throw ctx.err();
   * ```
   */
  done(): ReceiveChan<never>;

  /**
   * Returns undefined as long as `done()` is open, afterwards why the context ended: {@link canceled} or
   * {@link deadlineExceeded}. Once set it does not change. Mirrors Go's `Context.Err`.
   *
   * @example
   * ```ts
   * const [ctx, cancel] = context.withCancel(context.background());
   * cancel();
   * console.log(ctx.err() === context.canceled); // true
   * ```
   */
  err(): Error | undefined;

  /**
   * Returns the value that the nearest `withValue` up the tree binds to `key`; undefined if there is none. Mirrors Go's
   * `Context.Value`.
   *
   * @example
   * ```ts
   * const language = context.key<string>("language");
   * const ctx = context.withValue(context.background(), language, "Go");
   * console.log(ctx.value(language)); // Go
   * ```
   */
  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;

  /**
   * Returns how the context was derived: its ancestors from the root on. Mirrors what Go's `%v` prints.
   *
   * @example
   * ```ts
   * const [ctx, cancel] = context.withCancel(context.background());
   * using _ = cancel;
   * console.log(String(ctx)); // context.Background.WithCancel
   * ```
   */
  toString(): string;
}
