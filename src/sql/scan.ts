/**
 * Scanners: functions that turn what a driver delivers into what the program wants, and refuse what does not fit. The
 * types that they promise hold at run time. Mirrors the destinations of Go's `Rows.Scan`.
 */

import { isError } from "../runtime/error-values.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { parseArray } from "./driver/array-text.ts";
import type { Column } from "./driver/driver.ts";

/**
 * Turns a value of a column into a `T`, or throws. Any function will do, as `JSON.parse` does for a text.
 *
 * @example
 * ```ts
 * const upper: sql.Scanner<string> = (value) => sql.string(value).toUpperCase();
 * const [title] = await db.queryRowContext(ctx, "SELECT title FROM album").scan(upper);
 * ```
 */
export type Scanner<T> = (value: unknown) => T;

/** What a row of scanners yields. */
export type Scanned<S extends readonly Scanner<unknown>[]> = {
  -readonly [I in keyof S]: S[I] extends Scanner<infer T> ? T : never;
};

/** Scanners by the names of their columns. */
export type Shape = Readonly<Record<string, Scanner<unknown>>>;

/** What a shape yields. */
export type Shaped<S extends Shape> = { -readonly [Name in keyof S]: S[Name] extends Scanner<infer T> ? T : never };

/**
 * Scans an integer that a number holds exactly; a text of digits will do. Mirrors scanning into an `int64`, of which it
 * takes the safe ones: see {@link bigint}.
 *
 * @throws RangeError `converting … to an integer: out of range`
 * @throws TypeError `converting … to an integer is unsupported`
 *
 * @example
 * ```ts
 * const [count] = await db.queryRowContext(ctx, "SELECT count(*) FROM album").scan(sql.int);
 * ```
 */
export function int(value: unknown): number {
  const whole =
    typeof value === "number" && Number.isSafeInteger(value) ? value : Number(toBigInt(value, "an integer"));
  if (!Number.isSafeInteger(whole)) throw new RangeError(`converting ${describe(value)} to an integer: out of range`);
  return whole;
}

/**
 * Scans an integer of any size; a text of digits will do. Mirrors scanning into an `int64`.
 *
 * @throws TypeError `converting … to a bigint is unsupported`
 *
 * @example
 * ```ts
 * const [id] = await db.queryRowContext(ctx, "SELECT max(id) FROM album").scan(sql.bigint);
 * ```
 */
export function bigint(value: unknown): bigint {
  return toBigInt(value, "a bigint");
}

/**
 * Scans a number; a bigint will do, and a text that is a decimal number, `Inf` or `NaN`. Mirrors scanning into a
 * `float64`; the texts are those of Go's `strconv.ParseFloat`, but not the hexadecimal ones.
 *
 * @throws TypeError `converting … to a number is unsupported`
 * @throws RangeError `converting … to a number: out of range`
 *
 * @example
 * ```ts
 * const [price] = await db.queryRowContext(ctx, "SELECT price FROM album").scan(sql.float);
 * ```
 */
export function float(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string") throw unsupported(value, "a number");
  if (/^nan$/i.test(value)) return NaN;
  if (/^[+-]?inf(inity)?$/i.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
  // `Number` reads much more: blanks, nothing at all, hexadecimal digits.
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) throw unsupported(value, "a number");
  const number = Number(value);
  if (!Number.isFinite(number)) throw new RangeError(`converting ${describe(value)} to a number: out of range`);
  return number;
}

/**
 * Scans a text; numbers, booleans, times (as ISO 8601) and bytes (as UTF-8) become one. Mirrors scanning into a `string`.
 *
 * @throws TypeError `converting … to a string is unsupported`
 *
 * @example
 * ```ts
 * const [title] = await db.queryRowContext(ctx, "SELECT title FROM album").scan(sql.string);
 * ```
 */
export function string(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new Utf8Decoder().decode(value);
  throw unsupported(value, "a string");
}

/**
 * Scans a boolean; 0 and 1, and the texts that Go's `strconv.ParseBool` takes, will do. Mirrors scanning into a `bool`.
 *
 * @throws TypeError `converting … to a boolean is unsupported`
 *
 * @example
 * ```ts
 * const [inStock] = await db.queryRowContext(ctx, "SELECT quantity > 0 FROM album").scan(sql.bool);
 * ```
 */
export function bool(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (value === 1 || value === 1n || (typeof value === "string" && /^(1|t|T|TRUE|true|True)$/.test(value))) return true;
  if (value === 0 || value === 0n || (typeof value === "string" && /^(0|f|F|FALSE|false|False)$/.test(value)))
    return false;
  throw unsupported(value, "a boolean");
}

/**
 * Scans bytes; a text becomes its UTF-8. Mirrors scanning into a `[]byte`.
 *
 * @throws TypeError `converting … to bytes is unsupported`
 *
 * @example
 * ```ts
 * const [cover] = await db.queryRowContext(ctx, "SELECT cover FROM album").scan(sql.bytes);
 * ```
 */
export function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return new Utf8Encoder().encode(value);
  throw unsupported(value, "bytes");
}

/**
 * Scans a time; a text as `2026-01-31`, `2026-01-31 10:00`, `2026-01-31 10:00:00.5` or `2026-01-31T10:00:00+02:00` will
 * do. One without a zone is UTC, and what is finer than a millisecond is cut off. Mirrors scanning into a `time.Time`.
 *
 * @throws TypeError `converting … to a time is unsupported`
 *
 * @example
 * ```ts
 * const [added] = await db.queryRowContext(ctx, "SELECT added FROM album").scan(sql.time);
 * ```
 */
