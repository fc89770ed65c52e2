import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { clientOf, mysql } from "gocsp/sql/mysql";
import { sqlite } from "gocsp/sql/sqlite";
import type mysql2 from "mysql2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { admin, type MariaServer, noMariaDB, startMariaDB } from "../servers/mariadb.ts";

expectNoGoroutinesLeft();

const ctx = context.background();

describe.skipIf(noMariaDB)("MariaDB, raw and several statements", () => {
  let server: MariaServer;
  let db: sql.DB;

  beforeAll(async () => {
    server = await startMariaDB();
    db = open();
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS album");
    await admin(server.port, "CREATE TABLE album (id int PRIMARY KEY, title varchar(100)) ENGINE = InnoDB");
  });

  const open = (change: object = {}): sql.DB => {
    const { host, port, user, password, database } = server;
    return sql.open(mysql({ host, port, user, password, database, ...change }));
  };
  const titles = async (): Promise<unknown[]> =>
    (await admin(server.port, "SELECT title FROM album ORDER BY id")).map(({ title }) => title);
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.unreachable("this should have failed"),
      (error: unknown) => error,
    );
  const run = (raw: Parameters<typeof clientOf>[0], text: string): Promise<unknown> =>
    clientOf<mysql2.Connection>(raw)
      .promise()
      .query({ sql: text, rowsAsArray: false })
      .then(([rows]) => rows);

  it("lends the client of mysql2, in a transaction too [Q33]", async () => {
    await using conn = await db.conn(ctx);
    const rows = await conn.raw(ctx, async (raw) => {
      await run(raw, "INSERT INTO album VALUES (1, 'a')");
      return run(raw, "SELECT title FROM album");
    });
    expect(rows).toEqual([{ title: "a" }]);
    const tx = await conn.beginTx(ctx);
    await tx.raw(ctx, (raw) => run(raw, "UPDATE album SET title = 'b'"));
    await tx.rollback();
    expect(await titles()).toEqual(["a"]);
  });

  it("stops at the server what runs there when the context ends, and hits nothing else [Q33]", async () => {
    await using conn = await db.conn(ctx);
    for (let i = 0; i < 40; i++) {
      const [soon, cancel] = context.withTimeout(ctx, i % 12);
      using _ = cancel;
      const error = await failure(
        conn.raw(soon, (raw) => run(raw, "SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b")),
      );
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      expect(await conn.queryRowContext(ctx, "SELECT ?", i).scan(sql.int)).toEqual([i]);
    }
    await expect
      .poll(() =>
        admin(server.port, "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT count(*) FROM seq%'"),
      )
      .toHaveLength(0);
  });

  it("waits for what was begun and not awaited, and takes no transaction back into the pool [Q33]", async () => {
    await using other = open();
    const conn = await other.conn(ctx);
    await conn.raw(ctx, (raw) => {
      void run(raw, "INSERT INTO album SELECT 1, concat('late', sleep(0.05))");
    });
    expect(await titles()).toEqual(["late0"]);
    await conn.raw(ctx, async (raw) => {
      await run(raw, "START TRANSACTION");
      await run(raw, "INSERT INTO album VALUES (2, 'lost')");
    });
    await conn.close();
    await expect.poll(() => other.stats().openConnections).toBe(0);
    expect(await titles()).toEqual(["late0"]);
  });

  it("notices a transaction that was ended there [Q33]", async () => {
    await using conn = await db.conn(ctx);
    const tx = await conn.beginTx(ctx);
    await tx.raw(ctx, (raw) => run(raw, "COMMIT"));
    await expect(tx.execContext(ctx, "INSERT INTO album VALUES (1, 'astray')")).rejects.toThrow(
      "the transaction has ended already",
    );
    await tx.rollback();
    expect(await titles()).toEqual([]);
  });

  it("lends it within raw only, and not while rows are open; fails when the connection is lost [Q33]", async () => {
    await using conn = await db.conn(ctx);
    let kept: Parameters<typeof clientOf>[0] | undefined;
    await conn.raw(ctx, (raw) => void (kept = raw));
    expect(() => clientOf(kept as NonNullable<typeof kept>)).toThrow("mysql: the client is lent within raw only");
    const rows = await conn.queryContext(ctx, "SELECT seq FROM seq_1_to_1000");
    await expect(conn.raw(ctx, (raw) => clientOf(raw))).rejects.toThrow("busy with the rows of another query");
    await rows.close();
    await using memory = sql.open(sqlite(":memory:"));
    await using other = await memory.conn(ctx);
    await expect(other.raw(ctx, (raw) => clientOf(raw))).rejects.toThrow(
      new TypeError("mysql: the connection is not one of MySQL"),
    );
    const [id] = await conn.queryRowContext(ctx, "SELECT CONNECTION_ID()").scan(sql.int);
    const sleeping = failure(conn.raw(ctx, (raw) => run(raw, "SELECT SLEEP(600)")));
    await admin(server.port, `KILL ${id}`);
    expect(await sleeping).toBeInstanceOf(Error);
  });

  it("runs several statements in one exec where multiStatements says so, and nowhere else [Q34]", async () => {
    const several = "INSERT INTO album VALUES (1, 'a;b'); SELECT 1; UPDATE album SET title = concat(title, '!')";
    expect(await failure(db.execContext(ctx, several))).toMatchObject({ errno: 1064 });
    expect(await titles()).toEqual([]);
    const { user, password, host, port, database } = server;
    for (const other of [
      open({ multiStatements: true }),
      sql.open(mysql(`mysql://${user}:${password}@${host}:${port}/${database}?multiStatements=true`)),
    ]) {
      expect((await other.execContext(ctx, several)).rowsAffected()).toBe(1);
      expect(await titles()).toEqual(["a;b!"]);
      // Each is for itself, unless they are in a transaction.
      expect(
        await failure(
          other.execContext(ctx, "INSERT INTO album VALUES (2, 'b'); INSERT INTO album VALUES (1, 'c'); SELECT 1"),
        ),
      ).toMatchObject({ errno: 1062 });
      expect(await titles()).toEqual(["a;b!", "b"]);
      expect(await failure(other.queryContext(ctx, "SELECT 1; SELECT 2"))).toMatchObject({ errno: 1064 });
      const tx = await other.beginTx(ctx);
      await tx.execContext(ctx, "DELETE FROM album WHERE id = 1; DELETE FROM album WHERE id = 2");
      await tx.rollback();
      expect(await titles()).toEqual(["a;b!", "b"]);
      for (let i = 0; i < 20; i++) {
        const [soon, cancel] = context.withTimeout(ctx, i);
        using _ = cancel;
        const error = await failure(other.execContext(soon, "DO 1; SELECT * FROM seq_1_to_1000000000; DO 2"));
        expect(errors.is(error, context.deadlineExceeded)).toBe(true);
        expect(await other.queryRowContext(ctx, "SELECT ?", i).scan(sql.int)).toEqual([i]);
      }
      await other.execContext(ctx, "DELETE FROM album");
      await other.close();
    }
    expect(() => mysql({ multiStatements: 1 as unknown as boolean })).toThrow(
      "mysql: multiStatements must be a boolean, got 1",
    );
    expect(() => mysql("mysql://localhost?multiStatements=yes")).toThrow(
      'mysql: multiStatements must be true or false, got "yes"',
    );
  });

  it("scans JSON, and arrays of it [Q35]", async () => {
    await using conn = await db.conn(ctx);
    await conn.execContext(ctx, "CREATE OR REPLACE TEMPORARY TABLE t (document json, words text)");
    await conn.execContext(ctx, "INSERT INTO t VALUES (?, ?)", '"1"', '["a","b"]');
    expect(
      await conn.queryRowContext(ctx, "SELECT document, words FROM t").scan(sql.json(), sql.array(sql.string)),
    ).toEqual(["1", ["a", "b"]]);
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
    expect(() => mysql({ cancelTimeout: -1 })).toThrow(
      "mysql: cancelTimeout must be a number of milliseconds, at least 0, got -1",
    );
  });
});
