import { context, errors, gosched, sync, time } from "gocsp";
import * as sql from "gocsp/sql";
import { Fake } from "../../sql/fake/fake.ts";
import { type Program, same } from "./program.ts";

export const pool: readonly Program[] = [
  {
    name: "sql: a pool keeps its limit and its promises to drivers, also when waiters give up",
    run: async () => {
      const fake = new Fake();
      const db = sql.open(fake);
      db.setMaxOpenConns(1);
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          const [conn] = await errors.result(db.conn(i === 0 ? ctx : context.background()));
          if (conn === undefined) {
            same(i, 0, "who gave up");
            return;
          }
          same(fake.open.connections <= 1, true, "open connections");
          await gosched();
          await conn.close();
        });
      }
      wg.go(() => cancel());
      await wg.wait();
      same(db.stats().inUse, 0, "in use");
      await db.close();
      same([fake.breaches, fake.open.connections], [[], 0], "breaches and open connections");
    },
  },
  {
    name: "sql: a transaction whose context ends gives its connection back, rolled back or committed",
    run: async () => {
      const fake = new Fake();
      const db = sql.open(fake);
      db.setMaxOpenConns(1);
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        const [tx] = await errors.result(db.beginTx(ctx));
        if (tx === undefined) return;
        await gosched();
        await errors.result(tx.commit());
      });
      wg.go(() => cancel());
      wg.go(async () => {
        const conn = await db.conn(context.background());
        same(fake.open.transactions, 0, "transactions beside");
        await conn.close();
      });
      await wg.wait();
      // A connection that is rolled back is given back after its transaction has failed.
      const last = await db.conn(context.background());
      same(fake.open.transactions, 0, "transactions in the end");
      await last.close();
      await db.close();
      same([fake.breaches, fake.open.connections], [[], 0], "breaches and open connections");
    },
  },
  {
    name: "sql: connections that grow too old, in use or not, are replaced within the limit, and waiters are served",
    slow: true,
    run: async () => {
      const fake = new Fake();
      const db = sql.open(fake);
      db.setMaxOpenConns(1);
      db.setConnMaxLifetime(2 * time.second);
      db.setConnMaxIdleTime(time.second);
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (let n = 0; n < 2; n++) {
            const conn = await db.conn(context.background());
            same(fake.open.connections <= 1, true, "open connections");
            await time.sleep(n * time.second);
            await conn.close();
          }
        });
      }
      await wg.wait();
      // Slow as the machine may be, they are closed in the end: otherwise this has none.
      while (fake.open.connections + db.stats().openConnections > 0) await time.sleep(time.second);
      await db.close();
      same(fake.breaches, [], "breaches");
    },
  },
];
