import { errors, context } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres, PostgresError } from "gocsp/sql/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseDate } from "../../../src/sql/postgres/date.ts";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { mulberry32 } from "../../support/random.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";
import { countingWrites } from "../servers/writes.ts";

const ctx = context.background();

describe.skipIf(noPostgres)("the statements that PostgreSQL keeps [Q32]", () => {
  expectNoGoroutinesLeft();

  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS thing");
    await admin(server.port, "CREATE TABLE thing (id int PRIMARY KEY, a text, b int)");
  });

  const open = (statementCache?: number): sql.DB => {
    const { host, port, user, database } = server;
    return sql.open(
      postgres({ host, port, user, database, ...(statementCache === undefined ? {} : { statementCache }) }),
    );
  };
  /** Returns the texts that the server keeps for a connection. */
  const keptBy = async (conn: sql.Conn): Promise<string[]> => {
    const text = "SHOW server_version";
    await conn.execContext(ctx, text);
    const rows = await conn.raw(async (raw) => {
      const found = await raw.query?.(
        ctx,
        "/* not kept */ SELECT statement FROM pg_prepared_statements ORDER BY prepare_time",
        [],
      );
      const batch = (await found?.next()) ?? [];
      await found?.close();
      return batch;
    });
    return rows.map(([statement]) => String(statement));
  };

  it("are those whose texts come for the second time", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    for (let i = 0; i < 5; i++) {
      expect(await conn.queryRowContext(ctx, "SELECT $1::int4 + 1", i).scan()).toEqual([i + 1]);
      await conn.execContext(ctx, "INSERT INTO thing (id) VALUES ($1)", i);
      expect(await keptBy(conn)).toEqual(i === 0 ? [] : ["SELECT $1::int4 + 1", "INSERT INTO thing (id) VALUES ($1)"]);
    }
    await conn.execContext(ctx, "SELECT 1");
    expect((await keptBy(conn)).length).toBe(2);
  });

  it("are planned once for all arguments from their sixth run on, or for each run where the session says so", async () => {
    const { host, port, user, database } = server;
    for (const [mode, isGeneric] of [
      ["auto", true],
      ["force_custom_plan", false],
    ] as const) {
      const runtimeParams = { plan_cache_mode: mode };
      await using db = sql.open(postgres({ host, port, user, database, runtimeParams }));
      await using conn = await db.conn(ctx);
      const text = "SELECT a FROM thing WHERE id = $1";
      for (let i = 0; i < 20; i++) await (await conn.queryContext(ctx, text, i)).close();
      const plans =
        "/* not kept */ SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement = $1";
      const [generic, custom] = await conn.queryRowContext(ctx, plans, text).scan(sql.int, sql.int);
      expect(generic + custom).toBe(19);
      expect([mode, generic > 0]).toEqual([mode, isGeneric]);
    }
  });

  it("are as many as the option says, those that were used last", async () => {
    for (const size of [0, 1, 2]) {
      await using db = open(size);
      await using conn = await db.conn(ctx);
      for (const n of [1, 1, 2, 2, 1, 3, 3, 1]) await conn.execContext(ctx, `SELECT ${n}`);
      const last = ["SELECT 1", "SELECT 3"];
      const kept = await keptBy(conn);
      expect(kept.length, `of ${size}`).toBe(size);
      if (size === 2) expect(kept.toSorted()).toEqual(last);
    }
    for (const bad of [-1, 0.5, NaN, "2"]) {
      expect(() => open(bad as number)).toThrow("postgres: statementCache must be an integer, at least 0, got");
    }
  });

  it("leave nothing behind when they fail", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    const insert = "INSERT INTO thing (id) VALUES ($1)";
    for (let i = 0; i < 6; i++) await conn.execContext(ctx, insert, 1).catch(() => undefined);
    for (let i = 0; i < 6; i++) await conn.execContext(ctx, "SELECT nothing").catch(() => undefined);
    for (let i = 0; i < 6; i++) await conn.execContext(ctx, insert).catch(() => undefined);
    expect(await keptBy(conn)).toEqual([insert]);
    await expect(conn.execContext(ctx, insert)).rejects.toThrow("sql: expected 1 arguments, got 0");
    await conn.execContext(ctx, insert, 2);
  });

  it("are forgotten when their connection changes what they may depend on", async () => {
    await using db = open();
    await using conn = await db.conn(ctx);
    for (const change of ["ALTER TABLE thing ADD c int", "DISCARD ALL", "SET search_path = public", "DEALLOCATE ALL"]) {
      for (let i = 0; i < 3; i++) await (await conn.queryContext(ctx, "SELECT * FROM thing")).close();
      await using tx = await conn.beginTx(ctx);
      if (change !== "DISCARD ALL") await tx.execContext(ctx, change);
      await tx.commit();
      if (change === "DISCARD ALL") await conn.execContext(ctx, change);
      const inside = await conn.beginTx(ctx);
      await using rows = await inside.queryContext(ctx, "SELECT * FROM thing");
      expect(rows.columns().length).toBeGreaterThan(2);
      await rows.close();
      await inside.commit();
    }
  });

  it("yield what a connection without them yields, whatever becomes of the tables meanwhile", async () => {
    await using cached = open();
    await using plain = open(0);
    const seed = Date.now() % 1e9;
    const next = mulberry32(seed);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
    const changes = [
      "ALTER TABLE thing ADD COLUMN IF NOT EXISTS c int DEFAULT 5",
      "ALTER TABLE thing DROP COLUMN IF EXISTS c",
      "ALTER TABLE thing ALTER a TYPE varchar(20)",
      "ALTER TABLE thing ALTER a TYPE text",
      "ALTER TABLE thing ALTER b TYPE bigint",
      "ALTER TABLE thing ALTER b TYPE int",
      "ALTER TABLE thing RENAME a TO z",
      "ALTER TABLE thing RENAME z TO a",
      "DROP TABLE thing",
      "CREATE TABLE IF NOT EXISTS thing (id int PRIMARY KEY, a text, b int)",
      "CREATE TABLE IF NOT EXISTS thing (id int PRIMARY KEY, b text, a int)",
      "INSERT INTO thing SELECT max(id) + 1 FROM thing",
    ];
    const texts = [
      "SELECT * FROM thing ORDER BY id",
      "SELECT a FROM thing",
      "SELECT count(*), max(b) FROM thing",
      "SELECT c FROM thing WHERE id > $1",
    ];
    const outcome = async (db: sql.DB, text: string): Promise<unknown> => {
      try {
        const rows = await db.queryContext(ctx, text, ...(text.includes("$1") ? [0] : []));
        return [rows.columnTypes(), await rows.toArray()];
      } catch (error) {
        return [(error as PostgresError).code, (error as Error).message];
      }
    };
    for (let i = 0; i < 150; i++) {
      if (next() < 0.5) await admin(server.port, pick(changes)).catch(() => undefined);
      const text = pick(texts);
      expect(await outcome(cached, text), `seed ${seed}, step ${i}: ${text}`).toEqual(await outcome(plain, text));
    }
  });

  it("end a transaction if another connection has changed their tables in the middle of it, and nothing is repeated", async () => {
    await using db = open();
    db.setMaxOpenConns(1);
    const select = "SELECT * FROM thing";
    for (let i = 0; i < 3; i++) await (await db.queryContext(ctx, select)).close();
    const other = await db.beginTx(ctx);
    await admin(server.port, "ALTER TABLE thing ADD d int");
    const error = await other.queryContext(ctx, select).then(
      (rows) => rows.close(),
      (error: unknown) => error,
    );
    expect(errors.as(error, PostgresError)?.code).toBe("0A000");
    await other.rollback();
    const again = await db.beginTx(ctx);
    await using rows = await again.queryContext(ctx, select);
    expect(rows.columns()).toEqual(["id", "a", "b", "d"]);
    await rows.close();
    await again.commit();
  });

  it("take one write to run, and none for what is no longer kept", async () => {
    await using db = open(1);
    await using conn = await db.conn(ctx);
    const counts: number[] = [];
    await conn.raw((raw) =>
      countingWrites(server.port, async (count) => {
        for (const text of ["SELECT 1", "SELECT 1", "SELECT 1", "SELECT 2", "SELECT 2", "SELECT 2"]) {
          const before = count();
          const rows = await raw.query?.(ctx, text, []);
          await rows?.next();
          await rows?.close();
          counts.push(count() - before);
        }
      }),
    );
    expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("do not take back a change whose rows are given up early", async () => {
    await using db = open();
    for (let i = 0; i < 3; i++) {
      const rows = await db.queryContext(
        ctx,
        "INSERT INTO thing SELECT i, repeat('x', 2000) FROM generate_series($1::int, $1::int + 4999) i RETURNING *",
        i * 5000,
      );
      await rows.next();
      await rows.close();
    }
    expect(await db.queryRowContext(ctx, "SELECT count(*) FROM thing").scan(sql.int)).toEqual([15_000]);
    expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
  });
});

