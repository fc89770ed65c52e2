import { chan, context, type Context } from "gocsp";
import type * as sql from "gocsp/sql";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import type { Call } from "./fake/fake.ts";
import { background, errorOf, expectAllClosed, isStopped, openFake } from "./fake/open.ts";
import { watchedContext } from "./fake/watched.ts";

expectAllClosed();

function ended(): Context {
  const [ctx, cancel] = context.withCancel(background);
  cancel();
  return ctx;
}

const operations: [name: string, run: (db: sql.DB, ctx: Context) => Promise<unknown>][] = [
  ["queryContext", (db, ctx) => db.queryContext(ctx, "SERIES 1").then((rows) => rows.close())],
  ["execContext", (db, ctx) => db.execContext(ctx, "NOTHING")],
  ["queryRowContext", (db, ctx) => db.queryRowContext(ctx, "SELECT 1").scan()],
  ["prepareContext", (db, ctx) => db.prepareContext(ctx, "NOTHING").then((statement) => statement.close())],
  ["beginTx", (db, ctx) => db.beginTx(ctx).then((tx) => tx.rollback())],
  ["conn", (db, ctx) => db.conn(ctx).then((conn) => conn.close())],
  ["pingContext", (db, ctx) => db.pingContext(ctx)],
];

describe("contexts", () => {
  test.each(operations)("%s with an ended one takes and opens no connection [Q1]", async (_, run) => {
    const { fake, db } = openFake();
    expect(await errorOf(run(db, ended()))).toBe(context.canceled);
    expect(fake.log).toEqual([]);
    await db.pingContext(background);
    fake.log.length = 0;
    expect(await errorOf(run(db, ended()))).toBe(context.canceled);
    expect(fake.log).toEqual([]);
  });

  test.each(operations)("%s throws its cause to nobody: the error is ctx.err() [Q1]", async (_, run) => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancelCause(background);
    cancel(new Error("why"));
    expect(await errorOf(run(db, ctx))).toBe(context.canceled);
  });

  test.each(operations)("%s gives up when it ends while connecting", async (_, run) => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    fake.once("connect", async (call: Call) => {
      cancel();
      throw new Error("stopped connecting", { cause: call.ctx?.err() });
    });
    expect(isStopped(await errorOf(run(db, ctx)), context.canceled) || undefined).toBeUndefined();
    expect(db.stats().openConnections).toBe(0);
  });

  test.each(operations)("%s refuses what is no context", async (_, run) => {
    const { fake, db } = openFake();
    for (const bad of [undefined, null, {}, 5, "ctx", new AbortController().signal]) {
      const error = await errorOf(run(db, bad as Context));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/^sql: the first argument must be a Context, got /);
    }
    expect(fake.log).toEqual([]);
  });

  test.each(operations)("%s works with a context of the user's whose err() is null", async (_, run) => {
    const { db } = openFake();
    const ctx = { deadline: () => undefined, done: () => null, value: () => undefined, err: () => null };
    await run(db, ctx as unknown as Context);
  });

  test("the methods without a context use the background [Q2]", async () => {
    const { fake, db } = openFake();
    await (await db.query("SERIES 1")).close();
    await db.exec("NOTHING");
    await db.queryRow("SELECT 1").scan();
    const statement = await db.prepare("NOTHING");
    await (await statement.query()).close();
    await statement.exec();
    await statement.queryRow().err();
    await db.ping();
    const tx = await db.begin();
    await tx.exec("NOTHING");
    await (await tx.stmt(statement)).exec();
    await tx.rollback();
    await statement.close();
    const conn = await db.conn(background);
    await conn.ping();
    await conn.exec("NOTHING");
    await conn.close();
    const contexts = new Set(fake.log.flatMap(({ ctx }) => (ctx === undefined ? [] : [ctx])));
    expect([...contexts]).toEqual([background]);
  });

  test("drivers get the context itself and decide [Q6]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    for (const [, run] of operations) await run(db, ctx);
    const given = fake.log.filter((call) => call.ctx !== undefined);
    expect(new Set(given.map((call) => call.ctx))).toEqual(new Set([ctx]));
    expect(new Set(given.map(({ method }) => method))).toEqual(
      new Set(["connect", "query", "rows.next", "exec", "prepare", "begin", "ping", "resetSession"]),
    );
  });

  test("what a driver makes although its context has ended meanwhile is closed [Q6]", async () => {
    const { fake, db } = openFake({ query: false, exec: false });
    const [ctx, cancel] = context.withCancel(background);
    fake.once("prepare", () => cancel());
    expect(await errorOf(db.execContext(ctx, "NOTHING"))).toBe(context.canceled);
    await settle();
    expect(fake.open.statements).toBe(0);
    const [txCtx, cancelTx] = context.withCancel(background);
    fake.once("begin", () => cancelTx());
    const begun = await db.beginTx(txCtx);
    await settle();
    expect(isStopped(await errorOf(begun.commit()), context.canceled)).toBe(true);
    expect([fake.calls("rollback"), fake.open.transactions]).toEqual([["rollback"], 0]);
  });

  test("the error of a driver for an isolation level it does not know goes through [Q7]", async () => {
    const { db } = openFake();
    const error = await errorOf(db.beginTx(background, { isolation: "Linearizable" }));
    expect((error as Error).message).toBe("sql: driver does not support non-default isolation level");
    expect(db.stats().inUse).toBe(0);
  });

  test("options reach the driver [Q7]", async () => {
    const { fake, db } = openFake();
    const tx = await db.beginTx(background, { isolation: "Serializable", readOnly: true });
    expect(fake.conns[0]?.tx?.options).toEqual({ isolation: "Serializable", readOnly: true });
    await tx.rollback();
    const plain = await db.beginTx(background, {});
    expect(fake.conns[0]?.tx?.options).toEqual({ isolation: "Default", readOnly: false });
    await plain.rollback();
  });

  test("a statement that runs is stopped, and the error has the driver's as its cause", async () => {
    const { db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const running = follow(db.execContext(ctx, "SLOW"));
    await settle();
    expect(running.state).toBe("waits");
    cancel();
    await settle();
    expect(isStopped(running.error, context.canceled)).toBe(true);
    expect(((running.error as Error).cause as Error).message).toBe("the statement was killed");
    await db.pingContext(background);
  });

  test("a deadline stops it too", () =>
    synctest.test(async () => {
      const { db } = openFake();
      const [ctx, cancel] = context.withTimeout(background, 100);
      using _ = cancel;
      const running = follow(db.execContext(ctx, "SLOW"));
      await synctest.wait();
      await synctest.sleep(100);
      expect(isStopped(running.error, context.deadlineExceeded)).toBe(true);
    }));

  test("a driver's own error at the end of the context becomes the cause", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    const odd = new Error("socket closed");
    fake.once("exec", () => {
      cancel();
      throw odd;
    });
    const error = (await errorOf(db.execContext(ctx, "NOTHING"))) as Error;
    expect([isStopped(error, context.canceled), error.cause]).toEqual([true, odd]);
  });

  test("a statement that had finished at the end yields its result", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    fake.once("exec", () => cancel());
    const result = await db.execContext(ctx, "INSERT INTO t (id, value) VALUES (1, 1)");
    expect(result.rowsAffected()).toBe(1);
  });

  test("a driver that ignores its context is waited for, and the connection is not given away meanwhile", async () => {
    const { fake, db } = openFake();
    const gate = chan<void>();
    fake.once("exec", () => gate.receive());
    const [ctx, cancel] = context.withCancel(background);
    const running = follow(db.execContext(ctx, "NOTHING"));
    await settle();
    cancel();
    await settle();
    expect([running.state, db.stats().inUse]).toEqual(["waits", 1]);
    gate.close();
    await settle();
    expect([running.state, db.stats().inUse]).toEqual(["returned", 0]);
  });

  test("nothing stays on a context that lives long", async () => {
    const { db } = openFake();
    const { ctx, watchers } = watchedContext();
    const [derived, cancel] = context.withCancel(ctx);
    using _ = cancel;
    const before = watchers();
    const statement = await db.prepareContext(ctx, "SELECT ?");
    for (let i = 0; i < 2500; i++) {
      await db.execContext(ctx, "NOTHING");
      await db.queryRowContext(ctx, "SELECT 1").scan();
      await statement.queryRowContext(ctx, i).scan();
      const tx = await db.beginTx(ctx);
      await tx.execContext(derived, "NOTHING");
      await tx.commit();
    }
    await statement.close();
    expect(watchers()).toBe(before);
  });

  test("a ping waits for a connection no longer than its context [Q25]", async () => {
    const { db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    const [ctx, cancel] = context.withCancel(background);
    const pinging = follow(db.pingContext(ctx));
    await settle();
    cancel();
    await settle();
    expect(pinging.error).toBe(context.canceled);
    await holder.close();
  });

  test("a ping passes its context to the driver [Q25]", async () => {
    const { fake, db } = openFake();
    const [ctx, cancel] = context.withCancel(background);
    fake.once("ping", async (call: Call) => {
      cancel();
      throw call.ctx?.err();
    });
    expect(await errorOf(db.pingContext(ctx))).toBe(context.canceled);
  });

  test("a driver without a ping is asked for a connection only [Q25]", async () => {
    const { fake, db } = openFake({ ping: false });
    await db.pingContext(background);
    expect(fake.calls()).toEqual(["connect"]);
  });
});
