/**
 * Immediates, for alarms that are due at once: the host's timeouts take at least a millisecond.
 */

import type { Clock } from "./hooks.ts";
import { host, type HostTimeout, isFake } from "./host.ts";

const originalSetTimeout = host.setTimeout;
const { setImmediate, clearImmediate } = isFake(host.setImmediate) ? {} : host;

/**
 * Returns a clock with the host's timeouts that uses immediates where no time has to pass; the clock itself where the
 * program has replaced the timeouts.
 */
export function withImmediates(clock: Clock): Clock {
  if (host.setTimeout !== originalSetTimeout || setImmediate === undefined || clearImmediate === undefined)
    return clock;
  let immediate: HostTimeout;
  return {
    ...clock,
    setTimeout: (callback, delay) =>
      delay > 0 ? clock.setTimeout(callback, delay) : (immediate = setImmediate(callback)),
    // One variable suffices, because the queue clears a timeout before it sets another.
    clearTimeout: (timeout) => (timeout === immediate ? clearImmediate(timeout) : clock.clearTimeout(timeout)),
  };
}
