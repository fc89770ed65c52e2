/**
 * Sleeping, timers and tickers on channels. Mirrors parts of Go's `time` package.
 *
 * Durations are numbers of milliseconds: `5 * time.second`, `1.5 * time.minute`. Timers count monotonic time, which
 * wall clock changes do not touch; what they deliver are `Date`s of the time at which they were due.
 *
 * A timer keeps the process alive only while something depends on it: a goroutine parked in `sleep` or on the timer's
 * channel, or a function to be called. A timer that lost its select costs nothing and does not delay the exit.
 *
 * @module
 */

export {
  formatDuration,
  hour,
  microsecond,
  millisecond,
  minute,
  nanosecond,
  round,
  second,
  truncate,
} from "./duration.ts";
export { add, now, since, sub, until } from "./now.ts";
export { parseDuration } from "./parse-duration.ts";
export { after, sleep } from "./sleep.ts";
export { newTicker, tick, Ticker } from "./ticker.ts";
export { afterFunc, newTimer, Timer } from "./timer.ts";
