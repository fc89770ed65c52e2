/** Checks of rows: all of them, once, in order; in bounded memory; and closed early. */

import { withCancel } from "../../context/context.ts";
import { millisecond, sleep } from "../../time/time.ts";
import * as sql from "../sql.ts";
import { type Check, drain, execute, must, same, show, start, thrown } from "./bench.ts";
import type { Options } from "./drivertest.ts";
import { isEnd } from "./cancels.ts";

const filler = "x".repeat(1000);
const wideRows = 60_000;

/** What a driver may hold of a result of 60 MB that nobody reads, in bytes. */
const bound = 30e6;

interface HostProcess {
  memoryUsage(): { heapUsed: number; external: number };
}

function meter(options: Options): (() => number) | undefined {
  if (options.memory !== undefined) return () => options.memory?.() ?? 0;
  const { process } = globalThis as { process?: Partial<HostProcess> };
  const usage = process?.memoryUsage?.bind(process);
  if (usage === undefined) return undefined;
  return () => {
    const { heapUsed, external } = usage();
    return heapUsed + external;
  };
}

export const rowChecks: readonly Check[] = [
  {
    name: "delivers all rows, each once and in order, and then none",
    run: async (bench) => {
      const conn = await bench.connect();
      for (const n of [1, 2, 255, 256, 257, 5000]) {
        const rows = await bench.within("query", start(conn, bench.ctx, bench.options.series(n)));
        let next = 1;
        for (;;) {
          const batch = await bench.within("next", rows.next());
          if (batch.length === 0) break;
          for (const [value] of batch) same(sql.int(value), next++, `a row of ${n}`);
        }
        same(next - 1, n, "the number of rows");
        await bench.within("close after the last row", rows.close());
      }
    },
  },
  {
    name: "delivers no rows where there are none",
    run: async (bench) => {
      const conn = await bench.connect();
      const table = await bench.table();
      const rows = await bench.within("query", start(conn, bench.ctx, `SELECT id, value FROM ${table}`));
      same(
        rows.columns.map(({ name }) => name),
        ["id", "value"],
        "the columns of an empty result",
      );
      same(await bench.within("next", rows.next()), [], "the rows of an empty table");
      await bench.within("close", rows.close());
    },
  },
  {
    name: "closes rows early, and shows nothing of them to the next query",
    run: async (bench) => {
      const conn = await bench.connect();
      for (const n of [1, 3, 1000, 1_000_000]) {
        for (const batches of [0, 1, 3]) {
          const rows = await bench.within("query", start(conn, bench.ctx, bench.options.series(n)));
          for (let i = 0; i < batches; i++) if ((await bench.within("next", rows.next())).length === 0) break;
          await bench.within(`close after ${batches} batches of ${n} rows`, rows.close());
          must(conn.isValid?.() !== false, `the connection must be valid after ${batches} batches of ${n} rows`);
          const after = await bench.within("the next query", drain(conn, bench.ctx, "SELECT 7 AS a, 8 AS b"));
          same(
            after.map((row) => row.map(sql.int)),
            [[7, 8]],
            "the rows of the next query",
          );
        }
      }
    },
  },
  {
    name: "delivers the first row when it is told that no other is wanted, and is free then",
    run: async (bench) => {
      const { ctx, options } = bench;
      const conn = await bench.connect();
      for (const n of [1, 2, 1000, 1_000_000]) {
        const text = options.series(n);
        const statement = await bench.within("prepare", conn.prepare(ctx, text));
        const ways = [
          () => conn.query?.(ctx, text, [], { oneRow: true }),
          () => statement.query(ctx, [], { oneRow: true }),
        ];
        for (const start of ways) {
          const starting = start();
          if (starting === undefined) continue;
          const rows = await bench.within(`a query for the first of ${n} rows`, starting);
          const [first] = await bench.within("next", rows.next());
          same(first?.map(sql.int), [1], `the first of ${n} rows`);
          await bench.within(`close after the first of ${n} rows`, rows.close());
          must(conn.isValid?.() !== false, `the connection must be valid after the first of ${n} rows`);
          const after = await bench.within("the next query", drain(conn, ctx, options.series(3)));
          same(after.flat().map(sql.int), [1, 2, 3], "the rows of the next query");
        }
        await bench.within("close of the statement", statement.close());
      }
    },
  },
  {
    name: "delivers the same rows when it is told that their query stands alone",
    run: async (bench) => {
      const { ctx, options } = bench;
      const conn = await bench.connect();
      for (const n of [1, 1000]) {
        const text = options.series(n);
        const statement = await bench.within("prepare", conn.prepare(ctx, text));
        const ways = [
          () => conn.query?.(ctx, text, [], { alone: true }),
          () => statement.query(ctx, [], { alone: true }),
        ];
        for (const start of ways) {
          const starting = start();
          if (starting === undefined) continue;
          const rows = await bench.within("a query that stands alone", starting);
          let read = 0;
          for (;;) {
            const batch = await bench.within("next", rows.next());
            if (batch.length === 0) break;
            for (const [value] of batch) same(sql.int(value), ++read, `row ${read} of a query that stands alone`);
          }
          same(read, n, "the number of rows of a query that stands alone");
          await bench.within("close of the rows", rows.close());
          must(conn.isValid?.() !== false, "the connection must be valid after a query that stands alone");
        }
        await bench.within("close of the statement", statement.close());
      }
    },
  },
  {
    name: "delivers each row as an array of its own, with a value for each column",
    run: async (bench) => {
      const conn = await bench.connect();
      const text = `SELECT n, 'x' AS filler FROM (${bench.options.series(600)}) AS s`;
      const rows = await bench.within("query", start(conn, bench.ctx, text));
      const names = rows.columns.map(({ name }) => name);
      const read: (readonly unknown[])[] = [];
      for (;;) {
        const batch = await bench.within("next", rows.next());
        if (batch.length === 0) break;
        for (const row of batch) {
          must(Array.isArray(row), `a row must be an array, got ${show(row)}`);
          same(row.length, names.length, "the number of values in a row");
        }
        read.push(...batch);
        // Objects are made of the rows from one template, for all of them.
        same(
          rows.columns.map(({ name }) => name),
          names,
          "the columns after a batch",
        );
      }
      await bench.within("close", rows.close());
      same(new Set(read).size, 600, "the number of different arrays in 600 rows");
      for (const [i, row] of read.entries()) same(sql.int(row[0]), i + 1, "a row, after others were read");
    },
  },
  {
    name: "tells the columns of a result as they are, also when its table has become another one",
    run: async (bench) => {
      const { ctx, options } = bench;
      const conn = await bench.connect();
      const table = await bench.table();
      const text = `SELECT * FROM ${table}`;
      const check = async (columns: readonly string[], values: readonly unknown[]): Promise<void> => {
        await bench.within("INSERT", execute(conn, ctx, bench.insert(table), 1, "x"));
        // What comes again may be kept.
        for (let i = 0; i < 4; i++) {
          const rows = await bench.within("query", start(conn, ctx, text));
          const names = rows.columns.map(({ name }) => name);
          same(names, columns, `the columns of ${text}`);
          const [row] = await bench.within("next", rows.next());
          same(row, values, `the row of ${text}`);
          await bench.within("close", rows.close());
        }
      };
      await check(["id", "value"], [1, "x"]);
      const { integer, text: textType } = options.types;
      await bench.within("DROP TABLE", execute(conn, ctx, `DROP TABLE ${table}`));
      const columns = `id ${integer} PRIMARY KEY, value ${textType}, more ${textType}`;
      await bench.within("CREATE TABLE", execute(conn, ctx, `CREATE TABLE ${table} (${columns})`));
      await check(["id", "value", "more"], [1, "x", null]);
    },
  },
  {
    name: "throws what goes wrong in the middle of the rows, and closes them",
    run: async (bench) => {
      const conn = await bench.connect();
      const [ctx, cancel] = withCancel(bench.ctx);
      const rows = await bench.within("query", start(conn, ctx, bench.options.series(1_000_000)));
      await bench.within("next", rows.next());
      const reading = rows.next();
      cancel();
      try {
        await bench.within("next, when the context ends", reading);
      } catch (error) {
        must(isEnd(error, ctx), `next must throw the end of the context, got ${String(error)}`);
      }
      await bench.within("close of rows whose context has ended", rows.close());
      const after = await bench.within("the next query", drain(conn, bench.ctx, "SELECT 7 AS a, 8 AS b"));
      same(
        after.map((row) => row.map(sql.int)),
        [[7, 8]],
        "the rows of the next query",
      );
    },
  },
  {
    name: "does not fetch what nobody asks for: memory stays bounded",
    needs: (options) => meter(options) !== undefined,
    run: async (bench) => {
      const memory = meter(bench.options) as () => number;
      const conn = await bench.connect();
      const text = `SELECT n, '${filler}' AS filler FROM (${bench.options.series(wideRows)}) AS s`;
      const before = memory();
      const rows = await bench.within("query", start(conn, bench.ctx, text));
      let read = (await bench.within("next", rows.next())).length;
      must(read < wideRows / 4, `a batch must not hold ${read} of ${wideRows} rows`);
      // Time for a driver that reads ahead to do so.
      await sleep(300 * millisecond);
      const grown = memory() - before;
      must(grown < bound, `${Math.round(grown / 1e6)} MB more are used after the first of 60 MB of rows`);
      for (;;) {
        const batch = await bench.within("next", rows.next());
        if (batch.length === 0) break;
        read += batch.length;
      }
      same(read, wideRows, "the number of rows");
      await bench.within("close", rows.close());
    },
  },
  {
    name: "fails when the query fails, at the latest when its rows are read",
    run: async (bench) => {
      const conn = await bench.connect();
      await thrown(
        bench,
        "a query of a missing column",
        drain(conn, bench.ctx, "SELECT gocsp_missing FROM gocsp_missing"),
      );
    },
  },
];
