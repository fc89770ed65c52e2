import { context } from "gocsp";
import * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, isStopped, openFake } from "./fake/open.ts";

expectAllClosed();

describe("typed rows", () => {
  test("have the properties of their shape, each read by its scanner", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SELECT 1 AS a, 2 AS b");
    const seen: { b: string }[] = [];
    for await (const row of rows.as({ b: sql.string })) seen.push(row);
    expect(seen).toEqual([{ b: "2" }]);
  });

  test("name a column that does not exist, and give the connection back", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SELECT 1 AS a, 2 AS b");
    const step = rows.as({ c: sql.int })[Symbol.asyncIterator]().next();
    expect(await errorOf(step)).toEqual(new Error('sql: no column "c" (the columns are a, b)'));
    expect(db.stats().inUse).toBe(0);
  });

  test("refuse two columns of one name, and give the connection back", async () => {
    const { db } = openFake();
    const twice = "SELECT 1 AS a, 2 AS a";
    for (const read of [
      async () => (await db.queryContext(background, twice)).toArray(),
      async () => {
        for await (const row of await db.queryContext(background, twice)) expect(row).toBe("never");
      },
      async () => (await db.queryContext(background, twice)).as({ a: sql.int })[Symbol.asyncIterator]().next(),
    ]) {
      expect(await errorOf(read())).toEqual(new Error('sql: two columns are called "a"'));
      expect(db.stats().inUse).toBe(0);
    }
  });

  test("do not mind two columns of one name for scan", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SELECT 1 AS a, 2 AS a");
    await rows.next();
    expect(rows.scan(sql.int, sql.int)).toEqual([1, 2]);
    await rows.close();
  });

  test("are closed when a scanner throws in a for await", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 9");
    const loop = async (): Promise<void> => {
      for await (const _ of rows.as({ n: sql.bytes }));
    };
    expect(await errorOf(loop())).toEqual(
      new Error('sql: Scan error on column index 0, name "n": converting 1 to bytes is unsupported'),
    );
    expect([fake.open.rows, db.stats().inUse]).toEqual([0, 0]);
  });

  test("need one scanner for each column", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SELECT 1 AS a, 2 AS b");
    await rows.next();
    expect(() => rows.scan(sql.int)).toThrow(new RangeError("sql: expected 2 destination arguments in Scan, not 1"));
    expect(rows.scan(sql.int, sql.any)).toEqual([1, 2]);
    await rows.close();
  });
});

describe("a row", () => {
  test("is there at once, and its error waits for scan [Q13]", async () => {
    const { db } = openFake();
    const row = db.queryRowContext(background, "SELEKT");
    expect(row).toBeDefined();
    expect(await errorOf(row.scan())).toMatchObject({ code: "FAKE_SYNTAX" });
    expect(await row.err()).toMatchObject({ code: "FAKE_SYNTAX" });
    expect(await errorOf(row.as({ n: sql.int }))).toMatchObject({ code: "FAKE_SYNTAX" });
  });

  test("that is not there is errNoRows, for scan but not for err [Q13]", async () => {
    const { db } = openFake();
    const row = db.queryRowContext(background, "NOTHING");
    expect([await errorOf(row.scan()), await errorOf(row.as({ n: sql.int })), await row.err()]).toEqual([
      sql.errNoRows,
      sql.errNoRows,
      undefined,
    ]);
    expect(sql.errNoRows.message).toBe("sql: no rows in result set");
  });

  test("is the first of many, and frees the connection unscanned [Q13]", async () => {
    const { fake, db } = openFake();
    const row = db.queryRowContext(background, "SERIES 9");
    await settle();
    expect([db.stats().inUse, fake.open.rows]).toEqual([0, 0]);
    expect([await row.scan(), await row.scan(sql.string), await row.as({ n: sql.bigint })]).toEqual([
      [1],
      ["1"],
      { n: 1n },
    ]);
  });

  test("that nobody scans makes no unhandled rejection [Q13]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    db.queryRowContext(background, "SELEKT");
    db.queryRowContext(ctx, "SLOW");
    await settle();
    cancel();
    await settle();
    expect(db.stats().inUse).toBe(0);
  });

  test("whose query is stopped has the end of the context [Q13]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const row = db.queryRowContext(ctx, "SLOW");
    await settle();
    cancel();
    expect(isStopped(await errorOf(row.scan()), context.canceled)).toBe(true);
  });

  test("that fails while it is read has that error", async () => {
    const { fake, db } = openFake();
    fake.once("rows.next", () => Promise.reject(new Error("disk")));
    expect(await errorOf(db.queryRowContext(background, "SERIES 9").scan())).toEqual(new Error("disk"));
  });

  test("needs one scanner for each column", async () => {
    const { db } = openFake();
    const row = db.queryRowContext(background, "SELECT 1 AS a, 2 AS b");
    expect(await errorOf(row.scan(sql.int))).toEqual(
      new RangeError("sql: expected 2 destination arguments in Scan, not 1"),
    );
    expect(await errorOf(row.as({ c: sql.int }))).toEqual(new Error('sql: no column "c" (the columns are a, b)'));
  });
});

describe("a row that is being read", () => {
  test("is read to its end before the transaction or the connection around it is given back", async () => {
    const { db } = openFake();
    const ofTransaction = async (): Promise<readonly unknown[]> => {
      await using tx = await db.beginTx(background);
      return tx.queryRowContext(background, "SELECT 1").scan();
    };
    const ofConnection = async (): Promise<readonly unknown[]> => {
      await using conn = await db.conn(background);
      return conn.queryRowContext(background, "SELECT 2").scan();
    };
    expect([await ofTransaction(), await ofConnection()]).toEqual([[1], [2]]);
  });

  test("may have more arguments than a function call", async () => {
    const { db } = openFake();
    const many = Array.from({ length: 65_000 }, (_, i) => i);
    const error = await errorOf(db.queryRowContext(background, "SELECT ?", ...many).scan());
    expect(String(error)).toContain("65000");
  });
});

describe("rows that several read", () => {
  test("go to each reader once", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SERIES 1000");
    const seen: unknown[] = [];
    const reader = async (): Promise<void> => {
      for await (const row of rows) {
        seen.push(Object.values(row)[0]);
        if (seen.length % 7 === 0) await settle();
      }
    };
    await Promise.all([reader(), reader(), reader()]);
    expect(seen.length).toBe(1000);
    expect(new Set(seen).size).toBe(1000);
  });

  test("that are closed before their end do not pass for complete", async () => {
    const { db } = openFake();
    const unfinished = async (): Promise<object[]> => {
      await using rows = await db.queryContext(background, "SERIES 1000");
      // The block closes the rows while they are being read.
      return rows.toArray();
    };
    expect(await errorOf(unfinished())).toEqual(new Error("sql: Rows are closed"));
    const rows = await db.queryContext(background, "SERIES 3");
    expect((await rows.toArray()).length).toBe(3);
    expect(await rows.toArray()).toEqual([]);
  });
});
