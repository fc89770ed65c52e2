import { utcTime } from "../driver/utc.ts";

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?$/;

/**
 * Reads a date, or a date and time, as UTC. What is finer than a millisecond is cut off. Dates that are none, as
 * `0000-00-00` and `2020-02-00`, stay text.
 */
export function parseDate(text: string): Date | string {
  return parseUsual(text) ?? parseAny(text);
}

/** Reads two digits. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** Reads what is usual: a date with a time, of the years 100 to 9999. */
function parseUsual(text: string): Date | undefined {
  const { length } = text;
  if (length < 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(13) !== 58) return undefined;
  let milliseconds = 0;
  if (length > 19) {
    for (let at = 20, weight = 100; at < length && weight >= 1; at++, weight /= 10) {
      milliseconds += (text.charCodeAt(at) - 48) * weight;
    }
  }
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (!(year >= 100 && month > 0 && month < 13 && day > 0)) return undefined;
  const time = utcTime(year, month, day, two(text, 11), two(text, 14), two(text, 17), milliseconds);
  return Number.isNaN(time) ? undefined : new Date(time);
}

function parseAny(text: string): Date | string {
  const match = pattern.exec(text);
  if (match === null) return text;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = ""] = match;
  if (Number(month) === 0 || Number(day) === 0) return text;
  const date = new Date(0);
  // Date.UTC takes the years below 100 for those of the last century.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, "0")));
  return date;
}

/** Writes a date in UTC, as the session's zone is. */
export function formatDate(date: Date): string {
  const year = date.getUTCFullYear();
  if (year < 0 || year > 9999) throw new RangeError(`mysql: dates reach from the year 0 to 9999, got ${year}`);
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, "");
}
