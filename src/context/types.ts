/// <reference lib="esnext.disposable" preserve="true" />
/** The types of contexts, keys and cancel functions. This file imports nothing from its folder. */

import type { ReceiveChan } from "../chan/chan.ts";

/**
 * Carries a deadline, a cancellation and values across function boundaries. Mirrors Go's `context.Context`.
 *
 * Users may implement it; to change only a part of another context, extend {@link Embedded}. A context that passes on
 * `done` and `value` of another one is recognized: contexts derived from it end synchronously with that other one. The
 * channel of one that has its own is watched. If it has a method `afterFunc(f): stop`, that is called instead.
 */
export interface Context {
  /**
   * Returns the time at which the context will end by itself; undefined if there is none. Always the same. Mirrors
   * Go's `Context.Deadline`.
   *
   * @example
   * ```ts
   * const left = (ctx.deadline()?.getTime() ?? Infinity) - Date.now();
   * ```
   */
  deadline(): Date | undefined;

  /**
   * Returns the channel that is closed when the context ends; the nil channel if it never can. Always the same. Nothing
   * is ever sent on it. Mirrors Go's `Context.Done`.
   *
   * @example
   * ```ts
   * const op = await select({ job: jobs, done: ctx.done() });
   * if (op.case === "done") throw ctx.err();
   * ```
   */
  done(): ReceiveChan<never>;

  /**
   * Returns undefined while `done()` is open, afterwards why the context ended: {@link canceled} or
   * {@link deadlineExceeded}. Once set it does not change. Mirrors Go's `Context.Err`.
   *
   * @example
   * ```ts
   * const [ctx, cancel] = context.withCancel(context.background());
   * cancel();
   * console.log(ctx.err() === context.canceled); // true
   * ```
   */
  err(): Error | undefined;

  /**
   * Returns the value that the nearest `withValue` up the tree binds to `key`; undefined if there is none. Mirrors Go's
   * `Context.Value`.
   *
   * @example
   * ```ts
   * const language = context.key<string>("language");
   * const ctx = context.withValue(context.background(), language, "Go");
   * console.log(ctx.value(language)); // Go
   * ```
   */
  value<T>(key: Key<T>): T | undefined;
  value(key: unknown): unknown;

  /**
   * Returns how the context was derived, from the first ancestor on. Mirrors what Go's `%v` prints: it includes values
   * that are strings or have a string of their own. Values may be secret, so `console.log` and JSON show only their
   * types.
   *
   * @example
   * ```ts
   * const [ctx, cancel] = context.withCancel(context.background());
   * using _ = cancel;
   * console.log(String(ctx)); // context.Background.WithCancel
   * ```
   */
  toString(): string;
}

declare const type: unique symbol;

/** A typed key for values in contexts, made by {@link key}. It equals only itself. */
export interface Key<in out T> {
  /** The type of the values; it exists for the compiler alone. */
  readonly [type]?: (value: T) => T;
  /** Returns the name of the key. */
  toString(): string;
}

/**
 * Ends a context and everything derived from it: when it returns, `err()` is set and `done()` closed in all of them. It
 * does not wait for the work that uses the context. Only the first call counts. `using _ = cancel` calls it at the end
 * of the block. Mirrors Go's `context.CancelFunc`. {@link cancelFunc} makes one of your own.
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withCancel(context.background());
 * cancel();
 * console.log(ctx.err()?.message); // context canceled
 * ```
 */
export interface CancelFunc extends Disposable {
  (): void;
}

/**
 * A {@link CancelFunc} that also sets the cause; without one the cause is `context canceled`. Mirrors Go's
 * `context.CancelCauseFunc`.
 *
 * @throws TypeError `context: the cause must be an error, got …`
 */
export interface CancelCauseFunc extends Disposable {
  (cause?: Error | null): void;
}
