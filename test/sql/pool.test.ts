import { chan, context } from "gocsp";
import { seed } from "gocsp/runtime";
import { errBadConn } from "gocsp/sql/driver";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, errorOf, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

describe("the pool", () => {
  test("opens nothing before it is needed", async () => {
    const { fake, db } = openFake();
    await settle();
    expect([fake.log, db.stats().openConnections]).toEqual([[], 0]);
  });

  test("uses an idle connection again", async () => {
    const { fake, db } = openFake();
    for (let i = 0; i < 5; i++) await db.execContext(background, "NOTHING");
    expect([fake.conns.length, db.stats().idle]).toEqual([1, 1]);
  });

  test("opens as many as are used at the same time, and keeps two", async () => {
    const { fake, db } = openFake();
    const conns = await Promise.all([1, 2, 3, 4].map(() => db.conn(background)));
    expect([fake.open.connections, db.stats().inUse]).toEqual([4, 4]);
    for (const conn of conns) await conn.close();
    await settle();
    const { idle, openConnections, maxIdleClosed } = db.stats();
    expect([fake.open.connections, idle, openConnections, maxIdleClosed]).toEqual([2, 2, 2, 2]);
  });

  test("takes the connection that was used last", async () => {
    const { fake, db } = openFake();
    const [first, second] = [await db.conn(background), await db.conn(background)];
    await first.close();
    await second.close();
    fake.log.length = 0;
    await db.execContext(background, "NOTHING");
    expect(fake.log.at(-1)).toMatchObject({ method: "exec", conn: 2 });
  });

  test("resets the session before another user has the connection, not before the first", async () => {
    const { fake, db } = openFake();
    await db.execContext(background, "NOTHING");
    expect(fake.calls("resetSession")).toEqual([]);
    await db.execContext(background, "NOTHING");
    expect(fake.calls()).toEqual(["connect", "exec NOTHING", "resetSession", "exec NOTHING"]);
  });

  test("does not reset a session that nobody has used", async () => {
    const { fake, db } = openFake();
    await db.execContext(background, "NOTHING");
    for (let i = 0; i < 3; i++) await (await db.conn(background)).close();
    expect(fake.calls("resetSession").length).toBe(1);
  });

  test("closes a connection whose session cannot be reset, and takes another", async () => {
    const { fake, db } = openFake();
    await db.execContext(background, "NOTHING");
    fake.once("resetSession", () => {
      throw new Error("lost");
    });
    await db.execContext(background, "NOTHING");
    expect(fake.calls("connect", "close", "exec")).toEqual([
      "connect",
      "exec NOTHING",
      "close",
      "connect",
      "exec NOTHING",
    ]);
  });

  test("does not keep a connection that is not valid", async () => {
    const { fake, db } = openFake();
    await db.execContext(background, "NOTHING");
    const conn = await db.conn(background);
    (fake.conns[0] as { valid: boolean }).valid = false;
    await conn.close();
    await settle();
    expect([fake.open.connections, db.stats().openConnections]).toEqual([0, 0]);
  });

  test("takes a driver that throws in isValid for one that is not valid", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    (fake.conns[0] as { isValid: () => boolean }).isValid = () => {
      throw new Error("no idea");
    };
    await conn.close();
    await settle();
    expect(fake.open.connections).toBe(0);
  });

  test("holds a connection while it is used, and lets go of it when it is idle", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    expect(fake.conns[0]?.held).toBe(true);
    await conn.close();
    expect(fake.conns[0]?.held).toBe(false);
    const rows = await db.queryContext(background, "SERIES 9");
    expect(fake.conns[0]?.held).toBe(true);
    await rows.close();
    expect(fake.conns[0]?.held).toBe(false);
  });

  test("keeps as many idle connections as it may", async () => {
    const { fake, db } = openFake();
    db.setMaxIdleConns(3);
    const conns = await Promise.all([1, 2, 3, 4].map(() => db.conn(background)));
    for (const conn of conns) await conn.close();
    expect(db.stats().idle).toBe(3);
    db.setMaxIdleConns(1);
    expect(db.stats().idle).toBe(1);
    db.setMaxIdleConns(-1);
    await settle();
    expect([db.stats().idle, fake.open.connections]).toEqual([0, 0]);
    await db.execContext(background, "NOTHING");
    await settle();
    expect([db.stats().idle, fake.open.connections]).toEqual([0, 0]);
  });

  test("closes what is over a lowered limit as it comes back", async () => {
    const { fake, db } = openFake();
    db.setMaxIdleConns(5);
    const conns = await Promise.all([1, 2, 3].map(() => db.conn(background)));
    db.setMaxOpenConns(1);
    for (const conn of conns) await conn.close();
    await settle();
    expect([db.stats().openConnections, fake.open.connections, db.stats().maxOpenConnections]).toEqual([1, 1, 1]);
  });

  test("a raised limit lets those in who wait", async () => {
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const first = await db.conn(background);
    const others = [1, 2, 3].map(() => follow(db.conn(background)));
    await settle();
    expect(others.map(({ state }) => state)).toEqual(["waits", "waits", "waits"]);
    db.setMaxOpenConns(3);
    await settle();
    expect(others.map(({ state }) => state)).toEqual(["returned", "returned", "waits"]);
    db.setMaxOpenConns(0);
    await settle();
    expect(others.map(({ state }) => state)).toEqual(["returned", "returned", "returned"]);
    await first.close();
    for (const { value } of others) await value?.close();
  });

  test.each([
    ["setMaxOpenConns", 1.5, "sql: setMaxOpenConns: the number must be an integer, got 1.5"],
    ["setMaxOpenConns", "2", 'sql: setMaxOpenConns: the number must be an integer, got "2"'],
    ["setMaxIdleConns", Number.NaN, "sql: setMaxIdleConns: the number must be an integer, got NaN"],
    ["setConnMaxLifetime", Number.NaN, "sql: setConnMaxLifetime: the duration must be a number, got NaN"],
    ["setConnMaxIdleTime", "1s", 'sql: setConnMaxIdleTime: the duration must be a number, got "1s"'],
  ] as const)("%s refuses %s", (method, value, message) => {
    const { db } = openFake();
    expect(() => db[method](value as number)).toThrow(new RangeError(message));
  });

  test("a failed connect takes no place", async () => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    fake.once("connect", () => {
      throw new Error("nobody there");
    });
    expect(await errorOf(db.conn(background))).toEqual(new Error("nobody there"));
    expect(db.stats().openConnections).toBe(0);
    await db.pingContext(background);
  });

  test("a connection that was opened in vain goes into the pool", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    fake.once("connect", () => cancel());
    expect(await errorOf(db.conn(ctx))).toBe(context.canceled);
    expect([db.stats().idle, db.stats().inUse]).toEqual([1, 0]);
  });
});

