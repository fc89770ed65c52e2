import { Time, unixMilli, zero } from "./instant.ts";

/**
 * Returns a `Date` as a {@link Time}: timers and tickers deliver dates. For undefined, which a closed channel yields,
 * it is the zero time. Dates are rounded down to whole milliseconds. The time is the end of that millisecond, so that
 * it is not before the timer was due.
 *
 * @example
 * ```ts
 * const due = time.at(await time.after(10).receive());
 * console.log(due.isZero()); // false
 * ```
 */
export function at(date: Date | undefined): Time {
  if (date === undefined) return zero();
  return date instanceof Time ? date : unixMilli(date.getTime()).add(0.999999);
}
