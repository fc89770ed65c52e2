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

import type { HostTimeout } from "./host.ts";
import { halted, postpone } from "./halted.ts";
import { type Clock, hooks } from "./hooks.ts";
import { setHold } from "./process.ts";
import { onNextTurn } from "./turn.ts";

/** The longest delay of host timers; longer ones would fire at once. */
const maxDelay = 2 ** 31 - 1;

/** Go's longest duration, about 292 years, in milliseconds. Longer and infinite ones are reduced to it. */
const longest = 2 ** 63 / 1e6;

/** A timeout of the host's. */
interface Timeout {
  readonly handle: HostTimeout;
  /** When it was set, and for when, on the clock of the queue. */
  readonly from: number;
  readonly until: number;
}

/** An event that happens once, at a given time. Subclasses say which. */
export abstract class Alarm {
  /** The due time on the clock of `queue`. */
  when: number = Infinity;
  /** The number of holds: the alarm keeps the process alive while it is positive. */
  holds = 0;
  /** The queue in which the alarm is set; undefined while it is not. Only the queue changes this and the fields below. */
  queue: AlarmQueue | undefined;
  /** Orders alarms that are due at the same time. */
  order = 0;
  /** Its own timeout, where timeouts are replaced; undefined once that has fired. */
  own: Timeout | undefined;
  /** Its place in the heap: the first alarm of the row below, the next one in its own row, and the one before or above. */
  below: Alarm | undefined;
  next: Alarm | undefined;
  previous: Alarm | undefined;

  /** Is called when the alarm is due; the alarm is no longer set then. */
  abstract ring(): void;

  /** The object that the alarm belongs to, for the hooks: see {@link Hooks.alarm}. */
  get subject(): object {
    return this;
  }

  /** Makes the alarm ring at a time on the clock of `queue`; an alarm set before is moved. */
  setAt(queue: AlarmQueue, when: number): void {
    this.stop();
    this.when = when;
    queue.add(this);
  }

  /** Stops the alarm and tells whether it was set. */
  stop(): boolean {
    if (this.queue === undefined) return false;
    this.queue.remove(this);
    return true;
  }

  /** Makes the alarm keep the process alive while it is set, until `release` was called as often. */
  hold(): void {
    if (this.holds++ === 0) this.queue?.hold(1, this);
  }

  release(): void {
    if (--this.holds === 0) this.queue?.hold(-1, this);
  }
}

/** Limits a duration to the range from 0 to Go's longest. */
export function longestAtMost(duration: number): number {
  return Math.min(Math.max(duration, 0), longest);
}

/**
 * The alarms of one clock: a pairing heap, made of the alarms themselves. Setting an alarm costs one comparison. Stopping
 * one costs as much as there are alarms in the row below it, and usually there are none. Taking the first one costs the
 * logarithm of their number, over many calls.
 */
export class AlarmQueue {
  readonly #clock: Clock;
  /**
   * Whether the program has replaced the host's timeouts, usually by fakes. Those may have another clock than `#clock`;
   * then the timeouts count.
   */
  readonly #replaced: boolean;
  /** The root of the heap: the alarm that is due first. */
  #first: Alarm | undefined;
  /** By how much replaced timeouts are ahead of the clock. */
  #skew = 0;
  #order = 0;
  #holds = 0;
  /** The shared timeout; undefined while there is none, and where timeouts are replaced. */
  #timeout: Timeout | undefined;
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
    alarm.queue = this;
    alarm.order = this.#order++;
    this.#insert(alarm);
    hooks?.alarm?.(alarm, alarm.when, alarm.subject);
    if (this.#replaced) this.#armOwn(alarm);
    if (alarm.holds > 0) this.hold(1, alarm);
    if (this.#first === alarm && (this.#timeout === undefined || alarm.when < this.#timeout.until)) this.arm();
  }

  remove(alarm: Alarm): void {
    this.#release(alarm);
    hooks?.stop?.(alarm);
    // A timeout that fires too early finds no alarm due, which costs less than resetting it. But an empty queue clears
    // it soon, because tests count timeouts.
    if (this.#first === undefined && this.#timeout !== undefined && !this.#disarming) {
      this.#disarming = true;
      // When the host turns is chance, on which nothing may depend that a schedule shows.
      if (hooks?.schedule === undefined) onNextTurn(this.#disarmIfEmpty);
      else this.#disarmIfEmpty();
    }
  }

  hold(change: 1 | -1, alarm: Alarm): void {
    const held = change === 1;
    this.#holds += change;
    if (alarm.own !== undefined) setHold(alarm.own.handle, held);
    if (this.#timeout !== undefined && this.#holds === (held ? 1 : 0)) setHold(this.#timeout.handle, held);
  }

  #insert(alarm: Alarm): void {
    this.#first = this.#first === undefined ? alarm : join(this.#first, alarm);
  }

  /** Removes an alarm from the heap, unless it is passed over at this moment and so is not there. */
  #take(alarm: Alarm): void {
    const { below, next, previous } = alarm;
    if (this.#first === alarm) this.#first = undefined;
    else if (previous === undefined) return;
    else if (previous.below === alarm) previous.below = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    alarm.below = alarm.next = alarm.previous = undefined;
    if (below !== undefined) this.#insert(joinRow(below));
  }

  /** Removes an alarm from the queue. */
  #release(alarm: Alarm): void {
    this.#take(alarm);
    alarm.queue = undefined;
    if (alarm.own !== undefined) this.#disarmOwn(alarm.own);
    alarm.own = undefined;
    if (alarm.holds > 0) this.hold(-1, alarm);
  }

  #setTimeout(when: number, held: boolean, callback: () => void): Timeout {
    const from = this.now();
    const delay = Math.min(Math.max(when - from, 0), maxDelay);
    const handle = this.#clock.setTimeout(callback, delay);
    if (!held) setHold(handle, false);
    return { handle, from, until: from + delay };
  }

