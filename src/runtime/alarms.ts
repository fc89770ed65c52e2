/**
 * Alarms: everything that happens at a time. All alarms of a clock share one queue, and the queue one host timeout,
 * set for the alarm that is due first.
 *
 * An alarm that is held (a goroutine is parked on it, a function will be called) keeps the process alive; others do
 * not. The host timeout is held exactly while some alarm in the queue is.
 */

import { type HostTimeout, setHold } from "./host.ts";
import { type Clock, hooks } from "./hooks.ts";
import { isHalted, onNextTurn } from "./turn.ts";

/** The longest delay that host timers can count; longer ones would ring at once. */
const maxDelay = 2 ** 31 - 1;

/** The longest duration of Go, about 292 years in milliseconds. Longer ones, infinite ones among them, count as this. */
const longest = 2 ** 63 / 1e6;

/** Something that happens once at a given time. Subclasses say what. */
export abstract class Alarm {
  /** The due time on the clock of `queue`. Only the queue changes it. */
  when: number = Infinity;
  /** The order of setting, which decides between alarms that are due together. */
  order = 0;
  /** The position in the queue's heap, or -1 while the alarm is not set. */
  index = -1;
  queue: AlarmQueue | undefined = undefined;
  /** How many depend on this alarm. */
  holds = 0;

  /** Is called when the alarm is due, from the event loop; the alarm is no longer set then. */
  abstract ring(): void;

  /** Makes the alarm ring at a time on the clock of `queue`; an alarm set before is moved. */
  setAt(queue: AlarmQueue, when: number): void {
    if (this.index >= 0) this.queue?.remove(this);
    this.queue = queue;
    this.when = when;
    queue.add(this);
  }

  /** Stops the alarm and tells whether it was set. */
  stop(): boolean {
    if (this.index < 0) return false;
    this.queue?.remove(this);
    return true;
  }

  /** Makes the alarm keep the process alive, as long as it is set, until as many calls of `release`. */
  hold(): void {
    if (this.holds++ === 0 && this.index >= 0) this.queue?.hold(1);
  }

  release(): void {
    if (--this.holds === 0 && this.index >= 0) this.queue?.hold(-1);
  }
}

/**
 * The alarms of one clock: a heap ordered by due time, in which each has four others below it.
 *
 * The due times stand in an array of their own. A comparison looks only there, and not into alarms that may be in no cache
 * any more when there are very many.
 */
export class AlarmQueue {
  readonly #clock: Clock;
  /** Whether the timeouts are a fake whose clock may be another one than `#clock`: then the timeouts are right. */
  readonly #fake: boolean;
  readonly #heap: Alarm[] = [];
  readonly #times: number[] = [];
  /** What the fake timeouts are ahead of the clock. */
  #skew = 0;
  #order = 0;
  #holds = 0;
  /** The host timeout and the time for which it is set; Infinity while there is none. */
  #timeout: HostTimeout = undefined;
  #timeoutAt = Infinity;
  #disarming = false;

  constructor(clock: Clock, fake: boolean) {
    this.#clock = clock;
    this.#fake = fake;
  }

  now(): number {
    return this.#clock.now() + this.#skew;
  }

  wall(): number {
    return this.#clock.wall();
  }

  /** Returns the time on this clock that is `delay` milliseconds from now: now, if it is negative. */
  dueIn(delay: number): number {
    return this.now() + Math.min(Math.max(delay, 0), longest);
  }

