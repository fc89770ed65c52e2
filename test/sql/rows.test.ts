import { chan, context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, isStopped, openFake } from "./fake/open.ts";
import { watchedContext } from "./fake/watched.ts";

expectAllClosed();

describe("rows", () => {
  test("are stepped through and scanned", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SERIES 7");
    const seen: unknown[] = [];
    while (await rows.next()) seen.push(rows.scan());
    expect(seen).toEqual([[1], [2], [3], [4], [5], [6], [7]]);
    expect([rows.err(), await rows.next()]).toEqual([undefined, false]);
  });

  test("are objects in a for await", async () => {
    const { db } = openFake();
    const seen: unknown[] = [];
    for await (const row of await db.queryContext(background, "SELECT 1 AS a, 2 AS b")) seen.push(row);
    expect(seen).toEqual([{ a: 1, b: 2 }]);
    expect(db.stats().inUse).toBe(0);
  });

  test("are objects whose properties are their own, whatever the columns are called", async () => {
    const { db } = openFake();
    const text = "SELECT 1 AS __proto__, 2 AS constructor";
    const [row] = await (await db.queryContext(background, text)).toArray();
    expect(Object.entries(row as object)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    const shape = Object.fromEntries([["__proto__", sql.int]]);
    for await (const shaped of (await db.queryContext(background, text)).as(shape)) {
      expect(Object.entries(shaped)).toEqual([["__proto__", 1]]);
      expect(Object.getPrototypeOf(shaped)).toBe(Object.prototype);
    }
  });

  test("hold their connection until they are read to the end", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 3");
    expect(db.stats().inUse).toBe(1);
    while (await rows.next()) expect(db.stats().inUse).toBe(1);
    expect([db.stats().inUse, fake.open.rows]).toEqual([0, 0]);
  });

  test("are read as they are asked for, a batch at a time", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 10");
    await settle();
    expect(fake.calls("rows.next").length).toBe(0);
    for (let i = 0; i < 4; i++) await rows.next();
    await settle();
    expect(fake.calls("rows.next").length).toBe(2);
    await rows.close();
  });

  test.each(["break", "throw", "return"] as const)("are closed when a for await is left by %s", async (how) => {
    const { fake, db } = openFake();
    const loop = async (): Promise<unknown> => {
      for await (const { n } of await db.queryContext<{ n: number }>(background, "SERIES 100")) {
        if (n < 5) continue;
        if (how === "break") break;
        if (how === "return") return n;
        throw new Error(`at ${n}`);
      }
      return "end";
    };
    const outcome = follow(loop());
    await settle();
    expect(outcome).toMatchObject(
      how === "throw" ? { error: new Error("at 5") } : { value: how === "break" ? "end" : 5 },
    );
    expect([fake.open.rows, db.stats().inUse]).toEqual([0, 0]);
  });

  test("are closed at the end of an await using block", async () => {
    const { fake, db } = openFake();
    {
      await using rows = await db.queryContext(background, "SERIES 100");
      await rows.next();
    }
    expect([fake.open.rows, db.stats().inUse]).toEqual([0, 0]);
  });

  test("end with the context: the connection is free, next is false, err and scan have the error [Q8]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const rows = await db.queryContext(ctx, "SERIES 100");
    expect(await rows.next()).toBe(true);
    cancel();
    await settle();
    expect([db.stats().inUse, fake.open.rows]).toEqual([0, 0]);
    expect([await rows.next(), rows.err()]).toEqual([false, context.canceled]);
    expect(() => rows.scan()).toThrow(context.canceled);
    await rows.close();
    expect(rows.err()).toBe(context.canceled);
  });

  test("end with the context in a for await, which throws [Q8]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const seen: unknown[] = [];
    const loop = async (): Promise<void> => {
      for await (const { n } of await db.queryContext(ctx, "SERIES 100")) {
        seen.push(n);
        if (n === 4) cancel();
      }
    };
    expect(await errorOf(loop())).toBe(context.canceled);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test("end when the context ends while they are fetched, with the driver's error as the cause [Q8]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const rows = await db.queryContext(ctx, "SERIES 100");
    fake.once("rows.next", async () => {
      cancel();
      throw new Error("interrupted");
    });
    expect(await rows.next()).toBe(false);
    expect(isStopped(rows.err(), context.canceled)).toBe(true);
    expect(errors.unwrap(rows.err())).toEqual(new Error("interrupted"));
  });

  test("a batch that comes after the end of the context is not shown [Q8]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const rows = await db.queryContext(ctx, "SERIES 100");
    fake.once("rows.next", () => cancel());
    expect([await rows.next(), rows.err()]).toEqual([false, context.canceled]);
  });

  test("that nobody reads end with the context, without an unhandled rejection [Q8]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    await db.queryContext(ctx, "SERIES 100");
    fake.once("rows.close", () => {
      throw new Error("cannot close");
    });
    cancel();
    await settle();
    expect([db.stats().inUse, db.stats().openConnections]).toEqual([0, 0]);
  });

  test("that were read to the end do not show a later cancel [Q9]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const rows = await db.queryContext(ctx, "SERIES 4");
    while (await rows.next());
    cancel();
    await settle();
    expect(rows.err()).toBeUndefined();
    await rows.close();
    await rows.close();
    expect(rows.err()).toBeUndefined();
    expect(() => rows.scan()).toThrow("sql: Rows are closed");
  });

  test("that were closed do not show a later cancel [Q9]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const rows = await db.queryContext(ctx, "SERIES 4");
    await rows.next();
    await rows.close();
    cancel();
    expect([await rows.next(), rows.err(), fake.calls("rows.close").length]).toEqual([false, undefined, 1]);
  });

  test("are not watched if their context cannot end [Q10]", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(context.withoutCancel(background), "SERIES 4");
    const inTx = await db.beginTx(background);
    const txRows = await inTx.queryContext(background, "SERIES 4");
    expect([await rows.next(), await txRows.next()]).toEqual([true, true]);
    await rows.close();
    await txRows.close();
    await inTx.commit();
  });

  test("a context is watched only as long as the rows are open [Q10]", async () => {
    const { db } = openFake();
    const { ctx, watchers } = watchedContext();
    const rows = await db.queryContext(ctx, "SERIES 4");
    expect(watchers()).toBe(1);
    await rows.close();
    expect(watchers()).toBe(0);
  });

  test("a cancel between next and scan makes scan fail, and what was scanned stays whole [Q11]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const rows = await db.queryContext(ctx, "SELECT 1 AS a, 2 AS b");
    await rows.next();
    const whole = rows.scan();
    cancel();
    expect(() => rows.scan()).toThrow(context.canceled);
    await settle();
    expect(whole).toEqual([1, 2]);
  });

  test("of a transaction end with its commit [Q12]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    const rows = await tx.queryContext(background, "SERIES 100");
    await rows.next();
    await tx.commit();
    expect(fake.calls("rows.close", "commit")).toEqual(["rows.close", "commit"]);
    expect([await rows.next(), rows.err()]).toEqual([false, context.canceled]);
  });

  test("of a transaction end with its rollback [Q12]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    const rows = await tx.queryContext(background, "SERIES 100");
    await tx.rollback();
    expect(fake.calls("rows.close", "rollback")).toEqual(["rows.close", "rollback"]);
    expect(await rows.next()).toBe(false);
  });

  test("of a transaction end with its context, whatever their own [Q12]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const tx = await db.beginTx(ctx);
    const rows = await tx.queryContext(background, "SERIES 100");
    await rows.next();
    cancel();
    await settle();
    expect(fake.calls("rows.close", "rollback")).toEqual(["rows.close", "rollback"]);
    expect([await rows.next(), rows.err()]).toEqual([false, context.canceled]);
  });

  test("of a transaction that is over keep that as their error, whatever the read in progress throws [Q12]", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    const tx = await db.beginTx(background);
    const rows = await tx.queryContext(background, "SERIES 100");
    fake.once("rows.next", async () => {
      await gate.receive();
      throw new Error("disk");
    });
    const reading = follow(rows.next());
    await settle();
    const ended = follow(tx.rollback());
    gate.close();
    await settle();
    expect([reading.value, rows.err(), ended.state]).toEqual([false, context.canceled, "returned"]);
  });

  test("several reads at once get each row once", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SERIES 10");
    const steps = await Promise.all(Array.from({ length: 12 }, () => rows.next()));
    expect(steps.filter(Boolean).length).toBe(10);
  });

  test("closing waits for a read in progress, which finds no more", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("rows.next", () => gate.receive());
    const rows = await db.queryContext(background, "SERIES 10");
    const reading = follow(rows.next());
    const closing = follow(rows.close());
    await settle();
    expect([reading.state, closing.state]).toEqual(["waits", "waits"]);
    gate.close();
    await settle();
    expect([reading.value, closing.state, rows.err()]).toEqual([false, "returned", undefined]);
  });

  test("an error of the driver ends them", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 10");
    for (let i = 0; i < 3; i++) await rows.next();
    const failure = new Error("disk");
    fake.once("rows.next", () => {
      throw failure;
    });
    expect([await rows.next(), rows.err(), db.stats().inUse]).toEqual([false, failure, 0]);
    expect(() => rows.scan()).toThrow(failure);
  });

  test("a for await throws the driver's error", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 10");
    fake.once("rows.next", () => Promise.reject(new Error("disk")));
    const loop = async (): Promise<void> => {
      for await (const _ of rows);
    };
    expect(await errorOf(loop())).toEqual(new Error("disk"));
  });

  test("a failed close gives the connection up, and is thrown", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 10");
    fake.once("rows.close", () => Promise.reject(new Error("stuck")));
    expect(await errorOf(rows.close())).toEqual(new Error("stuck"));
    await settle();
    expect(db.stats().openConnections).toBe(0);
  });

  test("a failed close at the end of the rows gives the connection up", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 2");
    fake.once("rows.close", () => Promise.reject(new Error("stuck")));
    while (await rows.next());
    await settle();
    expect([rows.err(), db.stats().openConnections]).toEqual([undefined, 0]);
  });

  test("scan before next is an error", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SERIES 2");
    expect(() => rows.scan()).toThrow(new Error("sql: Scan called without calling Next"));
    await rows.close();
    expect(() => rows.scan()).toThrow(new Error("sql: Rows are closed"));
  });

  test("have columns, also when they are closed", async () => {
    const { db } = openFake();
    const rows = await db.queryContext(background, "SELECT 1 AS a, 2 AS b");
    await rows.close();
    expect(rows.columns()).toEqual(["a", "b"]);
    expect(rows.columnTypes()).toEqual(["a", "b"].map((name) => ({ name, databaseTypeName: "FAKE" })));
  });

  test("what a driver returns that is no batch is an error, and ends them", async () => {
    const { fake, db } = openFake();
    const rows = await db.queryContext(background, "SERIES 2");
    const [first] = [...(fake.conns[0]?.rows ?? [])];
    (first as { fetch: unknown }).fetch = async () => undefined;
    const outcome = follow(rows.next());
    await settle();
    expect([outcome.value, rows.err() instanceof TypeError, db.stats().inUse]).toEqual([false, true, 0]);
  });
});
