import { describe } from "../runtime/arguments.ts";

/**
 * A nanosecond, in milliseconds: `time.Nanosecond`. The resolution of host timers is a millisecond; shorter delays are
 * rounded up.
 */
export const nanosecond = 1e-6;
/** A microsecond, in milliseconds: `time.Microsecond`. */
export const microsecond = 1e-3;
/** A millisecond, the unit of all durations: `time.Millisecond`. */
export const millisecond = 1;
/** A second, in milliseconds: `time.Second`. */
export const second = 1000;
/** A minute, in milliseconds: `time.Minute`. */
export const minute: number = 60 * second;
/** An hour, in milliseconds: `time.Hour`. */
export const hour: number = 60 * minute;

/**
 * Formats a duration as Go prints it. Mirrors Go's `Duration.String`: units from hours to nanoseconds, no leading zero
 * units, and below a second the unit that avoids a leading zero.
 *
 * @param duration Milliseconds, rounded to whole nanoseconds. Beyond Go's longest duration, about 292 years, it prints
 * as that.
 * @throws TypeError `time.formatDuration: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * console.log(time.formatDuration(1 * time.hour + 2 * time.minute + 3.5 * time.second)); // 1h2m3.5s
 * console.log(time.formatDuration(100)); // 100ms
 * console.log(time.formatDuration(0)); // 0s
 * ```
 */
export function formatDuration(duration: number): string {
  checkDuration("time.formatDuration", duration);
  const total = toNanoseconds(Math.abs(duration));
  const unit = units.find(({ size }) => total >= size) ?? seconds;
  const minutes = total / 60_000_000_000n;
  const rest = Number(total % 60_000_000_000n) / unit.size;
  return [
    duration < 0 && total > 0n ? "-" : "",
    minutes >= 60n ? `${minutes / 60n}h` : "",
    minutes > 0n ? `${minutes % 60n}m` : "",
    // Nine digits are exact to the nanosecond in each unit.
    rest.toFixed(9).replace(/\.?0+$/, ""),
    unit.name,
  ].join("");
}

const seconds = { name: "s", size: 1e9 };
const units = [seconds, { name: "ms", size: 1e6 }, { name: "µs", size: 1e3 }, { name: "ns", size: 1 }];

/**
 * Rounds a duration to the nearest multiple of `unit`, halves away from zero. Mirrors Go's `Duration.Round`: a unit of
 * zero or less changes nothing.
 *
 * @param duration Milliseconds, rounded to whole nanoseconds, as `unit` is.
 * @throws TypeError `time.round: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * console.log(time.formatDuration(time.round(1234.5, 1 * time.second))); // 1s
 * ```
 */
export function round(duration: number, unit: number): number {
  return toMultiple("time.round", duration, unit, 2n);
}

/**
 * Rounds a duration toward zero to a multiple of `unit`. Mirrors Go's `Duration.Truncate`: a unit of zero or less
 * changes nothing.
 *
 * @param duration Milliseconds, rounded to whole nanoseconds, as `unit` is.
 * @throws TypeError `time.truncate: the duration must be a number of milliseconds, got …`
 *
 * @example
 * ```ts
 * console.log(time.formatDuration(time.truncate(1999, 1 * time.second))); // 1s
 * ```
 */
export function truncate(duration: number, unit: number): number {
  return toMultiple("time.truncate", duration, unit, 0n);
}

/** Rounds up if `weight` times the rest reaches the unit, otherwise down. */
function toMultiple(what: string, duration: number, unit: number, weight: bigint): number {
  checkDuration(what, duration);
  checkDuration(what, unit);
  const size = toNanoseconds(unit);
  if (size <= 0n) return duration;
  const whole = toNanoseconds(Math.abs(duration));
  const rest = whole % size;
  const multiple = whole - rest + (rest * weight >= size ? size : 0n);
  const limited = multiple > longest ? longest : multiple;
  return fromNanoseconds(duration < 0 ? -limited : limited);
}

/** Go's longest duration, in nanoseconds: about 292 years. */
export const longest: bigint = 2n ** 63n - 1n;

/** Returns whole nanoseconds; beyond Go's longest duration, that one. */
function toNanoseconds(duration: number): bigint {
  if (duration >= Number(longest) / 1e6) return longest;
  return BigInt(Math.trunc(duration)) * 1_000_000n + BigInt(Math.round((duration % 1) * 1e6));
}

/** Returns milliseconds. */
export function fromNanoseconds(duration: bigint): number {
  return Number(duration / 1_000_000n) + Number(duration % 1_000_000n) / 1e6;
}

/** Returns the error of a wrong duration; undefined if it is right. Infinite durations are allowed. */
export function durationError(what: string, duration: number): TypeError | undefined {
  if (typeof duration === "number" && !Number.isNaN(duration)) return undefined;
  return new TypeError(`${what}: the duration must be a number of milliseconds, got ${describe(duration)}`);
}

export function checkDuration(what: string, duration: number): void {
  const error = durationError(what, duration);
  if (error !== undefined) throw error;
}