  add(alarm: Alarm): void {
    alarm.order = this.#order++;
    this.#times.push(alarm.when);
    alarm.index = this.#heap.push(alarm) - 1;
    this.#up(alarm);
    if (hooks !== undefined) hooks.alarm?.(alarm, alarm.when);
    if (alarm.holds > 0) this.hold(1);
    if (alarm.index === 0 && alarm.when < this.#timeoutAt) this.#arm();
  }

  remove(alarm: Alarm): void {
    this.#take(alarm);
    if (hooks !== undefined) hooks.stop?.(alarm);
    // A timeout that is set too early costs less than setting it anew: it will find nothing due. But none is left
    // behind for long, because tests count them.
    if (this.#heap.length === 0 && !this.#disarming) {
      this.#disarming = true;
      onNextTurn(this.#disarmIfEmpty);
    }
  }

  hold(change: 1 | -1): void {
    const before = this.#holds;
    this.#holds += change;
    if (this.#timeoutAt !== Infinity && before === 0) setHold(this.#timeout, true);
    else if (this.#timeoutAt !== Infinity && this.#holds === 0) setHold(this.#timeout, false);
  }

  #take(alarm: Alarm): void {
    const { index } = alarm;
    const last = this.#heap.pop() as Alarm;
    this.#times.pop();
    if (last !== alarm) {
      last.index = index;
      // At most one of the two moves it.
      this.#up(last);
      this.#down(last);
    }
    alarm.index = -1;
    if (alarm.holds > 0) this.hold(-1);
  }

  #arm(): void {
    if (this.#timeoutAt !== Infinity) this.#clock.clearTimeout(this.#timeout);
    const first = this.#heap[0];
    this.#timeoutAt = Infinity;
    if (first === undefined) return;
    const now = this.now();
    // Rounded up, or the host would call too early and in vain.
    const delay = Math.min(Math.max(Math.ceil(first.when - now), 0), maxDelay);
    this.#timeoutAt = Math.max(first.when, now);
    if (delay === maxDelay) this.#timeoutAt = now + maxDelay;
    this.#timeout = this.#clock.setTimeout(this.#onTimeout, delay);
    if (this.#holds === 0) setHold(this.#timeout, false);
  }

  readonly #disarmIfEmpty = (): void => {
    this.#disarming = false;
    if (this.#heap.length === 0) this.#arm();
  };

  readonly #onTimeout = (): void => {
    const early = this.#timeoutAt - this.now();
    this.#timeoutAt = Infinity;
    // Less than half a millisecond is a rounding error, not another clock.
    if (this.#fake && early > 0.5) this.#skew += early;
    this.ringDue();
    if (this.#timeoutAt === Infinity) this.#arm();
  };

  /**
   * Rings all that is due, in the order of the due times. Not only the host calls it: a loop that never lets it does.
   *
   * What the alarms have to say to the user waits until all have rung. It may come back here, and with hundreds that are
   * due together each would otherwise ring the next from within.
   */
  ringDue(): void {
    // Without alarms the clock, which costs more than all the rest of a cancel, need not be read.
    if (this.#heap[0] === undefined) return;
    const now = this.now();
    if (isHalted() || this.#heap[0].when > now) return;
    const outermost = calls === undefined;
    const list = (calls ??= []);
    const within = ringing;
    ringing = true;
    try {
      for (let first = this.#heap[0]; first !== undefined && first.when <= now; first = this.#heap[0]) {
        this.#take(first);
        if (hooks !== undefined) hooks.ring?.(first);
        first.ring();
      }
    } finally {
      ringing = within;
      if (this.#timeoutAt === Infinity) this.#arm();
      if (outermost) callCollected(list);
    }
  }

  /** Puts an alarm at its index, or as far above as it belongs. */
  #up(alarm: Alarm): void {
    let { index } = alarm;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      if (this.#isBefore(parent, alarm.when, alarm)) break;
      this.#put(this.#heap[parent] as Alarm, index);
      index = parent;
    }
    this.#put(alarm, index);
  }

  /** Puts an alarm at its index, or as far below as it belongs. */
  #down(alarm: Alarm): void {
    const times = this.#times;
    let { index } = alarm;
    for (let child = 4 * index + 1; child < times.length; child = 4 * index + 1) {
      let first = child;
      const end = Math.min(child + 4, times.length);
      while (++child < end) {
        if (this.#isBefore(child, times[first] as number, this.#heap[first] as Alarm)) first = child;
      }
      if (!this.#isBefore(first, alarm.when, alarm)) break;
      this.#put(this.#heap[first] as Alarm, index);
      index = first;
    }
    this.#put(alarm, index);
  }

  #put(alarm: Alarm, index: number): void {
    this.#heap[index] = alarm;
    this.#times[index] = alarm.when;
    alarm.index = index;
  }

  /** Tells whether the alarm at `index` is due before `other`, which is due at `when`. */
  #isBefore(index: number, when: number, other: Alarm): boolean {
    const time = this.#times[index] as number;
    return time < when || (time === when && (this.#heap[index] as Alarm).order < other.order);
  }
}

/** Whether alarms are ringing just now, and what is to be called afterwards; undefined while none ring or are called. */
let ringing = false;
let calls: (() => void)[] | undefined;

/** Calls functions of the user's: now, or after the alarms that are ringing. */
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

/** Calls all of them, also those that are added meanwhile, whatever they throw, and throws the first error afterwards. */
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
