/** Checks of connections: how they begin, whether they are good, and that they end in every state. */

import { withCancel } from "../../context/context.ts";
import { WaitGroup } from "../../sync/sync.ts";
import type { Conn } from "../driver/driver.ts";
import * as sql from "../sql.ts";
import { type Bench, type Check, drain, execute, must, same, show, start, thrown } from "./bench.ts";
import { isEnd } from "./cancels.ts";
import { pause } from "./chance.ts";

const states: [name: string, reach: (bench: Bench, conn: Conn) => Promise<void>][] = [
  ["when nothing was done with it", async () => undefined],
  ["after a query", async (bench, conn) => void (await drain(conn, bench.ctx, bench.options.series(3)))],
  ["after an error", async (bench, conn) => void (await execute(conn, bench.ctx, "SELEKT 1").catch(() => undefined))],
  [
    "with open rows",
    async (bench, conn) => void (await (await start(conn, bench.ctx, bench.options.series(100_000))).next()),
  ],
  ["with a prepared statement", async (bench, conn) => void (await conn.prepare(bench.ctx, bench.options.series(3)))],
  [
    "in a transaction",
    async (bench, conn) => {
      await conn.begin(bench.ctx, { isolation: "Default", readOnly: false });
    },
  ],
  [
    "after a statement was stopped",
    async (bench, conn) => {
      const [ctx, cancel] = withCancel(bench.ctx);
      const slow = drain(conn, ctx, bench.options.slowQuery).catch(() => undefined);
      await pause(5);
      cancel();
      await slow;
    },
  ],
];

export const connectionChecks: readonly Check[] = [
  {
    name: "connects, answers a ping and closes",
    run: async (bench) => {
      const conn = await bench.connect();
      if (conn.ping !== undefined) await bench.within("ping", conn.ping(bench.ctx));
      must(conn.isValid?.() !== false, "a new connection must be valid");
      await bench.disconnect(conn);
    },
  },
  {
    name: "gives up connecting when the context ends, or connects",
    run: async (bench) => {
      for (let round = 0; round < 10; round++) {
        const [ctx, cancel] = withCancel(bench.ctx);
        const connecting = bench.connector.connect(ctx);
        connecting.catch(() => undefined);
        await pause(round);
        cancel();
        try {
          const conn = await bench.within("connect, when the context ends", connecting);
          await bench.within("close of the connection", conn.close());
        } catch (error) {
          must(isEnd(error, ctx), `connect must throw the end of the context, got ${show(error)}`);
        }
      }
    },
  },
  ...states.map(([state, reach]): Check => ({
    name: `closes a connection ${state}`,
    run: async (bench) => {
      for (let round = 0; round < 3; round++) {
        const conn = await bench.connect();
        await bench.within(`a connection ${state}`, reach(bench, conn));
        await bench.disconnect(conn);
      }
      const table = await bench.table();
      await bench.within("INSERT", bench.db.execContext(bench.ctx, bench.insert(table), 1, "x"));
      same(await bench.count(table), 1, "the number of rows");
    },
  })),
  {
    name: "takes back what a transaction did whose connection is closed",
    run: async (bench) => {
      const table = await bench.table();
      const conn = await bench.connect();
      await bench.within("begin", conn.begin(bench.ctx, { isolation: "Default", readOnly: false }));
      await bench.within("INSERT", execute(conn, bench.ctx, bench.insert(table), 1, "lost"));
      await bench.disconnect(conn);
      same(await bench.count(table), 0, "the number of rows");
      await bench.within("INSERT", bench.db.execContext(bench.ctx, bench.insert(table), 1, "x"));
    },
  },
  {
    name: "resets a session for the next user",
    run: async (bench) => {
      const conn = await bench.connect();
      for (let round = 0; round < 3; round++) {
        const rows = await bench.within("a query", drain(conn, bench.ctx, bench.options.series(2)));
        same(rows.flat().map(sql.int), [1, 2], "the rows");
        const needs = conn.needsReset?.() ?? true;
        must(typeof needs === "boolean", `needsReset must answer with true or false, got ${show(needs)}`);
        if (needs && conn.resetSession !== undefined) await bench.within("resetSession", conn.resetSession(bench.ctx));
        must(conn.isValid?.() !== false, "the connection must be valid for its next user");
      }
    },
  },
  {
    name: "may be held and let go at any time",
    run: async (bench) => {
      const conn = await bench.connect();
      for (const held of [true, false, false, true, true, false]) {
        conn.hold?.(held);
        const rows = await bench.within("a query", drain(conn, bench.ctx, bench.options.series(2)));
        same(rows.flat().map(sql.int), [1, 2], "the rows");
      }
      conn.hold?.(true);
    },
  },
  {
    name: "gives each of many connections its own answers",
    run: async (bench) => {
      const table = await bench.table();
      for (let id = 0; id < 20; id++) await bench.db.execContext(bench.ctx, bench.insert(table), id, `value ${id}`);
      bench.db.setMaxOpenConns(4);
      bench.db.setMaxIdleConns(4);
      const group = new WaitGroup();
      const wrong: string[] = [];
      for (let i = 0; i < 100; i++) {
        group.go(async () => {
          try {
            const row = bench.db.queryRowContext(bench.ctx, bench.select(table), i % 20);
            same(await row.scan(sql.string), [`value ${i % 20}`], "the row");
          } catch (error) {
            wrong.push(show(error));
          }
        });
      }
      await bench.within("100 queries at the same time", group.wait());
      same(wrong, [], "the queries that went wrong");
      const { inUse, openConnections } = bench.db.stats();
      must(inUse === 0 && openConnections <= 4, `4 connections at most, got ${openConnections}, ${inUse} in use`);
    },
  },
  {
    name: "gives the whole database back when it is closed",
    run: async (bench) => {
      const db = sql.open(await bench.options.connector());
      await bench.within("a query", db.queryRowContext(bench.ctx, bench.options.series(1)).scan());
      await bench.within("close of the database", db.close());
      const error = await thrown(bench, "a query of a closed database", db.queryContext(bench.ctx, "SELECT 1"));
      must((error as Error).message === "sql: database is closed", `it must say so, got ${show(error)}`);
    },
  },
];