describe("waiting", () => {
  test("while all are in use, callers wait and give up with ctx.err() [Q3]", async () => {
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const [ctx, cancel] = context.withCancelCause(background);
    const waiting = [db.conn(ctx), db.execContext(ctx, "NOTHING"), db.beginTx(ctx), db.pingContext(ctx)].map(
      (operation) => follow<unknown>(operation),
    );
    await settle();
    expect(waiting.map(({ state }) => state)).toEqual(["waits", "waits", "waits", "waits"]);
    cancel(new Error("enough"));
    await settle();
    expect(waiting.map(({ error }) => error)).toEqual(Array(4).fill(context.canceled));
    expect(db.stats().inUse).toBe(1);
    await holder.close();
    expect([db.stats().inUse, db.stats().idle]).toEqual([0, 1]);
  });

  test.each([
    ["first the connection, then the end", true],
    ["first the end, then the connection", false],
  ])("a connection that comes with the end is not lost: %s [Q3]", async (_, connectionFirst) => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const [ctx, cancel] = context.withCancel(background);
    const waiting = follow(db.conn(ctx));
    const behind = follow(db.conn(background));
    await settle();
    const closing = connectionFirst ? holder.close() : undefined;
    if (connectionFirst) for (let i = 0; i < 3; i++) await undefined;
    cancel();
    await (closing ?? holder.close());
    await settle();
    expect([waiting.error, behind.state]).toEqual([context.canceled, "returned"]);
    await behind.value?.close();
    expect([db.stats().idle, fake.open.connections]).toEqual([1, 1]);
  });

  test("the end may come at any moment of the handing over [Q3]", async () => {
    for (let ticks = 0; ticks < 20; ticks++) {
      const { db } = openFake();
      db.setMaxOpenConns(1);
      const holder = await db.conn(background);
      await holder.execContext(background, "NOTHING");
      const [ctx, cancel] = context.withCancel(background);
      const waiting = follow(db.conn(ctx));
      await settle();
      const closing = holder.close();
      for (let i = 0; i < ticks; i++) await undefined;
      cancel();
      await closing;
      await settle();
      if (waiting.state === "returned") await waiting.value?.close();
      else expect(waiting.error).toBe(context.canceled);
      expect([db.stats().inUse, db.stats().idle]).toEqual([0, 1]);
    }
  });

  test("the place of a connection that goes is given to the next who waits [Q3]", async () => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const waiting = follow(db.conn(background));
    await settle();
    (fake.conns[0] as { valid: boolean }).valid = false;
    await holder.close();
    await settle();
    expect([waiting.state, fake.conns.length, fake.open.connections]).toEqual(["returned", 2, 1]);
    await waiting.value?.close();
  });

  test("a place whose connection cannot be opened is given to the next [Q3]", async () => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    const gate = chan<void>();
    fake.once("connect", async () => {
      await gate.receive();
      throw new Error("refused");
    });
    const first = follow(db.conn(background));
    const second = follow(db.conn(background));
    await settle();
    gate.close();
    await settle();
    expect([first.error, second.state]).toEqual([new Error("refused"), "returned"]);
    await second.value?.close();
  });

  test("the waits are counted and measured, those that were given up too [Q4]", async () => {
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const [ctx, cancel] = context.withCancel(background);
    const given = follow(db.conn(ctx));
    const served = follow(db.conn(background));
    await settle();
    expect([db.stats().waitCount, db.stats().waitDuration]).toEqual([2, 0]);
    cancel();
    await settle();
    await holder.close();
    await settle();
    expect([given.state, served.state, db.stats().waitCount]).toEqual(["threw", "returned", 2]);
    expect(db.stats().waitDuration).toBeGreaterThan(0);
    await served.value?.close();
    expect(db.stats().waitCount).toBe(2);
  });

  test("those who wait are served in the order of arrival, where Go chooses at random [Q5]", async () => {
    seed(7);
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const order: number[] = [];
    const all = Array.from({ length: 50 }, async (_, i) => {
      const conn = await db.conn(background);
      order.push(i);
      await conn.close();
    });
    await settle();
    await holder.close();
    await Promise.all(all);
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test("nobody waits for a new connection while another is idle", async () => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(2);
    const holder = await db.conn(background);
    fake.once("connect", async () => {
      await holder.close();
      db.setMaxOpenConns(1);
      throw errBadConn;
    });
    // The script that was added last comes first.
    fake.once("connect", () => Promise.reject(errBadConn));
    const executed = follow(db.execContext(background, "NOTHING"));
    await settle();
    expect([executed.state, db.stats().inUse]).toEqual(["returned", 0]);
  });

  test("who comes later does not get ahead of those who wait [Q5]", async () => {
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const first = follow(db.conn(background));
    await settle();
    await holder.close();
    const late = follow(db.conn(background));
    await settle();
    expect([first.state, late.state]).toEqual(["returned", "waits"]);
    await first.value?.close();
    await settle();
    await late.value?.close();
  });
});
