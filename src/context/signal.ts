import { bindListeners } from "./abort-listeners.ts";
import { describe } from "../runtime/arguments.ts";
import { isError } from "../runtime/error-values.ts";
import { cancelAs, cancelerOf } from "./cancel.ts";
import { checkContext, checkParent } from "./check.ts";
import { attach, cause, decidingAncestor, endSource, watchEnd } from "./propagate.ts";
import { CancelContext } from "./tree.ts";
import type { CancelFunc, Context } from "./types.ts";

/** The part of an AbortSignal from which a context can be derived. */
export interface AbortSignalLike {
  /** Whether it has aborted. */
  readonly aborted: boolean;
  /** Why it has aborted. */
  readonly reason: unknown;
  /** Calls `listener` when it aborts. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The host's `AbortSignal`; where the program's types have none, the part of it that is used here. */
export type HostAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : AbortSignalLike;

interface HostAbortController {
  readonly signal: HostAbortSignal;
  abort(reason: unknown): void;
}

const hostGlobals = globalThis as unknown as { AbortController: new () => HostAbortController };

/** One signal for each context that decides its end: contexts derived by `withValue` share their ancestor's. */
const signals = new WeakMap<Context, HostAbortSignal>();

/**
 * Returns an AbortSignal that aborts when `ctx` ends, synchronously, with the cause as its reason: for `fetch` and
 * every other web API. The same context yields the same signal; one that never ends, a signal that never aborts. Each
 * listener runs in the asynchronous context in which it was added, not in that of the cancel. Pending on a deadline, it
 * keeps the process alive until the context ends. Go has no such function.
 *
 * @throws TypeError `context.signal: the argument must be a Context, got …`
 *
 * @example
 * ```ts
 * const response = await fetch(url, { signal: context.signal(ctx) });
 * ```
 */
export function signal(ctx: Context): HostAbortSignal {
  checkContext("context.signal: the argument", ctx);
  const source = endSource(ctx);
  const decider = source instanceof CancelContext ? source : decidingAncestor(ctx);
  const known = signals.get(decider);
  if (known !== undefined) return known;
  const controller = new hostGlobals.AbortController();
  // A signal that never aborts is not stored: it would live as long as the program, with all its listeners.
  if (source !== undefined) {
    bindListeners(controller.signal);
    watchEnd(ctx, true, () => controller.abort(cause(ctx)));
    signals.set(decider, controller.signal);
  }
  return controller.signal;
}

/**
 * Derives a context that ends when `signal` aborts, synchronously, with the signal's reason as its cause. It also ends
 * with the parent and when `cancel` is called, which removes the listener from the signal. A reason that is not an
 * error is wrapped in one, as its `cause`. Go has no such function.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.fromSignal: the second argument must be an AbortSignal, got …`, or `context.fromSignal:
 * the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.fromSignal(context.background(), request.signal);
 * using _ = cancel;
 * ```
 */
export function fromSignal(parent: Context, signal: AbortSignalLike): [ctx: Context, cancel: CancelFunc] {
  checkParent("fromSignal", parent);
  if (typeof signal?.addEventListener !== "function" || typeof signal.aborted !== "boolean") {
    throw new TypeError(`context.fromSignal: the second argument must be an AbortSignal, got ${describe(signal)}`);
  }
  const ctx = new CancelContext(parent);
  attach(ctx);
  const listener = (): void => cancelAs(ctx, reasonOf(signal));
  if (signal.aborted) {
    listener();
  } else if (ctx.err() === undefined) {
    signal.addEventListener("abort", listener);
    watchEnd(ctx, false, () => signal.removeEventListener("abort", listener));
  }
  return [ctx, cancelerOf(ctx)];
}

function reasonOf({ reason }: AbortSignalLike): Error {
  if (isError(reason)) return reason;
  return new Error(`the signal was aborted: ${describe(reason)}`, { cause: reason });
}
