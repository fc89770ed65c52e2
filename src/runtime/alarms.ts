/**
 * Alarms: events at a given time. All alarms of a clock share one queue, and the queue has one host timeout, set for
 * the alarm that is due first.
 *
 * An alarm that is held (a goroutine is parked on it, or a function will be called) keeps the process alive; others do
 * not. The host timeout is held exactly while some alarm in the queue is.
 *
 * Where the program has replaced the host's timeouts, each alarm has a timeout of its own. A test that clears its fake
 * timers removes timeouts silently, so a later alarm must not depend on an earlier timeout.
 */

import { type HostTimeout, setHold } from "./host.ts";
import { type Clock, hooks } from "./hooks.ts";
import { isHalted, onNextTurn } from "./turn.ts";

/** The longest delay of host timers; longer ones would fire at once. */
const maxDelay = 2 ** 31 - 1;

/** Go's longest duration, about 292 years, in milliseconds. Longer and infinite ones are reduced to it. */
const longest = 2 ** 63 / 1e6;

/**
 * One setting of an alarm, in its queue. Stopping or resetting the alarm leaves the setting in the heap, empty:
 * removing it from the middle of a million others would move a dozen of them, with a cache miss each.
 */
class Setting {
  alarm: Alarm | undefined;
  /** Orders alarms that are due at the same time. */
  readonly order: number;
  /** Its own timeout, where timeouts are replaced; undefined once that has fired. */
  own: OwnTimeout | undefined = undefined;

  constructor(alarm: Alarm, order: number) {
    this.alarm = alarm;
    this.order = order;
  }
}

/** A timeout for one alarm. */
interface OwnTimeout {
  readonly timeout: HostTimeout;
  /** When it was set, and for when, on the clock of the queue. */
  readonly from: number;
  readonly until: number;
}

/** An event that happens once, at a given time. Subclasses say which. */
export abstract class Alarm {
  /** The due time on the clock of `queue`. */
  when: number = Infinity;
  /** Undefined while the alarm is not set; only the queue changes it. */
  setting: Setting | undefined = undefined;
  queue: AlarmQueue | undefined = undefined;
  /** The number of holds: the alarm keeps the process alive while it is positive. */
  holds = 0;

  /** Is called when the alarm is due; the alarm is no longer set then. */
  abstract ring(): void;

  /** The object that the alarm belongs to, for the hooks: see {@link Hooks.alarm}. */
  get subject(): object {
    return this;
  }

  /** Makes the alarm ring at a time on the clock of `queue`; an alarm set before is moved. */
  setAt(queue: AlarmQueue, when: number): void {
    if (this.setting !== undefined) this.queue?.remove(this);
    this.queue = queue;
    this.when = when;
    queue.add(this);
  }

  /** Stops the alarm and tells whether it was set. */
  stop(): boolean {
    if (this.setting === undefined) return false;
    this.queue?.remove(this);
    return true;
  }

  /** Makes the alarm keep the process alive while it is set, until `release` was called as often. */
  hold(): void {
    if (this.holds++ === 0 && this.setting !== undefined) this.queue?.hold(1, this.setting);
  }

  release(): void {
    if (--this.holds === 0 && this.setting !== undefined) this.queue?.hold(-1, this.setting);
  }
}

/** Limits a duration to the range from 0 to Go's longest. */
export function longestAtMost(duration: number): number {
  return Math.min(Math.max(duration, 0), longest);
}

/** A queue is compacted only when more of its settings than this, and more than half of them, are empty. */
const maxEmpty = 32;

/**
 * The alarms of one clock: a heap of their settings ordered by due time, in which each has four others below it.
 *
 * The due times are in an array of their own, so that comparisons need not read the settings, which miss the cache when
 * there are very many.
 */
export class AlarmQueue {
  readonly #clock: Clock;
  /**
   * Whether the program has replaced the host's timeouts, usually by fakes. Those may have another clock than `#clock`;
   * then the timeouts count.
   */
  readonly #replaced: boolean;
  readonly #heap: Setting[] = [];
  readonly #times: number[] = [];
  /** The number of empty settings. */
  #empty = 0;
  /** By how much replaced timeouts are ahead of the clock. */
  #skew = 0;
  #order = 0;
  #holds = 0;
  /** The shared timeout and the time for which it is set; Infinity while there is none. */
  #timeout: HostTimeout = undefined;
  #timeoutAt = Infinity;
  #disarming = false;

  constructor(clock: Clock, replaced: boolean) {
    this.#clock = clock;
    this.#replaced = replaced;
  }

  now(): number {
    return this.#clock.now() + this.#skew;
  }

  wall(): number {
    return this.#clock.wall();
  }

