import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { sqlite, SqliteError } from "gocsp/sql/sqlite";
import { afterEach, describe, expect, test, vi } from "vitest";
import { canSuspend } from "../../../src/sql/sqlite/local-suspender.ts";
import { native, start } from "./process.ts";
import { bg, cleanup, connect, connector, endless, failure, newFile, one, run, table } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const pragmas = { journal_mode: "wal" };

/** Opens a database that is closed when the test is over. */
function openWith(path: string, options: object): sql.DB {
  const db = sql.open(sqlite(path, { pragmas, ...options }));
  cleanup(() => db.close());
  return db;
}

const count = async (on: sql.DB | sql.Conn | sql.Tx, from = "t"): Promise<number> => {
  const [n] = await on.queryRowContext(bg, `SELECT count(*) FROM ${from}`).scan(sql.int);
  return n;
};

/** Asks Node's SQLite about a file that is closed. */
function judge(path: string, ...queries: string[]): unknown[] {
  const db = new DatabaseSync(path);
  try {
    return queries.map((query) => Object.values(db.prepare(query).get() ?? {})[0]);
  } finally {
    db.close();
  }
}

describe.each(canSuspend() ? [false, true] : [true])("a write-ahead log, threads: %s", (threads) => {
  const open = (path: string, options: object = {}): sql.DB => openWith(path, { threads, ...options });

  test("lets readers run beside a writer, each with what was there when it began [Q39]", async () => {
    // Nobody waits for a lock here.
    const db = open(newFile(), { busyTimeout: 0 });
    await db.execContext(bg, table(20_000));
    expect(await db.queryRowContext(bg, "PRAGMA journal_mode").scan(sql.string)).toEqual(["wal"]);
    const slow = await db.queryContext(bg, "SELECT i FROM t");
    expect(await slow.next()).toBe(true);
    for (let i = 0; i < 50; i++) {
      await db.execContext(bg, "INSERT INTO t VALUES (?, 'new')", -i - 1);
      expect(await count(db)).toBe(20_001 + i);
    }
    await using tx = await db.beginTx(bg);
    await tx.execContext(bg, "DELETE FROM t WHERE i > 0");
    // What is not committed is seen by nobody else.
    expect([await count(db), await count(tx)]).toEqual([20_050, 50]);
    await tx.commit();
    expect(await count(db)).toBe(50);
    let read = 1;
    while (await slow.next()) read++;
    expect([slow.err(), read]).toEqual([undefined, 20_000]);
  });

  test("without it a commit waits for readers, and gives up after busyTimeout", async () => {
    const path = newFile();
    const db = sql.open(sqlite(path, { threads, busyTimeout: 50 }));
    cleanup(() => db.close());
    await db.execContext(bg, table(20_000));
    await using slow = await db.queryContext(bg, "SELECT i FROM t");
    await slow.next();
    // Beside a writer that has not committed yet, everybody reads.
    const tx = await db.beginTx(bg);
    await tx.execContext(bg, "INSERT INTO t VALUES (-1, 'new')");
    expect(await count(db)).toBe(20_000);
    expect(await failure(tx.commit())).toMatchObject({ code: "SQLITE_BUSY" });
    await slow.close();
    await db.execContext(bg, "INSERT INTO t VALUES (-1, 'new')");
    expect(await count(db)).toBe(20_001);
  });

  test("has one writer at a time: others wait, until busyTimeout or the end of their context [Q39]", async () => {
    // Eighty commits wait for the disk, one after the other: on a busy machine longer than the usual five seconds.
    const db = open(newFile(), { busyTimeout: 60_000 });
    await db.execContext(bg, "CREATE TABLE t(a)");
    const writers = Array.from({ length: 8 }, async (_, i) => {
      for (let n = 0; n < 10; n++) {
        await using tx = await db.beginTx(bg);
        const before = await count(tx);
        await tx.execContext(bg, "INSERT INTO t VALUES (?)", i);
        expect(await count(tx)).toBe(before + 1);
        await tx.commit();
      }
    });
    await Promise.all(writers);
    expect(await count(db)).toBe(80);
    await using tx = await db.beginTx(bg);
    const [ctx, cancel] = context.withTimeout(bg, 20);
    using _ = cancel;
    const error = await failure(db.execContext(ctx, "INSERT INTO t VALUES (1)"));
    expect(errors.is(error, context.deadlineExceeded)).toBe(true);
    await tx.rollback();
    await db.execContext(bg, "INSERT INTO t VALUES (1)");
  });

  test("refuses a transaction that read what is not the last state any more, as SQLite does", async () => {
    const db = open(newFile(), { transaction: "deferred" });
    await db.execContext(bg, "CREATE TABLE t(a)");
    await using tx = await db.beginTx(bg);
    expect(await count(tx)).toBe(0);
    await db.execContext(bg, "INSERT INTO t VALUES (1)");
    expect(await failure(tx.execContext(bg, "INSERT INTO t VALUES (2)"))).toMatchObject({
      code: "SQLITE_BUSY_SNAPSHOT",
    });
    await tx.rollback();
    expect(await count(db)).toBe(1);
  });

  test("is brought into the file when that is closed, which other programs can open then [Q39]", async () => {
    const path = newFile();
    const db = open(path);
    await db.execContext(bg, `${table(5000)}; CREATE INDEX by_name ON t(name); DELETE FROM t WHERE i % 5 = 0`);
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(await native(path, `say(db.prepare("SELECT count(*) AS n FROM t").get())`)).toBe("database is locked");
    await db.close();
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
    expect(judge(path, "PRAGMA integrity_check", "SELECT count(*) FROM t")).toEqual(["ok", 4000]);
    // And it can be opened again, by those who want a log.
    expect(await count(open(path))).toBe(4000);
  });

  test("of another program is taken over, with all that is in it [Q39]", async () => {
    const path = newFile();
    const other = new DatabaseSync(path);
    other.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)");
    // As long as that one has it open, it is not ours.
    expect(await failure(connect(connector(path, { threads, pragmas, busyTimeout: 0 })))).toMatchObject({
      code: "SQLITE_BUSY",
    });
    other.close();
    const conn = await connect(connector(path, { threads, pragmas }));
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(2);
    expect(await one(conn, "PRAGMA journal_mode")).toBe("wal");
  });

  test.each([1, 2, 3])("keeps all that was committed when the process is killed, %i [Q39]", async () => {
    const path = newFile();
    new DatabaseSync(path).exec("CREATE TABLE t(a)");
    const { child, says, ended } = start("log", path, String(threads));
    await says("row 40;");
    child.kill("SIGKILL");
    const { output } = await ended;
    const said = output.match(/row \d+;/g)?.length ?? 0;
    expect(existsSync(`${path}-wal`)).toBe(true);
    const db = open(path);
    // The last one may have been committed and not told.
    const stored = await count(db);
    expect([said, said + 1]).toContain(stored);
    await db.execContext(bg, "INSERT INTO t VALUES (0)");
    await db.close();
    expect(judge(path, "PRAGMA integrity_check", "SELECT count(*) FROM t")).toEqual(["ok", stored + 1]);
  });

  test("statements are stopped as without it: the next is not hit, nothing is left, the file is in order [Q39]", async () => {
    const path = newFile();
    const db = open(path);
    await db.execContext(bg, table(2000));
    await using reader = await db.queryContext(bg, "SELECT i FROM t");
    await reader.next();
    for (let i = 0; i < 60; i++) {
      const [ctx, cancel] = context.withTimeout(bg, i % 8);
      using _ = cancel;
      const work =
        i % 2 === 0
          ? db.execContext(ctx, "INSERT INTO t SELECT a.i, 'late' FROM t a, t b, t c")
          : db.queryRowContext(ctx, endless).scan();
      expect(errors.is(await failure(work), context.deadlineExceeded)).toBe(true);
      await db.execContext(bg, "UPDATE t SET name = ? WHERE i = 1", `round ${i}`);
      expect(await count(db)).toBe(2000);
    }
    await reader.close();
    await db.close();
    expect(judge(path, "PRAGMA integrity_check", "SELECT count(*) FROM t")).toEqual(["ok", 2000]);
  });

  test("goes together with connectors that say nothing, and not with those that cannot have it", async () => {
    const path = newFile();
    const db = open(path);
    await db.execContext(bg, table(10));
    const plain = await connect(connector(path, { threads }));
    expect(await one(plain, "SELECT count(*) FROM t")).toBe(10);
    await run(plain, "DELETE FROM t WHERE i = 1");
    expect(await count(db)).toBe(9);
    // Also if it asks for the log, which it alone would not get.
    for (const options of [{ readOnly: true }, { readOnly: true, pragmas }]) {
      const reading = await connect(connector(path, { threads, ...options }));
      expect(await one(reading, "SELECT count(*) FROM t")).toBe(9);
    }
    const other = newFile();
    await run(await connect(connector(other, { threads })), "CREATE TABLE t(a)");
    const late = await failure(connect(connector(other, { threads, pragmas })));
    expect(late).toBeInstanceOf(SqliteError);
    expect(late.message).toBe("sqlite: another connector has the file open without a write-ahead log");
    // In memory there is nothing to log.
    expect(await one(await connect(connector(":memory:", { threads, pragmas })), "PRAGMA journal_mode")).toBe("delete");
  });
});

