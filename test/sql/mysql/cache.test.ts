import { context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { mysql, MysqlError } from "gocsp/sql/mysql";
import { Connection } from "mysql2";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { parseDate } from "../../../src/sql/mysql/date.ts";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { mulberry32 } from "../../support/random.ts";
import { admin, type MariaServer, noMariaDB, startMariaDB } from "../servers/mariadb.ts";
import { countingWrites } from "../servers/writes.ts";

const ctx = context.background();

/** How many statements the server keeps in all. */
const mostPrepared = 40;

describe.skipIf(noMariaDB)("the statements that MariaDB keeps [Q32]", () => {
  expectNoGoroutinesLeft();

  let server: MariaServer;
  beforeAll(async () => {
    server = await startMariaDB({ "max-prepared-stmt-count": mostPrepared });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS thing");
    await admin(server.port, "CREATE TABLE thing (id int PRIMARY KEY, a varchar(50), b int)");
  });

  const open = (change: object = {}): sql.DB => {
    const { host, port, user, password, database } = server;
    return sql.open(mysql({ host, port, user, password, database, ...change }));
  };
  /** Returns how many statements the server keeps for everybody, once it has got to know what it need not keep. */
  const kept = async (db: sql.DB | sql.Conn): Promise<number> => {
    await db.pingContext(ctx);
    const [row] = await admin(server.port, "SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
    return Number(row?.["Value"]);
  };

  it("are those whose texts come for the second time", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    for (let i = 0; i < 5; i++) {
      expect(await conn.queryRowContext(ctx, "SELECT ? + 1", i).scan(sql.int)).toEqual([i + 1]);
      await conn.execContext(ctx, "INSERT INTO thing (id) VALUES (?)", i);
      await conn.execContext(ctx, "/* not kept */ SELECT 1");
      expect(await kept(conn)).toBe(i === 0 ? 0 : 2);
    }
  });

  it("are as many as the option says, those that were used last", async () => {
    for (const size of [0, 1, 2]) {
      await using db = open({ statementCache: size });
      await using conn = await db.conn(ctx);
      for (const n of [1, 1, 2, 2, 1, 3, 3, 1]) await conn.execContext(ctx, `SELECT ${n}`);
      expect(await kept(conn), `of ${size}`).toBe(size);
    }
    for (const bad of [-1, 0.5, NaN, "2"]) {
      expect(() => open({ statementCache: bad })).toThrow("mysql: statementCache must be an integer, at least 0, got");
    }
  });

  it("stay while they are prepared by hand as well, and go with the last that wants them", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    const text = "SELECT ?";
    for (let i = 0; i < 3; i++) await conn.queryRowContext(ctx, text, i).scan();
    const prepared = await conn.prepareContext(ctx, text);
    expect(await prepared.queryRowContext(ctx, 7).scan(sql.int)).toEqual([7]);
    // This one makes the connection forget what it keeps.
    await conn.execContext(ctx, "SET @a = 1");
    expect(await kept(conn)).toBe(1);
    expect(await prepared.queryRowContext(ctx, 8).scan(sql.int)).toEqual([8]);
    await prepared.close();
    expect(await kept(conn)).toBe(0);
  });

  it("leave nothing behind when they fail", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    const insert = "INSERT INTO thing (id) VALUES (?)";
    for (let i = 0; i < 6; i++) await conn.execContext(ctx, insert, 1).catch(() => undefined);
    for (let i = 0; i < 6; i++) await conn.execContext(ctx, "SELECT nothing").catch(() => undefined);
    for (let i = 0; i < 6; i++) {
      await expect(conn.execContext(ctx, insert)).rejects.toThrow("sql: expected 1 arguments, got 0");
    }
    expect(await kept(conn)).toBe(1);
    await conn.execContext(ctx, insert, 2);
  });

  it("are forgotten when the session changes: they would run in the database and the mode of before", async () => {
    await admin(server.port, "CREATE DATABASE IF NOT EXISTS other");
    await admin(server.port, "CREATE TABLE IF NOT EXISTS other.thing (id int PRIMARY KEY)");
    await using db = open();
    await using conn = await db.conn(ctx);
    const count = "SELECT DATABASE() AS name, (SELECT count(*) FROM thing) AS n";
    const quoted = 'SELECT "x" AS x FROM (SELECT 5 AS x) AS s';
    await conn.execContext(ctx, "INSERT INTO thing (id) VALUES (1)");
    for (let round = 0; round < 2; round++) {
      for (const [change, name, n, x] of [
        ["USE other", "other", 0, "x"],
        ["/* back */ USE test", "test", 1, "x"],
        ["SET sql_mode = 'ANSI_QUOTES'", "test", 1, 5],
        ["SET sql_mode = DEFAULT", "test", 1, "x"],
      ] as const) {
        await conn.execContext(ctx, change);
        for (let i = 0; i < 3; i++) {
          expect(await conn.queryRowContext(ctx, count).scan(), change).toEqual([name, n]);
          expect(await conn.queryRowContext(ctx, quoted).scan(), change).toEqual([x]);
        }
      }
    }
  });

  it("yield what a connection without them yields, whatever becomes of the tables meanwhile", async () => {
    await using cached = open();
    await using plain = open({ statementCache: 0 });
    const seed = Date.now() % 1e9;
    const next = mulberry32(seed);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
    const changes = [
      "ALTER TABLE thing ADD COLUMN c int DEFAULT 5",
      "ALTER TABLE thing DROP COLUMN c",
      "ALTER TABLE thing MODIFY a text",
      "ALTER TABLE thing MODIFY a varbinary(50)",
      "ALTER TABLE thing MODIFY b bigint",
      "ALTER TABLE thing MODIFY b datetime",
      "ALTER TABLE thing CHANGE a z varchar(50)",
      "ALTER TABLE thing CHANGE z a varchar(50)",
      "DROP TABLE thing",
      "CREATE TABLE IF NOT EXISTS thing (id int PRIMARY KEY, a varchar(50), b int)",
      "CREATE TABLE IF NOT EXISTS thing (id int PRIMARY KEY, b varchar(50), a int)",
      "INSERT INTO thing (id) SELECT max(id) + 1 FROM thing",
      "INSERT INTO thing (id) VALUES (1)",
    ];
    const texts = [
      "SELECT * FROM thing ORDER BY id",
      "SELECT a FROM thing",
      "SELECT count(*), max(b) FROM thing",
      "SELECT c FROM thing WHERE id > ?",
    ];
    const outcome = async (db: sql.DB, text: string): Promise<unknown> => {
      try {
        const rows = await db.queryContext(ctx, text, ...(text.includes("?") ? [0] : []));
        return [rows.columnTypes(), await rows.toArray()];
      } catch (error) {
        return [(error as MysqlError).code, (error as Error).message];
      }
    };
    for (let i = 0; i < 150; i++) {
      if (next() < 0.5) await admin(server.port, pick(changes)).catch(() => undefined);
      const text = pick(texts);
      expect(await outcome(cached, text), `seed ${seed}, step ${i}: ${text}`).toEqual(await outcome(plain, text));
    }
  });

  it("make room for those that are needed when the server has no more, and none are kept then", async () => {
    await using db = open();
    await using stranger = open();
    const conns = await Promise.all([1, 2, 3, 4].map(() => db.conn(ctx)));
    // All places are taken: by four connections, the last of which is in the middle of rows.
    for (const conn of conns) {
      for (let i = 0; i < mostPrepared / 4; i++) {
        for (let again = 0; again < 2; again++) await conn.queryRowContext(ctx, `SELECT ${i} + ?`, 1).scan();
      }
    }
    const [busy, ...idle] = conns as [sql.Conn, ...sql.Conn[]];
    expect(await kept(busy)).toBe(mostPrepared);
    // Those of another program do not know of ours.
    const error = await stranger.pingContext(ctx).then(() =>
      stranger.execContext(ctx, "SELECT 1 + 1").then(
        () => undefined,
        (reason: unknown) => reason,
      ),
    );
    expect(errors.as(error, MysqlError)?.code).toBe("ER_MAX_PREPARED_STMT_COUNT_REACHED");
    for (const conn of idle) {
      for (let i = 0; i < 3; i++) {
        expect(await conn.queryRowContext(ctx, `SELECT 100 + ?`, i).scan(sql.int)).toEqual([100 + i]);
      }
    }
    expect(await busy.queryRowContext(ctx, "SELECT 0 + ?", 1).scan(sql.int)).toEqual([1]);
    await expect.poll(() => kept(busy)).toBe(0);
    for (const conn of conns) await conn.close();
  });

  it("are prepared again when the server does not know them any more", async () => {
    const prepare = vi.spyOn(Connection.prototype as { prepare(...args: unknown[]): unknown }, "prepare");
    try {
      await using db = open();
      await using conn = await db.conn(ctx);
      await using tx = await conn.beginTx(ctx);
      const insert = "INSERT INTO thing (id) VALUES (?)";
      for (let i = 0; i < 3; i++) await tx.execContext(ctx, insert, i);
      const client = prepare.mock.contexts[0] as { unprepare(options: object): unknown };
      client.unprepare({ sql: insert });
      for (let i = 3; i < 6; i++) await tx.execContext(ctx, insert, i);
      await tx.commit();
      expect(await conn.queryRowContext(ctx, "SELECT count(*) FROM thing").scan(sql.int)).toEqual([6]);
    } finally {
      prepare.mockRestore();
    }
  });

  it("take one write to run", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    const counts: number[] = [];
    await conn.raw((raw) =>
      countingWrites(server.port, async (count) => {
        for (let i = 0; i < 4; i++) {
          const before = count();
          const rows = await raw.query?.(ctx, "SELECT 1", []);
          await rows?.next();
          await rows?.close();
          counts.push(count() - before);
        }
      }),
    );
    expect(counts.slice(2)).toEqual([1, 1]);
  });
});

