import { describe } from "../runtime/arguments.ts";
import { fromNanoseconds, longest } from "./duration.ts";

const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  // The micro sign and the Greek letter.
  ["\u00b5s", 1_000n],
  ["\u03bcs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/**
 * Reads a duration as Go writes it, and returns it in milliseconds. Mirrors Go's `time.ParseDuration`: decimal numbers
 * with units, as `300ms`, `-1.5h` or `2h45m`; the units are `ns`, `us` or `µs`, `ms`, `s`, `m` and `h`.
 *
 * @throws Error `time: invalid duration "5 s"`, `time: missing unit in duration "5"`, or `time: unknown unit "d" in
 * duration "5d"`
 * @throws TypeError `time.parseDuration: the duration must be a text, got …`
 *
 * @example
 * ```ts
 * console.log(time.parseDuration("1h15m30.918s") / time.second); // 4530.918
 * ```
 */
export function parseDuration(text: string): number {
  if (typeof text !== "string") {
    throw new TypeError(`time.parseDuration: the duration must be a text, got ${describe(text)}`);
  }
  const negative = text.startsWith("-");
  const limit = negative ? longest + 1n : longest;
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return 0;
  let total = 0n;
  do {
    const [all = "", whole = "", , fraction = "", unit = ""] = /^(\d*)(\.(\d*))?([^\d.]*)/.exec(rest) ?? [];
    const invalid = whole + fraction === "" || BigInt(whole) > longest + 1n;
    const size = units.get(unit);
    if (!invalid && unit === "") throw new Error(`time: missing unit in duration ${quote(text)}`);
    if (!invalid && size === undefined) throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    total += BigInt(whole) * (size ?? 0n) + fractionOf(fraction, size ?? 0n);
    if (invalid || total > limit) throw new Error(`time: invalid duration ${quote(text)}`);
    rest = rest.slice(all.length);
  } while (rest !== "");
  return fromNanoseconds(negative ? -total : total);
}

/** Returns a part of a unit, cut to whole nanoseconds, with the digits and the precision that Go uses. */
function fractionOf(digits: string, unit: bigint): bigint {
  const most = BigInt(digits.slice(0, 19)) > longest + 1n ? 18 : 19;
  const used = digits.slice(0, most);
  return BigInt(Math.trunc(Number(used) * (Number(unit) / 10 ** used.length)));
}

/** Quotes a text as Go's time package does: characters that are not printable ASCII are escaped byte by byte. */
function quote(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[^ -\x7f]/gu, (letter) => encodeURIComponent(letter).toLowerCase().replaceAll("%", "\\x"));
  return `"${escaped}"`;
}
