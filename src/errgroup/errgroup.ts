/**
 * Groups of goroutines that work on parts of one task. Mirrors Go's `golang.org/x/sync/errgroup`.
 *
 * @module
 */

import { type Chan, chan } from "../chan/chan.ts";
import { type CancelCauseFunc, type Context, withCancelCause } from "../context/context.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { describe } from "../runtime/arguments.ts";
import { asError } from "../runtime/error-values.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { goFrom } from "../runtime/goroutine.ts";
import { readyVoid } from "../runtime/turn.ts";
import { WaitGroup } from "../sync/waitgroup.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

let groupWithCancel: (cancel: CancelCauseFunc) => Group;

/**
 * A group of functions that run as goroutines. Mirrors Go's `errgroup.Group`. A new one has no context and no limit.
 *
 * What a function throws, or rejects with, is its error: unlike in a goroutine of `go` it does not end the program. The
 * first error in time is kept. The other functions keep running; only a context stops them.
 *
 * @example
 * ```ts
 * const group = new errgroup.Group();
 * await group.go(async () => {
 *   throw new Error("no route");
 * });
 * await group.wait().catch((err: Error) => console.log(err.message)); // no route
 * ```
 */
export class Group {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #waitGroup = new WaitGroup();
  /** A token for each active function; undefined without a limit. */
  #slots: Chan<void> | undefined = undefined;
  #failed = false;
  #error: unknown = undefined;
  #cancel: CancelCauseFunc | undefined = undefined;

  static {
    groupWithCancel = (cancel) => {
      const group = new Group();
      group.#cancel = cancel;
      return group;
    };
  }

  /**
   * Starts `f` in a goroutine, once there is a slot for it. Mirrors Go's `Group.Go`.
   *
   * Under a limit, await it: it waits for a slot, which keeps the caller from producing more than the group can take.
   *
   * @throws TypeError `errgroup: 42 is not a function`
   *
   * @example
   * ```ts
   * for (const url of urls) await group.go(async () => fetchPage(ctx, url));
   * await group.wait();
   * ```
   */
  go(f: () => unknown): Promise<void> {
    checkFunction("errgroup", f);
    const slots = this.#slots;
    if (slots === undefined || slots.trySend()) {
      this.#start(this.go, f, slots);
      return readyVoid();
    }
    // Counted while it waits: otherwise `wait` could return before `f` starts, if the caller does not await `go`.
    this.#waitGroup.add(1);
    return slots.send().then(() => {
      this.#start(this.go, f, slots);
      this.#waitGroup.done();
    });
  }

  /**
   * Starts `f` in a goroutine if there is a slot for it, and tells whether it did. Mirrors Go's `Group.TryGo`.
   *
   * @throws TypeError `errgroup: 42 is not a function`
   *
   * @example
   * ```ts
   * if (!group.tryGo(refresh)) console.log("busy");
   * ```
   */
  tryGo(f: () => unknown): boolean {
    checkFunction("errgroup", f);
    if (this.#slots?.trySend() === false) return false;
    this.#start(this.tryGo, f, this.#slots);
    return true;
  }

  /**
   * Allows at most `n` functions at a time; any number if `n` is negative, none if it is zero. Mirrors Go's
   * `Group.SetLimit`.
   *
   * @throws Error `errgroup: modify limit while 3 goroutines in the group are still active`
   * @throws TypeError `errgroup: the limit must be an integer, got …`
   *
   * @example
   * ```ts
   * group.setLimit(8);
   * ```
   */
  setLimit(n: number): void {
    if (!Number.isInteger(n)) throw new TypeError(`errgroup: the limit must be an integer, got ${describe(n)}`);
    if (n < 0) {
      this.#slots = undefined;
      return;
    }
    const active = this.#slots?.length ?? 0;
    if (active > 0) throw new Error(`errgroup: modify limit while ${active} goroutines in the group are still active`);
    this.#slots = chan<void>(n);
  }

  /**
   * Waits until all functions have returned, and throws the first error, if there was one. Mirrors Go's `Group.Wait`.
   * Ends the context of {@link withContext} in either case.
   *
   * @throws What the first function that failed has thrown. If it leaves a goroutine it ends the program, where Go
   * discards it; `errors.result` discards it too.
   *
   * @example
   * ```ts
   * try {
   *   await group.wait();
   * } catch (err) {
   *   console.log("the first to fail:", err);
   * }
   * ```
   */
  async wait(): Promise<void> {
    await this.#waitGroup.wait();
    this.#cancel?.(this.#failed ? asError(this.#error) : undefined);
    if (this.#failed) throw this.#error;
  }

  /**
   * Returns the text in logs: how many goroutines run, and whether one has failed.
   *
   * @example
   * ```ts
   * console.log(String(new errgroup.Group())); // Group(WaitGroup(0))
   * ```
   */
  toString(): string {
    return `Group(${this.#waitGroup}${this.#failed ? ", failed" : ""})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  #start(below: unknown, f: () => unknown, slots: Chan<void> | undefined): void {
    this.#waitGroup.add(1);
    const member = async (): Promise<void> => {
      try {
        await f();
      } catch (error) {
        if (!isGoexit(error)) this.#fail(error);
      }
      slots?.tryReceive();
      this.#waitGroup.done();
    };
    goFrom(below, member, []);
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#error = error;
    this.#cancel?.(asError(error));
  }
}

/**
 * Makes a group with a context derived from `ctx`, which ends with the first error as its cause, or when `wait`
 * returns. Mirrors Go's `errgroup.WithContext`.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.withCancelCause: the parent must be a Context, got …`
 *
 * @example
 * ```ts
 * const [group, groupCtx] = errgroup.withContext(ctx);
 * ```
 */
export function withContext(ctx: Context): [group: Group, ctx: Context] {
  const [derived, cancel] = withCancelCause(ctx);
  return [groupWithCancel(cancel), derived];
}
