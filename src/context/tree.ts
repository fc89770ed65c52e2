/**
 * The tree of contexts that can end.
 *
 * Ending one goes in two steps. First the whole subtree is marked: every context in it gets its error and cause, its
 * channel is closed and its alarm stopped; no code of the user runs meanwhile. Then the watchers are called. So whoever
 * is called, or looks at any context of the tree, finds all of it ended.
 */

import { Channel, type Source } from "../chan/channel.ts";
import type { ReceiveChan } from "../chan/chan.ts";
import { nil } from "../chan/nil.ts";
import { go } from "../runtime/goroutine.ts";
import { hooks } from "../runtime/hooks.ts";
import { PanicError } from "../runtime/panic.ts";
import { asNothing, Waiter } from "../runtime/waiter.ts";
import { EmptyContext } from "./background.ts";
import type { Context } from "./context.ts";
import { foreignName } from "./name.ts";
import { type Key, ValueContext, WithoutCancelContext } from "./value.ts";

/** The key under which a context gives out its nearest ancestor that can end, itself included. */
export const ancestorKey: unique symbol = Symbol("gocsp.context.ancestor");

/** What hangs on a {@link CancelContext}: a child, or a watcher. */
export abstract class Dependent {
  nextSibling: Dependent | undefined = undefined;
  previousSibling: Dependent | undefined = undefined;
  /** The context on which it hangs; undefined once it hangs nowhere. */
  owner: CancelContext | undefined = undefined;

  detach(): void {
    this.owner?.remove(this);
  }
}

/** A deadline somewhere above. It keeps the process alive as long as somebody depends on it. */
export interface Expiry {
  hold(): void;
  release(): void;
  /** Ends the context if the time has come, even if the event loop had no chance to. */
  poll(): void;
}

/** A context that can be canceled. */
export class CancelContext extends Dependent implements Context, Source {
  readonly parent: Context;
  /** The nearest deadline, its own or inherited from a context that cannot hide it. */
  expiry: Expiry | undefined = undefined;
  /** Both undefined, or both set, for ever. */
  #error: Error | undefined = undefined;
  #cause: Error | undefined = undefined;
  /** Made when somebody asks for it. */
  #done: Channel<never> | undefined = undefined;
  #firstChild: Dependent | undefined = undefined;
  /** Withdraws from a parent that is not of this module. */
  #unwatch: (() => void) | undefined = undefined;

  constructor(parent: Context) {
    super();
    this.parent = parent;
  }

  deadline(): Date | undefined {
    let ctx: Context = this.parent;
    for (;;) {
      if (ctx instanceof CancelContext) {
        const own = ctx.ownDeadline();
        if (own !== undefined) return own;
        ctx = ctx.parent;
      } else if (ctx instanceof ValueContext) {
        ctx = ctx.parent;
      } else {
        return ctx.deadline();
      }
    }
  }

  ownDeadline(): Date | undefined {
    return undefined;
  }