describe.skipIf(noMariaDB)("dates that mysql2 makes", () => {
  expectNoGoroutinesLeft();

  it("are the same, but for those that are none", async () => {
    const server = await startMariaDB({ "sql-mode": "" });
    const { host, port, user, password, database } = server;
    const options = { host, port, user, password, database };
    const texts = ["'2024-02-29 12:34:56.789'", "'0100-01-01'", "NULL", "'9999-12-31 23:59:59'"];
    try {
      await using db = sql.open(mysql(options));
      await using native = sql.open(mysql({ ...options, nativeDates: true }));
      for (const text of texts.flatMap((value) => ["datetime(3)", "date"].map((type) => `CAST(${value} AS ${type})`))) {
        const [date] = await db.queryRowContext(ctx, `SELECT ${text}`).scan();
        expect(await native.queryRowContext(ctx, `SELECT ${text}`).scan(), text).toEqual([date]);
      }
      await db.execContext(ctx, "CREATE TABLE day (a date, b date)");
      await db.execContext(ctx, "INSERT INTO day VALUES ('0000-00-00', '2020-02-00')");
      expect(await db.queryRowContext(ctx, "SELECT a, b FROM day").scan()).toEqual(["0000-00-00", "2020-02-00"]);
      const early = "SELECT CAST('0099-12-31' AS date)";
      expect(await db.queryRowContext(ctx, early).scan()).toEqual([new Date("0099-12-31")]);
      expect(await native.queryRowContext(ctx, early).scan()).toEqual([new Date("1999-12-31")]);
      const [a, b] = await native.queryRowContext(ctx, "SELECT a, b FROM day").scan();
      expect([Number((a as Date).getTime()), b instanceof Date]).toEqual([NaN, true]);
      expect(() => mysql({ ...options, nativeDates: 1 as unknown as boolean })).toThrow(
        "mysql: nativeDates must be a boolean, got 1",
      );
    } finally {
      await server.stop();
    }
  });
});

describe("dates of MySQL", () => {
  it("are read from their digits", () => {
    const next = mulberry32(7);
    for (let i = 0; i < 3000; i++) {
      const date = new Date(Math.floor((next() * 2 - 1) * 6e13));
      const text = date.toISOString().replace("T", " ").slice(0, 23);
      if (!/^\d{4}-/.test(text) || date.getUTCFullYear() < 0) continue;
      expect(parseDate(text), text).toEqual(date);
      expect(parseDate(`${text}999`), text).toEqual(date);
      date.setUTCMilliseconds(0);
      expect(parseDate(text.slice(0, 19)), text).toEqual(date);
      date.setUTCHours(0, 0, 0, 0);
      expect(parseDate(text.slice(0, 10)), text).toEqual(date);
    }
    for (const none of ["0000-00-00 00:00:00", "2020-02-00 01:02:03", "2020-00-01 00:00:00.000000", "today"]) {
      expect(parseDate(none)).toBe(none);
    }
  });
});
