/** Checks of statements that are stopped: they are really stopped, the error says so, and nothing else is hit. */

import { canceled, type Context, deadlineExceeded, withCancel, withTimeout } from "../../context/context.ts";
import { is, unwrap } from "../../errors/errors.ts";
import { millisecond } from "../../time/time.ts";
import * as sql from "../sql.ts";
import { type Bench, type Check, drain, execute, must, same, show, thrown } from "./bench.ts";
import { pause } from "./chance.ts";

/** Tells whether an error is the end of this context. */
export function isEnd(error: unknown, ctx: Context): boolean {
  const end = ctx.err();
  return end !== undefined && is(error, end);
}

const moments = [0, -1, -5, 1, 3, 10, 30];

/**
 * Runs something slow, stops it at several moments, and looks at the error and at the driver: the caller gets its error
 * even if that stops nothing.
 */
async function stops(bench: Bench, what: string, run: (ctx: Context) => Promise<unknown>): Promise<void> {
  bench.db.setMaxOpenConns(1);
  await bench.within("ping", bench.db.pingContext(bench.ctx));
  for (const moment of moments) {
    const [ctx, cancel] = withCancel(bench.ctx);
    const running = run(ctx);
    running.catch(() => undefined);
    await pause(moment);
    cancel();
    const error = await thrown(bench, `${what} whose context was canceled`, running);
    must(is(error, canceled), `${what} must throw an error that is context.canceled, got ${show(error)}`);
    same((error as Error).message, canceled.message, "its message");
    // There is one connection only. It comes back when the driver has settled, and not before.
    const free = await bench.within(`the driver, after ${what} was canceled,`, bench.db.conn(bench.ctx));
    await free.close();
  }
}

export const cancelChecks: readonly Check[] = [
  {
    name: "stops a query when its context is canceled",
    run: (bench) =>
      stops(bench, "a slow query", (ctx) => bench.db.queryRowContext(ctx, bench.options.slowQuery).scan()),
  },
  {
    name: "stops a prepared query when its context is canceled",
    run: async (bench) => {
      const statement = await bench.within("prepare", bench.db.prepareContext(bench.ctx, bench.options.slowQuery));
      await stops(bench, "a slow prepared query", (ctx) => statement.queryRowContext(ctx).scan());
      await statement.close();
    },
  },
  {
    name: "stops a statement without rows when its context is canceled",
    needs: ({ slowStatement }) => slowStatement !== undefined,
    run: (bench) =>
      stops(bench, "a slow statement", (ctx) => bench.db.execContext(ctx, bench.options.slowStatement as string)),
  },
  {
    name: "stops a query at its deadline, and gives the engine's words as the cause",
    run: async (bench) => {
      // Past the pool, whose callers do not wait until the engine has said something.
      const conn = await bench.connect();
      const stopAfter = async (length: number): Promise<unknown> => {
        const [ctx, cancel] = withTimeout(bench.ctx, length);
        using _ = cancel;
        const slow = drain(conn, ctx, bench.options.slowQuery).then(
          () => must(ctx.err() !== undefined, "the slow query has ended by itself"),
          (error: unknown) => error,
        );
        // A slow machine may not have begun to read the rows by then: nothing is stopped in that case.
        return (await bench.within("a slow query", slow)) ?? stopAfter(2 * length);
      };
      const error = await stopAfter(30 * millisecond);
      must(is(error, deadlineExceeded), `it must throw an error that is context.deadlineExceeded, got ${show(error)}`);
      must(unwrap(error) !== undefined, "the error must have the engine's as its cause");
    },
  },
  {
    name: "stops only what it was asked to stop",
    run: async (bench) => {
      const [one, other] = [await bench.connect(), await bench.connect()];
      const [ctx, cancel] = withCancel(bench.ctx);
      const [otherCtx, cancelOther] = withCancel(bench.ctx);
      using _ = cancelOther;
      const running = drain(other, otherCtx, bench.options.slowQuery).then(
        () => "ended by itself",
        (error: unknown) => show(error),
      );
      const slow = drain(one, ctx, bench.options.slowQuery);
      slow.catch(() => undefined);
      await pause(10);
      cancel();
      await thrown(bench, "the query that was canceled", slow);
      await bench.within("a query on the same connection", drain(one, bench.ctx, bench.options.series(3)));
      let state = "runs";
      void running.then((how) => (state = how));
      await pause(30);
      same(state, "runs", "what has become of a query on another connection");
      cancelOther();
      await bench.within("the other query", running);
    },
  },
  {
    name: "lets a context go when its statement is over",
    run: async (bench) => {
      const conn = await bench.connect();
      const table = await bench.table();
      const [ctx, cancel] = withCancel(bench.ctx);
      const [slowCtx, cancelSlow] = withCancel(bench.ctx);
      using _ = cancelSlow;
      await bench.within("INSERT", execute(conn, ctx, bench.insert(table), 1, "x"));
      await bench.within("a query", drain(conn, ctx, bench.options.series(3)));
      let state = "runs";
      const slow = drain(conn, slowCtx, bench.options.slowQuery).then(
        () => (state = "ended by itself"),
        (error: unknown) => (state = show(error)),
      );
      await pause(10);
      cancel();
      await pause(30);
      same(state, "runs", "what has become of a query when the context of an earlier one ended");
      cancelSlow();
      await bench.within("the query that was canceled", slow);
    },
  },
  {
    name: "does the next query right after one was stopped",
    run: async (bench) => {
      let conn = await bench.connect();
      const table = await bench.table();
      for (let round = 0; round < 30; round++) {
        const [ctx, cancel] = withCancel(bench.ctx);
        const slow = drain(conn, ctx, bench.options.slowQuery);
        slow.catch(() => undefined);
        await pause(moments[round % moments.length] as number);
        cancel();
        const error = await thrown(
          bench,
          "a slow query",
          slow.then(() => must(ctx.err() === undefined, "it was stopped")),
        );
        must(
          isEnd(error, ctx) || (error as Error).message === "it was stopped",
          `it must throw the end, got ${show(error)}`,
        );
        if (conn.isValid?.() === false) {
          await bench.disconnect(conn);
          conn = await bench.connect();
        }
        // What was stopped too late would hit one of these.
        for (let i = 0; i < 3; i++) {
          const id = round * 3 + i;
          await bench.within("the next statement", execute(conn, bench.ctx, bench.insert(table), id, "x"));
          const rows = await bench.within("the next query", drain(conn, bench.ctx, bench.options.series(5)));
          same(rows.flat().map(sql.int), [1, 2, 3, 4, 5], "the rows of the next query");
        }
      }
    },
  },
  {
    name: "closes the rows when the context of a query ends, and the connection is free",
    run: async (bench) => {
      bench.db.setMaxOpenConns(1);
      for (const read of [0, 1, 500]) {
        const [ctx, cancel] = withCancel(bench.ctx);
        const rows = await bench.within("a query", bench.db.queryContext(ctx, bench.options.series(1_000_000)));
        for (let i = 0; i < read; i++) await bench.within("next", rows.next());
        cancel();
        const row = bench.db.queryRowContext(bench.ctx, bench.options.series(1));
        same(await bench.within("the next query", row.scan(sql.int)), [1], "the row of the next query");
        must(!(await rows.next()), "there must be no more rows");
        must(is(rows.err(), canceled), `the rows must end with context.canceled, got ${show(rows.err())}`);
      }
    },
  },
];