  /** Returns the time on this clock in `delay` milliseconds; now, if that is negative. */
  dueIn(delay: number): number {
    return this.now() + longestAtMost(delay);
  }

  add(alarm: Alarm): void {
    const setting = new Setting(alarm, this.#order++);
    alarm.setting = setting;
    this.#insert(setting, alarm.when);
    hooks?.alarm?.(alarm, alarm.when, alarm.subject);
    if (this.#replaced) this.#armOwn(setting, alarm);
    if (alarm.holds > 0) this.hold(1, setting);
    if (!this.#replaced && this.#heap[0] === setting && alarm.when < this.#timeoutAt) this.#arm();
  }

  remove(alarm: Alarm): void {
    const setting = alarm.setting as Setting;
    this.#release(setting, alarm);
    if (this.#heap.at(-1) === setting) this.#drop();
    else if (++this.#empty > maxEmpty && this.#empty > this.#heap.length / 2) this.#compact();
    hooks?.stop?.(alarm);
    // A timeout that fires too early finds no alarm due, which costs less than resetting it. But an empty queue clears
    // it soon, because tests count timeouts.
    if (this.#heap.length === this.#empty && !this.#disarming) {
      this.#disarming = true;
      onNextTurn(this.#disarmIfEmpty);
    }
  }

  hold(change: 1 | -1, setting: Setting): void {
    const before = this.#holds;
    this.#holds += change;
    if (setting.own !== undefined) setHold(setting.own.timeout, change === 1);
    if (this.#timeoutAt !== Infinity && before === 0) setHold(this.#timeout, true);
    else if (this.#timeoutAt !== Infinity && this.#holds === 0) setHold(this.#timeout, false);
  }

  #insert(setting: Setting, when: number): void {
    this.#times.push(when);
    this.#up(setting, this.#heap.push(setting) - 1, when);
  }

  /** Separates an alarm from its setting. */
  #release(setting: Setting, alarm: Alarm): void {
    setting.alarm = alarm.setting = undefined;
    if (setting.own !== undefined) this.#disarmOwn(setting.own);
    setting.own = undefined;
    if (alarm.holds > 0) this.hold(-1, setting);
  }

  /** Returns the alarm that is due first, after removing empty settings before it. */
  #first(): Alarm | undefined {
    for (let setting = this.#heap[0]; setting !== undefined; setting = this.#heap[0]) {
      if (setting.alarm !== undefined) return setting.alarm;
      this.#empty--;
      this.#shift();
    }
    return undefined;
  }

  /** Removes the first setting. */
  #shift(): void {
    const when = this.#times.at(-1) as number;
    const last = this.#drop();
    if (this.#heap.length > 0) this.#down(last, 0, when);
  }

  /** Removes the setting in the last place. */
  #drop(): Setting {
    this.#times.pop();
    return this.#heap.pop() as Setting;
  }

  /** Removes all empty settings: more than half of all, so the cost per setting is constant. */
  #compact(): void {
    const heap = this.#heap;
    const times = this.#times;
    let size = 0;
    for (let i = 0; i < heap.length; i++) {
      if (heap[i]?.alarm !== undefined) this.#put(heap[i] as Setting, size++, times[i] as number);
    }
    heap.length = times.length = size;
    this.#empty = 0;
    for (let i = (size - 2) >> 2; i >= 0; i--) this.#down(heap[i] as Setting, i, times[i] as number);
  }

  /** Sets the timeout of one alarm, where timeouts are replaced. */
  #armOwn(setting: Setting, alarm: Alarm): void {
    const from = this.now();
    const delay = Math.min(Math.max(alarm.when - from, 0), maxDelay);
    const until = from + delay;
    const timeout = this.#clock.setTimeout(() => {
      if (setting.own !== own) return;
      setting.own = undefined;
      const early = until - this.now();
      // A difference below half a millisecond is a rounding error, not another clock.
      if (early > 0.5) this.#skew += early;
      if (alarm.when > this.now()) this.#armOwn(setting, alarm);
      // Timeouts fire in their order, up to rounding: one for an earlier time that has not fired was cleared by the
      // test.
      else this.#ringDue(until - 1);
    }, delay);
    const own = { timeout, from, until };
    setting.own = own;
    setHold(timeout, alarm.holds > 0);
  }

