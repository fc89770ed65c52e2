import type { ContextLike } from "../chan/chan.ts";
import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import { hooks } from "../runtime/hooks.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { describe } from "../runtime/arguments.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { goFrom } from "../runtime/goroutine.ts";
import { PanicError } from "../runtime/panic.ts";
import { readyVoid } from "../runtime/turn.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * Waits for a number of goroutines to be done. Mirrors Go's `sync.WaitGroup`. It may be used again once `wait` has
 * returned.
 *
 * @example
 * ```ts
 * const wg = new sync.WaitGroup();
 * for (const n of [1, 2, 3]) wg.go(async () => console.log(n)); // 1 2 3
 * await wg.wait();
 * ```
 */
export class WaitGroup {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  #count = 0;
  readonly #waiting = new WaitList("sync.WaitGroup.Wait", this);

  /**
   * Adds `delta`, which may be negative, to the counter; at zero all waiters resume. Mirrors Go's `WaitGroup.Add`.
   *
   * @throws PanicError `sync: negative WaitGroup counter`
   * @throws TypeError `WaitGroup.add: the delta must be an integer, got 0.5`
   *
   * @example
   * ```ts
   * wg.add(workers);
   * ```
   */
  add(delta: number): void {
    if (!Number.isInteger(delta)) {
      throw new TypeError(`WaitGroup.add: the delta must be an integer, got ${describe(delta)}`);
    }
    this.#count += delta;
    hooks?.sync?.(this, "add", delta);
    // Go counts in 32 bits, so an overflow is negative.
    if (this.#count < 0 || this.#count >= 2 ** 31) throw new PanicError("sync: negative WaitGroup counter");
    if (this.#count > 0) return;
    this.#waiting.serveAll();
  }

  /**
   * Takes one from the counter. Mirrors Go's `WaitGroup.Done`.
   *
   * @throws PanicError `sync: negative WaitGroup counter`
   *
   * @example
   * ```ts
   * using _ = defer(() => wg.done());
   * ```
   */
  done(): void {
    this.add(-1);
  }

  /**
   * Waits until the counter is zero. Mirrors Go's `WaitGroup.Wait`.
   *
   * @param ctx Gives up when this context ends; it is checked first.
   * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
   * `errors.result` discards it too.
   * @throws TypeError `sync: the context must be a Context, got …`
   *
   * @example
   * ```ts
   * await wg.wait();
   * ```
   */
  wait(ctx?: ContextLike): Promise<void> {
    return enterOrWait("sync", ctx, () => (this.#count === 0 ? readyVoid() : this.#waiting));
  }

  /**
   * Starts a goroutine and counts it until it returns. Mirrors Go's `WaitGroup.Go`. If `f` throws, the program ends, as
   * with every goroutine, before the goroutine counts as done.
   *
   * @throws TypeError `WaitGroup.go: 42 is not a function`
   *
   * @example
   * ```ts
   * for (const url of urls) wg.go(crawl, url);
   * await wg.wait();
   * ```
   */
  go<Args extends unknown[]>(f: (...args: Args) => unknown, ...args: Args): void {
    checkFunction("WaitGroup.go", f);
    this.add(1);
    const counted = async (): Promise<void> => {
      try {
        await f(...args);
      } catch (error) {
        if (isGoexit(error)) this.done();
        throw error;
      }
      this.done();
    };
    goFrom(this.go, counted, []);
  }

  /**
   * Returns the text in logs, with the counter.
   *
   * @example
   * ```ts
   * console.log(String(new sync.WaitGroup())); // WaitGroup(0)
   * ```
   */
  toString(): string {
    return `WaitGroup(${this.#count})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}
