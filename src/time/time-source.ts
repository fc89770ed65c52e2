import { type Channel, makeChannel, type Source } from "../chan/channel.ts";
import { Alarm, type AlarmQueue, longestAtMost } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { hooks } from "../runtime/hooks.ts";

/** Returns the channel of a running timer that cannot be stopped. */
export function timerChannel(duration: number): Channel<Date> {
  const source = new TimerSource();
  source.start(duration);
  return source.channel;
}

/** The event that a timer starts and stops. */
export interface Event {
  readonly channel?: Channel<Date>;
  start(duration: number): void;
  /** Stops it, drops what was not received, and tells whether there was anything to stop or to drop. */
  cease(): boolean;
  /** Tells what `cease` would return. */
  isPending(): boolean;
}

/**
 * The source behind the channel of a timer or a ticker: a due time, which each look at the channel compares with the
 * clock. An alarm is set only while goroutines are parked on the channel.
 */
export abstract class TimeSource extends Alarm implements Source, Event {
  readonly channel: Channel<Date> = makeChannel(1, this);
  /** Whether there is something to deliver in the future. */
  running = false;
  protected clock!: AlarmQueue;
  /** The due time on the clock. */
  due: number = Infinity;
  /** When it was started, on the clock. */
  #startedAt = 0;
  #watched = false;

  constructor() {
    super();
    // Held for good: its alarm is set only while a goroutine is parked, and must keep the process alive then.
    this.hold();
  }

  /** Delivers what is due at `now`. */
  protected abstract deliver(now: number): void;

  /**
   * Returns the wall time at which it was due. That must not be before the start plus the duration. The wall clock has
   * whole milliseconds, so a reading may be up to one too small. So the duration counts as whole milliseconds, and
   * everything is rounded up.
   */
  protected dueDate(now: number): Date {
    const duration = this.due - this.#startedAt;
    // Sums of times have rounding errors of their own.
    const rest = Math.max(Math.ceil(duration - 1e-6) - duration, 0);
    return new Date(Math.ceil(this.clock.wall() - (now - this.due) + rest));
  }

  start(duration: number): void {
    this.clock = currentQueue();
    this.#startedAt = this.clock.now();
    this.due = this.#startedAt + longestAtMost(duration);
    this.running = true;
    hooks?.timer?.(this);
    this.#arm();
  }

  isPending(): boolean {
    return this.running || this.channel.hasValue();
  }

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
    this.#arm();
  }

  unwatch(): void {
    this.#watched = false;
    this.stop();
  }

  #deliver(now: number): void {
    this.deliver(now);
    this.#arm();
  }

  #arm(): void {
    if (this.running && this.#watched) this.setAt(this.clock, this.due);
  }
}

export class TimerSource extends TimeSource {
  protected deliver(now: number): void {
    this.running = false;
    this.channel.put(this.dueDate(now));
  }
}
