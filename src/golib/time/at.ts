import { Time, unixMilli, zero } from "./instant.ts";

/**
 * Returns a `Date` as a {@link Time}: what timers and tickers deliver are dates. Without one, as a closed channel yields,
 * it is the zero time. Dates are whole milliseconds, rounded down; the time is the end of that one, so that it is not before
 * the timer was due.
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
