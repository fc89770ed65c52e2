import { nilChan, type ReceiveChan } from "../chan/chan.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";
import { Alarm } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { go } from "../runtime/goroutine.ts";
import { PanicError } from "../runtime/panic.ts";
import { showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { checkDuration } from "./duration.ts";
import { type Event, TimerSource } from "./time-source.ts";

/**
 * A single event at a time. Mirrors Go's `time.Timer`. Made by {@link newTimer} or {@link afterFunc}; one made with
 * `new Timer()` is Go's zero Timer, which can be neither stopped nor reset.
 */
export class Timer {
  /** Delivers the time at which the timer was due. The nil channel for a timer made by `afterFunc`. Never closed. */
  readonly c: ReceiveChan<Date>;
  /** The event that it starts and stops; undefined in the zero Timer. */
  readonly #event: Event | undefined;

  /** Makes Go's zero Timer: `new(time.Timer)`. Its channel is nil. */
  constructor();
  /** @internal */
  constructor(event: Event);
  constructor(event?: Event) {
    this.#event = event;
    this.c = event?.channel ?? nilChan();
  }

  /**
   * Stops the timer and tells whether that prevented it from firing. Mirrors Go's `Timer.Stop`. As of Go 1.23 an
   * expired timer whose value has not been received counts as not fired: the value is gone, and a receive after `stop`
   * waits. A goroutine that is parked on the channel stays there, for a later `reset`.
   *
   * @throws PanicError `time: Stop called on uninitialized Timer`
   *
   * @example
   * ```ts
   * const timer = time.newTimer(1 * time.second);
   * console.log(timer.stop()); // true
   * ```
   */
  stop(): boolean {
    if (this.#event === undefined) throw new PanicError("time: Stop called on uninitialized Timer");
    return this.#event.cease();
  }

  /**
   * Makes the timer fire `duration` milliseconds from now, whatever its state, and returns what `stop` would have.
   * Mirrors Go's `Timer.Reset`. Zero or less fires at once; a value that has not been received is dropped.
   *
   * @throws PanicError `time: Reset called on uninitialized Timer`
   * @throws TypeError `Timer.reset: the duration must be a number of milliseconds, got …`
   *
   * @example
   * ```ts
   * for await (const _ of numbers) debounce.reset(50 * time.millisecond);
   * ```
   */
  reset(duration: number): boolean {
    if (this.#event === undefined) throw new PanicError("time: Reset called on uninitialized Timer");
    checkDuration("Timer.reset", duration);
    const was = this.#event.cease();
    this.#event.start(duration);
    return was;
  }

  /**
   * Returns the text in logs: whether it is pending.
   *
   * @example
   * ```ts
   * console.log(String(time.newTimer(1 * time.second))); // Timer(pending)
   * ```
   */
  toString(): string {
    return `Timer(${this.#event?.isPending() === true ? "pending" : "stopped"})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}

/**
 * Makes a timer that delivers the time on its channel `c` after at least `duration` milliseconds. Mirrors Go's
 * `time.NewTimer`. A duration of zero or less fires at once; an infinite one, in 292 years.
 *
 * @throws TypeError `time.newTimer: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * const timer = time.newTimer(2 * time.second);
 * const at = await timer.c.receive(); // the Date at which it was due
 * ```
 */
export function newTimer(duration: number): Timer {
  checkDuration("time.newTimer", duration);
  return started(new TimerSource(), duration);
}

/**
 * Calls `f` in a goroutine of its own after at least `duration` milliseconds, never synchronously. Mirrors Go's
 * `time.AfterFunc`. Pending, it keeps the process alive.
 *
 * `stop()` of the result is true if it prevented the call, and does not wait for a call that has started; `reset` calls
 * `f` again. An error that `f` throws ends the program, as in every goroutine.
 *
 * @throws TypeError `time.afterFunc: the duration must be a number of milliseconds, got …`, or `time.afterFunc: … is
 * not a function`
 *
 * @example
 * ```ts
 * const timer = time.afterFunc(30 * time.second, () => console.log("still there?"));
 * timer.stop();
 * ```
 */
export function afterFunc(duration: number, f: () => unknown): Timer {
  checkDuration("time.afterFunc", duration);
  checkFunction("time.afterFunc", f);
  return started(new Call(f), duration);
}

function started(event: Event, duration: number): Timer {
  event.start(duration);
  return new Timer(event);
}

/** The call of a function. Pending, it keeps the process alive. */
class Call extends Alarm implements Event {
  readonly #f: () => unknown;
  /** Starts it in the asynchronous context of `afterFunc`, even if the timer was reset in another one. */
  readonly #start: () => void;

  constructor(f: () => unknown) {
    super();
    this.#f = f;
    this.#start = bound(() => go(f));
    this.hold();
  }

  start(duration: number): void {
    const queue = currentQueue();
    this.setAt(queue, queue.dueIn(duration));
  }

  cease(): boolean {
    return this.stop();
  }

  isPending(): boolean {
    return this.queue !== undefined;
  }

  ring(): void {
    this.#start();
  }

  override get subject(): object {
    return this.#f;
  }
}
