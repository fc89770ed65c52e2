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
  // One of each suffices, because the queue clears a timeout before it sets another.
  let immediate: unknown;
  let timeout: HostTimeout;
  return {
    ...clock,
    setTimeout: (callback, delay) => {
      if (delay > 0) return clock.setTimeout(callback, delay);
      immediate = setImmediate(callback);
      // In Bun it keeps its ref for the one turn that it takes: see `requestTurn`.
      return (timeout = host.Bun === undefined ? immediate : {});
    },
    clearTimeout: (given) => (given === timeout ? clearImmediate(immediate) : clock.clearTimeout(given)),
  };
}
