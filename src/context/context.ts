/**
 * Contexts: deadlines, cancellation and request-scoped values that travel with a request through all the functions and
 * goroutines that work for it. Mirrors Go's `context` package.
 *
 * A function that can wait takes a context as its first argument and gives up when it ends. Contexts form a tree:
 * canceling one ends everything derived from it, before the call of `cancel` returns.
 *
 * @module
 */

export { afterFunc, onEnd } from "./afterfunc.ts";
export { background, todo } from "./background.ts";
export { cancelFunc, cause, withCancel, withCancelCause } from "./cancel.ts";
export { withDeadline, withDeadlineCause, withTimeout, withTimeoutCause } from "./deadline.ts";
export { Embedded } from "./embedded.ts";
export { canceled, deadlineExceeded } from "./errors.ts";
export { type AbortSignalLike, fromSignal, type HostAbortSignal, signal } from "./signal.ts";
export type { CancelCauseFunc, CancelFunc, Context, Key } from "./types.ts";
export { key, withoutCancel, withValue } from "./value.ts";