  done(): ReceiveChan<never> {
    if (this.#done === undefined) {
      this.#done = new Channel(0, this.expiry === undefined ? undefined : this);
      if (this.#error !== undefined) this.#done.close();
    }
    return this.#done;
  }

  err(): Error | undefined {
    if (this.#error === undefined && this.expiry !== undefined) this.expiry.poll();
    return this.#error;
  }

  /** The cause once it has ended. */
  get cause(): Error | undefined {
    if (this.#error === undefined && this.expiry !== undefined) this.expiry.poll();
    return this.#cause;
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return lookUp(this, key);
  }

  override toString(): string {
    return nameOf(this);
  }

  /** What the name of the context adds to its parent's. */
  suffix(): string {
    return "WithCancel";
  }

  poll(): void {
    this.expiry?.poll();
  }

  watch(): void {
    this.expiry?.hold();
  }

  unwatch(): void {
    this.expiry?.release();
  }

  /** Is called when the context is marked as ended. */
  protected ended(): void {}

  /** Hangs the new context on its parent, or ends it if the parent has ended. */
  attach(): void {
    const { parent } = this;
    const ancestor = ancestorOf(parent);
    if (ancestor !== undefined) this.expiry = ancestor.expiry;
    if (hasEnded(parent)) {
      this.end(...reasons(parent));
    } else if (ancestor !== undefined) {
      ancestor.add(this);
    } else if (canEnd(parent)) {
      this.#unwatch = watchForeign(parent, () => {
        this.#unwatch = undefined;
        this.end(...reasons(parent));
      });
    }
  }

  add(node: Dependent): void {
    const first = this.#firstChild;
    node.owner = this;
    node.nextSibling = first;
    if (first !== undefined) first.previousSibling = node;
    this.#firstChild = node;
  }

  remove(node: Dependent): void {
    const { nextSibling, previousSibling } = node;
    if (previousSibling !== undefined) previousSibling.nextSibling = nextSibling;
    else this.#firstChild = nextSibling;
    if (nextSibling !== undefined) nextSibling.previousSibling = previousSibling;
    node.nextSibling = node.previousSibling = node.owner = undefined;
  }

  /** Ends this context and everything derived from it. Only the first call counts. */
  end(error: Error, cause: Error): void {
    if (this.#error !== undefined) return;
    this.detach();
    if (this.#firstChild === undefined && this.#unwatch === undefined) {
      this.#mark(error, cause);
      return;
    }
    // A list instead of recursion: trees may be deeper than the stack.
    const ending: CancelContext[] = [this];
    const calls: (() => void)[] = [];
    this.#mark(error, cause);
    for (let i = 0; i < ending.length; i++) {
      const ctx = ending[i] as CancelContext;
      if (ctx.#unwatch !== undefined) calls.push(ctx.#unwatch);
      ctx.#unwatch = undefined;
      for (let node = ctx.#oldestChild(); node !== undefined;) {
        const next = node.previousSibling;
        ctx.remove(node);
        if (node instanceof Watcher) calls.push(node.call);
        else if (node instanceof CancelContext && node.#mark(error, cause)) ending.push(node);
        node = next;
      }
    }
    callAll(calls);
  }

  /** Children hang on in reverse order; they are ended in the order in which they came. */
  #oldestChild(): Dependent | undefined {
    let node = this.#firstChild;
    while (node?.nextSibling !== undefined) node = node.nextSibling;
    return node;
  }

  #mark(error: Error, cause: Error): boolean {
    if (this.#error !== undefined) return false;
    this.#error = error;
    this.#cause = cause;
    if (hooks !== undefined) hooks.cancel?.(this, cause);
    this.ended();
    this.#done?.close();
    return true;
  }
}

/** Calls all of them, whatever they throw, and throws the first error afterwards. */
function callAll(calls: (() => void)[]): void {
  const errors: unknown[] = [];
  for (const call of calls) {
    try {
      call();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** A function that is called once the context on which it hangs has ended. */
export class Watcher extends Dependent {
  readonly call: () => void;

  constructor(call: () => void) {
    super();
    this.call = call;
  }
}

/**
 * Calls `call` once when `ctx` ends, or at once if it has ended already: synchronously where the context is of this
 * module. Until then a deadline above keeps the process alive if `holds`. The result takes that back and tells whether it
 * came in time.
 */
export function watchEnd(ctx: Context, holds: boolean, call: () => void): () => boolean {
  if (hasEnded(ctx)) {
    reasons(ctx);
    call();
    return () => false;
  }
  const ancestor = ancestorOf(ctx);
  if (ancestor === undefined) return watchEndOfForeign(ctx, call);
  const expiry = holds ? ancestor.expiry : undefined;
  const watcher = new Watcher(() => {
    expiry?.release();
    call();
  });
  expiry?.hold();
  ancestor.add(watcher);
  return () => {
    ancestor.poll();
    if (watcher.owner === undefined) return false;
    watcher.detach();
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
function baseOf(ctx: Context): Context {
  return ctx instanceof ValueContext ? ctx.base : ctx;
}

/** Tells whether a context has an end to wait for. */
export function canEnd(ctx: Context): boolean {
  const base = baseOf(ctx);
  if (base instanceof EmptyContext || base instanceof WithoutCancelContext) return false;
  return base instanceof CancelContext || channelOf(base) !== undefined;
}

/** Tells whether a context has ended: one of the user's by its channel, as in Go, whatever it says besides. */
function hasEnded(ctx: Context): boolean {
  const base = baseOf(ctx);
  if (base instanceof CancelContext) return base.err() !== undefined;
  if (base instanceof EmptyContext || base instanceof WithoutCancelContext) return false;
  const done = channelOf(base);
  return done !== undefined && (done.hasValue() || done.isClosed());
}

/**
 * Returns the nearest ancestor of this module that decides when `ctx` ends, `ctx` included. A context of the user's is
 * looked through only if it passes that ancestor's channel on; one with a channel of its own ends by its own rules.
 */
export function ancestorOf(ctx: Context): CancelContext | undefined {
  const base = baseOf(ctx);
  if (base instanceof CancelContext) return base;
  if (base instanceof EmptyContext || base instanceof WithoutCancelContext) return undefined;
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
    return (ctx as AfterFuncContext).afterFunc(call);
  }
  const waiter = new Waiter(asNothing, undefined, undefined);
  // A goroutine as in Go: not on the stack of the one who closes the channel, who may not have set the error yet.
  waiter.resume = () => go(call);
  channelOf(ctx)?.addReceiver(waiter);
  return () => waiter.queue?.remove(waiter);
}

/** Returns the channel of a context of the user's; undefined for the nil channel. */
function channelOf(ctx: Context): Channel<never> | undefined {
  const done: unknown = ctx.done() ?? nil;
  if (!(done instanceof Channel)) throw new TypeError(`context: done() of ${nameOf(ctx)} must return a channel`);
  return done === nil ? undefined : (done as Channel<never>);
}

/** Returns how a context was derived, without recursion through the contexts of this module. */
export function nameOf(ctx: Context): string {
  const suffixes: string[] = [];
  let from = ctx;
  while (from instanceof CancelContext || from instanceof ValueContext || from instanceof WithoutCancelContext) {
    suffixes.push(from.suffix());
    from = from.parent;
  }
  return [foreignName(from), ...suffixes.reverse()].join(".");
}

/** Finds the value for `key`, without recursion through the contexts of this module. */
export function lookUp(from: Context, key: unknown): unknown {
  let ctx = from;
  for (;;) {
    if (ctx instanceof ValueContext) {
      if (ctx.key === key) return ctx.bound;
      ctx = ctx.parent;
    } else if (ctx instanceof CancelContext) {
      if (key === ancestorKey) return ctx;
      ctx = ctx.parent;
    } else if (ctx instanceof WithoutCancelContext) {
      if (key === ancestorKey) return undefined;
      ctx = ctx.parent;
    } else {
      return ctx.value(key);
    }
  }
}

/** Logs print a context by its name: its fields are the whole tree, and the values bound in it may be secret. */
for (const type of [EmptyContext, CancelContext, ValueContext, WithoutCancelContext]) {
  for (const method of ["toJSON", Symbol.for("nodejs.util.inspect.custom")]) {
    Object.defineProperty(type.prototype, method, {
      value(this: Context) {
        return nameOf(this);
      },
    });
  }
}
