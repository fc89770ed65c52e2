/**
 * The tree of contexts that can end.
 *
 * Ending one has two steps. First the whole subtree is marked: every context in it gets its error and cause, its
 * channel is closed and its alarm stopped; no user code runs meanwhile. Then the watchers are called. So user code
 * never sees a tree that is partly ended.
 */

import { type Channel, makeChannel, type Source } from "../chan/channel.ts";
import type { ReceiveChan } from "../chan/chan.ts";
import { deadlineOf } from "../chan/context-like.ts";
import { type Alarm, callUser } from "../runtime/alarms.ts";
import { hooks } from "../runtime/hooks.ts";
import { thrownHere } from "../runtime/place.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { EmptyContext } from "./background.ts";
import { DerivedContext } from "./derived.ts";
import type { Context } from "./types.ts";
import { ValueContext } from "./value.ts";

/** A member of a {@link CancelContext}'s list of dependents, which is doubly linked: a child or a {@link Watcher}. */
interface Dependent {
  nextSibling: Dependent | undefined;
  previousSibling: Dependent | undefined;
  /** The context in whose list it is; undefined if it is in none. */
  ancestor: CancelContext | undefined;
}

/**
 * The alarm of a deadline, of the context itself or of an ancestor: the source of its channel. `poll` ends the context if
 * the deadline has passed, even if no timer has fired yet.
 */
export interface Expiry extends Alarm, Source {}

/** A context that can be canceled. */
export class CancelContext extends DerivedContext implements Dependent {
  nextSibling: Dependent | undefined;
  previousSibling: Dependent | undefined;
  ancestor: CancelContext | undefined;
  /** The nearest ancestor that has a deadline of its own, or is not a CancelContext: its `deadline` is this one's. */
  deadlineAncestor: Context;
  /** The nearest deadline, its own or inherited from a context that cannot hide it. */
  expiry: Expiry | undefined;
  /** Both are undefined, or both are set and do not change any more. */
  #error: Error | undefined;
  #cause: Error | undefined;
  /** Made by the first call of `done`. */
  #done: Channel<never> | undefined;
  #firstChild: Dependent | undefined;
  /** Unregisters from a parent that is a user's context. */
  unwatchParent: (() => void) | undefined;

  constructor(parent: Context) {
    super(parent);
    const plain = parent instanceof ValueContext ? parent.plainAncestor : parent;
    this.deadlineAncestor = plain instanceof CancelContext ? plain.deadlineAncestor : plain;
  }

  deadline(): Date | undefined {
    return deadlineOf(this.deadlineAncestor);
  }

  done(): ReceiveChan<never> {
    if (this.#done === undefined) {
      this.#done = makeChannel(0, this.expiry);
      if (this.#error !== undefined) this.#done.close();
    }
    return this.#done;
  }

  err(): Error | undefined {
    this.hasEnded();
    // The caller may throw it: reports need its line.
    return thrownHere(this.#error);
  }

  /** Tells whether the context has ended. Polls its deadline, which may end it. */
  hasEnded(): boolean {
    if (this.#error === undefined) this.expiry?.poll();
    return this.#error !== undefined;
  }

  /** The cause; undefined while the context has not ended. */
  get cause(): Error | undefined {
    this.hasEnded();
    return this.#cause;
  }

  cancelAncestor(): this {
    return this;
  }

  suffix(): string | undefined {
    return "WithCancel";
  }

  /** Tells whether a deadline up or down the tree may have passed unnoticed. */
  mayBeLate(): boolean {
    return !(this.parent instanceof EmptyContext) || this.expiry !== undefined || this.#firstChild !== undefined;
  }

  /** Is called when the context is marked as ended. Must not run user code. */
  protected ended(): void {}

  add(node: Dependent): void {
    const first = this.#firstChild;
    node.ancestor = this;
    node.nextSibling = first;
    if (first !== undefined) first.previousSibling = node;
    this.#firstChild = node;
  }

  remove(node: Dependent): void {
    const { nextSibling, previousSibling } = node;
    if (previousSibling !== undefined) previousSibling.nextSibling = nextSibling;
    else this.#firstChild = nextSibling;
    if (nextSibling !== undefined) nextSibling.previousSibling = previousSibling;
    node.nextSibling = node.previousSibling = node.ancestor = undefined;
  }

  /** Ends this context and everything derived from it. Only the first call counts. */
  end(error: Error, cause: Error): void {
    if (this.#error !== undefined) return;
    this.ancestor?.remove(this);
    if (this.#firstChild === undefined && this.unwatchParent === undefined) {
      this.#mark(error, cause);
      return;
    }
    // A list instead of recursion, because trees may be deeper than the stack.
    const ending: CancelContext[] = [this];
    const calls: (() => void)[] = [];
    this.#mark(error, cause);
    for (let i = 0; i < ending.length; i++) {
      const ctx = ending[i] as CancelContext;
      if (ctx.unwatchParent !== undefined) calls.push(ctx.unwatchParent);
      ctx.unwatchParent = undefined;
      for (const node of ctx.#takeChildren()) {
        if (node instanceof Watcher) calls.push(node.call);
        else if ((node as CancelContext).#mark(error, cause)) ending.push(node as CancelContext);
      }
    }
    callUser(calls);
  }

  /** Removes all children, and returns them in the order in which they were added: the list is in reverse. */
  #takeChildren(): Dependent[] {
    const children: Dependent[] = [];
    for (let node = this.#firstChild; node !== undefined; node = this.#firstChild) {
      this.remove(node);
      children.push(node);
    }
    return children.reverse();
  }

  #mark(error: Error, cause: Error): boolean {
    if (this.#error !== undefined) return false;
    this.#error = error;
    this.#cause = cause;
    hooks?.cancel?.(this, cause);
    this.ended();
    this.#done?.close();
    return true;
  }

  static {
    refuseUnbound(this);
  }
}

/** A function that is called once the context in whose list it is has ended. */
export class Watcher implements Dependent {
  nextSibling: Dependent | undefined;
  previousSibling: Dependent | undefined;
  ancestor: CancelContext | undefined;
  readonly call: () => void;

  constructor(call: () => void) {
    this.call = call;
  }
}
