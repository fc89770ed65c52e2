/** Checks of statements: their arguments, their errors, their results, and prepared ones. */

import { as } from "../../errors/errors.ts";
import { DriverError, type Conn } from "../driver/driver.ts";
import * as sql from "../sql.ts";
import { bind, type Bench, type Check, drain, execute, must, same, show, start, thrown } from "./bench.ts";

/** Runs a statement in each of the ways that there are, and fails unless all of them throw; returns what they throw. */
async function allThrow(bench: Bench, conn: Conn, what: string, text: string, values: unknown[]): Promise<unknown[]> {
  const { ctx } = bench;
  const prepared = async (use: "query" | "exec"): Promise<unknown> => {
    const statement = await conn.prepare(ctx, text);
    try {
      // `sql` itself compares the numbers if the driver knows how many there should be.
      if (statement.numInput >= 0 && statement.numInput !== values.length) throw new Error("sql: expected …");
      if (use === "exec") return await statement.exec(ctx, bind(conn, values));
      const rows = await statement.query(ctx, bind(conn, values));
      try {
        return await rows.next();
      } finally {
        await rows.close();
      }
    } finally {
      await statement.close();
    }
  };
  return [
    await thrown(bench, `a query with ${what}`, drain(conn, ctx, text, ...values)),
    await thrown(bench, `exec with ${what}`, execute(conn, ctx, text, ...values)),
    await thrown(bench, `a prepared query with ${what}`, prepared("query")),
    await thrown(bench, `exec of a prepared statement with ${what}`, prepared("exec")),
  ];
}

async function usable(bench: Bench, conn: Conn, after: string): Promise<void> {
  const rows = await bench.within(`a query after ${after}`, drain(conn, bench.ctx, bench.options.series(3)));
  same(rows.flat().map(sql.int), [1, 2, 3], `the rows of a query after ${after}`);
  must(conn.isValid?.() !== false, `the connection must be valid after ${after}`);
}

