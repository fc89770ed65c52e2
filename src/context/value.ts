import { nilChan, type ReceiveChan } from "../chan/chan.ts";
import { deadlineOf, errOf } from "../chan/context-like.ts";
import { PanicError } from "../runtime/panic.ts";
import { showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { checkParent } from "./check.ts";
import { type Binding, cancelKey, DerivedContext, doneOf } from "./derived.ts";
import { keyOrValue, typeOf } from "./name.ts";
import type { Context, Key } from "./types.ts";

class NamedKey {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  toString(): string {
    return this.#name;
  }

  static {
    showAsString(this);
  }
}

/**
 * Makes a key for values of type T, for use with {@link withValue} and `ctx.value`. Takes the place of Go's unexported
 * key types: keys of the same name do not collide.
 *
 * @param name How the key prints.
 *
 * @example
 * ```ts
 * const user = context.key<User>("user");
 * const child = context.withValue(ctx, user, { id: 7 });
 * console.log(child.value(user)?.id); // 7
 * ```
 */
export function key<T>(name: string): Key<T> {
  return new NamedKey(name);
}

/**
 * Derives a context in which `key` is bound to `value`. Mirrors Go's `context.WithValue`. For data of a request that
 * crosses interfaces, not for optional parameters.
 *
 * The nearest binding wins, also if its value is undefined. Keys compare with `===`; any value but null and undefined
 * can be a key, but only a key made by {@link key} types its values and cannot collide. In everything else the context
 * behaves like its parent.
 *
 * @throws PanicError `cannot create context from nil parent`, or `nil key`.
 * @throws TypeError `context.withValue: the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const language = context.key<string>("language");
 * const ctx = context.withValue(context.background(), language, "Go");
 * console.log(ctx.value(language)); // Go
 * ```
 */
export function withValue<K>(parent: Context, key: K, value: K extends Key<infer T> ? T : unknown): Context {
  checkParent("withValue", parent);
  if (key === undefined || key === null) throw new PanicError("nil key");
  return new ValueContext(parent, key, value);
}

/**
 * Derives a context that has its parent's values and nothing else: it never ends, whatever happens to the parent.
 * Mirrors Go's `context.WithoutCancel`. For work that must be finished after its request has ended.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withoutCancel: the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeout(context.withoutCancel(parent), 5 * time.second);
 * ```
 */
export function withoutCancel(parent: Context): Context {
  checkParent("withoutCancel", parent);
  return new WithoutCancelContext(parent);
}

export class ValueContext extends DerivedContext implements Binding {
  /** The nearest ancestor that is not a ValueContext. All calls but `value` go to it. */
  readonly plainAncestor: Context;
  // Private, because the key and the value may be secret.
  readonly #key: unknown;
  readonly #value: unknown;
  /** The next context up the tree that binds a value. */
  readonly #next: ValueContext | undefined;

  constructor(parent: Context, key: unknown, value: unknown) {
    super(parent);
    this.plainAncestor = parent instanceof ValueContext ? parent.plainAncestor : parent;
    this.#key = key;
    this.#value = value;
    this.#next = this.nearestBinding as ValueContext | undefined;
    this.nearestBinding = this;
  }

  deadline(): Date | undefined {
    return deadlineOf(this.plainAncestor);
  }

  done(): ReceiveChan<never> {
    return doneOf(this.plainAncestor);
  }

  err(): Error | undefined {
    return errOf(this.plainAncestor);
  }

  cancelAncestor(): unknown {
    return this.plainAncestor.value(cancelKey);
  }

  lookUp(key: unknown): unknown {
    if (this.#key === key) return this.#value;
    for (let ctx = this.#next; ctx !== undefined; ctx = ctx.#next) {
      if (ctx.#key === key) return ctx.#value;
    }
    return this.foreignAncestor.value(key);
  }

  suffix(secret: boolean): string {
    return `WithValue(${keyOrValue(this.#key)}, ${secret ? typeOf(this.#value) : keyOrValue(this.#value)})`;
  }

  static {
    refuseUnbound(this);
  }
}

class WithoutCancelContext extends DerivedContext {
  deadline(): undefined {
    return undefined;
  }

  done(): ReceiveChan<never> {
    return nilChan();
  }

  err(): undefined {
    return undefined;
  }

  cancelAncestor(): undefined {
    return undefined;
  }

  suffix(): string {
    return "WithoutCancel";
  }

  static {
    refuseUnbound(this);
  }
}
