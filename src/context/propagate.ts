/**
 * How the end of a context reaches those that depend on it: through the tree, where it is one of ours; through its own
 * method `afterFunc` or its channel, where it is the user's.
 */

import { Channel } from "../chan/channel.ts";
import { nil } from "../chan/nil.ts";
import { bound } from "../runtime/async-context.ts";
import { ringDue } from "../runtime/clock.ts";
import { go } from "../runtime/goroutine.ts";
import { PanicError } from "../runtime/panic.ts";
import { asNothing, Waiter } from "../runtime/waiter.ts";
import { EmptyContext } from "./background.ts";
import { ancestorKey } from "./base.ts";
import type { Context } from "./context.ts";
import { foreignName } from "./name.ts";
import { CancelContext, Watcher } from "./tree.ts";
import { ValueContext } from "./value.ts";

/** Hangs a new context on its parent, or ends it if the parent has ended. */
export function attach(ctx: CancelContext): void {
  const base = baseOf(ctx.parent);
  if (base instanceof CancelContext) hang(ctx, base);
  else if (!(base instanceof EmptyContext)) attachToOther(ctx);
}

function hang(ctx: CancelContext, ancestor: CancelContext): void {
  ctx.expiry = ancestor.expiry;
  if (ancestor.err() === undefined) ancestor.add(ctx);
  else ctx.end(...reasons(ctx.parent));
}

function attachToOther(ctx: CancelContext): void {
  const { parent } = ctx;
  const ancestor = ancestorOf(parent);
  if (hasEnded(parent)) {
    ctx.end(...reasons(parent));
  } else if (ancestor !== undefined) {
    hang(ctx, ancestor);
  } else if (canEnd(parent)) {
    ctx.unwatchParent = watchForeign(parent, () => {
      ctx.unwatchParent = undefined;
      ringDue();
      ctx.end(...reasons(parent));
    });
  }
}

/**
 * Calls `call` once when `ctx` ends, or at once if it has ended already: synchronously where the context is of this
 * module, and always in the asynchronous context of this call. Until then a deadline above keeps the process alive if
 * `holds`. The result takes that back and tells whether it came in time.
 */
export function watchEnd(ctx: Context, holds: boolean, call: () => void): () => boolean {
  // Asking for the ancestor may run code of the user's: whether the context has ended is asked after that.
  const ancestor = ancestorOf(ctx);
  if (hasEnded(ctx)) {
    reasons(ctx);
    call();
    return () => false;
  }
  if (ancestor === undefined) return watchEndOfForeign(ctx, call);
  const expiry = holds ? ancestor.expiry : undefined;
  const watcher = new Watcher(
    bound(() => {
      expiry?.release();
      call();
    }),
  );
  expiry?.hold();
  ancestor.add(watcher);
  return () => {
    ancestor.poll();
    if (watcher.owner === undefined) return false;
    ancestor.remove(watcher);
    expiry?.release();
    return true;
  };
}

function watchEndOfForeign(ctx: Context, call: () => void): () => boolean {
  let pending = true;
  const settle = (): boolean => {
    const was = pending;
    pending = false;
    return was;
  };
  const unwatch = canEnd(ctx) ? watchForeign(ctx, () => void (settle() && call())) : undefined;
  return () => {
    if (!settle()) return false;
    unwatch?.();
    return true;
  };
}

/** Returns the nearest context that is no ValueContext: it answers everything but `value`. */
export function baseOf(ctx: Context): Context {
  return ctx instanceof ValueContext ? ctx.base : ctx;
}

/** Tells whether a context has an end to wait for. */
export function canEnd(ctx: Context): boolean {
  const base = baseOf(ctx);
  return base instanceof CancelContext || channelOf(base) !== undefined;
}

/** Tells whether a context has ended: one of the user's by its channel, as in Go, whatever it says besides. */
function hasEnded(ctx: Context): boolean {
  const base = baseOf(ctx);
  if (base instanceof CancelContext) return base.err() !== undefined;
  const done = channelOf(base);
  return done !== undefined && (done.lookForValue() || done.isClosed());
}

/**
 * Returns the nearest ancestor of this module that decides when `ctx` ends, `ctx` included. A context of the user's is
 * looked through only if it passes that ancestor's channel on; one with a channel of its own ends by its own rules.
 */
export function ancestorOf(ctx: Context): CancelContext | undefined {
  const base = baseOf(ctx);
  if (base instanceof CancelContext) return base;
  const ancestor: unknown = base.value(ancestorKey);
  return ancestor instanceof CancelContext && ancestor.done() === base.done() ? ancestor : undefined;
}

/** Returns the cause: see `context.cause`. */
export function cause(ctx: Context): Error | undefined {
  const error = ctx.err() ?? undefined;
  if (error === undefined) return undefined;
  const ancestor: unknown = ctx.value(ancestorKey);
  return (ancestor instanceof CancelContext ? ancestor.cause : undefined) ?? error;
}

/** Returns with what a context that has ended ends those derived from it. */
function reasons(ctx: Context): [error: Error, cause: Error] {
  const error = ctx.err() ?? undefined;
  if (error === undefined) throw new PanicError("context: internal error: missing cancel error");
  return [error, cause(ctx) ?? error];
}

interface AfterFuncContext extends Context {
  afterFunc(f: () => void): () => boolean;
}

/** Watches a context of the user's: through its own method `afterFunc`, or through a waiter in its channel's queue. */
function watchForeign(ctx: Context, call: () => void): () => void {
  if (typeof (ctx as Partial<AfterFuncContext>).afterFunc === "function") {
    const stop: (() => unknown) | undefined = (ctx as AfterFuncContext).afterFunc(bound(call));
    return bound(() => void stop?.());
  }
  const waiter = new Waiter(asNothing, undefined, undefined);
  // A goroutine as in Go: not on the stack of the one who closes the channel, who may not have set the error yet.
  waiter.resume = bound(() => go(call));
  channelOf(ctx)?.addReceiver(waiter);
  return () => waiter.queue?.remove(waiter);
}

/** Returns the channel of a context of the user's; undefined for the nil channel. */
function channelOf(ctx: Context): Channel<never> | undefined {
  const done: unknown = ctx.done() ?? nil;
  if (!(done instanceof Channel)) throw new TypeError(`context: done() of ${foreignName(ctx)} must return a channel`);
  return done === nil ? undefined : (done as Channel<never>);
}
