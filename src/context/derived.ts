/**
 * Contexts that this library derives. The *parent* of one is the context from which it was derived. An *ancestor* is
 * the nearest context of some kind on the way up, beginning with itself or its parent.
 */

import { nilChan, type ReceiveChan } from "../chan/chan.ts";
import { channelOf } from "../chan/context-like.ts";
import { hooks } from "../runtime/hooks.ts";
import { showAs } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { foreignName } from "./name.ts";
import type { Context, Key } from "./types.ts";

/** The key for which `value` returns the nearest ancestor that can be canceled, itself included. */
export const cancelKey: unique symbol = Symbol("gocsp.context.cancel");

/** The name of the method by which a context says which other one decides over its end, if it does not itself. */
export const decidingKey: unique symbol = Symbol("gocsp.context.deciding");

/** A context that binds a value to a key. */
export interface Binding {
  /** Looks a key up from here on, past all contexts that bind nothing. */
  lookUp(key: unknown): unknown;
}

/** A context derived from another one. Walks up the tree are loops, because the tree may be deeper than the stack. */
export abstract class DerivedContext implements Context {
  readonly parent: Context;
  /** The nearest ancestor that is not a DerivedContext. */
  readonly foreignAncestor: Context;
  /** The nearest context that binds a value, itself included. */
  nearestBinding: Binding | undefined;

  constructor(parent: Context) {
    this.parent = parent;
    hooks?.derive?.(this, parent);
    if (parent instanceof DerivedContext) {
      this.foreignAncestor = parent.foreignAncestor;
      this.nearestBinding = parent.nearestBinding;
    } else {
      this.foreignAncestor = parent;
      this.nearestBinding = undefined;
    }
  }

  abstract deadline(): Date | undefined;
  abstract done(): ReceiveChan<never>;
  abstract err(): Error | undefined;

  /** Returns the nearest ancestor that can be canceled, itself included; undefined if there is none. */
  abstract cancelAncestor(): unknown;

  /** Returns what the name of this context adds to its parent's; undefined if it overrides `print`. */
  abstract suffix(secret: boolean): string | undefined;

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    if (key === cancelKey) return this.cancelAncestor();
    return this.nearestBinding === undefined ? this.foreignAncestor.value(key) : this.nearestBinding.lookUp(key);
  }

  /** Prints the context; if `secret`, with types instead of values. */
  print(secret: boolean): string {
    const suffixes = [this.suffix(secret)];
    let ctx = this.parent;
    for (; ctx instanceof DerivedContext; ctx = ctx.parent) {
      const suffix = ctx.suffix(secret);
      if (suffix === undefined) break;
      suffixes.push(suffix);
    }
    return [nameOf(ctx, secret), ...suffixes.reverse()].join(".");
  }

  toString(): string {
    return this.print(false);
  }

  static {
    // Without this, logs would print the fields, which are the whole tree. Values may be secret and must not be
    // printed.
    showAs(this, (ctx) => ctx.print(true));
    refuseUnbound(this);
  }
}

/** Returns the name of any context, as {@link DerivedContext.print} prints it. */
export function nameOf(ctx: Context, secret: boolean): string {
  return ctx instanceof DerivedContext ? ctx.print(secret) : foreignName(ctx);
}

/** Returns the channel of any context; the nil channel if it can never end. */
export function doneOf(ctx: Context): ReceiveChan<never> {
  return (channelOf("context", ctx) as ReceiveChan<never> | undefined) ?? nilChan();
}
