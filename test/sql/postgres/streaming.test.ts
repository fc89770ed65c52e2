import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres, PostgresError } from "gocsp/sql/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";

const ctx = context.background();

/** More than fits into all the buffers on the way, in several batches. */
const many = "SELECT generate_series(1, 3000000) AS i, repeat('x', 100) AS t";

describe.skipIf(noPostgres)("rows that are not all read, of PostgreSQL,", () => {
  expectNoGoroutinesLeft();

  let server: PostgresServer;
  let db: sql.DB;
  beforeAll(async () => {
    server = await startPostgres();
    const { host, port, user, database } = server;
    db = sql.open(postgres({ host, port, user, database }));
    db.setMaxOpenConns(1);
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });

  const pid = async (on: sql.DB | sql.Tx = db): Promise<unknown> =>
    (await on.queryRowContext(ctx, "SELECT pg_backend_pid()").scan())[0];
  const running = async (): Promise<unknown[]> =>
    admin(
      server.port,
      "SELECT query FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%repeat(%' AND pid <> pg_backend_pid()",
    );
  /** Waits until the server can send no more. */
  const untilItWaits = async (): Promise<void> => {
    const text = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'ClientWrite'";
    while ((await admin(server.port, text)).length === 0) await time.sleep(5);
  };

  it("are stopped when their context ends, also at a server that waits for us and would see no cancel", async () => {
    const before = await pid();
    for (let i = 0; i < 10; i++) {
      const [until, cancel] = context.withCancel(ctx);
      const rows = await db.queryContext(until, many);
      for (let n = 0; n < 100 * i; n++) expect(await rows.next()).toBe(true);
      if (i % 2 === 0) await untilItWaits();
      cancel();
      await rows.close();
      expect(errors.is(rows.err(), context.canceled)).toBe(true);
      expect(await pid()).toBe(before);
      expect(await running()).toEqual([]);
    }
  });

  it("are held by the server in a transaction, which goes on when they are given up", async () => {
    await using tx = await db.beginTx(ctx);
    await tx.execContext(ctx, "CREATE TEMP TABLE kept (id int)");
    for (let i = 0; i < 5; i++) {
      const rows = await tx.queryContext(ctx, many);
      for (let n = 0; n < 300 * i; n++) expect(await rows.next()).toBe(true);
      // A cancel would end the transaction.
      await rows.close();
      await tx.execContext(ctx, "INSERT INTO kept VALUES ($1)", i);
    }
    expect(await tx.queryRowContext(ctx, "SELECT count(*) FROM kept").scan()).toEqual([5]);
    await tx.commit();
  });

  it("run into statement_timeout while the program reads nothing, but not in a transaction", async () => {
    const { host, port, user, database } = server;
    await using db = sql.open(postgres({ host, port, user, database, runtimeParams: { statement_timeout: "2s" } }));
    db.setMaxOpenConns(1);
    const before = await pid(db);
    const rows = await db.queryContext(ctx, many);
    expect(await rows.next()).toBe(true);
    await untilItWaits();
    await time.sleep(2100);
    while (await rows.next());
    expect(errors.as(rows.err(), PostgresError)).toMatchObject({
      code: "57014",
      message: "canceling statement due to statement timeout",
    });
    expect(await pid(db)).toBe(before);
    await using tx = await db.beginTx(ctx);
    await using slow = await tx.queryContext(ctx, "SELECT i FROM generate_series(1, 2000) i");
    expect(await slow.next()).toBe(true);
    await time.sleep(2100);
    let read = 1;
    while (await slow.next()) read++;
    expect([read, slow.err()]).toEqual([2000, undefined]);
    await tx.commit();
  });
});