describe("dates of PostgreSQL", () => {
  it("are read from their digits", () => {
    const next = mulberry32(7);
    const two = (n: number): string => String(n).padStart(2, "0");
    for (let i = 0; i < 3000; i++) {
      const date = new Date(Math.floor((next() * 2 - 1) * 6e13));
      if (date.getUTCFullYear() < 1) continue;
      const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      const digits = String(date.getUTCMilliseconds()).padStart(3, "0").replace(/0+$/, "");
      const fraction = digits === "" ? "" : `.${digits}${next() < 0.5 && digits.length === 3 ? "999" : ""}`;
      const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}${fraction}`;
      const text = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${time}`;
      expect(parseDate(text), text).toEqual(date);
      for (const [zone, minutes] of [
        ["+00", 0],
        ["+05:30", 330],
        ["-03:30", -210],
        ["-08", -480],
        ["+14", 840],
      ] as const) {
        expect(parseDate(`${text}${zone}`), text + zone).toEqual(new Date(date.getTime() - minutes * 60_000));
      }
      const past = new Date(date);
      past.setUTCFullYear(1 - year);
      if (month !== 2) expect(parseDate(`${text} BC`), `${text} BC`).toEqual(past);
    }
    expect(parseDate("infinity")).toBe(Infinity);
    expect(parseDate("-infinity")).toBe(-Infinity);
    expect(parseDate("2024-02-29 12:34:56+00:19:32")).toEqual(new Date(Date.UTC(2024, 1, 29, 12, 15, 24)));
    expect(parseDate("294276-12-31 23:59:59.999999")).toBe("294276-12-31 23:59:59.999999");
    expect(parseDate("2024-02-29")).toEqual(new Date(Date.UTC(2024, 1, 29)));
  });
});
