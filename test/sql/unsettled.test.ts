import { chan, type Chan, context, type Context } from "gocsp";
import { attach } from "gocsp/runtime";
import type * as sql from "gocsp/sql";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../support/clock.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import type { Fake, Method } from "./fake/fake.ts";
import { background, expectAllClosed, isStopped, openFake } from "./fake/open.ts";

expectAllClosed();

/** What waits for a driver whose server does not answer any more: the method of the driver, and what calls it. */
const calls: [method: Method, run: (db: sql.DB, ctx: Context) => Promise<unknown>][] = [
  ["exec", (db, ctx) => db.execContext(ctx, "NOTHING")],
  ["query", (db, ctx) => db.queryContext(ctx, "SERIES 9")],
  ["query", (db, ctx) => db.queryRowContext(ctx, "SELECT 1").scan()],
  ["rows.next", (db, ctx) => db.queryRowContext(ctx, "SELECT 1").scan()],
  ["rows.close", (db, ctx) => db.queryRowContext(ctx, "SELECT 1").scan()],
  ["ping", (db, ctx) => db.pingContext(ctx)],
  ["prepare", (db, ctx) => db.prepareContext(ctx, "NOTHING")],
  ["begin", (db, ctx) => db.beginTx(ctx)],
  ["resetSession", (db, ctx) => db.execContext(ctx, "NOTHING")],
  ["rows.next", async (db, ctx) => (await db.queryContext(ctx, "SERIES 9")).toArray()],
  [
    "rows.next",
    async (db, ctx) => {
      for await (const _ of await db.queryContext(ctx, "SERIES 9"));
    },
  ],
  [
    "stmt.exec",
    async (db, ctx) => {
      await using statement = await db.prepareContext(background, "NOTHING");
      await statement.execContext(ctx);
    },
  ],
  [
    "exec",
    async (db, ctx) => {
      await using tx = await db.beginTx(ctx);
      await tx.execContext(ctx, "NOTHING");
    },
  ],
  [
    "exec",
    async (db, ctx) => {
      // The deadline is that of the statement alone.
      await using tx = await db.beginTx(background);
      await tx.execContext(ctx, "NOTHING");
    },
  ],
  [
    "exec",
    async (db, ctx) => {
      await using conn = await db.conn(background);
      await conn.execContext(ctx, "NOTHING");
    },
  ],
  [
    "rows.next",
    async (db, ctx) => {
      await using conn = await db.conn(background);
      await using rows = await conn.queryContext(ctx, "SERIES 9");
      await rows.next();
      if (rows.err() !== undefined) throw rows.err();
    },
  ],
];

/** Has all calls of a method wait for the returned channel to be closed. */
function holdUp(fake: Fake, method: Method): Chan<never> {
  const gate = chan<never>();
  fake.on(method, () => gate.receive());
  return gate;
}

describe("a driver that does not settle although the context has ended", () => {
  test.each(calls)(
    "in %s: its caller goes on 200 ms later, and its connection is not used before it has [Q27]",
    async (method, run) => {
      const clock = new VirtualClock();
      using _ = attach({ clock });
      const { fake, db } = openFake();
      await db.execContext(background, "NOTHING");
      const gate = holdUp(fake, method);
      const [ctx, cancel] = context.withTimeout(background, 500);
      using _1 = cancel;
      const outcome = follow(run(db, ctx));
      await clock.pass(650);
      expect(outcome.state).toBe("waits");
      await clock.pass(60);
      expect(isStopped(outcome.error, context.deadlineExceeded)).toBe(true);
      expect(db.stats()).toMatchObject({ inUse: 1, idle: 0 });
      // Others get a connection of their own meanwhile.
      const other = await db.conn(background);
      expect(db.stats()).toMatchObject({ openConnections: 2, inUse: 2 });
      await other.close();
      gate.close();
      await clock.pass(6000);
      expect(db.stats()).toMatchObject({ inUse: 0 });
      expect(fake.open).toMatchObject({ rows: 0, statements: 0, transactions: 0 });
    },
  );

  test("is waited for where there is nothing to end", async () => {
    const clock = new VirtualClock();
    using _ = attach({ clock });
    const { fake, db } = openFake();
    const gate = holdUp(fake, "exec");
    const outcome = follow(db.execContext(background, "NOTHING"));
    await clock.pass(1e9);
    expect(outcome.state).toBe("waits");
    gate.close();
    await settle();
    expect(outcome.state).toBe("returned");
  });

  test("and settles within 200 ms has its own error, or its result", async () => {
    const clock = new VirtualClock();
    using _ = attach({ clock });
    const { fake, db } = openFake();
    for (const failure of [undefined, new Error("no")]) {
      const gate = holdUp(fake, "exec");
      const [ctx, cancel] = context.withTimeout(background, 500);
      using _1 = cancel;
      const outcome = follow(db.execContext(ctx, failure === undefined ? "NOTHING" : "WRONG"));
      await clock.pass(650);
      gate.close();
      await settle();
      expect(outcome.state).toBe(failure === undefined ? "returned" : "threw");
      expect(db.stats()).toMatchObject({ openConnections: 1, inUse: 0 });
      fake.script = undefined;
    }
  });
});