export const statementChecks: readonly Check[] = [
  {
    name: "throws a DriverError for malformed SQL, and can be used after it",
    run: async (bench) => {
      const conn = await bench.connect();
      for (const text of ["SELEKT 1", "SELECT FROM WHERE", "INSERT INTO", "'"]) {
        const errors = await allThrow(bench, conn, `the text ${show(text)}`, text, []);
        for (const error of errors) {
          must(as(error, DriverError) !== undefined, `${show(text)} must throw a DriverError, got ${show(error)}`);
        }
        await usable(bench, conn, "malformed SQL");
      }
    },
  },
  {
    name: "throws for a text without a statement, or does nothing",
    run: async (bench) => {
      const conn = await bench.connect();
      for (const text of ["", "  "]) {
        await bench.within(
          "exec",
          execute(conn, bench.ctx, text).catch(() => undefined),
        );
        await bench.within(
          "a query",
          drain(conn, bench.ctx, text).catch(() => undefined),
        );
        await usable(bench, conn, "an empty text");
      }
    },
  },
  {
    name: "throws for a table that does not exist, and can be used after it",
    run: async (bench) => {
      const conn = await bench.connect();
      await allThrow(bench, conn, "a table that does not exist", "SELECT value FROM gocsp_no_such_table", []);
      await usable(bench, conn, "an error");
    },
  },
  {
    name: "throws for too few and for too many arguments, and can be used after it",
    run: async (bench) => {
      const conn = await bench.connect();
      const table = await bench.table();
      for (const values of [[], [1], [1, "a", "b"]]) {
        await allThrow(bench, conn, `${values.length} arguments for 2 parameters`, bench.insert(table), values);
        await usable(bench, conn, "a wrong number of arguments");
      }
      for (const values of [[], [1, 2]]) {
        await allThrow(bench, conn, `${values.length} arguments for 1 parameter`, bench.select(table), values);
        await usable(bench, conn, "a wrong number of arguments");
      }
      same(await bench.count(table), 0, "the number of rows that were inserted");
    },
  },
  {
    name: "throws for a duplicate key, and leaves the connection and the data as they were",
    run: async (bench) => {
      const { ctx } = bench;
      const conn = await bench.connect();
      const table = await bench.table();
      await bench.within("INSERT", execute(conn, ctx, bench.insert(table), 1, "first"));
      const error = await thrown(bench, "the second INSERT", execute(conn, ctx, bench.insert(table), 1, "second"));
      must(as(error, DriverError) !== undefined, `it must throw a DriverError, got ${show(error)}`);
      must(as(error, DriverError)?.code !== "", "its code must say that the key is not unique");
      same(await bench.within("SELECT", drain(conn, ctx, bench.select(table), 1)), [["first"]], "the row");
    },
  },
  {
    name: "tells how many rows were changed",
    run: async (bench) => {
      const { ctx } = bench;
      const conn = await bench.connect();
      const table = await bench.table();
      for (let id = 1; id <= 3; id++) {
        same(await execute(conn, ctx, bench.insert(table), id, "x"), 1, "rowsAffected of an INSERT");
      }
      const update = `UPDATE ${table} SET value = ${bench.p(1)} WHERE id = ${bench.p(2)}`;
      same(await execute(conn, ctx, update, "y", 2), 1, "rowsAffected of an UPDATE of one row");
      same(await execute(conn, ctx, update, "y", 9), 0, "rowsAffected of an UPDATE of no row");
      const remove = `DELETE FROM ${table} WHERE id = ${bench.p(1)}`;
      same(await execute(conn, ctx, remove, 1), 1, "rowsAffected of a DELETE");
      same(await bench.count(table), 2, "the number of rows that are left");
    },
  },
  {
    name: "returns the last key as a number or a bigint, or throws if the engine has no such thing",
    run: async (bench) => {
      const table = await bench.table();
      const result = await bench.db.execContext(bench.ctx, bench.insert(table), 7, "x");
      let id: unknown;
      try {
        id = result.lastInsertId();
      } catch (error) {
        must(error instanceof Error && error.message !== "", `it must throw an Error, got ${show(error)}`);
        return;
      }
      must(typeof id === "number" || typeof id === "bigint", `lastInsertId must be a number, got ${show(id)}`);
    },
  },
  {
    name: "runs prepared statements again and again, and several at the same time",
    run: async (bench) => {
      const { ctx } = bench;
      const conn = await bench.connect();
      const table = await bench.table();
      const insert = await bench.within("prepare", conn.prepare(ctx, bench.insert(table)));
      const select = await bench.within("prepare", conn.prepare(ctx, bench.select(table)));
      must([-1, 2].includes(insert.numInput), `numInput must be 2 or -1, got ${insert.numInput}`);
      must([-1, 1].includes(select.numInput), `numInput must be 1 or -1, got ${select.numInput}`);
      for (let id = 1; id <= 20; id++) {
        const result = await bench.within("exec", insert.exec(ctx, bind(conn, [id, `value ${id}`])));
        same(result.rowsAffected(), 1, "rowsAffected of a prepared INSERT");
        for (const wanted of [id, 1]) {
          const rows = await bench.within("query", select.query(ctx, bind(conn, [wanted])));
          same(await bench.within("next", rows.next()), [[`value ${wanted}`]], "the row of a prepared query");
          same(await bench.within("next", rows.next()), [], "the rows after the last");
          await bench.within("close", rows.close());
        }
      }
      await bench.within("close of a statement", select.close());
      await bench.within("exec after another was closed", insert.exec(ctx, bind(conn, [99, "last"])));
      await bench.within("close of a statement", insert.close());
      await usable(bench, conn, "prepared statements were closed");
    },
  },
  {
    name: "closes the rows of a prepared query early, and runs it again",
    run: async (bench) => {
      const { ctx } = bench;
      const conn = await bench.connect();
      const statement = await bench.within("prepare", conn.prepare(ctx, bench.options.series(5000)));
      for (const batches of [0, 1, 2]) {
        const rows = await bench.within("query", statement.query(ctx, []));
        let next = 1;
        for (let i = 0; i < batches; i++) {
          for (const [n] of await bench.within("next", rows.next())) same(sql.int(n), next++, "the next row");
        }
        await bench.within("close", rows.close());
      }
      await bench.within("close of the statement", statement.close());
      await usable(bench, conn, "the statement was closed");
    },
  },
  {
    name: "names the columns in order, even if two have the same name",
    run: async (bench) => {
      const conn = await bench.connect();
      for (const names of [
        ["a", "b"],
        ["b", "a"],
        ["a", "a"],
      ] as const) {
        const text = `SELECT 1 AS ${names[0]}, 2 AS ${names[1]}`;
        const rows = await bench.within("query", start(conn, bench.ctx, text));
        same(
          rows.columns.map(({ name }) => name),
          names,
          `the columns of ${text}`,
        );
        for (const { databaseTypeName } of rows.columns) {
          must(
            typeof databaseTypeName === "string",
            `databaseTypeName must be a string, got ${show(databaseTypeName)}`,
          );
        }
        const [row] = await bench.within("next", rows.next());
        same(row?.map(sql.int), [1, 2], `the row of ${text}`);
        await bench.within("close", rows.close());
      }
    },
  },
];
