/**
 * Which clock counts: the attached one, the fake one of a test, or the host's. Each has a queue of alarms of its own.
 */

import { AlarmQueue } from "./alarms.ts";
import { type Clock, hooks } from "./hooks.ts";
import { host, type HostTimeout, isFake, realNow } from "./host.ts";

const originalSetTimeout = host.setTimeout;
const originalNow = host.performance.now;
const originalDate = Date;
// For what is due at once: the host's timeouts take a millisecond at least.
const { setImmediate: runAtTurn, clearImmediate: cancelAtTurn } = isFake(host.setImmediate) ? {} : host;
const queues = new WeakMap<object, AlarmQueue>();
let hostSetTimeout: unknown;
let hostQueue: AlarmQueue;

/**
 * Returns the queue for alarms that are set now: the attached clock's, or the one of the host's present `setTimeout`.
 * Fake timers replace that function; alarms set before go on in real time, as the host's own timeouts do.
 */
export function currentQueue(): AlarmQueue {
  const attached = hooks?.clock;
  if (attached !== undefined) return queueOf(attached, attached);
  const { setTimeout } = host;
  if (setTimeout !== hostSetTimeout) {
    hostQueue = queueOf(setTimeout, hostClock());
    hostSetTimeout = setTimeout;
  }
  return hostQueue;
}

function queueOf(key: object, clock: Clock): AlarmQueue {
  let queue = queues.get(key);
  if (queue === undefined) {
    queue = new AlarmQueue(clock, key !== clock && (key !== originalSetTimeout || isFake(key)));
    queues.set(key, queue);
  }
  return queue;
}

/**
 * Returns the clock that belongs to the host's present timeouts. Where those are fake, so is the clock, if there is a
 * fake one: of performance, or else of Date.
 */
function hostClock(): Clock {
  const { setTimeout, clearTimeout, performance } = host;
  let now = realNow;
  if (setTimeout !== originalSetTimeout) {
    if (performance.now !== originalNow) now = performance.now.bind(performance);
    else if (Date !== originalDate) now = () => Date.now();
  }
  // Rounded up, or the host would call too early and in vain.
  const setRounded = (callback: () => void, delay: number): HostTimeout => setTimeout(callback, Math.ceil(delay));
  const clock = {
    now,
    wall: () => Date.now(),
    setTimeout: setRounded,
    clearTimeout: (t: HostTimeout) => clearTimeout(t),
  };
  if (setTimeout !== originalSetTimeout || runAtTurn === undefined || cancelAtTurn === undefined) return clock;
  let immediate: HostTimeout;
  return {
    ...clock,
    setTimeout: (callback, delay) => (delay > 0 ? setRounded(callback, delay) : (immediate = runAtTurn(callback))),
    // There is never more than one: the queue clears a timeout before it sets another.
    clearTimeout: (timeout) => (timeout === immediate ? cancelAtTurn(timeout) : clearTimeout(timeout)),
  };
}

/** Rings what is due by now. For those who must not be earlier than a deadline that the event loop has not seen yet. */
export function ringDue(): void {
  currentQueue().ringDue();
}
