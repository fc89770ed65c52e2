import { type Channel, makeChannel, type Source } from "../chan/channel.ts";
import { nilChan, type ReceiveChan } from "../chan/chan.ts";
import { Alarm, type AlarmQueue } from "../runtime/alarms.ts";
import { bound } from "../runtime/async-context.ts";
import { currentQueue } from "../runtime/clock.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { PanicError } from "../runtime/panic.ts";
import { checkDuration } from "./duration.ts";

/**
 * A single event at a time. Mirrors Go's `time.Timer`. Made by {@link newTimer} or {@link afterFunc}; one made with
 * `new Timer()` is Go's zero Timer, which can be neither stopped nor reset.
 */
export class Timer {
  /** Delivers the time at which the timer was due. The nil channel for a timer made by `afterFunc`. Never closed. */
  readonly c: ReceiveChan<Date>;

  /** Makes Go's zero Timer: `new(time.Timer)`. Its channel is nil. */
  constructor() {
    this.c = nilChan();
  }

  /**
   * Stops the timer and tells whether that prevented it from firing. Mirrors Go's `Timer.Stop`. As of Go 1.23 an
   * expired timer whose value nobody has received counts as not fired: the value is gone, and a receive after `stop`
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
    throw new PanicError("time: Stop called on uninitialized Timer");
  }

  /**
   * Makes the timer fire `duration` milliseconds from now, whatever its state, and returns what `stop` would have.
   * Mirrors Go's `Timer.Reset`. Zero or less fires at once; a value that nobody has received is dropped.
   *
   * @throws PanicError `time: Reset called on uninitialized Timer`
   * @throws TypeError `Timer.reset: the duration must be a number of milliseconds, got …`
   *
   * @example
   * ```ts
   * for await (const event of events) debounce.reset(50 * time.millisecond);
   * ```
   */
  reset(_duration: number): boolean {
    throw new PanicError("time: Reset called on uninitialized Timer");
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
  return new ChannelTimer(duration);
}

/**
 * Returns a channel that delivers the time once, after at least `duration` milliseconds. Mirrors Go's `time.After`: it
 * is `newTimer(duration).c`. If another case of a select wins, nothing is left behind.
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
  return new FunctionTimer(duration, f);
}

class ChannelTimer extends Timer {
  override readonly c: ReceiveChan<Date>;
  readonly #source: TimerSource;

  constructor(duration: number) {
    super();
    this.#source = new TimerSource();
    this.c = this.#source.channel;
    this.#source.start(duration);
  }

  override stop(): boolean {
    return this.#source.cease();
  }

  override reset(duration: number): boolean {
    checkDuration("Timer.reset", duration);
    const was = this.#source.cease();
    this.#source.start(duration);
    return was;
  }
}

class FunctionTimer extends Timer {
  readonly #call: Call;

  constructor(duration: number, f: () => unknown) {
    super();
    this.#call = new Call(f);
    this.#call.hold();
    this.#call.start(duration);
  }

  override stop(): boolean {
    return this.#call.stop();
  }

  override reset(duration: number): boolean {
    checkDuration("Timer.reset", duration);
    const was = this.#call.stop();
    this.#call.start(duration);
    return was;
  }
}

class Call extends Alarm {
  readonly #f: () => unknown;
  readonly #start: () => void;

  constructor(f: () => unknown) {
    super();
    this.#f = f;
    this.#start = bound(() => go(f));
  }

  start(duration: number): void {
    const queue = currentQueue();
    this.setAt(queue, queue.dueIn(duration));
  }

  ring(): void {
    this.#start();
  }

  override get subject(): object {
    return this.#f;
  }
}

/** Returns the channel of a timer that has been started and that nobody can stop. */
export function timerChannel(duration: number): Channel<Date> {
  const source = new TimerSource();
  source.start(duration);
  return source.channel;
}

/**
 * What is behind the channel of a timer or a ticker. While nobody is parked on the channel it is a due time and nothing
 * else: whoever looks at the channel finds out whether the time has come. The alarm is set only for parked goroutines.
 */
export abstract class TimeSource extends Alarm implements Source {
  readonly channel: Channel<Date> = makeChannel(1, this);
  /** Whether there is something to deliver in the future. */
  protected running = false;
  protected clock!: AlarmQueue;
  /** The due time on the clock. */
  protected due: number = Infinity;
  #watched = false;

  constructor() {
    super();
    // It is set only while somebody is parked on it.
    this.hold();
  }

  /** Delivers what is due at `now`. */
  protected abstract deliver(now: number): void;

  /** Returns the wall time at which it was due. Rounded up, because it must not be before the start plus the duration. */
  protected dueDate(now: number): Date {
    return new Date(Math.ceil(this.clock.wall() - (now - this.due)));
  }

  start(duration: number): void {
    this.clock = currentQueue();
    this.due = this.clock.dueIn(duration);
    this.running = true;
    if (this.#watched) this.setAt(this.clock, this.due);
  }

  /** Stops it, drops what was not received, and tells whether there was anything to stop or to drop. */
  cease(): boolean {
    const was = this.running;
    this.running = false;
    this.stop();
    return this.channel.drain() || was;
  }

  poll(): void {
    if (!this.running) return;
    const now = this.clock.now();
    if (now >= this.due) this.#deliver(now);
  }

  ring(): void {
    this.#deliver(Math.max(this.clock.now(), this.due));
  }

  override get subject(): object {
    return this.channel;
  }

  watch(): void {
    this.#watched = true;
    if (this.running) this.setAt(this.clock, this.due);
  }

  unwatch(): void {
    this.#watched = false;
    this.stop();
  }

  #deliver(now: number): void {
    this.deliver(now);
    if (this.running && this.#watched) this.setAt(this.clock, this.due);
  }
}

class TimerSource extends TimeSource {
  protected deliver(now: number): void {
    this.running = false;
    this.channel.put(this.dueDate(now));
  }
}