  /** Sets the timeout of one alarm, where timeouts are replaced. */
  #armOwn(alarm: Alarm): void {
    const own = this.#setTimeout(alarm.when, alarm.holds > 0, () => {
      if (alarm.own !== own) return;
      alarm.own = undefined;
      const early = own.until - this.now();
      // A difference below half a millisecond is a rounding error, not another clock.
      if (early > 0.5) this.#skew += early;
      if (alarm.when > this.now()) this.#armOwn(alarm);
      // Timeouts fire in their order, up to rounding: one for an earlier time that has not fired was cleared by the
      // test.
      else this.ringDue(own.until - 1);
    });
    alarm.own = own;
  }

  /**
   * Clears the timeout of one alarm, unless its time has come or the clock was set back: it may be gone, and some fakes
   * then clear another timeout. If it still exists, it fires without effect.
   */
  #disarmOwn({ handle, from, until }: Timeout): void {
    const now = this.now();
    if (now >= from && now < until) this.#clock.clearTimeout(handle);
  }

  /** Sets the shared timeout for the alarm that is due first. */
  arm(): void {
    if (this.#replaced) return;
    const first = this.#first;
    if (this.#timeout !== undefined) this.#clock.clearTimeout(this.#timeout.handle);
    this.#timeout = first && this.#setTimeout(first.when, this.#holds > 0, this.#onTimeout);
  }

  readonly #disarmIfEmpty = (): void => {
    this.#disarming = false;
    if (this.#first === undefined) this.arm();
  };

  readonly #onTimeout = (): void => {
    this.#timeout = undefined;
    this.ringDue();
    // In a halted program it would fire at once, again and again.
    if (halted || this.#timeout !== undefined) return;
    this.arm();
  };

  /**
   * Rings all alarms that are due, in the order of their due times. Besides the host, looks at contexts and timers call
   * it, for loops that do not let the event loop turn.
   *
   * User functions are called after all alarms have rung. They may call this again, and with hundreds of alarms that
   * are due together each would ring the next on a deeper stack.
   *
   * Alarms whose own timeout was for an earlier time than `since` do not ring.
   */
  ringDue(since: number = -Infinity): void {
    if (halted && postpone(this, since)) return;
    // Without alarms the clock need not be read, which costs more than the rest of a cancel.
    if (this.#first === undefined) return;
    const now = this.now();
    if (this.#first.when > now) return;
    const outermost = calls === undefined;
    const list = (calls ??= []);
    const within = ringing;
    const passedOver: [Alarm, Timeout][] = [];
    ringing = true;
    try {
      for (let first: Alarm | undefined = this.#first; first !== undefined && first.when <= now; first = this.#first) {
        if (first.own !== undefined && first.own.until < since) {
          passedOver.push([first, first.own]);
          this.#take(first);
          continue;
        }
        this.#release(first);
        hooks?.ring?.(first);
        first.ring();
      }
    } finally {
      ringing = within;
      // Alarms that were stopped or reset meanwhile do not have this timeout any more.
      for (const [alarm, own] of passedOver) if (alarm.own === own) this.#insert(alarm);
      if (this.#timeout === undefined) this.arm();
      if (outermost) callAll(list);
    }
  }
}

/** Joins two trees: the root that is due later goes below the other. */
function join(a: Alarm, b: Alarm): Alarm {
  const inOrder = a.when < b.when || (a.when === b.when && a.order < b.order);
  const first = inOrder ? a : b;
  const later = inOrder ? b : a;
  const { below } = first;
  if (below !== undefined) below.previous = later;
  later.next = below;
  later.previous = first;
  first.below = later;
  return first;
}

/**
 * Joins the trees of a row: first neighbours, from the left, then these pairs, from the right. Joining them one by one
 * would put almost all of them into one row again, and the next removal would cost as much as this one.
 */
function joinRow(row: Alarm): Alarm {
  let pairs: Alarm | undefined;
  for (let left: Alarm | undefined = row; left !== undefined;) {
    const right: Alarm | undefined = left.next;
    const rest: Alarm | undefined = right?.next;
    const pair: Alarm = right === undefined ? left : join(left, right);
    pair.next = pairs;
    pairs = pair;
    left = rest;
  }
  let all = pairs as Alarm;
  for (let pair = all.next; pair !== undefined;) {
    const { next }: Alarm = pair;
    all = join(all, pair);
    pair = next;
  }
  all.next = all.previous = undefined;
  return all;
}

/** Whether alarms are ringing, and the functions to call afterwards; undefined while none ring or are called. */
let ringing = false;
let calls: (() => void)[] | undefined;

/** Calls user functions: now, or after the alarms that are ringing. */
export function callUser(callbacks: (() => void)[]): void {
  if (!ringing) callAll(callbacks);
  else for (const callback of callbacks) calls?.push(callback);
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
  if (callbacks === calls) calls = undefined;
  if (errors.length > 0) throw errors[0];
}
