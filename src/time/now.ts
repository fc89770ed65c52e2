import { describe } from "../runtime/arguments.ts";
import type { AlarmQueue } from "../runtime/alarms.ts";
import { currentQueue } from "../runtime/clock.ts";
import { checkDuration } from "./duration.ts";

/** The monotonic reading that Go's times have besides the wall clock. */
interface Reading {
  readonly queue: AlarmQueue;
  readonly at: number;
  /** The wall time for which it was taken: if the Date has been set since then, the reading is void. */
  readonly wall: number;
}

/** Kept beside the Dates, so that they stay plain Dates, which hosts can copy and compare. */
const readings = new WeakMap<Date, Reading>();

/**
 * Returns the present time. Mirrors Go's `time.Now`: the Date has a reading of the monotonic clock, which
 * {@link since}, {@link until} and {@link sub} use, in fractions of milliseconds and unaffected by steps of the wall
 * clock. Copies of the Date have the wall time only.
 *
 * @example
 * ```ts
 * const start = time.now();
 * await time.sleep(20 * time.millisecond);
 * console.log(time.since(start) >= 20 * time.millisecond); // true
 * ```
 */
export function now(): Date {
  const queue = currentQueue();
  return withReading(queue.wall(), queue, queue.now());
}

/**
 * Returns how many milliseconds have passed since `start`. Mirrors Go's `time.Since`.
 *
 * @throws TypeError `time.since: the time must be a valid Date, got …`
 *
 * @example
 * ```ts
 * const start = time.now();
 * console.log(`took ${time.formatDuration(time.since(start))}`);
 * ```
 */
export function since(start: Date): number {
  checkDate("time.since", start);
  return sub(now(), start);
}

/**
 * Returns how many milliseconds are left until `end`; negative afterwards. Mirrors Go's `time.Until`.
 *
 * @throws TypeError `time.until: the time must be a valid Date, got …`
 *
 * @example
 * ```ts
 * const left = time.until(ctx.deadline() ?? time.now());
 * ```
 */
export function until(end: Date): number {
  checkDate("time.until", end);
  return sub(end, now());
}

/**
 * Returns the time `duration` milliseconds after `start`. Mirrors Go's `Time.Add`. A Date has whole milliseconds, so
 * fractions show only in the results of {@link sub}, for times that come from {@link now}.
 *
 * @throws TypeError `time.add: the time must be a valid Date, got …`, or `time.add: the duration must be a number of
 * milliseconds, got …`
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withDeadline(parent, time.add(time.now(), 5 * time.second));
 * ```
 */
export function add(start: Date, duration: number): Date {
  checkDate("time.add", start);
  checkDuration("time.add", duration);
  const reading = readingOf(start);
  const wall = start.getTime() + duration;
  return reading === undefined ? new Date(wall) : withReading(wall, reading.queue, reading.at + duration);
}

/**
 * Returns how many milliseconds `end` is after `start`. Mirrors Go's `Time.Sub`. Compare Dates with `<` and `>`.
 *
 * @throws TypeError `time.sub: the time must be a valid Date, got …`
 *
 * @example
 * ```ts
 * console.log(time.sub(new Date(2000), new Date(500)) === 1.5 * time.second); // true
 * ```
 */
export function sub(end: Date, start: Date): number {
  checkDate("time.sub", end);
  checkDate("time.sub", start);
  const [a, b] = [readingOf(end), readingOf(start)];
  return a !== undefined && a.queue === b?.queue ? a.at - b.at : end.getTime() - start.getTime();
}

function withReading(wall: number, queue: AlarmQueue, at: number): Date {
  const date = new Date(wall);
  readings.set(date, { queue, at, wall: date.getTime() });
  return date;
}

function readingOf(date: Date): Reading | undefined {
  const reading = readings.get(date);
  return reading?.wall === date.getTime() ? reading : undefined;
}

function checkDate(what: string, date: Date): void {
  if (date instanceof Date && !Number.isNaN(date.getTime())) return;
  const got = date instanceof Date ? "an invalid one" : describe(date);
  throw new TypeError(`${what}: the time must be a valid Date, got ${got}`);
}
