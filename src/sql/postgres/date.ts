import { utcTime } from "../driver/utc.ts";

const pattern = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?([+-]\d\d(?::\d\d){0,2})?)?( BC)?$/;

/**
 * Reads a date, a timestamp or a timestamp with a zone in the style ISO. Without a zone it is UTC, as in Go: the
 * machine's local time would move it. What is finer than a millisecond is cut off; `infinity` is the number.
 */
export function parseDate(text: string): Date | number | string {
  return parseUsual(text) ?? parseAny(text);
}

/** Reads two digits. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** Reads what is usual: a timestamp of the years 100 to 9999, without a zone or with one of whole hours. */
function parseUsual(text: string): Date | undefined {
  const { length } = text;
  if (length < 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(13) !== 58) return undefined;
  let at = 19;
  let milliseconds = 0;
  if (text.charCodeAt(at) === 46) {
    let weight = 100;
    for (at++; at < length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      milliseconds += digit * weight;
      weight = weight > 1 ? weight / 10 : 0;
    }
  }
  const year = two(text, 0) * 100 + two(text, 2);
  let minutes = 0;
  if (at !== length) {
    // Anything else is no zone, as " BC".
    if (text.charCodeAt(at) !== 43 && text.charCodeAt(at) !== 45) return undefined;
    minutes = 60 * two(text, at + 1);
    if (at + 6 === length && text.charCodeAt(at + 3) === 58) minutes += two(text, at + 4);
    else if (at + 3 !== length) return undefined;
    if (text.charCodeAt(at) === 45) minutes = -minutes;
  }
  const month = two(text, 5);
  if (!(year >= 100 && month > 0 && month < 13)) return undefined;
  const time = utcTime(year, month, two(text, 8), two(text, 11), two(text, 14), two(text, 17), milliseconds);
  const utc = time - 60_000 * minutes;
  return Number.isNaN(utc) ? undefined : new Date(utc);
}

function parseAny(text: string): Date | number | string {
  const match = pattern.exec(text);
  if (match === null) return text === "infinity" ? Infinity : text === "-infinity" ? -Infinity : text;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = "", zone = "", bc] = match;
  const date = new Date(0);
  // The year before 1 is 1 BC, which is 0 here. Date.UTC takes the years below 100 for those of the last century.
  date.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(1, 4).padEnd(3, "0")));
  const time = date.getTime() - offsetOf(zone);
  // The server's calendar reaches further than that of dates here.
  return Number.isNaN(time) ? text : new Date(time);
}

/** Returns a zone's distance from UTC, as of `-03:30` or `+00:19:32`, in milliseconds. */
function offsetOf(zone: string): number {
  if (zone === "") return 0;
  const [hours = 0, minutes = 0, seconds = 0] = zone.slice(1).split(":").map(Number);
  return (zone.startsWith("-") ? -1000 : 1000) * ((hours * 60 + minutes) * 60 + seconds);
}

/** Writes a date so that the server takes it for UTC, whatever the type and the session's zone. */
export function formatDate(date: Date): string {
  const year = date.getUTCFullYear();
  const iso = date.toISOString();
  const rest = iso.slice(iso.indexOf("-", 1)).replace("Z", "+00");
  return year > 0 ? `${String(year).padStart(4, "0")}${rest}` : `${String(1 - year).padStart(4, "0")}${rest} BC`;
}