test.runIf(canSuspend()).each([
  [false, "without"],
  [true, "with"],
])("who shares a write-ahead log is in one place: threads: %s", async (threads, word) => {
  const path = newFile();
  await openWith(path, { threads }).execContext(bg, table(10));
  for (const options of [{ pragmas }, {}]) {
    expect((await failure(connect(connector(path, { threads: !threads, ...options })))).message).toBe(
      `sqlite: another connector has the file open with a write-ahead log, ${word} threads: both must be the same`,
    );
  }
});

describe("a write-ahead log in a thread", () => {
  test("has one thread for all connections, which shares its index among them", async () => {
    const spy = vi.spyOn(Worker.prototype, "postMessage");
    const from = connector(newFile(), { threads: true, pragmas });
    const conns = await Promise.all(Array.from({ length: 6 }, () => connect(from)));
    await run(conns[0] as (typeof conns)[0], "CREATE TABLE t(a)");
    await Promise.all(conns.map((conn, i) => run(conn, "INSERT INTO t VALUES (?)", i)));
    expect(await one(conns[5] as (typeof conns)[0], "SELECT count(DISTINCT a) FROM t")).toBe(6);
    expect(new Set(spy.mock.contexts).size).toBe(1);
  });

  test("that dies in the middle of a transaction leaves no lock and nothing half done", async () => {
    const path = newFile();
    const from = connector(path, { threads: true, pragmas: { ...pragmas, cache_size: 10 } });
    const conn = await connect(from);
    await run(conn, table(5000));
    await run(conn, "UPDATE t SET name = 'kept' WHERE i = 1");
    const spy = vi.spyOn(Worker.prototype, "postMessage");
    await conn.begin(bg, { isolation: "Default", readOnly: false });
    // More than the cache holds: half of it is in the log by now.
    await run(conn, "UPDATE t SET name = name || ' changed'");
    await (spy.mock.contexts[0] as Worker).terminate();
    const next = await connect(from);
    expect(await one(next, "SELECT count(*) FROM t WHERE name LIKE '%changed'")).toBe(0);
    expect(await one(next, "SELECT name FROM t WHERE i = 1")).toBe("kept");
    await run(next, "INSERT INTO t VALUES (5001, 'new')");
    expect(await one(next, "PRAGMA integrity_check")).toBe("ok");
  });
});
