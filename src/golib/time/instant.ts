import { currentQueue } from "../../runtime/clock.ts";
import { dayNames, formatTime, monthNames, type Parts } from "./format.ts";

/**
 * The zone in which a time is printed: UTC, or the zone of the host. Mirrors Go's `*time.Location`; there are only
 * these two here.
 */
export interface Location {
  readonly name: string;
  string(): string;
}

function location(name: string): Location {
  return { name, string: () => name };
}

/** Coordinated Universal Time: `time.UTC`. */
export const utc: Location = location("UTC");
/** The zone of the host: `time.Local`. */
export const local: Location = location("Local");

/** The zero time of Go is the beginning of the year 1. */
const zeroMilliseconds = -62135596800000;

/**
 * An instant with nanoseconds, which may carry a reading of the monotonic clock. Mirrors Go's `time.Time`. It is a
 * `Date`, so it can be used wherever a `Date` is accepted. Do not call the setters of `Date` on it.
 *
 * Times of {@link now} measure durations by the monotonic clock, as Go's do: setting the clock of the machine does not
 * change them.
 */
export class Time extends Date {
  /** The part that a `Date` cannot hold: nanoseconds within its millisecond. */
  readonly #nanoseconds: number;
  /** Milliseconds of the monotonic clock. */
  readonly #monotonic: number | undefined;
  readonly #location: Location;

  /**
   * Takes milliseconds since 1970, nanoseconds within the millisecond, the zone, and the monotonic reading of
   * {@link now}.
   */
  constructor(milliseconds: number, nanoseconds: number = 0, location: Location = local, monotonic?: number) {
    super(milliseconds);
    this.#nanoseconds = nanoseconds;
    this.#location = location;
    this.#monotonic = monotonic;
  }

