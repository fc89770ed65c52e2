/**
 * How the end of a context reaches those that depend on it: through the tree, where it is one of ours; through its own
 * method `afterFunc` or its channel, where it is the user's.
 */

import type { Channel } from "../chan/channel.ts";
import { channelOf, endError, errOf } from "../chan/context-like.ts";
import { describe } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { ringDue } from "../runtime/clock.ts";
import { go } from "../runtime/goroutine.ts";
import { asCall, Waiter } from "../runtime/waiter.ts";
import { EmptyContext } from "./background.ts";
import { cancelKey } from "./derived.ts";
import { Embedded } from "./embedded.ts";
import { CancelContext, Watcher } from "./tree.ts";
import type { Context } from "./types.ts";
import { ValueContext } from "./value.ts";

/** What decides when a context ends: one of the tree, or the channel of one of the user's. */
export type EndSource = CancelContext | Channel<unknown>;

/**
 * Returns what decides when `ctx` ends; undefined if it never can. A context of the user's is looked through if it
 * passes on the channel of an ancestor of ours; one with a channel of its own ends by its own rules.
 *
 * Any method of the user's may end the context. So each is called once, and the caller looks at what is returned here
 * after all of them.
 */
export function endSource(ctx: Context): EndSource | undefined {
  const decider = decidingAncestor(ctx);
  if (decider instanceof CancelContext) return decider;
  if (decider instanceof EmptyContext) return undefined;
  const done = channelOf("context", decider);
  if (done === undefined) return undefined;
  const ancestor: unknown = decider.value(cancelKey);
  return ancestor instanceof CancelContext && ancestor.done() === done ? ancestor : done;
}

/** Returns the nearest ancestor, `ctx` included, that does not leave it to its parent when it ends. */
export function decidingAncestor(ctx: Context): Context {
  let decider = ctx;
  for (;;) {
    if (decider instanceof ValueContext) decider = decider.plainAncestor;
    else if (decider instanceof Embedded && decider.done === Embedded.prototype.done) decider = Embedded.inner(decider);
    else return decider;
  }
}

/** Tells whether a context has an end to wait for. */
export function canEnd(ctx: Context): boolean {
  return endSource(ctx) !== undefined;
}

function hasEnded(source: EndSource): boolean {
  if (source instanceof CancelContext) return source.err() !== undefined;
  // As in Go a value on the channel counts as well.
  return source.lookForValue() || source.isClosed();
}

/** Hangs a new context on its parent, or ends it if the parent has ended. */
export function attach(ctx: CancelContext): void {
  const { parent } = ctx;
  const source = endSource(parent);
  if (source === undefined) return;
  if (source instanceof CancelContext) ctx.expiry = source.expiry;
  if (hasEnded(source)) {
    ctx.end(...reasons(parent));
  } else if (source instanceof CancelContext) {
    source.add(ctx);
  } else {
    const unwatch = watchForeign(parent, source, () => {
      ctx.unwatchParent = undefined;
      ringDue();
      ctx.end(...reasons(parent));
    });
    // Its method `afterFunc` may have called back already.
    if (ctx.err() === undefined) ctx.unwatchParent = unwatch;
  }
}

/**
 * Calls `call` once, when `ctx` ends; now, if it has ended already. Synchronously, but for a context of the user's with a
 * channel of its own, and always in the asynchronous context of this call. Until then a deadline keeps the process alive
 * if `holds`.
 *
 * The result, `stop`, takes that back, and tells whether it came in time. Once it has returned `call` is not called any
 * more, and `stop` does not call it either: a deadline that has passed unnoticed stays unnoticed. So it is safe to call
 * in the middle of a change of state. For calls that only start a goroutine, `asAfterFunc` gives it the rule of Go's
 * `AfterFunc` instead: it is too late as soon as the context has ended, noticed or not.
 */
export function watchEnd(ctx: Context, holds: boolean, call: () => void, asAfterFunc = false): () => boolean {
  const source = endSource(ctx);
  /** Undefined once it has been called or taken back. */
  let pending: (() => void) | undefined = call;
  let unwatch: (() => void) | undefined;
  const ended = (): void => {
    const f = pending;
    pending = undefined;
    f?.();
  };
  if (source === undefined) {
    // It has no end to wait for.
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
      // If the tree is ending just now, the watcher has left it and is about to be called.
      if (watcher.ancestor === undefined) return;
      source.remove(watcher);
      expiry?.release();
    };
  } else {
    unwatch = watchForeign(ctx, source, ended);
  }
  return () => {
    if (asAfterFunc && source instanceof CancelContext && source.err() !== undefined) return false;
    if (pending === undefined) return false;
    pending = undefined;
    unwatch?.();
    return true;
  };
}

/** Returns the cause: see `context.cause`. */
export function cause(ctx: Context): Error | undefined {
  const error = errOf(ctx);
  if (error === undefined) return undefined;
  const ancestor: unknown = ctx.value(cancelKey);
  return (ancestor instanceof CancelContext ? ancestor.cause : undefined) ?? error;
}

/** Returns with what a context that has ended ends those derived from it. */
export function reasons(ctx: Context): [error: Error, cause: Error] {
  const error = endError(ctx);
  return [error, cause(ctx) ?? error];
}

interface AfterFuncContext extends Context {
  afterFunc(f: () => void): () => boolean;
}

/** Watches a context of the user's: through its own method `afterFunc`, or through a waiter in its channel's queue. */
function watchForeign(ctx: Context, done: Channel<unknown>, call: () => void): () => void {
  if (typeof (ctx as Partial<AfterFuncContext>).afterFunc === "function") {
    const stop: unknown = (ctx as AfterFuncContext).afterFunc(bound(call));
    if (typeof stop === "function") return bound(() => void (stop as () => unknown)());
    throw new TypeError(`context: afterFunc() of ${describe(ctx)} must return a function, got ${describe(stop)}`);
  }
  const waiter = new Waiter(asCall, undefined, undefined);
  // A goroutine as in Go: not on the stack of the one who closes the channel, who may not have set the error yet.
  waiter.resume = bound(() => go(call));
  done.addReceiver(waiter);
  return () => waiter.queue?.remove(waiter);
}
