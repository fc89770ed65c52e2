/**
 * Picks the clock: the attached one, the fake one of a test, or the host's. Each has its own queue of alarms.
 */

import { AlarmQueue } from "./alarms.ts";
import { type Clock, hooks } from "./hooks.ts";
import { host, isFake, realNow } from "./host.ts";
import { withImmediates } from "./immediates.ts";

const originalSetTimeout = host.setTimeout;
const originalNow = host.performance.now;
const originalDate = Date;
const queues = new WeakMap<object, AlarmQueue>();
let hostSetTimeout: unknown;
let hostQueue: AlarmQueue;

/**
 * Returns the queue for alarms that are set now: the attached clock's, or the one of the host's present `setTimeout`.
 * Fake timers replace that function; alarms that were set before stay in real time, as the host's own timeouts do.
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
 * Returns the clock for the host's present timeouts. If those are fake, it is the fake clock: that of performance if it
 * was replaced, otherwise that of Date.
 */
function hostClock(): Clock {
  const { setTimeout, clearTimeout, performance } = host;
  let now = realNow;
  if (setTimeout !== originalSetTimeout) {
    if (performance.now !== originalNow) now = performance.now.bind(performance);
    else if (Date !== originalDate) now = () => Date.now();
  }
  const clock: Clock = {
    now,
    wall: () => Date.now(),
    // Rounded up, because a call that comes too early has no effect.
    setTimeout: (callback, delay) => setTimeout(callback, Math.ceil(delay)),
    clearTimeout: (timeout) => clearTimeout(timeout),
  };
  return withImmediates(clock);
}

/** Rings all alarms that are due, for callers that must not overtake a deadline for which no timer has fired yet. */
export function ringDue(): void {
  currentQueue().ringDue();
}
