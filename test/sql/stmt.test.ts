import { chan, context } from "gocsp";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

const insert = "INSERT INTO t (id, value) VALUES (?, ?)";

describe("a prepared statement", () => {
  test("runs many times, prepared once on each connection", async () => {
    const { fake, db } = openFake();
    await using statement = await db.prepareContext(background, insert);
    for (let id = 0; id < 5; id++) await statement.execContext(background, id, "x");
    expect([fake.calls("prepare").length, fake.data.get("t")?.size]).toEqual([1, 5]);
    const holder = await db.conn(background);
    for (let id = 5; id < 9; id++) await statement.execContext(background, id, "x");
    expect(fake.calls("prepare").length).toBe(2);
    await holder.close();
  });

  test("runs at the same time on several connections", async () => {
    const { fake, db } = openFake();
    fake.latency = 1;
    db.setMaxIdleConns(10);
    await using statement = await db.prepareContext(background, "SELECT ?");
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => statement.queryRowContext(background, i).scan()),
    );
    expect(answers).toEqual(Array.from({ length: 10 }, (_, i) => [i]));
    expect([fake.conns.length, fake.open.statements]).toEqual([10, 10]);
  });

  test("is closed everywhere", async () => {
    const { fake, db } = openFake();
    db.setMaxIdleConns(10);
    const statement = await db.prepareContext(background, "SELECT ?");
    await Promise.all(Array.from({ length: 5 }, (_, i) => statement.queryRowContext(background, i).scan()));
    await statement.close();
    await settle();
    expect(fake.open.statements).toBe(0);
    await statement.close();
  });

  test("that is closed refuses to run", async () => {
    const { db } = openFake();
    const statement = await db.prepareContext(background, "SELECT ?");
    await statement.close();
    const wanted = new Error("sql: statement is closed");
    expect(await errorOf(statement.queryContext(background, 1))).toEqual(wanted);
    expect(await errorOf(statement.execContext(background, 1))).toEqual(wanted);
    expect(await errorOf(statement.queryRowContext(background, 1).scan())).toEqual(wanted);
  });

  test("with another number of arguments is refused before the driver sees them", async () => {
    const { fake, db } = openFake();
    await using statement = await db.prepareContext(background, insert);
    fake.log.length = 0;
    expect(await errorOf(statement.execContext(background, 1))).toEqual(
      new RangeError("sql: expected 2 arguments, got 1"),
    );
    expect(await errorOf(statement.queryContext(background, 1, 2, 3))).toEqual(
      new RangeError("sql: expected 2 arguments, got 3"),
    );
    expect(fake.calls("stmt.exec", "stmt.query")).toEqual([]);
  });

  test("is not bound to the context with which it was prepared [Q20]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    await using statement = await db.prepareContext(ctx, "SELECT ?");
    const rows = await statement.queryContext(background, 1);
    cancel();
    await settle();
    expect([await rows.next(), await statement.queryRowContext(background, 7).scan()]).toEqual([true, [7]]);
    await rows.close();
  });

  test("whose preparation is stopped is none [Q20]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    fake.once("prepare", async () => {
      cancel();
      throw new Error("stopped");
    });
    expect(await errorOf(db.prepareContext(ctx, "SELECT 1"))).toBeInstanceOf(sql.StoppedError);
    expect(fake.open.statements).toBe(0);
  });

  test("that is closed while its rows are read is closed after them", async () => {
    const { fake, db } = openFake();
    const statement = await db.prepareContext(background, "SERIES 10");
    const rows = await statement.queryContext(background);
    await rows.next();
    await statement.close();
    expect([await rows.next(), rows.scan()]).toEqual([true, [2]]);
    await rows.close();
    await settle();
    expect(fake.calls("rows.close", "stmt.close")).toEqual(["rows.close", "stmt.close SERIES 10"]);
  });

  test("is closed without waiting for what others do on its connections", async () => {
    const { fake, db } = openFake();
    const statement = await db.prepareContext(background, "SELECT ?");
    const [ctx, cancel] = context.withCancel(background);
    const slow = follow(db.execContext(ctx, "SLOW"));
    await settle();
    const closing = follow(statement.close());
    await settle();
    expect([closing.state, slow.state, fake.open.statements]).toEqual(["returned", "waits", 1]);
    cancel();
    await settle();
    expect(fake.open.statements).toBe(0);
  });

  test("may be closed at any moment of its running", async () => {
    for (let ticks = 0; ticks < 30; ticks++) {
      const { fake, db } = openFake();
      const statement = await db.prepareContext(background, "SELECT ?");
      const running = follow(statement.queryRowContext(background, 1).scan());
      for (let i = 0; i < ticks; i++) await undefined;
      await statement.close();
      await settle();
      if (running.state === "returned") expect(running.value).toEqual([1]);
      else expect(running.error).toEqual(new Error("sql: statement is closed"));
      expect(fake.open.statements).toBe(0);
    }
  });

  test("gets what has begun to its end when it is closed, and is closed on that connection too", async () => {
    const { fake, db } = openFake();
    const statement = await db.prepareContext(background, "SELECT ?");
    const holder = await db.conn(background);
    const gate = chan<void>();
    fake.once("prepare", () => gate.receive());
    const running = follow(statement.queryRowContext(background, 1).scan());
    await settle();
    const closing = follow(statement.close());
    await settle();
    expect(closing.state).toBe("returned");
    await expect(statement.execContext(background, 2)).rejects.toThrow("sql: statement is closed");
    gate.close();
    await settle();
    expect([running.value, fake.open.statements]).toEqual([[1], 0]);
    await holder.close();
  });

  test("is prepared anew when its connection was bad", async () => {
    const { fake, db } = openFake();
    await using statement = await db.prepareContext(background, "SELECT ?");
    fake.once("stmt.query", () => Promise.reject(errBadConn));
    expect(await statement.queryRowContext(background, 5).scan()).toEqual([5]);
    expect([fake.calls("prepare").length, fake.open.statements]).toEqual([2, 1]);
  });

  test("does not keep connections in mind that are gone", async () => {
    const { fake, db } = openFake();
    db.setMaxIdleConns(0);
    await using statement = await db.prepareContext(background, "SELECT ?");
    for (let i = 0; i < 20; i++) await statement.queryRowContext(background, i).scan();
    await settle();
    expect([fake.calls("prepare").length, fake.open.statements]).toEqual([21, 0]);
  });

  test("a statement that is prepared on the way fails with its own error, whatever its close does", async () => {
    const { fake, db } = openFake({ query: false, exec: false });
    fake.on("stmt.close", () => Promise.reject(new Error("cannot close")));
    expect(await errorOf(db.execContext(background, "SELEKT"))).toMatchObject({ code: "FAKE_SYNTAX" });
    fake.once("stmt.exec", () => Promise.reject(new Error("disk")));
    expect(await errorOf(db.execContext(background, "NOTHING"))).toEqual(new Error("disk"));
  });

  test("a statement that has run is not run again because it cannot be closed", async () => {
    const { fake, db } = openFake({ query: false, exec: false });
    fake.once("stmt.close", () => Promise.reject(errBadConn));
    const result = await db.execContext(background, "INSERT INTO t (id, value) VALUES (1, 2)");
    expect([result.rowsAffected(), fake.calls("stmt.exec").length]).toEqual([1, 1]);
  });
});
