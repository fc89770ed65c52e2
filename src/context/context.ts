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
 * Users may implement it. A context that passes `done` and `value` of another one on is recognized: what is derived from
 * it ends synchronously with that other one. One with a channel of its own is watched. One with a method
 * `afterFunc(f): stop` is asked to call `f` at its end.
 */
export interface Context {
  /** Returns the time at which the context will end by itself; undefined if there is none. Always the same. */
  deadline(): Date | undefined;

  /**
   * Returns the channel that is closed when the context ends; the nil channel if it never can. Always the same. Nothing
   * is ever sent on it.
   */
  done(): ReceiveChan<never>;

  /**
   * Returns undefined as long as `done()` is open, afterwards why the context ended: {@link canceled} or
   * {@link deadlineExceeded}. Once set it does not change.
   */
  err(): Error | undefined;

  /** Returns the value that the nearest `withValue` up the tree binds to `key`; undefined if there is none. */
  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;

  /** Returns how the context was derived, such as `context.Background.WithCancel`. */
  toString(): string;
}
