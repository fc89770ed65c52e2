import type { ReceiveChan } from "../chan/chan.ts";
import { errOf } from "../chan/context-like.ts";
import { checkParent } from "./check.ts";
import { cancelKey } from "./derived.ts";
import type { Context, Key } from "./types.ts";

/**
 * A context that passes everything on to another one: the base class for a context of your own that changes a part.
 * Mirrors Go's `struct{ context.Context }`. Override `deadline`, `done`, `err` or {@link lookUp}, and ask `super` for what
 * the embedded context says.
 *
 * What is derived from it ends synchronously with the embedded context, as if it were derived from that one, unless
 * `done` is overridden. It prints as the name of its class.
 *
 * @example
 * ```ts
 * class WithTenant extends context.Embedded {
 *   constructor(ctx: Context, readonly tenant: string) {
 *     super(ctx);
 *   }
 * }
 * const [ctx, cancel] = context.withCancel(new WithTenant(context.background(), "acme"));
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

  deadline(): Date | undefined {
    return this.#inner.deadline() ?? undefined;
  }

  done(): ReceiveChan<never> {
    return this.#inner.done();
  }

  err(): Error | undefined {
    return errOf(this.#inner);
  }

  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;
  value(key: unknown): unknown {
    return key === cancelKey ? this.#inner.value(key) : this.lookUp(key);
  }

  /**
   * Returns the value for `key`: what `value` returns. Override this and not `value`, whose two signatures would have to
   * be repeated.
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

  /** @internal */
  static inner(ctx: Embedded): Context {
    return ctx.#inner;
  }
}