  /** Returns the time a duration later; earlier if it is negative. */
  add(duration: number): Time {
    const wanted = this.#nanoseconds + Math.round((duration - Math.trunc(duration)) * 1e6);
    const carry = Math.floor(wanted / 1e6);
    const monotonic = this.#monotonic === undefined ? undefined : this.#monotonic + duration;
    return new Time(this.getTime() + Math.trunc(duration) + carry, wanted - carry * 1e6, this.#location, monotonic);
  }

  /** Returns how much later this time is than another one, in milliseconds. */
  sub(other: Date): number {
    if (this.#monotonic !== undefined && other instanceof Time && other.#monotonic !== undefined) {
      return this.#monotonic - other.#monotonic;
    }
    return this.getTime() - other.getTime() + (this.#nanoseconds - within(other)) / 1e6;
  }

  after(other: Date): boolean {
    return this.sub(other) > 0;
  }

  before(other: Date): boolean {
    return this.sub(other) < 0;
  }

  equal(other: Date): boolean {
    return this.sub(other) === 0;
  }

  /** Returns -1, 0 or 1. */
  compare(other: Date): number {
    return Math.sign(this.sub(other)) + 0;
  }

  /** Tells whether it is the zero time, the beginning of the year 1. */
  isZero(): boolean {
    return this.getTime() === zeroMilliseconds && this.#nanoseconds === 0;
  }

  /** Returns seconds since 1970. */
  unix(): number {
    return Math.floor(this.getTime() / 1000);
  }

  unixMilli(): number {
    return this.getTime();
  }

  unixMicro(): number {
    return this.getTime() * 1000 + Math.floor(this.#nanoseconds / 1000);
  }

  /** Returns nanoseconds since 1970. A number rounds them to about 256 nanoseconds. */
  unixNano(): number {
    return Number(BigInt(this.getTime()) * 1_000_000n + BigInt(this.#nanoseconds));
  }

  year(): number {
    return this.#parts().year;
  }

  /** Returns the month, January being 1. */
  month(): number {
    return this.#parts().month;
  }

  day(): number {
    return this.#parts().day;
  }

  /** Returns the day of the week, Sunday being 0. */
  weekday(): number {
    return this.#parts().weekday;
  }

  yearDay(): number {
    return this.#parts().yearDay;
  }

  hour(): number {
    return this.#parts().hour;
  }

  minute(): number {
    return this.#parts().minute;
  }

  second(): number {
    return this.#parts().second;
  }

  nanosecond(): number {
    return this.#parts().nanosecond;
  }

  /** Returns year, month and day. */
  date(): [year: number, month: number, day: number] {
    const { year, month, day } = this.#parts();
    return [year, month, day];
  }

  /** Returns hour, minute and second. */
  clock(): [hour: number, minute: number, second: number] {
    const { hour, minute, second } = this.#parts();
    return [hour, minute, second];
  }

  /** Returns the same instant in UTC. */
  utc(): Time {
    return this.in(utc);
  }

  /** Returns the same instant in the zone of the host. */
  local(): Time {
    return this.in(local);
  }

  /** Returns the same instant in a zone. */
  in(location: Location): Time {
    return new Time(this.getTime(), this.#nanoseconds, location, this.#monotonic);
  }

  location(): Location {
    return this.#location;
  }

  /** Returns the name of the zone and its offset in seconds. */
  zone(): [name: string, offset: number] {
    const { zone, offset } = this.#parts();
    return [zone, offset];
  }

  /** Returns the time rounded down to a multiple of a duration since the zero time, without the monotonic reading. */
  truncate(duration: number): Time {
    if (duration <= 0) return this.#wall();
    return this.#wall().add(-this.#rest(duration));
  }

  /** Returns the time rounded to a multiple of a duration since the zero time, half up. */
  round(duration: number): Time {
    if (duration <= 0) return this.#wall();
    const rest = this.#rest(duration);
    return this.#wall().add(rest * 2 < duration ? -rest : duration - rest);
  }

  #wall(): Time {
    return new Time(this.getTime(), this.#nanoseconds, this.#location);
  }

  #rest(duration: number): number {
    const since = BigInt(this.getTime() - zeroMilliseconds) * 1_000_000n + BigInt(this.#nanoseconds);
    const step = BigInt(Math.round(duration * 1e6));
    return Number(((since % step) + step) % step) / 1e6;
  }

  /**
   * Returns the time with years, months and days added; a day beyond the end of a month counts into the next, as in Go.
   */
  addDate(years: number, months: number, days: number): Time {
    const p = this.#parts();
    return date(
      p.year + years,
      p.month + months,
      p.day + days,
      p.hour,
      p.minute,
      p.second,
      p.nanosecond,
      this.#location,
    );
  }

  /** Formats the time by a layout: `t.format("2006-01-02 15:04:05")`. */
  format(layout: string): string {
    return formatTime(layout, this.#parts());
  }

  /** Formats the time as Go's `String` does, with the monotonic reading if there is one. */
  string(): string {
    const text = this.format("2006-01-02 15:04:05.999999999 -0700 MST");
    if (this.#monotonic === undefined) return text;
    const seconds = formatMonotonic(this.#monotonic);
    return `${text} m=${seconds}`;
  }

  override toString(): string {
    return this.string();
  }

  #parts(): Parts {
    const isUTC = this.#location === utc;
    const minutes = isUTC ? 0 : -this.getTimezoneOffset();
    // The UTC fields of a date shifted by the offset are the fields in the zone.
    const moved = new Date(this.getTime() + minutes * 60_000);
    const year = moved.getUTCFullYear();
    const startOfYear = new Date(0);
    startOfYear.setUTCFullYear(year, 0, 1);
    return {
      year,
      month: moved.getUTCMonth() + 1,
      day: moved.getUTCDate(),
      weekday: moved.getUTCDay(),
      yearDay: Math.floor((moved.getTime() - startOfYear.getTime()) / 86_400_000) + 1,
      hour: moved.getUTCHours(),
      minute: moved.getUTCMinutes(),
      second: moved.getUTCSeconds(),
      nanosecond: moved.getUTCMilliseconds() * 1e6 + this.#nanoseconds,
      offset: minutes * 60,
      zone: isUTC || minutes === 0 ? "UTC" : zoneName(this),
    };
  }

  /** @internal The nanoseconds within the millisecond, for {@link within}. */
  static nanosecondsOf(time: Time): number {
    return time.#nanoseconds;
  }
}

function within(date: Date): number {
  return date instanceof Time ? Time.nanosecondsOf(date) : 0;
}

function formatMonotonic(milliseconds: number): string {
  const nanoseconds = Math.round(Math.abs(milliseconds) * 1e6);
  const text = String(nanoseconds).padStart(10, "0");
  return `${milliseconds < 0 ? "-" : "+"}${text.slice(0, -9)}.${text.slice(-9)}`;
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "Local";
}

/** The start of the program on the monotonic clock: Go's readings count from there. */
let started: number | undefined;

/**
 * Returns the present time, with a reading of the monotonic clock. Mirrors Go's `time.Now`. It reads the same clock as
 * sleeps and timers: the virtual one if one is attached.
 *
 * @example
 * ```ts
 * const start = time.now();
 * console.log(time.since(start) < time.hour); // true
 * ```
 */
export function now(): Time {
  const clock = currentQueue();
  const monotonic = clock.now();
  const start = (started ??= monotonic);
  const wall = clock.wall();
  const milliseconds = Math.floor(wall);
  // The host's wall clock has only milliseconds. The digits below come from the monotonic clock.
  const below = Math.floor((monotonic - Math.floor(monotonic)) * 1e6);
  const nanoseconds = wall === milliseconds ? below : Math.floor((wall - milliseconds) * 1e6);
  return new Time(milliseconds, nanoseconds, local, monotonic - start);
}

/** Returns the time elapsed since `then`, in milliseconds. Mirrors Go's `time.Since`. */
export function since(then: Time): number {
  return now().sub(then);
}

/** Returns the time left until `then`, in milliseconds. Mirrors Go's `time.Until`. */
export function until(then: Time): number {
  return then.sub(now());
}

/** Returns the time of seconds and nanoseconds since 1970. Mirrors Go's `time.Unix`. */
export function unix(seconds: number, nanoseconds: number = 0): Time {
  const milliseconds = Math.floor(nanoseconds / 1e6);
  return new Time(seconds * 1000 + milliseconds, nanoseconds - milliseconds * 1e6);
}

/** Returns the time of milliseconds since 1970. Mirrors Go's `time.UnixMilli`. */
export function unixMilli(milliseconds: number): Time {
  return new Time(Math.floor(milliseconds));
}

/** Returns the time of microseconds since 1970. Mirrors Go's `time.UnixMicro`. */
export function unixMicro(microseconds: number): Time {
  return unix(0, microseconds * 1000);
}

/**
 * Returns the time of a date; a month of 13 is the next January, as in Go. Mirrors Go's `time.Date`.
 *
 * @example
 * ```ts
 * console.log(time.date(2026, 2, 30, 12, 0, 0, 0, time.utc).format("Jan 2, 15:04")); // Mar 2, 12:00
 * ```
 */
export function date(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  nanosecond: number,
  location: Location,
): Time {
  const milliseconds = Math.floor(nanosecond / 1e6);
  const at = new Date(0);
  if (location === utc) {
    at.setUTCFullYear(year, month - 1, day);
    at.setUTCHours(hour, minute, second, milliseconds);
  } else {
    at.setFullYear(year, month - 1, day);
    at.setHours(hour, minute, second, milliseconds);
  }
  return new Time(at.getTime(), nanosecond - milliseconds * 1e6, location);
}

/** Returns the zero time. Mirrors Go's `time.Time{}`. */
export function zero(): Time {
  return new Time(zeroMilliseconds, 0, utc);
}

/** Returns the deadline of a context and whether there is one. Mirrors Go's `ctx.Deadline()`. */
export function deadline(ctx: { deadline(): Date | undefined }): [deadline: Time, ok: boolean] {
  const at = ctx.deadline() ?? undefined;
  if (at === undefined) return [zero(), false];
  return [at instanceof Time ? at : new Time(at.getTime()), true];
}

/** Returns a duration in nanoseconds, for arithmetic on Go's numbers. Mirrors Go's `Duration.Nanoseconds`. */
export function nanoseconds(duration: number): number {
  return Math.round(duration * 1e6);
}

/** Returns the duration of `n` nanoseconds. Mirrors Go's `time.Duration(n)`. */
export function fromNanoseconds(n: number): number {
  return n / 1e6;
}

/** Returns the name of a month, or Go's `%!Month(13)`. */
export function monthString(month: number): string {
  return monthNames[month - 1] ?? `%!Month(${BigInt.asUintN(64, BigInt(month))})`;
}

/** Returns the name of a day of the week, or Go's `%!Weekday(7)`. */
export function weekdayString(day: number): string {
  return dayNames[day] ?? `%!Weekday(${BigInt.asUintN(64, BigInt(day))})`;
}

/** Returns a duration rounded to a multiple of another, half away from zero. Mirrors Go's `Duration.Round`. */
export function roundDuration(duration: number, step: number): number {
  if (step <= 0) return duration;
  const [n, m] = [BigInt(nanoseconds(duration)), BigInt(nanoseconds(step))];
  const rest = n % m;
  const size = rest < 0n ? -rest : rest;
  const down = n - rest;
  return Number(size * 2n < m ? down : n < 0n ? down - m : down + m) / 1e6;
}

/** Returns a duration cut to a multiple of another. Mirrors Go's `Duration.Truncate`. */
export function truncateDuration(duration: number, step: number): number {
  if (step <= 0) return duration;
  const n = BigInt(nanoseconds(duration));
  return Number(n - (n % BigInt(nanoseconds(step)))) / 1e6;
}
