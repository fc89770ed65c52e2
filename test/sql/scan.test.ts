import * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { scanColumn } from "../../src/sql/scan.ts";

type Case = [scanner: string, value: unknown, wanted: unknown];

const accepted: Case[] = [
  ["int", 5, 5],
  ["int", "-12", -12],
  ["int", "+12", 12],
  ["int", 2n ** 53n - 1n, 2 ** 53 - 1],
  ["int", true, 1],
  ["bigint", 5, 5n],
  ["bigint", "9223372036854775807", 2n ** 63n - 1n],
  ["bigint", 2n ** 70n, 2n ** 70n],
  ["float", 1.5, 1.5],
  ["float", 2n, 2],
  ["float", "1e3", 1000],
  ["float", "NaN", Number.NaN],
  ["string", "text", "text"],
  ["string", 1.5, "1.5"],
  ["string", 12n, "12"],
  ["string", true, "true"],
  ["string", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["string", new Uint8Array([0xc3, 0xa9]), "é"],
  ["bool", true, true],
  ["bool", 0, false],
  ["bool", 1n, true],
  ["bool", "T", true],
  ["bool", "false", false],
  ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  ["bytes", "é", new Uint8Array([0xc3, 0xa9])],
  ["time", new Date(5), new Date(5)],
  ["time", "2024-02-29T12:34:56.789Z", new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789))],
  ["time", "2024-02-29 12:34:56", new Date(Date.UTC(2024, 1, 29, 12, 34, 56))],
  ["time", "2024-02-29", new Date(Date.UTC(2024, 1, 29))],
  ["time", "2024-02-29T12:34:56+02:00", new Date(Date.UTC(2024, 1, 29, 10, 34, 56))],
  ["time", "2024-02-29 12:34", new Date(Date.UTC(2024, 1, 29, 12, 34))],
  ["time", "2024-02-29 12:34:56.7891234", new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789))],
  ["time", "2024-02-29 12:34:56.5-0330", new Date(Date.UTC(2024, 1, 29, 16, 4, 56, 500))],
  ["time", "2024-02-29 12:34:56+02", new Date(Date.UTC(2024, 1, 29, 10, 34, 56))],
  ["time", "0044-03-15", new Date(new Date(0).setUTCFullYear(44, 2, 15))],
  ["time", "+012024-02-29 00:00:00.000", new Date(Date.UTC(12024, 1, 29))],
  ["float", "-.5", -0.5],
  ["float", "5.", 5],
  ["float", "+1E-3", 0.001],
  ["float", "Inf", Infinity],
  ["float", "-infinity", -Infinity],
  ["float", "nan", Number.NaN],
  ["any", undefined, undefined],
];

const refused: [scanner: string, value: unknown, message: string][] = [
  ["int", null, "converting NULL to an integer is unsupported"],
  ["int", 1.5, "converting 1.5 to an integer is unsupported"],
  ["int", 2n ** 53n, "converting 9007199254740992 to an integer: out of range"],
  ["int", "9007199254740993", 'converting "9007199254740993" to an integer: out of range'],
  ["int", "5 apples", 'converting "5 apples" to an integer is unsupported'],
  ["int", "", 'converting "" to an integer is unsupported'],
  ["bigint", null, "converting NULL to a bigint is unsupported"],
  ["bigint", 0.5, "converting 0.5 to a bigint is unsupported"],
  ["float", null, "converting NULL to a number is unsupported"],
  ["float", "", 'converting "" to a number is unsupported'],
  ["float", "1,5", 'converting "1,5" to a number is unsupported'],
  ["float", true, "converting true to a number is unsupported"],
  ["string", null, "converting NULL to a string is unsupported"],
  ["bool", null, "converting NULL to a boolean is unsupported"],
  ["bool", 2, "converting 2 to a boolean is unsupported"],
  ["bool", "yes", 'converting "yes" to a boolean is unsupported'],
  ["bytes", 1, "converting 1 to bytes is unsupported"],
  ["time", 5, "converting 5 to a time is unsupported"],
  ["time", null, "converting NULL to a time is unsupported"],
  ...["0x10", " 12 ", "12 ", "1_000", "1e", ".", "e5", "--1", "0b1", "+NaN", "Infinit"].map(
    (text): [string, unknown, string] => [
      "float",
      text,
      `converting ${JSON.stringify(text)} to a number is unsupported`,
    ],
  ),
  ["float", "1e999", 'converting "1e999" to a number: out of range'],
  ...[
    "album 12",
    "2026/01/31 10:00",
    "2026-1-3",
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-01-31 24:00",
    "2026-01-31 10:60",
    "2026-01-31 10:00:61",
    "2026-01-31 10",
    "2026-01-31T10:00:00 GMT",
    " 2026-01-31",
    "2026-01-31\n",
    "1",
    "",
    "Jan 31, 2026",
  ].map((text): [string, unknown, string] => [
    "time",
    text,
    `converting ${JSON.stringify(text)} to a time is unsupported`,
  ]),
  ["time", "tomorrow", 'converting "tomorrow" to a time is unsupported'],
];

