import type { ReceiveChan } from "../chan/chan.ts";
import { hooks } from "../runtime/hooks.ts";
import { showAsString } from "../runtime/symbols.ts";
import type { Context } from "./context.ts";
import { foreignName, keyOrValue } from "./name.ts";
import type { Key } from "./value.ts";

/** The key under which a context gives out its nearest ancestor that can end, itself included. */
export const ancestorKey: unique symbol = Symbol("gocsp.context.ancestor");

/** A key bound to a value, and the binding above it. Values may be secret, so nothing that prints objects sees them. */
export class Binding {
  readonly #key: unknown;
  readonly #value: unknown;
  readonly #above: Binding | undefined;

  constructor(key: unknown, value: unknown, above: Binding | undefined) {
    this.#key = key;
    this.#value = value;
    this.#above = above;
  }

  /** Looks a key up from the nearest binding on; what is not bound here, `root` may know. */
  static lookUp(nearest: Binding | undefined, root: Context, key: unknown): unknown {
    for (let binding = nearest; binding !== undefined; binding = binding.#above) {
      if (binding.#key === key) return binding.#value;
    }
    return root.value(key);
  }

  toString(): string {
    return `${keyOrValue(this.#key)}, ${keyOrValue(this.#value)}`;
  }

  static {
    showAsString(this);
  }
}

/** A context that was derived here from another one. Walks up the tree are loops: it may be deeper than the stack. */
export abstract class DerivedContext implements Context {
  readonly parent: Context;
  /** The nearest context above that was not derived here. */
  readonly root: Context;
  /** The nearest binding, its own or one above: a look-up goes from one to the next, past all that binds nothing. */
  bindings: Binding | undefined;

  constructor(parent: Context) {
    this.parent = parent;
    if (hooks !== undefined) hooks.derive?.(this, parent);
    if (parent instanceof DerivedContext) {
      this.root = parent.root;
      this.bindings = parent.bindings;
    } else {
      this.root = parent;
      this.bindings = undefined;
    }
  }

  abstract deadline(): Date | undefined;
  abstract done(): ReceiveChan<never>;
  abstract err(): Error | undefined;

  /** Returns the nearest context that can end, itself included; undefined if there is none. */
  abstract ancestor(): unknown;

  /** Returns what the name of this context adds to its parent's; undefined if it has a name of its own. */
  abstract suffix(): string | undefined;

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return key === ancestorKey ? this.ancestor() : Binding.lookUp(this.bindings, this.root, key);
  }

  toString(): string {
    return nameOf(this);
  }

  static {
    // The fields are the whole tree, and the values bound in it may be secret.
    showAsString(this);
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
