/**
 * Times, durations, sleeping and timers: all of `gocsp/time`, and the other parts of Go's `time` package that ported
 * programs need.
 *
 * Durations are numbers of milliseconds. A {@link Time} is a `Date` with nanoseconds and, from {@link now}, a reading of
 * the monotonic clock. There are two zones, UTC and the host's; times are printed, not parsed.
 *
 * @module
 */

export * from "../../time/time.ts";
export {
  date,
  deadline,
  fromNanoseconds,
  local,
  type Location,
  monthString,
  nanoseconds,
  now,
  roundDuration,
  since,
  Time,
  truncateDuration,
  unix,
  unixMicro,
  unixMilli,
  until,
  utc,
  weekdayString,
  zero,
} from "./instant.ts";
export { parseDuration } from "./parse.ts";
export {
  ansic,
  april,
  august,
  dateOnly,
  dateTime,
  december,
  february,
  friday,
  january,
  july,
  june,
  kitchen,
  march,
  may,
  type Month,
  monday,
  november,
  october,
  rfc1123,
  rfc3339,
  rfc3339Nano,
  rfc822,
  saturday,
  september,
  stamp,
  stampMicro,
  stampMilli,
  sunday,
  thursday,
  timeOnly,
  tuesday,
  unixDate,
  wednesday,
  type Weekday,
} from "./names.ts";
export { at } from "./at.ts";
