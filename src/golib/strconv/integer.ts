import { wide } from "../integers.ts";
import { NumError, errRange, errSyntax } from "./errors.ts";
import { underscoresOk } from "./underscores.ts";

type Result<T> = [value: T, err: Error | undefined];

/**
 * Reads a decimal `int`. Mirrors Go's `strconv.Atoi`. A number above 2^53 is rounded; see {@link parseInt64}.
 *
 * @example
 * ```ts
 * console.log(strconv.atoi("42")[0]); // 42
 * console.log(strconv.atoi("4x")[1]?.message); // strconv.Atoi: parsing "4x": invalid syntax
 * ```
 */
export function atoi(text: string): Result<number> {
  return asNumber(signed("Atoi", text, 10, 64));
}

/** Formats an `int` in decimal. Mirrors Go's `strconv.Itoa`. */
export function itoa(value: number | bigint): string {
  return formatInt(value, 10);
}

/**
 * Reads an integer in a base from 2 to 36, or by its prefix if the base is 0. Mirrors Go's `strconv.ParseInt`: a
 * `bitSize` of 8, 16, 32 or 64 (0 is 64) limits it, and the limit is returned together with the error. A number above
 * 2^53 is rounded; see {@link parseInt64}.
 *
 * @example
 * ```ts
 * console.log(strconv.parseInt("-ff", 16, 64)[0], strconv.parseInt("0b101", 0, 8)[0]); // -255 5
 * const [limit, err] = strconv.parseInt("300", 10, 8);
 * console.log(limit, err?.message); // 127 strconv.ParseInt: parsing "300": value out of range
 * ```
 */
export function parseInt(text: string, base: number, bitSize: number): Result<number> {
  return asNumber(signed("ParseInt", text, base, bitSize));
}

/** Reads an integer of 64 bits exactly: {@link parseInt} with a bigint as the result. */
export function parseInt64(text: string, base: number): Result<bigint> {
  return signed("ParseInt", text, base, 64);
}

/**
 * Reads an unsigned integer. Mirrors Go's `strconv.ParseUint`. A number above 2^53 is rounded; see {@link parseUint64}.
 */
export function parseUint(text: string, base: number, bitSize: number): Result<number> {
  return asNumber(unsigned("ParseUint", text, text, base, bitSize));
}

/** Reads an unsigned integer of 64 bits exactly: {@link parseUint} with a bigint as the result. */
export function parseUint64(text: string, base: number): Result<bigint> {
  return unsigned("ParseUint", text, text, base, 64);
}

function asNumber([value, err]: Result<bigint>): Result<number> {
  return [Number(value), err];
}

function signed(func: string, text: string, base: number, bitSize: number): Result<bigint> {
  const negative = text.startsWith("-");
  const digits = /^[+-]/.test(text) ? text.slice(1) : text;
  const [magnitude, err] = unsigned(func, text, digits, base, bitSize);
  if (err instanceof NumError && err.err !== errRange) return [0n, err];
  const limit = 1n << BigInt((bitSize === 0 ? 64 : bitSize) - 1);
  if (!negative && magnitude >= limit) return [limit - 1n, new NumError(func, text, errRange)];
  if (negative && magnitude > limit) return [-limit, new NumError(func, text, errRange)];
  return [negative ? -magnitude : magnitude, undefined];
}

const prefixes: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 };

/** Reads `digits`, which is `text` without its sign. */
function unsigned(func: string, text: string, digits: string, base: number, bitSize: number): Result<bigint> {
  const fail = (err: Error, value: bigint = 0n): Result<bigint> => [value, new NumError(func, text, err)];
  if (digits === "") return fail(errSyntax);
  let radix = base;
  let rest = digits;
  if (base === 0) {
    radix = 10;
    if (digits.startsWith("0")) {
      const named = digits.length >= 3 ? prefixes[digits.charAt(1).toLowerCase()] : undefined;
      radix = named ?? 8;
      rest = digits.slice(named === undefined ? 1 : 2);
    }
  } else if (base < 2 || base > 36) return fail(new Error(`invalid base ${base}`));
  if (bitSize < 0 || bitSize > 64) return fail(new Error(`invalid bit size ${bitSize}`));
  const limit = 1n << BigInt(bitSize === 0 ? 64 : bitSize);
  let value = 0n;
  for (const digit of rest) {
    if (digit === "_" && base === 0) continue;
    const n = digitValue(digit);
    if (n >= radix) return fail(errSyntax);
    value = value * BigInt(radix) + BigInt(n);
    // Go returns here, before it checks whether the rest are digits.
    if (value >= limit) return fail(errRange, limit - 1n);
  }
  if (base === 0 && !underscoresOk(digits)) return fail(errSyntax);
  return [value, undefined];
}

function digitValue(digit: string): number {
  const code = digit.charCodeAt(0);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? letter - 0x61 + 10 : 99;
}

/**
 * Formats an integer in a base from 2 to 36. Mirrors Go's `strconv.FormatInt`.
 *
 * @example
 * ```ts
 * console.log(strconv.formatInt(-255, 16)); // -ff
 * ```
 */
export function formatInt(value: number | bigint, base: number): string {
  if (!(base >= 2 && base <= 36)) throw new Error("strconv: illegal AppendInt/FormatInt base");
  return whole(value, true).toString(base);
}

/** Formats an unsigned integer. Mirrors Go's `strconv.FormatUint`. */
export function formatUint(value: number | bigint, base: number): string {
  return formatInt(whole(value, false), base);
}

function whole(value: number | bigint, signed: boolean): number | bigint {
  return typeof value === "number" && !Number.isSafeInteger(value) ? wide(value, signed) : value;
}

/**
 * Reads a boolean. Mirrors Go's `strconv.ParseBool`: it accepts 1, t, T, TRUE, true, True and 0, f, F, FALSE, false,
 * False.
 *
 * @example
 * ```ts
 * console.log(strconv.parseBool("T")[0], strconv.parseBool("yes")[1]?.message); // true strconv.ParseBool: parsing "yes": invalid syntax
 * ```
 */
export function parseBool(text: string): Result<boolean> {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return [true, undefined];
  if (/^(?:0|f|F|false|FALSE|False)$/.test(text)) return [false, undefined];
  return [false, new NumError("ParseBool", text, errSyntax)];
}

/** Formats a boolean. Mirrors Go's `strconv.FormatBool`. */
export function formatBool(value: boolean): string {
  return value ? "true" : "false";
}
