import type { ContextLike, ReceiveChan } from "../chan/chan.ts";
import { Alarm } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { readyAfterOthers, readyError } from "../runtime/turn.ts";
import { asNothing, park, type Parked, wake } from "../runtime/waiter.ts";
import { checkDuration, durationError } from "./duration.ts";
import { timerChannel } from "./time-source.ts";

/**
 * Waits for at least `duration` milliseconds. Mirrors Go's `time.Sleep`. With a duration of zero or less it does not
 * wait. A sleeping goroutine keeps the process alive.
 *
 * @param ctx Wakes up when this context ends; it is checked first.
 * @throws `ctx.err()` once `ctx` has ended. If it leaves a goroutine it ends the program, where Go discards it;
 * `errors.result` discards it too.
 * @throws TypeError `time.sleep: the duration must be a number of milliseconds, got …`
 * @throws TypeError `chan: the context must be a Context, got …`
 *
 * @example
 * ```ts
 * await time.sleep(100 * time.millisecond);
 * await time.sleep(ctx, 1 * time.minute);
 * ```
 */
export function sleep(duration: number): Promise<void>;
export function sleep(ctx: ContextLike, duration: number): Promise<void>;
export function sleep(first: ContextLike | number, ...rest: [duration?: number]): Promise<void> {
  const duration = (rest.length === 0 ? first : rest[0]) as number;
  const error = durationError("time.sleep", duration);
  if (error !== undefined) return readyError(error);
  if (rest.length > 0) return timerChannel(duration).waitForValue(asNothing, first as ContextLike) as Promise<void>;
  if (duration <= 0) return readyAfterOthers();
  const sleep = new Sleep();
  sleep.hold();
  const queue = currentQueue();
  sleep.setAt(queue, queue.dueIn(duration));
  return park(sleep, "sleep", sleep, duration);
}

/**
 * Returns a channel that delivers the time once, after at least `duration` milliseconds. Mirrors Go's `time.After`: it
 * is `newTimer(duration).c`. If another case of a select wins, no timer is left.
 *
 * @throws TypeError `time.after: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * const op = await select({ answer, late: time.after(5 * time.second) });
 * ```
 */
export function after(duration: number): ReceiveChan<Date> {
  checkDuration("time.after", duration);
  return timerChannel(duration);
}

class Sleep extends Alarm implements Parked {
  resume!: (result: never) => void;

  ring(): void {
    wake(this, undefined);
  }
}
