import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { clientOf, postgres, PostgresError } from "gocsp/sql/postgres";
import { sqlite } from "gocsp/sql/sqlite";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";

expectNoGoroutinesLeft();

const ctx = context.background();

describe.skipIf(noPostgres)("PostgreSQL, raw and several statements", () => {
  let server: PostgresServer;
  let db: sql.DB;

  beforeAll(async () => {
    server = await startPostgres();
    db = open();
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS album");
    await admin(server.port, "CREATE TABLE album (id int PRIMARY KEY, title text)");
  });

  const open = (change: object = {}): sql.DB => {
    const { host, port, user, database } = server;
    return sql.open(postgres({ host, port, user, database, ...change }));
  };
  const titles = async (): Promise<unknown[]> =>
    (await admin(server.port, "SELECT title FROM album ORDER BY id")).map(({ title }) => title);
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.unreachable("this should have failed"),
      (error: unknown) => error,
    );

  it("lends the client of pg, in a transaction too [Q33]", async () => {
    await using conn = await db.conn(ctx);
    const { rows } = await conn.raw(ctx, async (raw) => {
      const client = clientOf<pg.Client>(raw);
      expect(client).toBeInstanceOf(pg.Client);
      await client.query("INSERT INTO album VALUES (1, 'a')");
      return client.query("SELECT title FROM album");
    });
    expect(rows).toEqual([{ title: "a" }]);
    const tx = await conn.beginTx(ctx);
    await tx.raw(ctx, (raw) => clientOf<pg.Client>(raw).query("UPDATE album SET title = 'b'"));
    await tx.rollback();
    expect(await titles()).toEqual(["a"]);
  });

  it("stops at the server what runs there when the context ends, and hits nothing else [Q33]", async () => {
    await using conn = await db.conn(ctx);
    for (let i = 0; i < 60; i++) {
      const [soon, cancel] = context.withTimeout(ctx, i % 12);
      using _ = cancel;
      const error = await failure(
        conn.raw(soon, (raw) => clientOf<pg.Client>(raw).query("SELECT pg_sleep(600)") as Promise<unknown>),
      );
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      expect(await conn.queryRowContext(ctx, "SELECT $1::int4", i).scan()).toEqual([i]);
    }
    const [sleeping] = await admin(
      server.port,
      "SELECT count(*) n FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    expect(Number(sleeping?.["n"])).toBe(0);
  });

  it("stops what goes through the driver's connection as well [Q33]", async () => {
    await using conn = await db.conn(ctx);
    const [soon, cancel] = context.withTimeout(ctx, 20);
    using _ = cancel;
    const error = await failure(conn.raw(soon, async (raw) => raw.exec?.(ctx, "SELECT pg_sleep(600)", [])));
    expect(errors.is(error, context.deadlineExceeded)).toBe(true);
    expect(await conn.queryRowContext(ctx, "SELECT 7").scan()).toEqual([7]);
  });

  it("waits for what was begun and not awaited, and takes no transaction back into the pool [Q33]", async () => {
    await using other = open();
    const conn = await other.conn(ctx);
    await conn.raw(ctx, (raw) => {
      void clientOf<pg.Client>(raw).query("INSERT INTO album SELECT 1, 'late' FROM pg_sleep(0.05)");
    });
    expect(await titles()).toEqual(["late"]);
    await conn.raw(ctx, (raw) => clientOf<pg.Client>(raw).query("BEGIN; INSERT INTO album VALUES (2, 'lost')"));
    await conn.close();
    await expect.poll(() => other.stats().openConnections).toBe(0);
    expect(await titles()).toEqual(["late"]);
  });

  it("knows that what it keeps prepared may be gone [Q33]", async () => {
    await using conn = await db.conn(ctx);
    const text = "SELECT count(*) FROM album WHERE id > $1::int4";
    for (let i = 0; i < 3; i++) await conn.queryRowContext(ctx, text, i).scan();
    await conn.raw(ctx, (raw) => clientOf<pg.Client>(raw).query("DEALLOCATE ALL"));
    const tx = await conn.beginTx(ctx);
    // Inside a transaction nothing is tried again.
    expect(await tx.queryRowContext(ctx, text, 5).scan()).toEqual([0]);
    await tx.rollback();
  });

  it("lends it within raw only, and not while rows are open [Q33]", async () => {
    await using conn = await db.conn(ctx);
    let kept: Parameters<typeof clientOf>[0] | undefined;
    await conn.raw(ctx, (raw) => void (kept = raw));
    expect(() => clientOf(kept as NonNullable<typeof kept>)).toThrow("postgres: the client is lent within raw only");
    const rows = await conn.queryContext(ctx, "SELECT generate_series(1, 1000)");
    await expect(conn.raw(ctx, (raw) => clientOf(raw))).rejects.toThrow("busy with the rows of another query");
    await rows.close();
    await using memory = sql.open(sqlite(":memory:"));
    await using other = await memory.conn(ctx);
    await expect(other.raw(ctx, (raw) => clientOf(raw))).rejects.toThrow(
      new TypeError("postgres: the connection is not one of PostgreSQL"),
    );
  });

  it("is closed when the client is ended", async () => {
    await using other = open();
    const conn = await other.conn(ctx);
    await conn.raw(ctx, (raw) => clientOf<pg.Client>(raw).end());
    expect(await failure(conn.execContext(ctx, "SELECT 1"))).toBeInstanceOf(PostgresError);
    await conn.close().catch((error: unknown) => expect(error).toBe(sql.errConnDone));
    await expect.poll(() => other.stats().openConnections).toBe(0);
  });

  it("runs several statements in one exec without arguments, as one transaction [Q34]", async () => {
    const result = await db.execContext(
      ctx,
      "INSERT INTO album VALUES (1, 'a;b'); SELECT 1; UPDATE album SET title = title || '!'",
    );
    expect(result.rowsAffected()).toBe(1);
    expect(await titles()).toEqual(["a;b!"]);
    const error = await failure(
      db.execContext(ctx, "INSERT INTO album VALUES (2, 'b'); INSERT INTO album VALUES (1, 'twice'); DROP TABLE album"),
    );
    expect(error).toMatchObject({ code: "23505" });
    expect(await titles()).toEqual(["a;b!"]);
    // With arguments, or as a query, the server refuses it.
    expect(await failure(db.execContext(ctx, "SELECT $1::int4; SELECT 2", 1))).toMatchObject({ code: "42601" });
    expect(await failure(db.queryContext(ctx, "SELECT 1; SELECT 2"))).toMatchObject({ code: "42601" });
    await db.execContext(
      ctx,
      "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int AS $$ BEGIN RETURN 2 * n; END $$ LANGUAGE plpgsql",
    );
    expect(await db.queryRowContext(ctx, "SELECT twice(21)").scan()).toEqual([42]);
    await expect(db.execContext(ctx, "SELECT 1; COPY album FROM STDIN")).rejects.toThrow("use copyFrom");
    await expect(db.execContext(ctx, "COPY album TO STDOUT; SELECT 1")).rejects.toThrow("use copyTo");
    expect(await db.queryRowContext(ctx, "SELECT 1").scan()).toEqual([1]);
    expect(db.stats()).toMatchObject({ inUse: 0 });
  });

  it("stops several statements, of which none has had an effect then [Q34]", async () => {
    for (let i = 0; i < 20; i++) {
      const [soon, cancel] = context.withTimeout(ctx, i);
      using _ = cancel;
      const error = await failure(
        db.execContext(soon, "INSERT INTO album VALUES (1, 'a'); SELECT pg_sleep(600); SELECT 1"),
      );
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      expect(await db.queryRowContext(ctx, "SELECT $1::int4", i).scan()).toEqual([i]);
    }
    expect(await titles()).toEqual([]);
  });

  it("keeps the transaction of several statements, and refuses more when they have ended it [Q34]", async () => {
    const tx = await db.beginTx(ctx);
    await tx.execContext(ctx, "INSERT INTO album VALUES (1, 'a'); INSERT INTO album VALUES (2, 'b')");
    await tx.rollback();
    expect(await titles()).toEqual([]);
    const other = await db.beginTx(ctx);
    await other.execContext(ctx, "INSERT INTO album VALUES (1, 'a'); COMMIT");
    await expect(other.execContext(ctx, "SELECT 1")).rejects.toThrow("the transaction has ended already");
    await other.rollback().catch(() => undefined);
  });

  it("scans arrays and JSON [Q35]", async () => {
    await db.execContext(ctx, "DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('sad', 'happy')");
    const row = db.queryRowContext(
      ctx,
      `SELECT '{1,NULL}'::int8[], '{sad,happy}'::mood[], '"1"'::jsonb, '{"a":[1]}', ARRAY['{"b":2}']::json[]`,
    );
    expect(
      await row.scan(
        sql.array(sql.nullable(sql.int)),
        sql.array(sql.string),
        sql.json(sql.string),
        sql.json(),
        sql.array(sql.json()),
      ),
    ).toEqual([[1, null], ["sad", "happy"], "1", { a: [1] }, [{ b: 2 }]]);
  });

  it("gives up a server that does not stop within cancelTimeout [Q36]", async () => {
    await using patient = open({ cancelTimeout: 300 });
    const conn = await patient.conn(ctx);
    await conn.pingContext(ctx);
    server.freeze(true);
    try {
      const [soon, cancel] = context.withTimeout(ctx, 20 * time.millisecond);
      using _ = cancel;
      const error = await failure(conn.execContext(soon, "SELECT 1"));
      expect(error).toSatisfy((error) => errors.is(error, context.deadlineExceeded));
      await conn.close();
      // That is before the five seconds of others.
      await expect.poll(() => patient.stats().openConnections, { timeout: 4000 }).toBe(0);
    } finally {
      server.freeze(false);
    }
    expect(() => postgres({ cancelTimeout: -1 })).toThrow(
      "postgres: cancelTimeout must be a number of milliseconds, at least 0, got -1",
    );
  });
});
