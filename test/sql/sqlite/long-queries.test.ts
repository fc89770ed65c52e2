import { Worker } from "node:worker_threads";
import { context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { SqliteError, sqlite, type SqliteOptions } from "gocsp/sql/sqlite";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import { canSuspend } from "../../../src/sql/sqlite/local-suspender.ts";
import type { Request } from "../../../src/sql/sqlite/thread-protocol.ts";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { follow } from "../../support/outcome.ts";
import { turn } from "../../support/settle.ts";
import { bg, cleanup, endless, failure, newFile, table } from "./support.ts";

expectNoGoroutinesLeft();

/** A query that takes longer than a millisecond, and its answer. */
const long = "SELECT count(*) FROM t a, t b WHERE a.i + b.i >= ?";
const answer = 2000 * 2000;

let sent: MockInstance<Worker["postMessage"]>;
beforeEach(() => {
  sent = vi.spyOn(Worker.prototype, "postMessage");
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The texts of the queries that have gone to threads. */
function moved(): unknown[] {
  return sent.mock.calls.flatMap(([request]) => {
    const { task } = request as Request;
    return task.kind === "query" ? [task.source] : [];
  });
}

/** Opens a database with a table of 2,000 rows, which is closed when the test is over. */
async function open(path: string, options?: SqliteOptions): Promise<sql.DB> {
  const db = sql.open(sqlite(path, options));
  cleanup(() => db.close());
  await db.execContext(bg, `DROP TABLE IF EXISTS t; ${table(2000)}`);
  return db;
}

const count = async (on: sql.DB | sql.Conn | sql.Tx, text = long): Promise<unknown> =>
  (await on.queryRowContext(bg, text, 0).scan())[0];

/** Opens a database whose threads are there. */
async function withThread(options?: SqliteOptions): Promise<sql.DB> {
  const db = await open(newFile(), options);
  while (moved().length === 0) expect(await count(db)).toBe(answer);
  sent.mockClear();
  return db;
}

describe.skipIf(!canSuspend())("a long query on a file", () => {
  test("moves to a thread that the first of them has started, and those that are short stay", async () => {
    const short = async (): Promise<sql.DB> => {
      const db = await open(newFile());
      for (let i = 1; i < 20; i++) await db.queryRowContext(bg, "SELECT name FROM t WHERE i = ?", i).scan();
      return db;
    };
    // A machine that stalls for a millisecond makes a long one of a short one: then it begins anew.
    let db = await short();
    for (let tries = 0; sent.mock.calls.length > 0 && tries < 20; tries++) {
      sent.mockClear();
      db = await short();
    }
    expect(sent).not.toHaveBeenCalled();
    // The first goes on here while the thread starts.
    expect(await count(db)).toBe(answer);
    expect(moved()).toEqual([]);
    while (moved().length === 0) expect(await count(db)).toBe(answer);
    sent.mockClear();
    await using statement = await db.prepareContext(bg, `${long} AND ? = 1`);
    expect(await statement.queryRowContext(bg, 0, 1).scan()).toEqual([answer]);
    const rows = await db.queryContext(bg, "SELECT a.i FROM t a, t b ORDER BY a.i DESC, b.i LIMIT 5000");
    const all = await rows.toArray();
    expect([all.length, all[0], all[4999]]).toEqual([5000, { i: 2000 }, { i: 1998 }]);
    expect(moved().length).toBe(2);
    for (let tries = 0; moved().length > 0 && tries < 20; tries++) {
      sent.mockClear();
      expect(await count(db, "SELECT count(*) FROM t WHERE i > ?")).toBe(2000);
    }
    expect(moved()).toEqual([]);
  });

  test("holds up nothing, even where it cannot be suspended", async () => {
    const db = await withThread();
    // The last step compares strings for a hundred times as long as a statement may run.
    const one =
      "SELECT instr(zeroblob(300000), zeroblob(30000) || x'01') + count(*) FROM t a, t b WHERE a.i + b.i >= ?";
    let turns = 0;
    const running = follow(count(db, one));
    while (running.state === "waits") {
      await turn();
      turns++;
    }
    expect([running.value, moved().length]).toEqual([answer, 1]);
    expect(turns).toBeGreaterThan(50);
  });

  test("stays where it would give another answer, or is not alone", async () => {
    const db = await withThread();
    await using conn = await db.conn(bg);
    expect(await count(conn)).toBe(answer);
    await using tx = await db.beginTx(bg);
    expect(await count(tx)).toBe(answer);
    await tx.rollback();
    await using reading = await db.beginTx(bg, { readOnly: true });
    expect(await count(reading)).toBe(answer);
    await reading.commit();
    for (const f of ["changes()", "total_changes()", "last_insert_rowid()"]) {
      expect(await count(db, `SELECT count(*) + 0 * ${f} FROM t a, t b WHERE a.i + b.i >= ?`)).toBe(answer);
    }
    const added = await db.queryContext(bg, `INSERT INTO t SELECT a.i, '' FROM t a, t b LIMIT 20000 RETURNING i`);
    expect((await added.toArray()).length).toBe(20_000);
    expect(moved()).toEqual([]);
  });

  test("sees what its connection alone has: such a connection keeps its queries", async () => {
    const db = await withThread();
    db.setMaxOpenConns(1);
    for (const text of [
      "CREATE TEMP TABLE own AS SELECT i FROM t",
      "PRAGMA case_sensitive_like = 1",
      "ATTACH ':memory:' AS beside",
    ]) {
      await db.execContext(bg, text);
      expect(await count(db)).toBe(answer);
      expect(await count(db, text.includes("own") ? long.replace("t a", "own a") : long)).toBe(answer);
      expect(moved(), text).toEqual([]);
      // The next one is like all others.
      db.setMaxIdleConns(0);
      await db.pingContext(bg);
      db.setMaxIdleConns(1);
      expect(await count(db)).toBe(answer);
      expect(moved().length).toBe(1);
      sent.mockClear();
    }
  });

  test("has the settings of its connector, and a transaction that only reads leaves its connection as it was", async () => {
    const db = await withThread({ pragmas: { case_sensitive_like: true } });
    await using tx = await db.beginTx(bg, { readOnly: true });
    await tx.commit();
    expect(await count(db, "SELECT count(*) FROM t a, t b WHERE b.i > ? AND a.name || b.name LIKE 'ROW%'")).toBe(0);
    expect(moved().length).toBe(1);
  });

  test("is stopped in its thread, and the next is not hit", async () => {
    const db = await withThread();
    let stopped = 0;
    for (let i = 0; i < 30; i++) {
      const [ctx, cancel] = context.withTimeout(bg, 5 + (i % 7));
      using _ = cancel;
      const error = await failure(db.queryRowContext(ctx, endless).scan());
      expect(errors.is(error, context.deadlineExceeded)).toBe(true);
      if (errors.as(error, SqliteError)?.code === "SQLITE_INTERRUPT") stopped++;
      expect(await db.queryRowContext(bg, "SELECT count(*) FROM t").scan()).toEqual([2000]);
    }
    // On a busy machine the time of some is over before they begin.
    expect(stopped).toBeGreaterThan(5);
    expect(moved()).toContain(endless);
    expect(db.stats()).toMatchObject({ inUse: 0, openConnections: 1 });
  });

  test("holds the lock of a reader until its rows are closed, and nobody's afterwards", async () => {
    const path = newFile();
    const db = await open(path, { busyTimeout: 30 });
    while (moved().length === 0) await count(db);
    const rows = await db.queryContext(bg, "SELECT a.i FROM t a, t b ORDER BY a.i + b.i LIMIT 5000");
    await rows.next();
    const write = "UPDATE t SET name = 'changed' WHERE i = 1";
    expect(await failure(db.execContext(bg, write))).toMatchObject({ code: "SQLITE_BUSY" });
    await rows.close();
    await db.execContext(bg, write);
    // A connection with rows of its own writes beside them, as always.
    await using conn = await db.conn(bg);
    await using own = await conn.queryContext(bg, "SELECT a.i FROM t a, t b ORDER BY a.i + b.i LIMIT 5000");
    await own.next();
    await conn.execContext(bg, write);
  });

  test("fails when its thread dies, and the next ones find another", async () => {
    const db = await withThread();
    const running = failure(db.queryRowContext(bg, endless).scan());
    while (moved().length === 0) await turn();
    await (sent.mock.contexts[0] as Worker).terminate();
    expect((await running).message).toBe("sqlite: the worker has ended: it was terminated");
    expect(await count(db)).toBe(answer);
    expect(moved().length).toBe(2);
    expect(db.stats()).toMatchObject({ inUse: 0, openConnections: 1 });
  });

  test("many at the same time are each answered", async () => {
    const db = await withThread();
    const sums = Array.from({ length: 24 }, (_, n) => count(db, `SELECT count(*) + ${n} FROM t a, t b WHERE b.i > ?`));
    expect(await Promise.all(sums)).toEqual(Array.from({ length: 24 }, (_, n) => answer + n));
    expect(moved().length).toBeGreaterThan(1);
    expect(db.stats().inUse).toBe(0);
  });

  test("stays here in memory, and with a write-ahead log, of which a thread would know nothing", async () => {
    for (const [path, options] of [
      [":memory:", {}],
      [newFile(), { pragmas: { journal_mode: "wal" } }],
    ] as const) {
      const db = await open(path, options);
      for (let i = 0; i < 3; i++) expect(await count(db)).toBe(answer);
      expect(sent).not.toHaveBeenCalled();
    }
  });

  test("stays where connections keep their locks: in a thread it would wait for its own", async () => {
    const db = await open(newFile(), { busyTimeout: 0, pragmas: { locking_mode: "exclusive" } });
    db.setMaxOpenConns(1);
    for (let i = 0; i < 5; i++) {
      await db.execContext(bg, "UPDATE t SET name = 'written' WHERE i = 1");
      expect(await count(db)).toBe(answer);
    }
    expect(sent).not.toHaveBeenCalled();
  });

  test("does not keep a database open that is closed while the thread starts", async () => {
    const path = newFile();
    const db = await open(path);
    expect(await count(db)).toBe(answer);
    await db.close();
    const again = await open(path);
    expect(await count(again)).toBe(answer);
  });
});
