/**
 * Dates as the binary protocol has them: a year of two bytes, month, day, hour, minute, second, and microseconds of four
 * bytes; zeros at the end are left out. `mysql2` would write a text of that, piece by piece, of which we would make a
 * Date; that takes three times as long as to read the row.
 */

import { utcTime } from "../driver/utc.ts";
import type { Field } from "./client.ts";
import { parseDate } from "./date.ts";
import type { Converter } from "./types.ts";

/** The types TIMESTAMP, DATE, DATETIME and NEWDATE. */
const dates = new Set([0x07, 0x0a, 0x0c, 0x0e]);
/** The types that have a time even if that is zero. */
const withTime = new Set([0x07, 0x0c]);
/** A type that is bytes with their number before them, as dates are, and the character set of bytes. */
const blob = 0xfc;
const binary = 63;

/** Tells whether a column has dates. */
export function isDate({ columnType }: Field): boolean {
  return dates.has(columnType);
}

/**
 * Has `mysql2`, which has not looked at the type of this column yet, read its values as bytes; returns what makes Dates
 * of them. A version that does so nevertheless yields text, as with `dateStrings`.
 */
export function askForBytes(field: Field): Converter {
  const hasTime = withTime.has(field.columnType);
  const { decimals } = field;
  field.columnType = blob;
  field.characterSet = binary;
  return (value) => {
    if (value instanceof Uint8Array) return readDate(value, hasTime, decimals);
    return typeof value === "string" ? parseDate(value) : value;
  };
}

/**
 * Reads a date, or a date and time, as UTC. What is finer than a millisecond is cut off. Dates that are none, as
 * `0000-00-00` and `2020-02-00`, become text, with a time and as many digits of a second as the column has.
 */
export function readDate(bytes: Uint8Array, hasTime: boolean, decimals: number): Date | string {
  const { length } = bytes;
  const at = (i: number): number => (i < length ? (bytes[i] as number) : 0);
  const year = at(0) | (at(1) << 8);
  const [month, day, hour, minute, second] = [at(2), at(3), at(4), at(5), at(6)];
  const micros = at(7) + at(8) * 0x100 + at(9) * 0x1_0000 + at(10) * 0x100_0000;
  if (month === 0 || day === 0) {
    const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
    if (!hasTime) return date;
    const fraction = decimals > 0 && decimals <= 6 ? `.${digits(micros, 6).slice(0, decimals)}` : "";
    return `${date} ${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}${fraction}`;
  }
  const milliseconds = Math.trunc(micros / 1000);
  if (year >= 100 && month < 13) return new Date(utcTime(year, month, day, hour, minute, second, milliseconds));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, milliseconds);
  return date;
}

function digits(n: number, count: number): string {
  return String(n).padStart(count, "0");
}
