import { context } from "gocsp";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import type { Method } from "./fake/fake.ts";
import { background, errorOf, expectAllClosed, isStopped, openFake } from "./fake/open.ts";

expectAllClosed();

/** Makes the next calls of a method fail. */
function failing(fake: ReturnType<typeof openFake>["fake"], method: Method, times: number): void {
  for (let i = 0; i < times; i++) fake.once(method, () => Promise.reject(new Error("hung up", { cause: errBadConn })));
}

describe("a bad connection", () => {
  test.each([1, 2])("is replaced: %i times [Q24]", async (bad) => {
    const { fake, db } = openFake();
    failing(fake, "exec", bad);
    await db.execContext(background, "NOTHING");
    await settle();
    expect([fake.calls("connect").length, fake.calls("exec").length, fake.open.connections]).toEqual([
      bad + 1,
      bad + 1,
      1,
    ]);
  });

  test("is an error after three times [Q24]", async () => {
    const { fake, db } = openFake();
    failing(fake, "exec", 5);
    expect(await errorOf(db.execContext(background, "NOTHING"))).toEqual(new Error("hung up"));
    await settle();
    expect([fake.calls("connect").length, fake.calls("exec").length, fake.open.connections]).toEqual([3, 3, 0]);
  });

  test("is replaced by an idle one twice, and then by a new one [Q24]", async () => {
    const { fake, db } = openFake();
    db.setMaxIdleConns(5);
    const conns = await Promise.all([1, 2, 3, 4].map(() => db.conn(background)));
    for (const conn of conns) await conn.close();
    fake.log.length = 0;
    failing(fake, "exec", 2);
    await db.execContext(background, "NOTHING");
    expect(fake.log.filter(({ method }) => method === "exec").map(({ conn }) => conn)).toEqual([4, 3, 5]);
  });

  test("is replaced for every kind of statement [Q24]", async () => {
    const { fake, db } = openFake();
    failing(fake, "query", 1);
    await (await db.queryContext(background, "SERIES 1")).close();
    failing(fake, "prepare", 2);
    await (await db.prepareContext(background, "NOTHING")).close();
    failing(fake, "begin", 1);
    await (await db.beginTx(background)).rollback();
    failing(fake, "connect", 2);
    db.setMaxIdleConns(0);
    await (await db.conn(background)).close();
    failing(fake, "ping", 1);
    await db.pingContext(background);
  });

  test("is found when its session is reset [Q24]", async () => {
    const { fake, db } = openFake();
    await db.execContext(background, "NOTHING");
    failing(fake, "resetSession", 1);
    await db.execContext(background, "NOTHING");
    expect(fake.calls("connect").length).toBe(2);
  });

  test("is not replaced once the context has ended [Q24]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    fake.once("exec", () => {
      cancel();
      throw errBadConn;
    });
    expect(isStopped(await errorOf(db.execContext(ctx, "NOTHING")), context.canceled)).toBe(true);
    await settle();
    expect([fake.calls("exec").length, fake.open.connections]).toEqual([1, 0]);
  });

  test("a context's error is not tried again [Q24]", async () => {
    const { fake, db } = openFake();
    fake.once("exec", () => Promise.reject(context.deadlineExceeded));
    expect(await errorOf(db.execContext(background, "NOTHING"))).toBe(context.deadlineExceeded);
    expect(fake.calls("exec").length).toBe(1);
  });

  test("another error is not tried again, and the connection is kept if it is valid [Q24]", async () => {
    const { fake, db } = openFake();
    fake.once("exec", () => Promise.reject(new Error("full")));
    expect(await errorOf(db.execContext(background, "NOTHING"))).toEqual(new Error("full"));
    expect([fake.calls("exec").length, db.stats().idle]).toEqual([1, 1]);
  });

  test("is not replaced in a transaction [Q24]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    failing(fake, "exec", 1);
    expect(await errorOf(tx.execContext(background, "NOTHING"))).toEqual(new Error("hung up"));
    expect(fake.calls("exec").length).toBe(1);
    await tx.rollback();
  });

  test("is not replaced on a Conn, which is over then [Q24]", async () => {
    const { fake, db } = openFake();
    const conn = await db.conn(background);
    failing(fake, "exec", 1);
    expect(await errorOf(conn.execContext(background, "NOTHING"))).toEqual(new Error("hung up"));
    await settle();
    expect([await errorOf(conn.close()), fake.open.connections]).toEqual([sql.errConnDone, 0]);
  });

  test("found by a rollback is given up [Q24]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background);
    failing(fake, "rollback", 1);
    expect(await errorOf(tx.rollback())).toEqual(new Error("hung up"));
    await settle();
    expect(db.stats().openConnections).toBe(0);
  });

  test("leaves its place to those who wait [Q24]", async () => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    failing(fake, "exec", 2);
    await Promise.all([1, 2, 3, 4].map(() => db.execContext(background, "NOTHING")));
    expect([fake.calls("exec").length, fake.open.connections]).toEqual([6, 1]);
  });
});
