import { inspect } from "node:util";
import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import { mysql, MysqlError } from "gocsp/sql/mysql";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { certificate } from "../servers/certificate.ts";
import { checkLatency } from "../servers/latency.ts";
import { admin, type MariaServer, noMariaDB, startMariaDB } from "../servers/mariadb.ts";

const ctx = context.background();

describe.skipIf(noMariaDB)("MariaDB's own ways", () => {
  expectNoGoroutinesLeft();

  let server: MariaServer;
  let db: sql.DB;
  beforeAll(async () => {
    server = await startMariaDB({ "max-connections": 15 });
    db = sql.open(connector());
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
  });
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS album");
    await admin(
      server.port,
      "CREATE TABLE album (id int PRIMARY KEY AUTO_INCREMENT, title varchar(100)) ENGINE = InnoDB",
    );
    await admin(server.port, "INSERT INTO album VALUES (1, 'a'), (2, 'b')");
  });

  const connector = (change: object = {}): sql.Connector => {
    const { host, port, user, password, database } = server;
    return mysql({ host, port, user, password, database, ...change });
  };
  const title = async (id: number): Promise<unknown> =>
    (await admin(server.port, `SELECT title FROM album WHERE id = ${id}`))[0]?.["title"];
  const connection = async (from: sql.DB | sql.Conn): Promise<unknown> =>
    (await from.queryRowContext(ctx, "SELECT CONNECTION_ID()").scan())[0];
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.unreachable("this should have failed"),
      (error: unknown) => error,
    );

  it("tells what the server says about an error", async () => {
    const error = await failure(db.execContext(ctx, "SELECT * FROM albun"));
    expect(error).toBeInstanceOf(MysqlError);
    expect(error).toMatchObject({
      name: "MysqlError",
      message: "Table 'test.albun' doesn't exist",
      code: "ER_NO_SUCH_TABLE",
      errno: 1146,
      sqlState: "42S02",
    });
  });

  it("tells the key of the row inserted last, and how many rows were changed", async () => {
    const inserted = await db.execContext(ctx, "INSERT INTO album (title) VALUES ('c'), ('d')");
    expect(inserted.lastInsertId()).toBe(3);
    expect(inserted.rowsAffected()).toBe(2);
    // Rows that are as they were do not count, as with Go's driver.
    expect((await db.execContext(ctx, "UPDATE album SET title = 'c' WHERE id IN (2, 3)")).rowsAffected()).toBe(1);
    await db.execContext(
      ctx,
      "ALTER TABLE album MODIFY id bigint unsigned AUTO_INCREMENT, AUTO_INCREMENT = 10000000000000000001",
    );
    expect((await db.execContext(ctx, "INSERT INTO album (title) VALUES ('e')")).lastInsertId()).toBe(
      10_000_000_000_000_000_001n,
    );
    expect((await db.execContext(ctx, "SELECT 1")).lastInsertId()).toBe(0);
  });

  it("refuses to go on with a transaction that the server has rolled back because of a deadlock", async () => {
    db.setMaxIdleConns(2);
    const [one, two] = [await db.beginTx(ctx), await db.beginTx(ctx)];
    await one.execContext(ctx, "UPDATE album SET title = 'one' WHERE id = 1");
    await two.execContext(ctx, "UPDATE album SET title = 'two' WHERE id = 2");
    const outcomes = await Promise.allSettled([
      one.execContext(ctx, "UPDATE album SET title = 'one' WHERE id = 2"),
      two.execContext(ctx, "UPDATE album SET title = 'two' WHERE id = 1"),
    ]);
    const lost = outcomes.map(({ status }) => status === "rejected");
    expect(lost).toSatisfy(([a, b]: boolean[]) => a !== b);
    const [loser, winner] = lost[0] === true ? [one, two] : [two, one];
    await expect(loser.execContext(ctx, "INSERT INTO album VALUES (9, 'astray')")).rejects.toThrow(
      "mysql: the server has rolled this transaction back: roll it back, and begin another one",
    );
    expect(await failure(loser.commit())).toMatchObject({ message: "commit unexpectedly resulted in rollback" });
    await winner.commit();
    expect(await title(9)).toBeUndefined();
    expect(db.stats()).toMatchObject({ inUse: 0 });
  });

  it("goes on with a transaction after a statement failed, as the server does", async () => {
    const tx = await db.beginTx(ctx);
    await tx.execContext(ctx, "UPDATE album SET title = 'x' WHERE id = 1");
    expect(await failure(tx.execContext(ctx, "INSERT INTO album VALUES (1, 'twice')"))).toMatchObject({ errno: 1062 });
    const [soon, cancel] = context.withTimeout(ctx, 10 * time.millisecond);
    using _ = cancel;
    await expect(tx.execContext(soon, "SELECT SLEEP(600)")).rejects.toThrow("context deadline exceeded");
    await tx.commit();
    expect(await title(1)).toBe("x");
  });

  it("leaves the level of a transaction that did not begin to nobody else", async () => {
    await using conn = await db.conn(ctx);
    const levelOf = async (tx: sql.Tx): Promise<unknown> => {
      // The server tells the session's level only, not that of a transaction; but this one hides what it should not see.
      const [before] = await tx.queryRowContext(ctx, "SELECT title FROM album WHERE id = 1").scan();
      await admin(server.port, "UPDATE album SET title = concat(title, '!') WHERE id = 1");
      const [after] = await tx.queryRowContext(ctx, "SELECT title FROM album WHERE id = 1").scan();
      await tx.rollback();
      return before === after ? "Repeatable Read" : "Read Committed";
    };
    expect(await levelOf(await conn.beginTx(ctx, { isolation: "Read Committed" }))).toBe("Read Committed");
    expect(await levelOf(await conn.beginTx(ctx))).toBe("Repeatable Read");
    for (let i = 0; i < 30; i++) {
      const [soon, cancel] = context.withCancel(ctx);
      const began = conn.beginTx(soon, { isolation: "Read Committed" });
      if (i % 3 > 0) await time.sleep((i % 3) * 0.2);
      cancel();
      await began.then((tx) => tx.rollback()).catch(() => undefined);
      expect(await levelOf(await conn.beginTx(ctx))).toBe("Repeatable Read");
    }
  });

  it.each(["SELECT SLEEP(600)", "DO SLEEP(600)", "SELECT BENCHMARK(1000000000000, SHA2('x', 512))"])(
    "does not take the value of a function that was killed for a result: %s",
    async (text) => {
      const [soon, cancel] = context.withTimeout(ctx, 10 * time.millisecond);
      using _ = cancel;
      const error = await failure(db.execContext(soon, text));
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      expect((error as Error).cause).toMatchObject({ errno: 1317 });
      const [again, cancelAgain] = context.withTimeout(ctx, 10 * time.millisecond);
      using _1 = cancelAgain;
      await expect(db.queryContext(again, text)).rejects.toThrow("context deadline exceeded");
    },
  );

  it("leaves no statement prepared, if it is to keep none", async () => {
    const prepared = async (): Promise<unknown> =>
      (await admin(server.port, "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'"))[0]?.["Value"];
    const before = await prepared();
    await using db = sql.open(connector({ statementCache: 0 }));
    for (let i = 0; i < 50; i++) await db.queryRowContext(ctx, `SELECT ${i} + ?`, i).scan();
    await expect(db.execContext(ctx, "SELECT ?", 1, 2)).rejects.toThrow("sql: expected 1 arguments, got 2");
    const statement = await db.prepareContext(ctx, "SELECT ?");
    await statement.queryRowContext(ctx, 1).scan();
    await db.queryRowContext(ctx, "SELECT ?", 1).scan();
    await statement.close();
    await expect.poll(prepared).toBe(before);
  });

  it("opens the connection for cancels again when the server has ended it", async () => {
    await using conn = await db.conn(ctx);
    const own = await connection(conn);
    const others = await admin(server.port, "SELECT id FROM information_schema.processlist WHERE user = 'gocsp'");
    for (const { id } of others) if (id !== own) await admin(server.port, `KILL ${Number(id)}`).catch(() => undefined);
    const [soon, cancel] = context.withTimeout(ctx, 10 * time.millisecond);
    using _ = cancel;
    await expect(conn.execContext(soon, "SELECT SLEEP(600)")).rejects.toThrow("context deadline exceeded");
    expect(await connection(conn)).toBe(own);
  });

  it("tells of a connection that the server has ended, and of another one tries again", async () => {
    const before = await connection(db);
    await admin(server.port, `KILL ${Number(before)}`);
    await expect
      .poll(
        async () =>
          (await admin(server.port, `SELECT 1 FROM information_schema.processlist WHERE id = ${Number(before)}`))
            .length,
      )
      .toBe(0);
    expect(await connection(db)).not.toBe(before);
    const rows = await db.queryContext(ctx, "SELECT seq, repeat('x', 1000) FROM seq_1_to_1000000");
    await rows.next();
    const [victim] = await admin(
      server.port,
      "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT seq,%'",
    );
    await admin(server.port, `KILL ${Number(victim?.["id"])}`);
    while (await rows.next());
    expect(rows.err()).toBeInstanceOf(MysqlError);
    await rows.close();
    await expect.poll(() => db.stats().inUse).toBe(0);
  });

  it("stops statements when the server takes no more connections", async () => {
    const full = sql.open(connector());
    const conns: sql.Conn[] = [];
    for (;;) {
      try {
        conns.push(await full.conn(ctx));
        // The connection for cancels is opened beside the first one.
        if (conns.length === 1) await stopped(conns[0]);
      } catch (error) {
        expect(error).toMatchObject({ code: "ER_CON_COUNT_ERROR" });
        break;
      }
    }
    for (const conn of conns) {
      await stopped(conn);
      await conn.close();
    }
    await full.close();
  });

  const stopped = async (conn: sql.Conn | undefined): Promise<void> => {
    // Long enough for the statement to begin, on a machine that is busy too.
    for (let limit = 5; ; limit *= 2) {
      const [soon, cancel] = context.withTimeout(ctx, limit * time.millisecond);
      using _ = cancel;
      const error = await failure(conn?.execContext(soon, "SELECT SLEEP(600)") ?? Promise.resolve());
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      if (error === context.deadlineExceeded) continue;
      expect((error as Error).cause).toMatchObject({ errno: 1317 });
      return;
    }
  };

  it("stops statements of connections that are encrypted", async () => {
    const plain = sql.open(connector({ user: "encrypted" }));
    await expect(plain.pingContext(ctx)).rejects.toMatchObject({ code: "ER_ACCESS_DENIED_ERROR" });
    await plain.close();
    const secret = sql.open(connector({ user: "encrypted", ssl: { ca: certificate } }));
    await using conn = await secret.conn(ctx);
    for (let i = 0; i < 20; i++) {
      await stopped(conn);
      expect(await conn.queryRowContext(ctx, "SELECT ?", i).scan()).toEqual([i]);
    }
    await conn.close();
    await secret.close();
    const stranger = sql.open(connector({ user: "encrypted", ssl: true }));
    await expect(stranger.pingContext(ctx)).rejects.toThrow(MysqlError);
    await stranger.close();
  });

  it("leaves a server that only reads, and tries again elsewhere, unless a transaction is open", async () => {
    await admin(server.port, "CREATE OR REPLACE USER writer IDENTIFIED BY 's3cret'");
    await admin(server.port, "GRANT SELECT, INSERT ON test.* TO writer");
    const open = (rejectReadOnly: boolean): sql.DB => sql.open(connector({ user: "writer", rejectReadOnly }));
    const insert = "INSERT INTO album (title) VALUES ('c')";
    await using stays = open(false);
    await using leaves = open(true);
    const [before, left] = [await connection(stays), await connection(leaves)];
    await admin(server.port, "SET GLOBAL read_only = 1");
    try {
      expect(await failure(stays.execContext(ctx, insert))).toMatchObject({ errno: 1290 });
      expect(await connection(stays)).toBe(before);
      const tx = await leaves.beginTx(ctx);
      expect(await failure(tx.execContext(ctx, insert))).toMatchObject({ errno: 1290 });
      await tx.rollback();
      expect(await connection(leaves)).not.toBe(left);
      const refused = await failure(leaves.execContext(ctx, insert));
      expect(errors.as(refused, MysqlError)?.errno).toBe(1290);
      // It is closed behind the caller's back.
      await vi.waitFor(() => expect(leaves.stats()).toMatchObject({ inUse: 0, idle: 0 }));
      // To read is no reason to go.
      expect(await connection(leaves)).toBe(await connection(leaves));
    } finally {
      await admin(server.port, "SET GLOBAL read_only = 0");
    }
    await leaves.execContext(ctx, insert);
    expect(await title(3)).toBe("c");
  });

  it("connects by a URL", async () => {
    const url = sql.open(mysql(`mysql://gocsp:s3cret@127.0.0.1:${server.port}/test`));
    expect(await url.queryRowContext(ctx, "SELECT DATABASE()").scan()).toEqual(["test"]);
    await url.close();
    const wrong = sql.open(mysql("mysql://ken:s3cret@local host:x/music"));
    const error = await failure(wrong.pingContext(ctx));
    expect(error).toMatchObject({ name: "MysqlError", message: "the URL of the server is not valid" });
    expect(inspect(error)).not.toContain("s3cret");
    expect(() => mysql(5 as unknown as string)).toThrow("mysql: the options must be a URL or an object, got 5");
  });

  it("yields the first result of a procedure, and waits for the others", async () => {
    await db.execContext(ctx, "CREATE OR REPLACE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b, 3 AS c; END");
    await using rows = await db.queryContext(ctx, "CALL two()");
    const found = [];
    for await (const row of rows) found.push(row);
    expect(found).toEqual([{ a: 1 }]);
    expect(await db.queryRowContext(ctx, "SELECT 4").scan()).toEqual([4]);
    expect((await db.execContext(ctx, "CALL two()")).rowsAffected()).toBe(0);
  });

  it("closes all of its connections", async () => {
    const other = sql.open(connector());
    await Promise.all([1, 2, 3].map(() => other.pingContext(ctx)));
    const [soon, cancel] = context.withTimeout(ctx, 5 * time.millisecond);
    using _ = cancel;
    await expect(other.execContext(soon, "SELECT SLEEP(600)")).rejects.toThrow("context deadline exceeded");
    const count = async (): Promise<number> =>
      (await admin(server.port, "SELECT id FROM information_schema.processlist WHERE user = 'gocsp'")).length;
    const before = await count();
    await other.close();
    await expect.poll(count).toBeLessThanOrEqual(before - 3);
  });

  it("tells how fast a statement is stopped", () => checkLatency("MariaDB", db, "SELECT SLEEP(600)"));
});
