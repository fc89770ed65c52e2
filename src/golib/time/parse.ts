/** Reading durations. */
import { toBytes } from "../text.ts";

/** Quotes as Go's time package does: byte by byte, with escapes for everything that is not ASCII. */
function quote(text: string): string {
  const chars = Array.from(toBytes(text), (byte) => {
    if (byte < 0x20 || byte >= 0x80) return `\\x${byte.toString(16).padStart(2, "0")}`;
    const char = String.fromCharCode(byte);
    return char === '"' || char === "\\" ? `\\${char}` : char;
  });
  return `"${chars.join("")}"`;
}

/** The nanoseconds of each unit. */
const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go's durations have 63 bits of nanoseconds. */
const limit = 2n ** 63n;

/**
 * Reads a duration like `1h15m30.5s`. Mirrors Go's `time.ParseDuration`; the result is in milliseconds.
 *
 * The error has Go's text: `time: unknown unit "d" in duration "1d"`.
 *
 * @example
 * ```ts
 * console.log(time.parseDuration("1h15m30.5s")); // [ 4530500, undefined ]
 * console.log(time.parseDuration("1d")[1]?.message); // time: unknown unit "d" in duration "1d"
 * ```
 */
export function parseDuration(text: string): [duration: number, err: Error | undefined] {
  const bad = (what: string): [number, Error] => [0, new Error(`time: ${what}duration ${quote(text)}`)];
  const negative = text.startsWith("-");
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return [0, undefined];
  if (rest === "") return bad("invalid ");
  let total = 0n;
  while (rest !== "") {
    const [, whole = "", point = "", fraction = ""] = /^(\d*)(\.?)(\d*)/.exec(rest) ?? [];
    if ((whole === "" && point === "") || (whole === "" && fraction === "")) return bad("invalid ");
    rest = rest.slice(whole.length + point.length + fraction.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? "";
    if (unit === "") return bad("missing unit in ");
    const size = units[unit];
    if (size === undefined) return bad(`unknown unit ${quote(unit)} in `);
    rest = rest.slice(unit.length);
    total += BigInt(whole === "" ? 0 : whole) * BigInt(size);
    if (fraction !== "") total += (BigInt(fraction) * BigInt(size)) / 10n ** BigInt(fraction.length);
    if (total > limit || (total === limit && !negative)) return bad("invalid ");
  }
  const milliseconds = Number(total / 1_000_000n) + Number(total % 1_000_000n) / 1e6;
  return [(negative ? -milliseconds : milliseconds) + 0, undefined];
}
