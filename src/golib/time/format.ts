/** Printing times by Go's layouts. */

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
export const dayNames: readonly string[] = days;

/** The fields of a time in the zone in which it is printed. */
export interface Parts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly yearDay: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** East of Greenwich, in seconds. */
  readonly offset: number;
  readonly zone: string;
}

/** The parts of Go's reference time. A longer part comes before its own prefixes; `Month` holds none. */
const pattern =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|_(?=2006)|__2|_2|-07:00:00|-07:00|-070000|-0700|-07|Z07:00:00|Z07:00|Z070000|Z0700|Z07|002|01|02|03|04|05|06|15|PM|pm|[.,](?:0+|9+)(?!\d)|[1-5]/g;

/** Prints a time by a layout: Go's reference time, `Mon Jan 2 15:04:05 MST 2006`, written in the wanted format. */
export function formatTime(layout: string, parts: Parts): string {
  return layout.replaceAll(pattern, (part) => partOf(part, parts));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function partOf(part: string, t: Parts): string {
  const hour12 = t.hour % 12 === 0 ? 12 : t.hour % 12;
  switch (part) {
    case "January":
      return monthNames[t.month - 1] ?? "";
    case "Jan":
      return (monthNames[t.month - 1] ?? "").slice(0, 3);
    case "Monday":
      return days[t.weekday] ?? "";
    case "Mon":
      return (days[t.weekday] ?? "").slice(0, 3);
    case "MST":
      return t.zone;
    case "2006":
      return (t.year < 0 ? "-" : "") + String(Math.abs(t.year)).padStart(4, "0");
    case "_":
      return part;
    case "06":
      return two(Math.abs(t.year) % 100);
    case "01":
      return two(t.month);
    case "1":
      return String(t.month);
    case "02":
      return two(t.day);
    case "_2":
      return String(t.day).padStart(2);
    case "2":
      return String(t.day);
    case "002":
      return String(t.yearDay).padStart(3, "0");
    case "__2":
      return String(t.yearDay).padStart(3);
    case "15":
      return two(t.hour);
    case "03":
      return two(hour12);
    case "3":
      return String(hour12);
    case "04":
      return two(t.minute);
    case "4":
      return String(t.minute);
    case "05":
      return two(t.second);
    case "5":
      return String(t.second);
    case "PM":
      return t.hour >= 12 ? "PM" : "AM";
    case "pm":
      return t.hour >= 12 ? "pm" : "am";
    default:
      return /^[.,]/.test(part) ? fraction(part, t.nanosecond) : offset(part, t.offset);
  }
}

function fraction(part: string, nanosecond: number): string {
  const digits = String(nanosecond)
    .padStart(9, "0")
    .slice(0, part.length - 1);
  if (part.charAt(1) === "0") return part.charAt(0) + digits;
  const short = digits.replace(/0+$/, "");
  return short === "" ? "" : part.charAt(0) + short;
}

function offset(part: string, seconds: number): string {
  if (part.startsWith("Z") && seconds === 0) return "Z";
  const size = Math.abs(seconds);
  const colon = part.includes(":") ? ":" : "";
  const digits = part.replace(/\D/g, "").length;
  const numbers = [two(Math.floor(size / 3600)), two(Math.floor(size / 60) % 60), two(size % 60)];
  return (seconds < 0 ? "-" : "+") + numbers.slice(0, digits / 2).join(colon);
}
