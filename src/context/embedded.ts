import type { ReceiveChan } from "../chan/chan.ts";
import { deadlineOf, errOf } from "../chan/context-like.ts";
import { checkParent } from "./check.ts";
import { cancelKey, decidingKey, doneOf } from "./derived.ts";
import type { Context, Key } from "./types.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * A context that delegates to another one: the base class for a context of your own that changes a part. Mirrors Go's
 * `struct{ context.Context }`. Override `deadline`, `done`, `err` or {@link lookUp}; `super` calls the embedded
 * context.
 *
 * A context derived from it ends synchronously with the embedded context, as if it were derived from that one, unless
 * `done` is overridden. It prints as the name of its class.
 *
 * @example
 * ```ts
 * class WithTenant extends context.Embedded {
 *   readonly tenant = "acme";
 * }
 * const tenant = new WithTenant(context.background());
 * const [ctx, cancel] = context.withTimeout(tenant, 5 * time.second);
 * cancel();
 * ```
 */
export class Embedded implements Context {
  readonly #inner: Context;

  /**
   * Embeds `ctx`.
   *
   * @throws PanicError `cannot create context from nil parent`
   * @throws TypeError `context.Embedded: the parent must be a Context, got …`
   *
   * @example
   * ```ts
   * const same = new context.Embedded(ctx);
   * ```
   */
  constructor(ctx: Context) {
    checkParent("Embedded", ctx);
    this.#inner = ctx;
  }

  /**
   * Returns the deadline of the embedded context, unless it is overridden.
   *
   * @example
   * ```ts
   * class Hurried extends context.Embedded {
   *   override deadline(): Date | undefined {
   *     return new Date(0);
   *   }
   * }
   * console.log(new Hurried(context.background()).deadline()?.getTime()); // 0
   * ```
   */
  deadline(): Date | undefined {
    return deadlineOf(this.#inner);
  }

  /**
   * Returns the channel of the embedded context, unless it is overridden. If you override it, override `err` as well.
   *
   * @example
   * ```ts
   * const ctx = new context.Embedded(parent);
   * console.log(ctx.done() === parent.done());
   * ```
   */
  done(): ReceiveChan<never> {
    return doneOf(this.#inner);
  }

  /**
   * Returns why the embedded context ended, unless it is overridden.
   *
   * @example
   * ```ts
   * console.log(new context.Embedded(context.background()).err()); // undefined
   * ```
   */
  err(): Error | undefined {
    return errOf(this.#inner);
  }

  /**
   * Returns the value for `key`: what {@link lookUp} finds.
   *
   * @example
   * ```ts
   * const language = context.key<string>("language");
   * const inner = context.withValue(context.background(), language, "Go");
   * console.log(new context.Embedded(inner).value(language)); // Go
   * ```
   */
  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return key === cancelKey ? this.#inner.value(key) : this.lookUp(key);
  }

  /**
   * Looks `key` up in the embedded context. Override this instead of `value`, whose two signatures you would have to
   * repeat.
   *
   * @example
   * ```ts
   * const answer = context.key<number>("answer");
   * class WithAnswer extends context.Embedded {
   *   protected override lookUp(key: unknown): unknown {
   *     return key === answer ? 42 : super.lookUp(key);
   *   }
   * }
   * console.log(new WithAnswer(context.background()).value(answer)); // 42
   * ```
   */
  protected lookUp(key: unknown): unknown {
    return this.#inner.value(key);
  }

  /** @internal Returns the context that decides over the end: the embedded one, unless `done` is overridden. */
  [decidingKey](): Context | undefined {
    return this.done === Embedded.prototype.done ? this.#inner : undefined;
  }

  static {
    refuseUnbound(this);
  }
}
