/** Checks of values: what goes in comes out, and arguments are never part of the statement. */

import * as sql from "../sql.ts";
import { type Bench, type Check, same, show, thrown } from "./bench.ts";
import type { ColumnTypes } from "./drivertest.ts";

const quotes = ["'", '"', "`", "\\", "'); DROP TABLE x; --", "? $1 :a @b %s ${c}", "/* -- #", "\\'; SELECT 1", "''"];
const texts = ["", " ", "text", "Zoë 日本 😀", "line\r\n\ttab", "x".repeat(70_000), ...quotes];

/** Inserts values, and returns what is read back, in order. */
async function roundTrip<T>(
  bench: Bench,
  type: string,
  values: readonly unknown[],
  scanner: sql.Scanner<T>,
): Promise<T[]> {
  const { ctx, db } = bench;
  const table = await bench.table(type);
  for (const [id, value] of values.entries()) {
    await bench.within(`INSERT of ${show(value)}`, db.execContext(ctx, bench.insert(table), id, value));
  }
  const read: T[] = [];
  for (const id of values.keys()) {
    const [value] = await bench.within("SELECT", db.queryRowContext(ctx, bench.select(table), id).scan(scanner));
    read.push(value);
  }
  same(await bench.count(table), values.length, "the number of rows");
  return read;
}

function kind<T, P>(
  type: keyof ColumnTypes,
  what: string,
  values: readonly T[],
  scanner: sql.Scanner<T>,
  plain: (value: T | null) => P,
): Check {
  return {
    name: `keeps ${what}, and NULL, as they are`,
    needs: ({ types }) => types[type] !== undefined,
    run: async (bench) => {
      const all = [...values, null];
      const read = await roundTrip(bench, bench.options.types[type] as string, all, sql.nullable(scanner));
      for (const [i, value] of all.entries()) same(plain(read[i] as T | null), plain(value), "the value read back");
    },
  };
}

const itself = <T>(value: T): T => value;

export const valueChecks: readonly Check[] = [
  kind("text", "texts", texts, sql.string, itself),
  kind("integer", "integers", [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)], sql.int, itself),
  kind("bigint", "integers of 64 bits", [0n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)], sql.bigint, itself),
  kind("bigint", "large integers that are numbers", [2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 40], sql.int, itself),
  kind("float", "floats", [0.1, -2.5, 1e300, 5e-300, 1 / 3, 2 ** 53], sql.float, itself),
  kind("bool", "booleans", [true, false], sql.bool, itself),
  kind(
    "bytes",
    "bytes",
    [new Uint8Array(), Uint8Array.from({ length: 256 }, (_, i) => i), new Uint8Array(70_000).fill(39)],
    sql.bytes,
    (value) => (value === null ? null : [...value]),
  ),
  kind(
    "time",
    "times",
    [new Date("2024-02-29T12:34:56.789Z"), new Date("1999-12-31T23:59:59.000Z")],
    sql.time,
    (value) => value?.toISOString() ?? null,
  ),
  {
    name: "takes a part of a larger buffer for what it is",
    needs: ({ types }) => types.bytes !== undefined,
    run: async (bench) => {
      const whole = Uint8Array.from({ length: 64 }, (_, i) => i);
      const [read] = await roundTrip(bench, bench.options.types.bytes as string, [whole.subarray(8, 12)], sql.bytes);
      same([...(read as Uint8Array)], [8, 9, 10, 11], "the value read back");
    },
  },
  {
    name: "binds arguments, and never makes them part of the statement",
    run: async (bench) => {
      const { ctx, db } = bench;
      const table = await bench.table();
      const hostile = [...quotes, `'); DROP TABLE ${table}; --`, `' OR '1'='1`, `1; DELETE FROM ${table}`];
      for (const [id, text] of hostile.entries()) {
        await bench.within("INSERT", db.execContext(ctx, bench.insert(table), id, text));
      }
      for (const [id, text] of hostile.entries()) {
        const byValue = `SELECT id FROM ${table} WHERE value = ${bench.p(1)}`;
        const rows = await bench.within("SELECT", db.queryContext(ctx, byValue, text));
        const ids: number[] = [];
        while (await rows.next()) ids.push(...rows.scan(sql.int));
        same(ids, [id], `the rows whose value is ${show(text)}`);
        same(await bench.count(table), hostile.length, `the number of rows after a query for ${show(text)}`);
      }
    },
  },
  {
    name: "takes arguments by their names",
    needs: ({ named }) => named !== undefined,
    run: async (bench) => {
      const { ctx, db } = bench;
      const named = (name: string): string => bench.options.named?.(name) ?? "";
      const table = await bench.table();
      const text = `INSERT INTO ${table} (id, value) VALUES (${named("id")}, ${named("value")})`;
      await bench.within("INSERT", db.execContext(ctx, text, sql.named("value", "seven"), sql.named("id", 7)));
      const row = db.queryRowContext(ctx, bench.select(table), 7);
      same(await bench.within("SELECT", row.scan(sql.string)), ["seven"], "the row");
      const wrong = db.execContext(ctx, text, sql.named("id", 8), sql.named("valeu", "x"));
      await thrown(bench, "a statement without a value for one of its names", wrong);
    },
  },
  {
    name: "refuses names if it does not know them",
    needs: ({ named }) => named === undefined,
    run: async (bench) => {
      const { ctx, db } = bench;
      const table = await bench.table();
      const insert = db.execContext(ctx, bench.insert(table), sql.named("id", 7), sql.named("value", "seven"));
      await thrown(bench, "a statement with named arguments", insert);
    },
  },
  {
    name: "delivers values that stay as they are when it reads on",
    needs: ({ types }) => types.bytes !== undefined,
    run: async (bench) => {
      const { ctx, db } = bench;
      const table = await bench.table(bench.options.types.bytes);
      for (let id = 0; id < 50; id++) await db.execContext(ctx, bench.insert(table), id, new Uint8Array(100).fill(id));
      const rows = await bench.within("SELECT", db.queryContext(ctx, `SELECT value FROM ${table} ORDER BY id`));
      const read: Uint8Array[] = [];
      while (await bench.within("next", rows.next())) read.push(...rows.scan(sql.bytes));
      for (const [id, value] of read.entries()) same([...value], Array(100).fill(id), `the bytes of row ${id}`);
    },
  },
];
