import { context, errors } from "gocsp";
import type { Conn } from "gocsp/sql/driver";
import { SqliteError } from "gocsp/sql/sqlite";
import { describe, expect, test } from "vitest";
import { all, bg, connect, connector, endless, failure, newFile, one, places, run, table } from "./support.ts";

const normal = { isolation: "Default", readOnly: false } as const;
const readOnly = { isolation: "Serializable", readOnly: true } as const;

/** Stops what runs on a connection once it has begun. */
async function stopSoon(
  run: (ctx: context.Context) => Promise<unknown>,
  delay = 20,
): Promise<Error & { cause?: unknown }> {
  const [ctx, cancel] = context.withCancel(bg);
  setTimeout(cancel, delay);
  return failure(run(ctx));
}

const filling = `INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n) SELECT i, 'x' FROM n`;

describe.each(places)("in %s, threads: %s", (place, threads) => {
  const open = (options = {}) => connector(place === "file" ? newFile() : ":memory:", { threads, ...options });

  test("commit makes the work visible to others, rollback takes it back", async () => {
    const from = open();
    const conn = await connect(from);
    const other = await connect(from);
    await run(conn, table(0));
    const tx = await conn.begin(bg, normal);
    await run(conn, "INSERT INTO t VALUES (1, 'a')");
    expect(await one(other, "SELECT count(*) FROM t")).toBe(0);
    await tx.commit();
    expect(await one(other, "SELECT count(*) FROM t")).toBe(1);
    const next = await conn.begin(bg, normal);
    await run(conn, "DELETE FROM t");
    await next.rollback();
    expect(await one(other, "SELECT count(*) FROM t")).toBe(1);
  });

  test.each([
    "Read Uncommitted",
    "Read Committed",
    "Write Committed",
    "Repeatable Read",
    "Snapshot",
    "Linearizable",
  ] as const)("the isolation level %s is refused", async (isolation) => {
    const conn = await connect(open());
    const error = await failure(conn.begin(bg, { isolation, readOnly: false }));
    expect(error.message).toBe("sql: driver does not support non-default isolation level");
    expect(conn.isValid()).toBe(true);
  });

  test("a read-only transaction refuses changes, and the next one allows them", async () => {
    const conn = await connect(open());
    await run(conn, table(1));
    for (const end of ["commit", "rollback"] as const) {
      const tx = await conn.begin(bg, readOnly);
      expect(await failure(run(conn, "DELETE FROM t"))).toMatchObject({ code: "SQLITE_READONLY" });
      expect(await one(conn, "SELECT count(*) FROM t")).toBe(1);
      await tx[end]();
    }
    expect(await run(conn, "DELETE FROM t")).toBe(1);
  });

  test("read-only transactions run beside one that writes", async () => {
    const from = open({ busyTimeout: 0 });
    const writer = await connect(from);
    const reader = await connect(from);
    await run(writer, table(1));
    const writing = await writer.begin(bg, normal);
    await run(writer, "DELETE FROM t");
    const reading = await reader.begin(bg, readOnly);
    expect(await one(reader, "SELECT count(*) FROM t")).toBe(1);
    await reading.commit();
    await writing.commit();
  });

  test("a stopped query leaves the transaction open", async () => {
    const conn = await connect(open());
    await run(conn, table(1));
    const tx = await conn.begin(bg, normal);
    await run(conn, "INSERT INTO t VALUES (2, 'b')");
    const error = await stopSoon((ctx) => conn.query(ctx, endless, []));
    expect(errors.is(error, context.canceled)).toBe(true);
    await run(conn, "INSERT INTO t VALUES (3, 'c')");
    await tx.commit();
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(3);
  });

  test("a stopped change rolls the transaction back: nothing of it or after it is kept", async () => {
    const conn = await connect(open());
    await run(conn, table(1));
    const ends = ["commit", "rollback"];
    for (let delay = 20; ends.length > 0; delay *= 2) {
      const tx = await conn.begin(bg, normal);
      await run(conn, "INSERT INTO t VALUES (2, 'b')");
      const error = await stopSoon((ctx) => conn.exec(ctx, filling, []), delay);
      expect(errors.is(error, context.canceled)).toBe(true);
      expect(error.cause).toMatchObject({ code: "SQLITE_INTERRUPT" });
      // On a slow machine it may not have begun: then the transaction is still there.
      if (!conn.isValid()) {
        await tx.rollback();
        continue;
      }
      const lost = await failure(run(conn, "INSERT INTO t VALUES (3, 'c')"));
      expect(lost).toMatchObject({ code: "SQLITE_ABORT" });
      expect(lost.message).toMatch(/^sqlite: the transaction has ended already: /);
      if (ends.pop() === "commit") expect(await failure(tx.commit())).toMatchObject({ code: "SQLITE_ABORT" });
      else await tx.rollback();
      expect(await all(conn, "SELECT i FROM t")).toEqual([[1]]);
      expect(conn.isValid()).toBe(true);
    }
  });

  test("a large change that is stopped is taken back whole", { timeout: 60_000 }, async () => {
    const conn = await connect(open());
    await run(conn, table(50_000));
    await run(conn, "CREATE INDEX by_name ON t(name)");
    const sum = () => all(conn, "SELECT count(*), sum(i), sum(length(name)) FROM t");
    const before = await sum();
    // It rewrites every row and its index, some of them, and then waits to be stopped.
    const change = `UPDATE t SET i = i + 1, name = name || i || (SELECT CASE WHEN t.i = 49000 THEN (${endless}) ELSE 'x' END)`;
    for (const inTransaction of [false, true]) {
      const tx = inTransaction ? await conn.begin(bg, normal) : undefined;
      expect(errors.is(await stopSoon((ctx) => conn.exec(ctx, change, []), 200), context.canceled)).toBe(true);
      await tx?.rollback();
      expect(await sum()).toEqual(before);
      expect(await one(conn, "PRAGMA integrity_check")).toBe("ok");
    }
  });

  test("what nothing can suspend ends or fails whole: an index, a vacuum, a sort", { timeout: 60_000 }, async () => {
    const conn = await connect(open());
    await run(conn, table(50_000));
    const sort = "SELECT count(*) FROM (SELECT name, row_number() OVER (ORDER BY name DESC) FROM t)";
    for (const text of ["CREATE INDEX by_name ON t(name, i)", "VACUUM", sort]) {
      for (const delay of [0, 1, 4, 16]) {
        const [ctx, cancel] = context.withCancel(bg);
        setTimeout(cancel, delay);
        // A stop may come before its end or after it.
        const error = await conn.exec(ctx, text, []).then(
          () => undefined,
          (reason: Error) => reason,
        );
        cancel();
        if (error !== undefined) expect(errors.is(error, context.canceled), error.message).toBe(true);
        await run(conn, "DROP INDEX IF EXISTS by_name");
        expect(await one(conn, "PRAGMA integrity_check")).toBe("ok");
        expect(await one(conn, "SELECT count(*) FROM t")).toBe(50_000);
      }
    }
  });

  test("a statement that ends the transaction behind its back is found out", async () => {
    const conn = await connect(open());
    await run(conn, table(0));
    const tx = await conn.begin(bg, normal);
    await run(conn, "ROLLBACK");
    expect(await failure(run(conn, "INSERT INTO t VALUES (1, 'a')"))).toMatchObject({ code: "SQLITE_ABORT" });
    await tx.rollback();
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(0);
  });

  test("a commit that fails rolls back, and the connection is as good as new", async () => {
    const conn = await connect(open({ pragmas: { foreign_keys: true } }));
    await run(conn, "CREATE TABLE a(i PRIMARY KEY); CREATE TABLE b(i REFERENCES a DEFERRABLE INITIALLY DEFERRED)");
    const tx = await conn.begin(bg, normal);
    await run(conn, "INSERT INTO b VALUES (7)");
    expect(await failure(tx.commit())).toMatchObject({ code: "SQLITE_CONSTRAINT_FOREIGNKEY" });
    expect(conn.isValid()).toBe(true);
    expect(await one(conn, "SELECT count(*) FROM b")).toBe(0);
  });

  test("a commit waits until nobody reads", async () => {
    const from = open();
    const writer = await connect(from);
    const reader = await connect(from);
    await run(writer, table(10_000));
    const tx = await writer.begin(bg, normal);
    await run(writer, "DELETE FROM t");
    const rows = await reader.query(bg, "SELECT * FROM t", []);
    let count = (await rows.next()).length;
    let committed = false;
    const commit = tx.commit().then(() => (committed = true));
    for (let batch = await rows.next(); batch.length > 0; batch = await rows.next()) {
      count += batch.length;
      if (count < 10_000) expect(committed).toBe(false);
    }
    await commit;
    expect(count).toBe(10_000);
    expect(await one(reader, "SELECT count(*) FROM t")).toBe(0);
  });

  test("a commit that has waited for too long rolls back", async () => {
    const from = open({ busyTimeout: 30 });
    const writer = await connect(from);
    const reader = await connect(from);
    await run(writer, table(10_000));
    const tx = await writer.begin(bg, normal);
    await run(writer, "DELETE FROM t");
    const rows = await reader.query(bg, "SELECT * FROM t", []);
    expect(await failure(tx.commit())).toMatchObject({ code: "SQLITE_BUSY", message: "database is locked" });
    expect(writer.isValid()).toBe(true);
    await rows.close();
    expect(await one(writer, "SELECT count(*) FROM t")).toBe(10_000);
  });

  test("one who is going to write waits for another who does", async () => {
    const from = open();
    const first = await connect(from);
    const second = await connect(from);
    await run(first, table(0));
    const tx = await first.begin(bg, normal);
    await run(first, "INSERT INTO t VALUES (1, 'a')");
    const waiting = [second.begin(bg, normal), run(await connect(from), "INSERT INTO t VALUES (9, 'z')")] as const;
    await run(first, "INSERT INTO t VALUES (2, 'b')");
    await tx.commit();
    await (await waiting[0]).commit();
    await waiting[1];
    expect(await one(first, "SELECT count(*) FROM t")).toBe(3);
  });

  test("the wait for a lock ends with the context, and the cause says what it waited for", async () => {
    const from = open();
    const first = await connect(from);
    const second = await connect(from);
    await run(first, table(0));
    const tx = await first.begin(bg, normal);
    for (const attempt of [
      (ctx: context.Context) => second.begin(ctx, normal),
      (ctx: context.Context) => second.exec(ctx, "INSERT INTO t VALUES (1, 'a')", []),
      (ctx: context.Context) => second.query(ctx, "INSERT INTO t VALUES (1, 'a') RETURNING i", []),
    ]) {
      const [ctx, cancel] = context.withTimeout(bg, 20);
      const error = await failure(attempt(ctx));
      cancel();
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      expect(error.cause).toBeInstanceOf(SqliteError);
      // It ends while it sleeps, mostly, or while it tries.
      expect(["SQLITE_BUSY", "SQLITE_INTERRUPT"]).toContain((error.cause as SqliteError).code);
    }
    await tx.commit();
    expect(second.isValid()).toBe(true);
    await run(second, "INSERT INTO t VALUES (1, 'a')");
  });

  test("a text of several statements that has to wait in the middle runs each of them once", async () => {
    const from = open();
    const first = await connect(from);
    const second = await connect(from);
    await run(first, "CREATE TABLE a(i); CREATE TABLE b(i)");
    await run(second, "CREATE TEMP TABLE mine(i)");
    const tx = await first.begin(bg, normal);
    const text = "INSERT INTO mine VALUES (1); INSERT INTO a VALUES (1), (2); INSERT INTO a VALUES (3)";
    const waiting = run(second, text);
    await run(first, "INSERT INTO b VALUES (1)");
    await tx.commit();
    expect(await waiting).toBe(4);
    expect(await one(second, "SELECT count(*) FROM mine")).toBe(1);
    expect(await one(second, "SELECT count(*) FROM a")).toBe(3);
  });

  test("one who does not know of a new table yet, and cannot look, is told that the database is locked", async () => {
    const from = open({ busyTimeout: 0, pragmas: { cache_size: 10 } });
    const writer = await connect(from);
    const other = await connect(from);
    expect(await one(other, "SELECT count(*) FROM sqlite_schema")).toBe(0);
    await run(writer, table(5000));
    const tx = await writer.begin(bg, normal);
    await run(writer, "UPDATE t SET name = name || name");
    expect(await failure(one(other, "SELECT count(*) FROM t"))).toMatchObject({ code: "SQLITE_BUSY" });
    await tx.commit();
    expect(await one(other, "SELECT count(*) FROM t")).toBe(5000);
    expect(await failure(one(other, "SELECT count(*) FROM u"))).toMatchObject({ code: "SQLITE_ERROR" });
  });

  test("deferred transactions that both read and then write: one fails at once, since nothing else would help", async () => {
    const from = open({ transaction: "deferred", busyTimeout: 60_000 });
    const conns = [await connect(from), await connect(from)] as const;
    await run(conns[0], table(1));
    const first = await conns[0].begin(bg, normal);
    const second = await conns[1].begin(bg, normal);
    for (const conn of conns) await one(conn, "SELECT count(*) FROM t");
    await run(conns[0], "INSERT INTO t VALUES (2, 'b')");
    expect(await failure(run(conns[1], "INSERT INTO t VALUES (3, 'c')"))).toMatchObject({ code: "SQLITE_BUSY" });
    const commit = first.commit();
    await second.rollback();
    await commit;
    expect(await one(conns[1], "SELECT count(*) FROM t")).toBe(2);
  });

  test("closing a connection in the middle of a transaction rolls it back and frees the lock", async () => {
    const from = open({ busyTimeout: 0 });
    const conn = (await from.connect(bg)) as Required<Conn>;
    await run(conn, table(1));
    await conn.begin(bg, normal);
    await run(conn, "DELETE FROM t");
    await conn.close();
    const other = await connect(from);
    expect(await one(other, "SELECT count(*) FROM t")).toBe(1);
    await run(other, "DELETE FROM t");
  });

  test("a connection in which somebody has left a transaction open is not good any more", async () => {
    const conn = await connect(open());
    expect(conn.isValid()).toBe(true);
    await run(conn, "BEGIN");
    expect(conn.isValid()).toBe(false);
    await run(conn, "COMMIT");
    expect(conn.isValid()).toBe(true);
  });

  test("beginning that is stopped leaves nothing open", async () => {
    const from = open();
    const first = await connect(from);
    const conn = await connect(from);
    await run(first, table(1));
    for (const options of [normal, readOnly]) {
      const [ctx, cancel] = context.withCancel(bg);
      const begin = conn.begin(ctx, options);
      cancel();
      await begin.then(
        (tx) => tx.rollback(),
        (error: unknown) => expect(errors.is(error, context.canceled)).toBe(true),
      );
      expect(conn.isValid()).toBe(true);
      await run(conn, "UPDATE t SET name = 'y'");
    }
  });
});
