/** Checks of transactions: they are all or nothing, also after something went wrong. */

import { withCancel, withTimeout } from "../../context/context.ts";
import { is } from "../../errors/errors.ts";
import { millisecond } from "../../time/time.ts";
import { isolationLevels, type TxOptions } from "../driver/driver.ts";
import * as sql from "../sql.ts";
import { type Bench, type Check, drain, execute, must, same, show, thrown } from "./bench.ts";

const plain: TxOptions = { isolation: "Default", readOnly: false };

const levels = isolationLevels.filter((level) => level !== "Default");

/** Runs transactions that insert a row, spoil it in some way, and roll back: the row must be gone, the connection good. */
async function rollsBack(bench: Bench, spoil: (conn: Spoiled) => Promise<void>): Promise<void> {
  const { ctx } = bench;
  const conn = await bench.connect();
  const table = await bench.table();
  for (let round = 1; round <= 3; round++) {
    const tx = await bench.within("begin", conn.begin(ctx, plain));
    await bench.within("INSERT", execute(conn, ctx, bench.insert(table), 1, "lost"));
    await spoil({ conn, table });
    await bench.within("rollback", tx.rollback());
    same(await bench.count(table), 0, "the number of rows after the rollback");
    must(conn.isValid?.() !== false, "the connection must be valid after the rollback");
  }
  const tx = await bench.within("begin after a rollback", conn.begin(ctx, plain));
  await bench.within("INSERT", execute(conn, ctx, bench.insert(table), 2, "kept"));
  await bench.within("commit", tx.commit());
  same(await bench.count(table), 1, "the number of rows after a commit");
}

interface Spoiled {
  readonly conn: Awaited<ReturnType<Bench["connect"]>>;
  readonly table: string;
}

