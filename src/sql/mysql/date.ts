const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?$/;

/**
 * Reads a date, or a date and time, as UTC. What is finer than a millisecond is cut off. Dates that are none, as
 * `0000-00-00` and `2020-02-00`, stay text.
 */
export function parseDate(text: string): Date | string {
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
