import type { ReceiveChan } from "../chan/chan.ts";
import { showAsString } from "../runtime/show.ts";
import type { Context } from "./context.ts";
import { foreignName } from "./name.ts";
import type { Key } from "./value.ts";

/** The key under which a context gives out its nearest ancestor that can end, itself included. */
export const ancestorKey: unique symbol = Symbol("gocsp.context.ancestor");

/** What {@link DerivedContext.find} returns for a key that must be looked for further up. */
export const further: unique symbol = Symbol("gocsp.context.further");

/** A context that was derived here from another one. Walks up the tree are loops: it may be deeper than the stack. */
export abstract class DerivedContext implements Context {
  readonly parent: Context;
  /** The parent, if it was derived here too: walks up follow this, because asking for the class costs at each step. */
  readonly derivedParent: DerivedContext | undefined;

  constructor(parent: Context) {
    this.parent = parent;
    this.derivedParent = parent instanceof DerivedContext ? parent : undefined;
  }

  abstract deadline(): Date | undefined;
  abstract done(): ReceiveChan<never>;
  abstract err(): Error | undefined;

  /** Returns what this context itself binds to a key. */
  abstract find(key: unknown): unknown;

  /** Returns what the name of this context adds to its parent's; undefined if it has a name of its own. */
  abstract suffix(): string | undefined;

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return lookUp(this, key);
  }

  toString(): string {
    return nameOf(this);
  }

  static {
    // The fields are the whole tree, and the values bound in it may be secret.
    showAsString(this);
  }
}

function lookUp(from: DerivedContext, key: unknown): unknown {
  let ctx = from;
  for (;;) {
    const found = ctx.find(key);
    if (found !== further) return found;
    const up = ctx.derivedParent;
    if (up === undefined) return ctx.parent.value(key);
    ctx = up;
  }
}

function nameOf(from: Context): string {
  const suffixes: string[] = [];
  let ctx = from;
  while (ctx instanceof DerivedContext) {
    const suffix = ctx.suffix();
    if (suffix === undefined) break;
    suffixes.push(suffix);
    ctx = ctx.parent;
  }
  return [foreignName(ctx), ...suffixes.reverse()].join(".");
}