export const transactionChecks: readonly Check[] = [
  {
    name: "commits",
    run: async (bench) => {
      const { ctx } = bench;
      const conn = await bench.connect();
      const table = await bench.table();
      for (let id = 1; id <= 3; id++) {
        const tx = await bench.within("begin", conn.begin(ctx, plain));
        await bench.within("INSERT", execute(conn, ctx, bench.insert(table), id, "kept"));
        const inside = await bench.within("SELECT", drain(conn, ctx, bench.select(table), id));
        same(inside, [["kept"]], "what the transaction sees of its own");
        await bench.within("commit", tx.commit());
        same(await bench.count(table), id, "the number of rows that others see after the commit");
      }
    },
  },
  { name: "rolls back", run: (bench) => rollsBack(bench, async () => undefined) },
  {
    name: "rolls back after a statement failed",
    run: (bench) =>
      rollsBack(bench, async ({ conn, table }) => {
        await thrown(bench, "a duplicate key", execute(conn, bench.ctx, bench.insert(table), 1, "again"));
        await thrown(bench, "malformed SQL", execute(conn, bench.ctx, "SELEKT 1"));
      }),
  },
  {
    name: "rolls back after a statement was stopped",
    run: (bench) =>
      rollsBack(bench, async ({ conn }) => {
        const [ctx, cancel] = withTimeout(bench.ctx, 20 * millisecond);
        using _ = cancel;
        await thrown(
          bench,
          "the slow query",
          drain(conn, ctx, bench.options.slowQuery).then(() => must(ctx.err() === undefined, "it was stopped")),
        );
      }),
  },
  {
    name: "rolls back after rows were closed early",
    run: (bench) =>
      rollsBack(bench, async ({ conn }) => {
        const rows = await conn.prepare(bench.ctx, bench.options.series(100_000));
        const open = await bench.within("query", rows.query(bench.ctx, []));
        await bench.within("next", open.next());
        await bench.within("close", open.close());
        await bench.within("close", rows.close());
      }),
  },
  {
    name: "does not say that it has committed if it has not",
    run: async (bench) => {
      const { ctx } = bench;
      const conn = await bench.connect();
      const table = await bench.table();
      const [stopCtx, cancel] = withTimeout(ctx, 20 * millisecond);
      using _ = cancel;
      const failures: (() => Promise<unknown>)[] = [
        () => execute(conn, ctx, bench.insert(table), 1, "again"),
        () => drain(conn, stopCtx, bench.options.slowQuery),
      ];
      for (const fail of failures) {
        const tx = await bench.within("begin", conn.begin(ctx, plain));
        await bench.within("INSERT", execute(conn, ctx, bench.insert(table), 1, "first"));
        await bench.within(
          "a statement that fails",
          fail().catch(() => undefined),
        );
        let committed = true;
        try {
          await bench.within("commit after a failed statement", tx.commit());
        } catch (error) {
          must(error instanceof Error && error.message !== "", `commit must throw an Error, got ${show(error)}`);
          committed = false;
        }
        same(
          await bench.count(table),
          committed ? 1 : 0,
          `the number of rows after a commit that ${committed ? "returned" : "threw"}`,
        );
        await bench.within("DELETE", execute(conn, ctx, `DELETE FROM ${table} WHERE id = ${bench.p(1)}`, 1));
        const next = await bench.within("begin after that", conn.begin(ctx, plain));
        await bench.within("rollback", next.rollback());
      }
    },
  },
  {
    name: "does not show to others what is not committed",
    needs: ({ concurrent }) => concurrent !== false,
    run: async (bench) => {
      const [writer, reader] = [await bench.connect(), await bench.connect()];
      const table = await bench.table();
      const tx = await bench.within("begin", writer.begin(bench.ctx, plain));
      await bench.within("INSERT", execute(writer, bench.ctx, bench.insert(table), 1, "secret"));
      const [ctx, cancel] = withTimeout(bench.ctx, 200 * millisecond);
      using _ = cancel;
      // Engines that make readers wait show nothing either.
      const seen = await bench.within(
        "a reader",
        drain(reader, ctx, bench.select(table), 1).catch(() => []),
      );
      same(seen, [], "what another connection sees before the commit");
      await bench.within("commit", tx.commit());
      const row = bench.within("a reader", drain(reader, bench.ctx, bench.select(table), 1));
      same(await row, [["secret"]], "what another connection sees after the commit");
    },
  },
  {
    name: "begins with each isolation level, or throws and can be used after it",
    run: async (bench) => {
      const conn = await bench.connect();
      const table = await bench.table();
      for (const [i, isolation] of levels.entries()) {
        let tx;
        try {
          tx = await bench.within(`begin with ${isolation}`, conn.begin(bench.ctx, { isolation, readOnly: false }));
        } catch (error) {
          must(error instanceof Error && error.message !== "", `begin must throw an Error, got ${show(error)}`);
        }
        if (tx !== undefined) {
          await bench.within("INSERT", execute(conn, bench.ctx, bench.insert(table), 100 + i, "lost"));
          await bench.within("rollback", tx.rollback());
        }
        must(conn.isValid?.() !== false, `the connection must be valid after begin with ${isolation}`);
        const next = await bench.within("begin after that", conn.begin(bench.ctx, plain));
        await bench.within("INSERT", execute(conn, bench.ctx, bench.insert(table), i, "kept"));
        await bench.within("commit", next.commit());
        same(await bench.count(table), i + 1, `the number of rows after ${isolation}`);
      }
    },
  },
  {
    name: "lets nobody write in a read-only transaction, or throws when it begins",
    run: async (bench) => {
      const conn = await bench.connect();
      const table = await bench.table();
      let tx;
      try {
        tx = await bench.within("begin", conn.begin(bench.ctx, { isolation: "Default", readOnly: true }));
      } catch (error) {
        must(error instanceof Error && error.message !== "", `begin must throw an Error, got ${show(error)}`);
      }
      if (tx !== undefined) {
        await bench.within("SELECT", drain(conn, bench.ctx, bench.select(table), 1));
        const insert = execute(conn, bench.ctx, bench.insert(table), 1, "written");
        await thrown(bench, "an INSERT in a read-only transaction", insert);
        await bench.within("rollback", tx.rollback());
      }
      const next = await bench.within("begin", conn.begin(bench.ctx, plain));
      await bench.within("INSERT in the next transaction", execute(conn, bench.ctx, bench.insert(table), 2, "x"));
      await bench.within("commit", next.commit());
      await bench.within("INSERT after it", execute(conn, bench.ctx, bench.insert(table), 3, "x"));
      same(await bench.count(table), 2, "the number of rows");
    },
  },
  {
    name: "lets sql roll back when the context of a transaction ends",
    run: async (bench) => {
      const { db } = bench;
      const table = await bench.table();
      db.setMaxOpenConns(1);
      for (const busy of [false, true]) {
        const [ctx, cancel] = withCancel(bench.ctx);
        const tx = await bench.within("begin", db.beginTx(ctx));
        await bench.within("INSERT", tx.execContext(bench.ctx, bench.insert(table), 1, "lost"));
        const running = busy ? tx.queryRowContext(bench.ctx, bench.options.slowQuery).scan() : undefined;
        running?.catch(() => undefined);
        cancel();
        if (running !== undefined) await thrown(bench, "a query of a transaction whose context ends", running);
        // It waits for the only connection.
        same(await bench.count(table), 0, "the number of rows after the rollback");
        const error = await thrown(bench, "commit", tx.commit());
        must(is(error, sql.errTxDone), `commit must throw errTxDone, got ${show(error)}`);
      }
    },
  },
];