const scanners = sql as unknown as Record<string, sql.Scanner<unknown>>;

describe("scanners", () => {
  test.each(accepted)("%s takes %o for %o", (name, value, wanted) => {
    expect(scanners[name]?.(value)).toEqual(wanted);
  });

  test.each(refused)("%s refuses %o", (name, value, message) => {
    expect(() => scanners[name]?.(value)).toThrow(
      message.endsWith("out of range") ? new RangeError(message) : new TypeError(message),
    );
  });

  test.each(["int", "bigint", "float", "string", "bool", "bytes", "time"])(
    "nullable(%s) takes NULL, and the rest",
    (name) => {
      const scanner = sql.nullable(scanners[name] as sql.Scanner<unknown>);
      expect(scanner(null)).toBeNull();
      expect(() => scanner(Symbol("odd"))).toThrow(/^converting .* is unsupported$/);
    },
  );

  test("array takes arrays, and the texts of JSON and of PostgreSQL", () => {
    expect(sql.array(sql.int)([1, "2", 3n])).toEqual([1, 2, 3]);
    expect(sql.array(sql.int)("[1,2]")).toEqual([1, 2]);
    expect(sql.array(sql.nullable(sql.int))("{1,NULL,3}")).toEqual([1, null, 3]);
    expect(sql.array(sql.string)(String.raw`{a,"b,c","d\"e"}`)).toEqual(["a", "b,c", 'd"e']);
    expect(sql.array(sql.array(sql.int))("[0:1]={{1,2},{3,4}}")).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(sql.array(sql.string)("{}")).toEqual([]);
    // Its second argument is not the index.
    expect(sql.array(Number.parseInt as sql.Scanner<number>)(["10", "10", "10"])).toEqual([10, 10, 10]);
  });

  test.each(["", "a", "{", "{a", '{"a', "{a}b", "[1", '{"a":1}', "1", "null"])("array refuses the text %j", (text) => {
    expect(() => sql.array(sql.string)(text)).toThrow(`converting ${JSON.stringify(text)} to an array is unsupported`);
  });

  test("array refuses what is none, and elements that do not fit", () => {
    expect(() => sql.array(sql.int)("{")).toThrow(TypeError);
    expect(() => sql.array(sql.int)(null)).toThrow(new TypeError("converting NULL to an array is unsupported"));
    expect(() => sql.array(sql.int)(5)).toThrow(new TypeError("converting 5 to an array is unsupported"));
    expect(() => sql.array(sql.int)([1, null])).toThrow(new TypeError("converting NULL to an integer is unsupported"));
    expect(() => sql.array(5 as never)).toThrow(new TypeError("sql: array: 5 is not a function"));
  });

  test("json parses text and bytes, and takes what is parsed", () => {
    expect(sql.json()('{"a":[1,null]}')).toEqual({ a: [1, null] });
    expect(sql.json()(new TextEncoder().encode("[true]"))).toEqual([true]);
    expect(sql.json()({ a: 1 })).toEqual({ a: 1 });
    expect(sql.json()(5)).toBe(5);
    expect(sql.json(sql.array(sql.string))('["a"]')).toEqual(["a"]);
    expect(() => sql.json()(null)).toThrow(new TypeError("converting NULL to JSON is unsupported"));
    expect(sql.nullable(sql.json())(null)).toBeNull();
    expect(() => sql.json()("{")).toThrow(/^converting "\{" to JSON: /);
    expect(() => sql.json(5 as never)).toThrow(new TypeError("sql: json: 5 is not a function"));
  });

  test("json takes the strings of a JSON column as they are", () => {
    const scan = (databaseTypeName: string, value: unknown): unknown =>
      scanColumn(sql.nullable(sql.json()), value, 0, { name: "tags", databaseTypeName });
    expect(["jsonb", "json", "JSON"].map((type) => scan(type, "1"))).toEqual(["1", "1", "1"]);
    expect(scan("text", "1")).toBe(1);
    expect(scan("jsonb", null)).toBeNull();
    expect(() => scan("text", "{")).toThrow('sql: Scan error on column index 0, name "tags": converting "{" to JSON');
  });

  test("what a scanner throws keeps its kind as the cause of the error", () => {
    expect(() => sql.int(null)).toThrow(TypeError);
    expect(() => sql.int(2n ** 60n)).toThrow(RangeError);
  });
});
