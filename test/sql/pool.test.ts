import { chan } from "gocsp";
import { context } from "gocsp";
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

  test.each([0, 1, 2])("uses an idle connection again, also when no more may be opened: limit %s", async (limit) => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(limit);
    for (let i = 0; i < 5; i++) await db.execContext(background, "NOTHING");
    const { idle, waitCount } = db.stats();
    expect([fake.conns.length, idle, waitCount]).toEqual([1, 1, 0]);
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
    const calls = fake.log.filter(({ method }) => method !== "resetSession");
    expect(calls.filter(({ conn }) => conn === 1).map(({ method }) => method)).toEqual(["exec", "close"]);
    expect(calls.filter(({ conn }) => conn === 2).map(({ method }) => method)).toEqual(["exec"]);
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

  test("holds a connection while something runs on it, and at no other time", async () => {
    const { fake, db } = openFake();
    await using conn = await db.conn(background);
    const held = (): boolean | undefined => fake.conns[0]?.held;
    expect(held()).toBe(false);
    const gate = chan<void>();
    fake.once("query", () => gate.receive());
    const query = conn.queryContext(background, "SERIES 9");
    await settle();
    expect(held()).toBe(true);
    gate.close();
    const rows = await query;
    expect(held()).toBe(false);
    await rows.close();
    expect(held()).toBe(false);
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

  test.each([1, 2])("a limit of open connections that is lowered to %s closes idle ones at once", async (limit) => {
    const { fake, db } = openFake();
    db.setMaxIdleConns(5);
    const conns = await Promise.all([1, 2, 3].map(() => db.conn(background)));
    for (const conn of conns) await conn.close();
    db.setMaxOpenConns(limit);
    expect(db.stats()).toMatchObject({ idle: limit, maxOpenConnections: limit, maxIdleClosed: 3 - limit });
    await settle();
    expect(fake.open.connections).toBe(limit);
    db.setMaxOpenConns(-1);
    expect(db.stats()).toMatchObject({ idle: limit, maxOpenConnections: 0 });
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

  test("who waits gets no connection that is over a lowered limit", async () => {
    const { fake, db } = openFake();
    const conns = await Promise.all([1, 2, 3].map(() => db.conn(background)));
    db.setMaxOpenConns(1);
    const waiting = follow(db.conn(background));
    const open: unknown[] = [];
    for (const conn of conns) {
      await settle();
      open.push([fake.open.connections, waiting.state]);
      await conn.close();
    }
    await settle();
    expect([...open, [fake.open.connections, waiting.state]]).toEqual([
      [3, "waits"],
      [2, "waits"],
      [1, "waits"],
      [1, "returned"],
    ]);
    await waiting.value?.close();
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
