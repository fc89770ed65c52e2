/** How long a connection waits for a lock that another has. Serves both ways to run SQLite. */

import type { ReceiveChan } from "../../chan/chan.ts";
import type { Context } from "../../context/context.ts";
import { select } from "../../select/select.ts";
import { after } from "../../time/time.ts";
import { StoppedError } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";

/** How long a waiter for a lock sleeps at first and at most, in milliseconds, if it is not woken. */
const firstPause = 1;
const longestPause = 20;

/** Waits for a lock that another connection has: until a context ends or `busyTimeout` milliseconds are over. */
export class BusyTimeout {
  readonly #busyTimeout: number;
  #tooLate: ReceiveChan<Date> | undefined;
  #pause = firstPause;

  constructor(busyTimeout: number) {
    this.#busyTimeout = busyTimeout;
  }

  /**
   * Returns when it is worth another attempt: `freed` is closed, or a pause is over.
   *
   * @throws StoppedError once `ctx` has ended; `refusal`, which is its cause then, when it has taken too long
   */
  async wait(ctx: Context, refusal: Error, freed?: ReceiveChan<never>): Promise<void> {
    this.#tooLate ??= after(this.#busyTimeout);
    const again = after(this.#pause);
    this.#pause = Math.min(2 * this.#pause, longestPause);
    const next = await select({ done: ctx.done(), tooLate: this.#tooLate, freed, again });
    if (next.case === "tooLate") throw refusal;
    if (next.case === "done") throw new StoppedError(endOf(ctx) as Error, refusal);
  }
}
