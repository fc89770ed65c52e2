import { chan, context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { type Conn, errBadConn } from "gocsp/sql/driver";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

describe("a Conn", () => {
  test("is one connection for all statements", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const other = await db.conn(background);
    fake.log.length = 0;
    await conn.execContext(background, "NOTHING");
    await conn.pingContext(background);
    await (await conn.queryContext(background, "SERIES 1")).close();
    await (await conn.beginTx(background)).rollback();
    expect(new Set(fake.log.map((call) => call.conn))).toEqual(new Set([1]));
    await conn.close();
    await other.close();
  });

  test("does not end with the context with which it was got [Q21]", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const conn = await db.conn(ctx);
    cancel();
    await settle();
    await conn.execContext(background, "NOTHING");
    await conn.close();
  });

  test("that is closed refuses everything, a second close too [Q21]", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const statement = await conn.prepareContext(background, "NOTHING");
    await conn.close();
    fake.log.length = 0;
    const errors = await Promise.all(
      [
        conn.execContext(background, "NOTHING"),
        conn.queryContext(background, "NOTHING"),
        conn.queryRowContext(background, "NOTHING").scan(),
        conn.prepareContext(background, "NOTHING"),
        conn.beginTx(background),
        conn.pingContext(background),
        conn.raw(() => 1),
        conn.close(),
      ].map((operation) => errorOf(operation)),
    );
    expect(errors).toEqual(Array(8).fill(sql.errConnDone));
    expect(sql.errConnDone.message).toBe("sql: connection is already closed");
    expect(await errorOf(statement.execContext(background))).toEqual(new Error("sql: statement is closed"));
    expect(fake.log).toEqual([]);
    await conn[Symbol.asyncDispose]();
  });

  test("goes back at the end of an await using block, once", async () => {
    const { db } = openFake();
    {
      await using conn = await db.conn(background);
      await conn.close();
    }
    {
      await using _ = await db.conn(background);
      expect(db.stats().inUse).toBe(1);
    }
    expect([db.stats().inUse, db.stats().idle]).toEqual([0, 1]);
  });

  test("waits for what runs before it goes back [Q22]", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("exec", () => gate.receive());
    const conn = await db.conn(background);
    const running = follow(conn.execContext(background, "NOTHING"));
    await settle();
    const closing = follow(conn.close());
    await settle();
    expect([running.state, closing.state, db.stats().inUse]).toEqual(["waits", "waits", 1]);
    gate.close();
    await settle();
    expect([running.state, closing.state, db.stats().inUse]).toEqual(["returned", "returned", 0]);
  });

  test("closes the rows of a query that is on its way before it goes back [Q22]", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("query", () => gate.receive());
    const conn = await db.conn(background);
    const query = follow(conn.queryContext(background, "SERIES 10"));
    await settle();
    const closing = follow(conn.close());
    await settle();
    gate.close();
    await settle();
    expect([query.state, closing.state, await query.value?.next()]).toEqual(["returned", "returned", false]);
    expect(fake.open.rows).toBe(0);
  });

  test("closes rows that are open, where Go waits for them", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const rows = await conn.queryContext(background, "SERIES 10");
    await rows.next();
    await conn.close();
    expect([await rows.next(), rows.err(), fake.open.rows]).toEqual([false, sql.errConnDone, 0]);
  });

  test("rolls back a transaction that is open, where Go waits for it", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const tx = await conn.beginTx(background);
    await tx.execContext(background, "INSERT INTO t (id, value) VALUES (1, 2)");
    await conn.close();
    expect([fake.calls("rollback"), fake.open.transactions, fake.data.get("t")?.size]).toEqual([["rollback"], 0, 0]);
    expect(await errorOf(tx.commit())).toBe(sql.errTxDone);
  });

  test("waits for a transaction that is being committed", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("commit", () => gate.receive());
    const conn = await db.conn(background);
    const tx = await conn.beginTx(background);
    const committed = follow(tx.commit());
    const closed = follow(conn.close());
    await settle();
    expect([committed.state, closed.state, db.stats().inUse]).toEqual(["waits", "waits", 1]);
    gate.close();
    await settle();
    expect([committed.state, closed.state, fake.calls("rollback")]).toEqual(["returned", "returned", []]);
  });

  test("closes its statements when it goes back", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    await conn.prepareContext(background, "NOTHING");
    await conn.prepareContext(background, "NOTHING");
    expect(fake.open.statements).toBe(2);
    await conn.close();
    expect(fake.open.statements).toBe(0);
  });

  test("that turns out to be bad is closed", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    fake.once("exec", () => Promise.reject(new Error("hung up", { cause: errBadConn })));
    expect(await errorOf(conn.execContext(background, "NOTHING"))).toEqual(new Error("hung up"));
    await settle();
    expect([fake.open.connections, await errorOf(conn.pingContext(background))]).toEqual([0, sql.errConnDone]);
  });

  test("runs one operation at a time", async () => {
    const { fake, db } = openFake();
    fake.latency = 1;
    const conn = await db.conn(background);
    await Promise.all([
      conn.execContext(background, "NOTHING"),
      conn.queryRowContext(background, "SELECT 1").scan(),
      conn.pingContext(background),
      conn.prepareContext(background, "NOTHING"),
      conn.raw(async () => settle()),
    ]);
    await conn.close();
  });

  test("does nothing for an operation whose context ends while it waits for its turn", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("exec", () => gate.receive());
    const conn = await db.conn(background);
    const first = follow(conn.execContext(background, "NOTHING"));
    const [ctx, cancel] = context.withCancel(background);
    const second = follow(conn.execContext(ctx, "SELECT 1"));
    await settle();
    cancel();
    await settle();
    expect([first.state, second.error]).toEqual(["waits", context.canceled]);
    gate.close();
    await settle();
    expect(fake.calls("exec")).toEqual(["exec NOTHING"]);
    await conn.close();
  });

  test("gives the driver's connection to raw, which nothing disturbs", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const gate = chan<void>();
    const raw = follow(
      conn.raw(async (inner) => {
        expect(inner).toBe(fake.conns[0]);
        await gate.receive();
        return 7;
      }),
    );
    const other = follow(conn.pingContext(background));
    await settle();
    expect([raw.state, other.state]).toEqual(["waits", "waits"]);
    gate.close();
    await settle();
    expect([raw.value, other.state]).toEqual([7, "returned"]);
    expect(await errorOf(conn.raw(5 as unknown as () => void))).toBeInstanceOf(TypeError);
    const failure = new Error("raw");
    expect(await errorOf(conn.raw(() => Promise.reject(failure)))).toBe(failure);
    await conn.close();
  });

  test("gives up raw when its context ends, and keeps the connection until its function is done", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const gate = chan<void>();
    const [ctx, cancel] = context.withCancel(background);
    const raw = errorOf(conn.raw(ctx, () => gate.receive()));
    const other = follow(conn.execContext(background, "NOTHING"));
    await settle();
    cancel();
    expect(errors.is(await raw, context.canceled)).toBe(true);
    expect([other.state, fake.calls("exec")]).toEqual(["waits", []]);
    gate.close();
    await settle();
    expect([other.state, fake.calls("exec")]).toEqual(["returned", ["exec NOTHING"]]);
    expect(await errorOf(conn.raw(ctx, () => 5))).toBe(context.canceled);
    await conn.close();
  });

  test("lets the driver run raw, if it can", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    const driver = fake.conns[0] as Partial<Conn>;
    const seen: unknown[] = [];
    driver.raw = (ctx, f) => {
      seen.push(ctx);
      return f();
    };
    expect(await conn.raw(background, (inner) => inner === driver)).toBe(true);
    const tx = await conn.beginTx(background);
    expect(await tx.raw(background, () => 6)).toBe(6);
    await tx.commit();
    expect(await errorOf(tx.raw(() => 6))).toBe(sql.errTxDone);
    expect(seen.length).toBe(2);
    await conn.close();
  });

  test("is closed when raw says that it is bad", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    expect(await errorOf(conn.raw(() => Promise.reject(errBadConn)))).toBe(errBadConn);
    await settle();
    expect([fake.open.connections, await errorOf(conn.close())]).toEqual([0, sql.errConnDone]);
  });
});

describe("a Conn with a transaction", () => {
  test("refuses a second one until the first is over", async () => {
    const { fake, db } = openFake();
    await using conn = await db.conn(background);
    const tx = await conn.beginTx(background);
    await expect(conn.beginTx(background)).rejects.toThrow("sql: the connection has a transaction already");
    expect(fake.calls("begin")).toHaveLength(1);
    await tx.rollback();
    const next = await conn.beginTx(background);
    await next.commit();
  });

  test("takes another one when its own could not begin", async () => {
    const { fake, db } = openFake();
    await using conn = await db.conn(background);
    fake.once("begin", () => Promise.reject(new Error("not now")));
    await expect(conn.beginTx(background)).rejects.toThrow("not now");
    const tx = await conn.beginTx(background);
    await tx.rollback();
  });
});
