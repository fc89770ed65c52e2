const pattern = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?([+-]\d\d(?::\d\d){0,2})?)?( BC)?$/;

/**
 * Reads a date, a timestamp or a timestamp with a zone in the style ISO. Without a zone it is UTC, as in Go: the
 * machine's local time would move it. What is finer than a millisecond is cut off; `infinity` is the number.
 */
export function parseDate(text: string): Date | number | string {
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
