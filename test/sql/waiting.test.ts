import { chan, context, nilChan } from "gocsp";
import { errBadConn } from "gocsp/sql/driver";
import * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, expectAllClosed, openFake } from "./fake/open.ts";

expectAllClosed();

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

  test("the end may come at any moment at which a place is granted [Q3]", async () => {
    for (let ticks = 0; ticks < 30; ticks++) {
      const { fake, db } = openFake();
      db.setMaxOpenConns(1);
      const holder = await db.conn(background);
      const [ctx, cancel] = context.withCancel(background);
      const waiting = follow(db.conn(ctx));
      const behind = follow(db.conn(background));
      await settle();
      (fake.conns[0] as { valid: boolean }).valid = false;
      const closing = holder.close();
      for (let i = 0; i < ticks; i++) await undefined;
      cancel();
      await closing;
      await settle();
      if (waiting.state === "returned") await waiting.value?.close();
      else expect(waiting.error).toBe(context.canceled);
      await settle();
      const { openConnections, inUse } = db.stats();
      expect([behind.state, openConnections, inUse, fake.open.connections], `${ticks} ticks`).toEqual([
        "returned",
        1,
        1,
        1,
      ]);
      await behind.value?.close();
    }
  });

  // What a user's context does when it is asked whether it has ended, after the caller has found nothing free.
  test.each<[what: string, does: (db: sql.DB, holder: sql.Conn) => unknown, error: string | undefined, opened: number]>(
    [
      ["gives the connection back", (_, holder) => holder.close(), undefined, 1],
      ["raises the limit", (db) => db.setMaxOpenConns(2), undefined, 2],
      ["takes the limit away", (db) => db.setMaxOpenConns(0), undefined, 2],
      ["closes the database", (db) => db.close(), "sql: database is closed", 1],
    ],
  )("a context that %s as it is asked leaves nobody waiting in vain [Q3]", async (_, does, error, opened) => {
    const { fake, db } = openFake();
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    let done = false;
    const ctx: context.Context = {
      deadline: () => undefined,
      done: () => {
        if (!done) void does(db, holder);
        done = true;
        return nilChan<never>();
      },
      err: () => undefined,
      value: () => undefined,
    };
    const waiting = follow(db.conn(ctx));
    await settle();
    const message = (waiting.error as Error | undefined)?.message;
    expect([waiting.state, message, fake.conns.length]).toEqual([error ? "threw" : "returned", error, opened]);
    await waiting.value?.close();
    await Promise.allSettled([holder.close()]);
    await settle();
    expect(db.stats().inUse).toBe(0);
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

test("a deadline that passes between two looks at it loses no connection", async () => {
  for (let looks = 0; looks < 20; looks++) {
    const nothing = async (): Promise<void> => undefined;
    const result = { lastInsertId: () => 0, rowsAffected: () => 0 };
    const prepare = (): Promise<never> => Promise.reject(new Error("not here"));
    const conn = { prepare, begin: prepare, exec: async () => result, resetSession: nothing, close: nothing };
    const db = sql.open({ connect: async () => conn });
    db.setMaxOpenConns(1);
    const holder = await db.conn(background);
    let left = looks;
    const ctx: context.Context = {
      deadline: () => undefined,
      done: () => nilChan<never>(),
      err: () => (left-- > 0 ? undefined : context.deadlineExceeded),
      value: () => undefined,
    };
    const statement = follow(db.execContext(ctx, "NOTHING"));
    await settle();
    await holder.close();
    await settle();
    expect([statement.state === "waits", db.stats().inUse], `after ${looks} looks`).toEqual([false, 0]);
    await db.close();
  }
});