export function time(value: unknown): Date {
  if (value instanceof Date) return value;
  const date = typeof value === "string" ? parseTime(value) : undefined;
  if (date === undefined) throw unsupported(value, "a time");
  return date;
}

/**
 * Takes the value as the driver delivers it. Mirrors scanning into an `any`.
 *
 * @example
 * ```ts
 * const [anything] = await db.queryRowContext(ctx, "SELECT price FROM album").scan(sql.any);
 * ```
 */
export function any(value: unknown): unknown {
  return value;
}

/**
 * Makes a scanner that takes NULL too, as `null`. Mirrors Go's `sql.Null`.
 *
 * @example
 * ```ts
 * const [artist] = await db.queryRowContext(ctx, "SELECT artist FROM album").scan(sql.nullable(sql.string));
 * ```
 */
export function nullable<T>(scanner: Scanner<T>): Scanner<T | null> {
  return ofColumn((value, column) => (value === null ? null : call(scanner, value, column)));
}

/**
 * Makes a scanner for JSON: a text, or bytes, are parsed; what the driver has parsed already, as `json` columns, is taken as
 * it is. `check` turns it into what the program wants, or throws: a schema's `parse` will do.
 *
 * @throws TypeError `converting … to JSON is unsupported`, `sql: json: … is not a function`
 * @throws SyntaxError `converting … to JSON: …` if the text is none
 *
 * @example
 * ```ts
 * const [tags] = await db.queryRowContext(ctx, "SELECT tags FROM album").scan(sql.json(sql.array(sql.string)));
 * ```
 */
export function json<T = unknown>(check: Scanner<T> = any as Scanner<T>): Scanner<T> {
  checkFunction("sql: json", check);
  return ofColumn((value, column) => check(toJSON(value, column)));
}

/**
 * Makes a scanner for an array, whose elements `scanner` scans: one of the server's, as PostgreSQL has them, also in its text,
 * `{a,b}`, as those of types that are not built in come; or one of JSON, also as text. Mirrors `pq.Array` of Go's lib/pq.
 *
 * @throws TypeError `converting … to an array is unsupported`, `sql: array: … is not a function`
 *
 * @example
 * ```ts
 * const [tags] = await db.queryRowContext(ctx, "SELECT tags FROM album").scan(sql.array(sql.string));
 * ```
 */
export function array<T>(scanner: Scanner<T>): Scanner<T[]> {
  checkFunction("sql: array", scanner);
  // Not passed as it is: `map` has more arguments.
  return (value) => toArray(value).map((element) => scanner(element));
}

/** Scanners that need to know which column it is, which others must not see: their second parameter may mean something else. */
const needsColumn: unique symbol = Symbol("needs the column");

type ColumnScanner<T> = (value: unknown, column: Column | undefined) => T;

function ofColumn<T>(scanner: ColumnScanner<T>): Scanner<T> {
  return Object.assign(scanner, { [needsColumn]: true }) as unknown as Scanner<T>;
}

function call<T>(scanner: Scanner<T>, value: unknown, column: Column | undefined): T {
  const { [needsColumn]: needs } = scanner as { [needsColumn]?: boolean };
  return needs === true ? (scanner as ColumnScanner<T>)(value, column) : scanner(value);
}

function toJSON(value: unknown, column: Column | undefined): unknown {
  // A string of such a column is a string of JSON, without its quotes.
  if (value !== null && /^jsonb?$/i.test(column?.databaseTypeName ?? "")) return value;
  if (typeof value === "string" || value instanceof Uint8Array) {
    try {
      return JSON.parse(string(value));
    } catch (error) {
      throw new SyntaxError(`converting ${describe(value)} to JSON: ${(error as Error).message}`, { cause: error });
    }
  }
  if (value === null || value === undefined || value instanceof Date) throw unsupported(value, "JSON");
  return value;
}

function toArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value === "string") {
    try {
      if (/^(\{|\[-?\d+:)/.test(value)) return parseArray(value, (text) => text);
      const parsed: unknown = JSON.parse(value);
      if (Array.isArray(parsed)) return parsed as unknown[];
    } catch (error) {
      throw Object.assign(unsupported(value, "an array"), { cause: error });
    }
  }
  throw unsupported(value, "an array");
}

/** Runs the scanner of one column, and says which column it was if that fails. */
export function scanColumn<T>(scanner: Scanner<T>, value: unknown, index: number, column: Column): T {
  try {
    return call(scanner, value, column);
  } catch (error) {
    const why = isError(error) ? error.message : describe(error);
    throw new Error(`sql: Scan error on column index ${index}, name "${column.name}": ${why}`, { cause: error });
  }
}

function unsupported(value: unknown, wanted: string): TypeError {
  const what = value === null ? "NULL" : describe(value);
  return new TypeError(`converting ${what} to ${wanted} is unsupported`);
}

function toBigInt(value: unknown, wanted: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "string" && /^[+-]?\d+$/.test(value)) return BigInt(value.replace(/^\+/, ""));
  throw unsupported(value, wanted);
}

const timePattern =
  /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

/** Reads a time in the style of ISO 8601. `Date` would read any text with a number in it, in the machine's zone. */
function parseTime(text: string): Date | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", sign, hours = "0", minutes = "0"] =
    match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number(minutes) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // There is no 31st of February: it would be a day in March.
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, "0")));
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const time = date.getTime() - (sign === "-" ? -offset : offset);
  return Number.isNaN(new Date(time).getTime()) ? undefined : new Date(time);
}

interface Utf8 {
  TextEncoder: new () => { encode(text: string): Uint8Array };
  TextDecoder: new () => { decode(bytes: Uint8Array): string };
}

const { TextEncoder: Utf8Encoder, TextDecoder: Utf8Decoder } = globalThis as unknown as Utf8;