  /**
   * Clears the timeout of one alarm, unless its time has come or the clock was set back: it may be gone, and some fakes
   * then clear another timeout. If it still exists, it fires without effect.
   */
  #disarmOwn({ timeout, from, until }: OwnTimeout): void {
    const now = this.now();
    if (now >= from && now < until) this.#clock.clearTimeout(timeout);
  }

  /** Sets the shared timeout for the alarm that is due first. */
  #arm(): void {
    if (this.#replaced) return;
    if (this.#timeoutAt !== Infinity) this.#clock.clearTimeout(this.#timeout);
    const first = this.#first();
    this.#timeoutAt = Infinity;
    if (first === undefined) return;
    const now = this.now();
    const delay = Math.min(Math.max(first.when - now, 0), maxDelay);
    this.#timeoutAt = Math.max(first.when, now);
    if (delay === maxDelay) this.#timeoutAt = now + maxDelay;
    this.#timeout = this.#clock.setTimeout(this.#onTimeout, delay);
    if (this.#holds === 0) setHold(this.#timeout, false);
  }

  readonly #disarmIfEmpty = (): void => {
    this.#disarming = false;
    if (this.#first() === undefined) this.#arm();
  };

  readonly #onTimeout = (): void => {
    this.#timeoutAt = Infinity;
    this.ringDue();
    if (this.#timeoutAt === Infinity) this.#arm();
  };

  /**
   * Rings all alarms that are due, in the order of their due times. Besides the host, looks at contexts and timers call
   * it, for loops that do not let the event loop turn.
   *
   * User functions are called after all alarms have rung. They may call this again, and with hundreds of alarms that
   * are due together each would ring the next on a deeper stack.
   */
  ringDue(): void {
    this.#ringDue(-Infinity);
  }

  /** Rings the alarms that are due, except those whose own timeout was for an earlier time than `since`. */
  #ringDue(since: number): void {
    // Without alarms the clock need not be read, which costs more than the rest of a cancel.
    if (this.#first() === undefined) return;
    const now = this.now();
    if (isHalted() || (this.#times[0] as number) > now) return;
    const outermost = calls === undefined;
    const list = (calls ??= []);
    const within = ringing;
    const passedOver: [Setting, when: number][] = [];
    ringing = true;
    try {
      for (let first = this.#first(); first !== undefined && first.when <= now; first = this.#first()) {
        const setting = this.#heap[0] as Setting;
        if (setting.own !== undefined && setting.own.until < since) {
          passedOver.push([setting, first.when]);
          this.#shift();
          continue;
        }
        this.#release(setting, first);
        this.#shift();
        hooks?.ring?.(first);
        first.ring();
      }
    } finally {
      ringing = within;
      for (const [setting, when] of passedOver) this.#insert(setting, when);
      if (this.#timeoutAt === Infinity) this.#arm();
      if (outermost) callCollected(list);
    }
  }

  /** Puts a setting at `index`, or moves it up to its place. */
  #up(setting: Setting, index: number, when: number): void {
    let i = index;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      if (this.#isBefore(parent, when, setting)) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#put(setting, i, when);
  }

  /** Puts a setting at `index`, or moves it down to its place. */
  #down(setting: Setting, index: number, when: number): void {
    const times = this.#times;
    let i = index;
    for (let child = 4 * i + 1; child < times.length; child = 4 * i + 1) {
      let first = child;
      const end = Math.min(child + 4, times.length);
      while (++child < end) {
        if (this.#isBefore(child, times[first] as number, this.#heap[first] as Setting)) first = child;
      }
      if (!this.#isBefore(first, when, setting)) break;
      this.#move(first, i);
      i = first;
    }
    this.#put(setting, i, when);
  }

  #move(from: number, to: number): void {
    this.#put(this.#heap[from] as Setting, to, this.#times[from] as number);
  }

  #put(setting: Setting, index: number, when: number): void {
    this.#heap[index] = setting;
    this.#times[index] = when;
  }

  /** Tells whether the setting at `index` is due before `other`, which is due at `when`. */
  #isBefore(index: number, when: number, other: Setting): boolean {
    const time = this.#times[index] as number;
    return time < when || (time === when && (this.#heap[index] as Setting).order < other.order);
  }
}

/** Whether alarms are ringing, and the functions to call afterwards; undefined while none ring or are called. */
let ringing = false;
let calls: (() => void)[] | undefined;

/** Calls user functions: now, or after the alarms that are ringing. */
export function callUser(callbacks: (() => void)[]): void {
  if (!ringing) callAll(callbacks);
  else for (const callback of callbacks) calls?.push(callback);
}

function callCollected(list: (() => void)[]): void {
  try {
    callAll(list);
  } finally {
    calls = undefined;
  }
}

/** Calls all of them, even if some throw, and those that are added meanwhile; then throws the first error. */
function callAll(callbacks: (() => void)[]): void {
  const errors: unknown[] = [];
  for (let i = 0; i < callbacks.length; i++) {
    try {
      callbacks[i]?.();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
