/**
 * How the end of a context reaches its dependents: through the tree, if it is a CancelContext; through its method
 * `afterFunc` or its channel, if it is a user's.
 */

import type { Channel } from "../chan/channel.ts";
import { channelOf, endError, errOf } from "../chan/context-like.ts";
import { describe } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { ringDue } from "../runtime/clock.ts";
import { go } from "../runtime/goroutine.ts";
import { asCall, Waiter } from "../runtime/waiter.ts";
import { EmptyContext } from "./background.ts";
import { cancelKey, decidingKey } from "./derived.ts";
import { CancelContext, Watcher } from "./tree.ts";
import type { Context } from "./types.ts";
import { ValueContext } from "./value.ts";

/** What ends a context: a CancelContext, or the channel of a user's context. */
export type EndSource = CancelContext | Channel<unknown>;

/**
 * Returns what ends `ctx`; undefined if it can never end. For a user's context that passes on the channel of a
 * CancelContext above it, that is the CancelContext; one with a channel of its own ends with that.
 *
 * Any method of a user's context may end it. So each is called once, and the caller checks the result for an end after
 * all of them.
 */
export function endSource(ctx: Context): EndSource | undefined {
  const decider = decidingAncestor(ctx);
  return decider instanceof CancelContext ? decider : foreignSource(decider);
}

function foreignSource(decider: Context): EndSource | undefined {
  if (decider instanceof EmptyContext) return undefined;
  const done = channelOf("context", decider);
  if (done === undefined) return undefined;
  const ancestor: unknown = decider.value(cancelKey);
  return ancestor instanceof CancelContext && ancestor.done() === done ? ancestor : done;
}

/** Returns the nearest ancestor, `ctx` included, that does not leave its end to its parent. */
export function decidingAncestor(ctx: Context): Context {
  for (let decider = ctx; ;) {
    const other = decider instanceof ValueContext ? decider.plainAncestor : (decider as Deciding)[decidingKey]?.();
    if (other === undefined) return decider;
    decider = other;
  }
}

/** A context that may leave its end to another one. */
interface Deciding extends Context {
  [decidingKey]?(): Context | undefined;
}

/** Tells whether a context has an end to wait for. */
export function canEnd(ctx: Context): boolean {
  return endSource(ctx) !== undefined;
}

function hasEnded(source: EndSource): boolean {
  if (source instanceof CancelContext) return source.hasEnded();
  // As in Go, a value on the channel counts as the end, too.
  return source.lookForValue() || source.isClosed();
}

/** Adds a new context to its parent's dependents, or ends it if the parent has ended. */
export function attach(ctx: CancelContext): void {
  const decider = decidingAncestor(ctx.parent);
  if (decider instanceof CancelContext) attachTo(decider, ctx);
  else if (!(decider instanceof EmptyContext)) attachToForeign(decider, ctx);
}

function attachTo(ancestor: CancelContext, ctx: CancelContext): void {
  ctx.expiry = ancestor.expiry;
  if (ancestor.hasEnded()) endWithParent(ctx);
  else ancestor.add(ctx);
}

function attachToForeign(decider: Context, ctx: CancelContext): void {
  const source = foreignSource(decider);
  if (source === undefined) return;
  if (source instanceof CancelContext) {
    attachTo(source, ctx);
  } else if (hasEnded(source)) {
    endWithParent(ctx);
  } else {
    const unwatch = watchForeign(ctx.parent, source, () => {
      ctx.unwatchParent = undefined;
      ringDue();
      endWithParent(ctx);
    });
    // The parent's `afterFunc` may have called back already.
    if (!ctx.hasEnded()) ctx.unwatchParent = unwatch;
  }
}

function endWithParent(ctx: CancelContext): void {
  ctx.end(...reasons(ctx.parent));
}

/**
 * Calls `call` once, when `ctx` ends; now, if it has ended already. The call is synchronous, except for a user's
 * context with a channel of its own, and always in the asynchronous context of this call. With `holds`, a deadline
 * keeps the process alive until then.
 *
 * The result, `stop`, unregisters `call`, and tells whether that prevented it. Once it has returned, `call` is not
 * called any more, and `stop` does not call it either: a deadline that has passed unnoticed stays unnoticed. So it is
 * safe in the middle of a change of state. For calls that only start a goroutine, `asAfterFunc` gives it the rule of
 * Go's `AfterFunc` instead: it returns false as soon as the context has ended, noticed or not.
 */
export function watchEnd(ctx: Context, holds: boolean, call: () => void, asAfterFunc = false): () => boolean {
  const source = endSource(ctx);
  /** Undefined once it was called or unregistered. */
  let pending: (() => void) | undefined = call;
  let unwatch: (() => void) | undefined;
  const ended = (): void => {
    const f = pending;
    pending = undefined;
    f?.();
  };
  if (source === undefined) {
    // It never ends.
  } else if (hasEnded(source)) {
    reasons(ctx);
    ended();
  } else if (source instanceof CancelContext) {
    const expiry = holds ? source.expiry : undefined;
    const watcher = new Watcher(
      bound(() => {
        expiry?.release();
        ended();
      }),
    );
    expiry?.hold();
    source.add(watcher);
    unwatch = () => {
      // If the tree is ending, the watcher has left it and is about to be called.
      if (watcher.ancestor === undefined) return;
      source.remove(watcher);
      expiry?.release();
    };
  } else {
    unwatch = watchForeign(ctx, source, ended);
  }
  return () => {
    if (asAfterFunc && source instanceof CancelContext && source.hasEnded()) return false;
    if (pending === undefined) return false;
    pending = undefined;
    unwatch?.();
    return true;
  };
}

/** Returns the cause, without a check of the argument: see `context.cause`. */
export function cause(ctx: Context): Error | undefined {
  const error = errOf(ctx);
  if (error === undefined) return undefined;
  const ancestor: unknown = ctx.value(cancelKey);
  return (ancestor instanceof CancelContext ? ancestor.cause : undefined) ?? error;
}

/** Returns the error and the cause with which a context that has ended ends its dependents. */
export function reasons(ctx: Context): [error: Error, cause: Error] {
  const error = endError(ctx);
  return [error, cause(ctx) ?? error];
}

interface AfterFuncContext extends Context {
  afterFunc(f: () => void): () => boolean;
}

/** Watches a user's context: through its method `afterFunc`, or through a waiter in its channel's queue. */
function watchForeign(ctx: Context, done: Channel<unknown>, call: () => void): () => void {
  if (typeof (ctx as Partial<AfterFuncContext>).afterFunc === "function") {
    const stop: unknown = (ctx as AfterFuncContext).afterFunc(bound(call));
    if (typeof stop === "function") return bound(() => void (stop as () => unknown)());
    throw new TypeError(`context: afterFunc() of ${describe(ctx)} must return a function, got ${describe(stop)}`);
  }
  const waiter = new Waiter(asCall, undefined, undefined);
  // In a goroutine, as in Go: the code that closes the channel may set `err()` only afterwards.
  waiter.resume = bound(() => go(call));
  done.addReceiver(waiter);
  return () => waiter.queue?.remove(waiter);
}
