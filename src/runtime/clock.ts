/**
 * Which clock counts: the attached one, the fake one of a test, or the host's. Each has a queue of alarms of its own.
 */

import { AlarmQueue } from "./alarms.ts";
import { type Clock, hooks } from "./hooks.ts";
import { host, realNow } from "./host.ts";

const originalSetTimeout = host.setTimeout;
const originalNow = host.performance.now;
const originalDate = Date;
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
    queue = new AlarmQueue(clock, key !== originalSetTimeout && key !== clock);
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
  return {
    now,
    wall: () => Date.now(),
    // Rounded up, or the host would call too early and in vain.
    setTimeout: (callback, delay) => setTimeout(callback, Math.ceil(delay)),
    clearTimeout: (timeout) => clearTimeout(timeout),
  };
}

/** Rings what is due by now. For those who must not be earlier than a deadline that the event loop has not seen yet. */
export function ringDue(): void {
  currentQueue().ringDue();
}
