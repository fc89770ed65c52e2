import { Worker } from "node:worker_threads";
import { context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import { sqlite, SqliteError } from "gocsp/sql/sqlite";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Instance } from "../../../src/sql/sqlite/local-instance.ts";
import { canSuspend } from "../../../src/sql/sqlite/local-suspender.ts";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { follow } from "../../support/outcome.ts";
import { turn } from "../../support/settle.ts";
import { all, bg, connect, connector, endless, failure, newFile, one, run, table } from "./support.ts";

expectNoGoroutinesLeft();

afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(!canSuspend())("in the thread of the program", () => {
  test("no thread is started", async () => {
    const spy = vi.spyOn(Worker.prototype, "postMessage");
    const conn = await connect();
    await run(conn, table(1000));
    expect(await one(conn, "SELECT count(*) FROM t a, t b")).toBe(1_000_000);
    expect(spy).not.toHaveBeenCalled();
  });

  test("a long statement gives way: turns pass while it runs, whether it reads or writes", async () => {
    const conn = await connect();
    await run(conn, table(1000));
    for (const text of [
      "SELECT count(*) FROM t a, t b, t c LIMIT 1",
      `INSERT INTO t ${endless.replace("count(*)", "i, 'x'")}`,
    ]) {
      const [ctx, cancel] = context.withCancel(bg);
      let turns = 0;
      const running = failure(conn.exec(ctx, text, []));
      while (turns < 20) {
        await turn();
        turns++;
      }
      cancel();
      expect(errors.is(await running, context.canceled)).toBe(true);
    }
    expect(await one(conn, "SELECT count(*) FROM t")).toBe(1000);
  });

  test("hundreds of statements are suspended at the same time, each goes on, and each is stopped", async () => {
    const from = connector();
    const conns = await Promise.all(Array.from({ length: 200 }, () => connect(from)));
    await run(conns[0] as (typeof conns)[0], table(300));
    const [ctx, cancel] = context.withCancel(bg);
    const counting = conns.map(async (conn, n) =>
      n % 2 === 0
        ? one(conn, `SELECT count(*) + ${n} FROM t a, t b`)
        : failure(conn.query(ctx, "SELECT count(*) FROM t a, t b, t c, t d", [])),
    );
    const counts = await Promise.all(counting.filter((_, n) => n % 2 === 0));
    expect(counts).toEqual(counts.map((_, i) => 90_000 + 2 * i));
    cancel();
    for (const error of await Promise.all(counting.filter((_, n) => n % 2 === 1))) {
      expect(errors.is(error, context.canceled)).toBe(true);
    }
    for (const conn of conns) expect(await one(conn, "SELECT count(*) FROM t")).toBe(300);
  });

  test("many statements that are begun in one step share its millisecond: turns pass between them", async () => {
    const from = connector();
    const conns = await Promise.all(Array.from({ length: 100 }, () => connect(from)));
    await run(conns[0] as (typeof conns)[0], table(300));
    let turns = 0;
    // Each takes about a millisecond.
    const counting = follow(Promise.all(conns.map((conn) => one(conn, "SELECT count(*) FROM t a, t b"))));
    while (counting.state === "waits") {
      await turn();
      turns++;
    }
    expect(counting.value).toEqual(Array(100).fill(90_000));
    expect(turns).toBeGreaterThan(50);
  });

  test("statements have a stack each while they are suspended, and leave SQLite's own where it was", async () => {
    const from = connector();
    const conns = await Promise.all(Array.from({ length: 30 }, () => connect(from)));
    await run(conns[0] as (typeof conns)[0], table(300));
    const { exports } = (await Instance.load(0)).sqlite.wasm;
    const top = exports.emscripten_stack_get_current();
    for (let round = 0; round < 5; round++) {
      const [ctx, cancel] = context.withCancel(bg);
      const stopped = conns.map((conn, n) =>
        n % 2 === 0
          ? failure(conn.query(ctx, endless, []))
          : one(conn, "SELECT count(*) FROM t a, t b, t c WHERE c.i < 9"),
      );
      for (let turns = 0; turns < 30 + round; turns++) {
        await turn();
        expect(exports.emscripten_stack_get_current()).toBe(top);
      }
      cancel();
      const ended = await Promise.all(stopped);
      expect(ended.filter((_, n) => n % 2 === 1)).toEqual(Array(15).fill(8 * 90_000));
      expect(exports.emscripten_stack_get_current()).toBe(top);
    }
  });

  test("a statement that begins once more when its time is over delivers each row once", async () => {
    const conn = await connect();
    const slow = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200)
      SELECT i, (SELECT count(*) FROM n a, n b WHERE a.i < n.i) FROM n`;
    const rows = await all(conn, slow);
    expect(rows.map(([i]) => i)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  test("statements that are kept do again what they did: pragmas, changes of tables, many texts", async () => {
    const conn = await connect();
    for (let round = 0; round < 4; round++) {
      await run(conn, "PRAGMA foreign_keys = 1");
      expect(await one(conn, "PRAGMA foreign_keys")).toBe(1);
      await run(conn, "PRAGMA foreign_keys = 0");
      expect(await one(conn, "PRAGMA foreign_keys")).toBe(0);
    }
    await run(conn, "CREATE TABLE t(a)");
    for (let round = 0; round < 3; round++) {
      await run(conn, "INSERT INTO t(a) VALUES (?)", round);
      await run(conn, `ALTER TABLE t ADD COLUMN b${round} DEFAULT ${round}`);
      const rows = await conn.query(bg, "SELECT * FROM t", []);
      expect(rows.columns.length).toBe(2 + round);
      await rows.close();
      for (let n = 0; n < 100; n++) expect(await one(conn, `SELECT ${n} + ?`, round)).toBe(n + round);
    }
    // The same text twice at a time, and one that goes while it is read.
    const first = await conn.query(bg, "SELECT a FROM t ORDER BY a", []);
    expect(await all(conn, "SELECT a FROM t ORDER BY a")).toEqual([[0], [1], [2]]);
    for (let n = 0; n < 100; n++) await one(conn, `SELECT ${n} - 1`);
    expect(await first.next()).toEqual([[0], [1], [2]]);
    await first.close();
  });

  test("what waits for the disk may begin anywhere: a query that commits, and one that takes back a dead thread's work", async () => {
    const path = newFile();
    const conn = await connect(connector(path));
    const threads = connector(path, { threads: true, pragmas: { cache_size: 10 } });
    const other = await connect(threads);
    await run(conn, table(5000));
    await all(conn, "BEGIN");
    await run(conn, "UPDATE t SET name = 'first' WHERE i = 1");
    await all(conn, "COMMIT");
    const spy = vi.spyOn(Worker.prototype, "postMessage");
    await other.begin(bg, { isolation: "Default", readOnly: false });
    await run(other, "UPDATE t SET name = name || ' changed'");
    await (spy.mock.contexts[0] as Worker).terminate();
    expect(await one(conn, "SELECT count(*) FROM t WHERE name LIKE '%changed'")).toBe(0);
    expect(await one(conn, "SELECT name FROM t WHERE i = 1")).toBe("first");
    expect(await one(conn, "PRAGMA integrity_check")).toBe("ok");
  });

  test.each(["DELETE", "TRUNCATE", "PERSIST"])(
    "what is remembered of a file is looked at again once connections in threads may change it, journal mode %s",
    async (mode) => {
      const path = newFile();
      const options = { pragmas: { journal_mode: mode, cache_size: 10 } };
      const [here, beside] = [await connect(connector(path, options)), await connect(connector(path, options))];
      await run(here, `${table(2000)}; CREATE TABLE counted(n)`);
      for (let n = 0; n < 20; n++) {
        await run(n % 2 === 0 ? here : beside, "INSERT INTO counted VALUES (?)", n);
        expect(await one(here, "SELECT count(*) FROM counted")).toBe(n + 1);
        expect(await one(beside, "SELECT count(*) FROM counted")).toBe(n + 1);
      }
      const there = await connect(connector(path, { threads: true, ...options }));
      for (let n = 20; n < 60; n++) {
        await run([here, there, beside][n % 3] as typeof here, "INSERT INTO counted VALUES (?)", n);
        if (n === 30) await run(there, "UPDATE t SET name = name || name");
        if (n === 40) await run(there, "DELETE FROM t WHERE i > 100");
        if (n === 50) await run(there, "VACUUM");
        for (const conn of [here, beside, there]) {
          expect(await one(conn, "SELECT count(*) FROM counted")).toBe(n + 1);
          expect(await one(conn, "SELECT count(*) FROM t")).toBe(n < 40 ? 2000 : 100);
        }
      }
      expect(await one(here, "PRAGMA integrity_check")).toBe("ok");
    },
  );

  test("what goes wrong inside SQLite ends what lives there; the next connection finds the data", async () => {
    const text = "a text that is longer than a few letters, and of its own length";
    const from = connector();
    const [one1, one2] = [await connect(from), await connect(from)];
    const elsewhere = sql.open(sqlite(":memory:"));
    await elsewhere.ping();
    await run(one1, "CREATE TABLE t(a); INSERT INTO t VALUES (?)".replace("?", `'${text}'`));
    await run(one2, "BEGIN");
    const suspended = failure(one2.query(bg, endless, []));
    await turn();
    const decode = Reflect.get(TextDecoder.prototype, "decode");
    const decoder = vi.spyOn(TextDecoder.prototype, "decode").mockImplementation(function decodes(
      this: TextDecoder,
      bytes,
    ) {
      if ((bytes as Uint8Array).length === text.length) throw new RangeError("nobody knows why");
      return Reflect.apply(decode, this, [bytes]);
    });
    const error = await failure(all(one1, "SELECT a FROM t"));
    expect(error).toBeInstanceOf(SqliteError);
    expect(error.message).toBe("sqlite: the engine has ended: nobody knows why");
    expect((await suspended).message).toBe(error.message);
    expect([one1.isValid(), one2.isValid()]).toEqual([false, false]);
    expect(errors.is(await failure(one1.query(bg, "SELECT 1", [])), errBadConn)).toBe(true);
    decoder.mockRestore();
    const next = await connect(from);
    expect(await one(next, "SELECT a FROM t")).toBe(text);
    await run(next, "DELETE FROM t");
    // The pool replaces its connections.
    expect(await elsewhere.queryRow("SELECT 1").scan()).toEqual([1]);
    await elsewhere.close();
  });

  test("a connection does one thing at a time, and says so", async () => {
    const conn = await connect();
    const [ctx, cancel] = context.withCancel(bg);
    const running = failure(conn.query(ctx, endless, []));
    expect((await failure(conn.ping(bg))).message).toBe("sqlite: internal error: the connection is busy");
    cancel();
    expect(errors.is(await running, context.canceled)).toBe(true);
    await conn.ping(bg);
  });

  test("the program's own setting for SQLite's messages stays as it is", async () => {
    const global = globalThis as { sqlite3ApiConfig?: unknown };
    expect("sqlite3ApiConfig" in global).toBe(false);
    await connect();
    expect("sqlite3ApiConfig" in global).toBe(false);
  });
});

test("the option threads is checked", () => {
  expect(() => sqlite(":memory:", { threads: 1 as unknown as boolean })).toThrow(
    new TypeError("sqlite: threads must be true or false, got 1"),
  );
});
