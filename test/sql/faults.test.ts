import { type Context, context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { afterAll, describe, expect, test } from "vitest";
import { expectNothingLeft } from "../context/contexts.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { Fake, type Features } from "./fake/fake.ts";
import { type Fault, Faults, kinds, ways } from "./fake/faults.ts";
import { background } from "./fake/open.ts";

expectNothingLeft();

type Program = (db: sql.DB, ctx: Context) => Promise<unknown>;

const insert = "INSERT INTO t (id, value) VALUES (?, ?)";

const programs: Record<string, Program> = {
  exec: (db, ctx) => db.execContext(ctx, insert, 1, "x"),
  "a query that is read to the end": async (db, ctx) => {
    for await (const _ of await db.queryContext(ctx, "SERIES 10"));
  },
  "a query with next and scan": async (db, ctx) => {
    await using rows = await db.queryContext(ctx, "SELECT ?", 5);
    while (await rows.next()) rows.scan();
    if (rows.err() !== undefined) throw rows.err();
  },
  "a query that is left early": async (db, ctx) => {
    for await (const { n } of await db.queryContext(ctx, "SERIES 10")) if (n === 5) break;
  },
  "a row": (db, ctx) => db.queryRowContext(ctx, "SELECT ?", 7).scan(),
  "a row that nobody scans": async (db, ctx) => void db.queryRowContext(ctx, "SELECT ?", 7),
  "a ping": (db, ctx) => db.pingContext(ctx),
  "a prepared statement": async (db, ctx) => {
    await using statement = await db.prepareContext(ctx, insert);
    await statement.execContext(ctx, 1, "x");
    await statement.execContext(ctx, 2, "x");
    await using select = await db.prepareContext(ctx, "SELECT value FROM t WHERE id = ?");
    await select.queryRowContext(ctx, 1).scan();
    await using rows = await select.queryContext(ctx, 2);
    await rows.next();
  },
  "a transaction that is committed": async (db, ctx) => {
    await using tx = await db.beginTx(ctx);
    await tx.execContext(ctx, insert, 1, "x");
    await tx.queryRowContext(ctx, "SELECT id FROM t").scan();
    const statement = await tx.prepareContext(ctx, insert);
    await statement.execContext(ctx, 2, "x");
    const rows = await tx.queryContext(ctx, "SERIES 10");
    await rows.next();
    await tx.commit();
  },
  "a transaction that is rolled back": async (db, ctx) => {
    await using tx = await db.beginTx(ctx);
    await tx.execContext(ctx, insert, 1, "x");
    await tx.queryContext(ctx, "SERIES 10");
    await tx.rollback();
  },
  "a transaction with several at work": async (db, ctx) => {
    await using tx = await db.beginTx(ctx);
    const all = [1, 2, 3].map((id) => tx.execContext(ctx, insert, id, "x"));
    const results = await Promise.allSettled([...all, tx.commit()]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  },
  "a connection": async (db, ctx) => {
    await using conn = await db.conn(ctx);
    await conn.execContext(ctx, insert, 1, "x");
    await using rows = await conn.queryContext(ctx, "SERIES 10");
    await rows.next();
    await using statement = await conn.prepareContext(ctx, "SELECT ?");
    await statement.queryRowContext(ctx, 1).scan();
    await using tx = await conn.beginTx(ctx);
    await tx.execContext(ctx, insert, 2, "x");
    await tx.commit();
    await conn.pingContext(ctx);
  },
  "a connection that is closed with all that is open on it": async (db, ctx) => {
    await using conn = await db.conn(ctx);
    await conn.queryContext(ctx, "SERIES 10");
    await conn.prepareContext(ctx, "SELECT ?");
    const tx = await conn.beginTx(ctx);
    await tx.queryContext(ctx, "SERIES 10");
  },
  "many on two connections": async (db, ctx) => {
    db.setMaxOpenConns(2);
    const all = [1, 2, 3, 4, 5].map(async (id) => {
      await db.execContext(ctx, insert, id, "x");
      await db.queryRowContext(ctx, "SELECT value FROM t WHERE id = ?", id).scan();
    });
    const results = await Promise.allSettled(all);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  },
  "a statement that is stopped": async (db, ctx) => {
    const [slow, cancel] = context.withCancel(ctx);
    const running = follow(db.execContext(slow, "SLOW"));
    await settle();
    cancel();
    await settle();
    if (running.error === undefined) throw new Error("it was not stopped");
    if (!errors.is(running.error, context.canceled)) throw running.error;
  },
};

const drivers: [name: string, features: Partial<Features>][] = [
  ["can do everything", {}],
  ["can only prepare", { query: false, exec: false }],
  ["knows nothing of its state", { resetSession: false, isValid: false, hold: false, ping: false }],
];

/** What the injected error may become without being wrapped: what it leads to is known. */
function isExpected(error: unknown, injected: Error, fault: Fault): boolean {
  if (errors.is(error, injected)) return true;
  // The context, or the transaction or connection that the fault has ended.
  if (fault.way === "cancels") return [context.canceled, sql.errTxDone].some((end) => errors.is(error, end));
  return fault.kind === "bad" && errors.is(error, sql.errConnDone);
}

/** Runs a program with one fault, and returns how many calls there were, and whether the fault was among them. */
async function runWith(program: Program, features: Partial<Features>, fault: Fault | undefined): Promise<string[]> {
  const fake = new Fake(features);
  fake.data.set("t", new Map());
  const [ctx, cancel] = context.withCancel(background);
  const faults = new Faults(fake, fault, cancel);
  const where = fault === undefined ? "no fault" : `call ${fault.at} ${fault.way}, ${fault.kind}`;
  const db = sql.open(faults);
  const check = (error: unknown, what: string): void => {
    if (error === undefined || (fault !== undefined && isExpected(error, faults.injected, fault))) return;
    throw new Error(`${what} threw something else (${where}: ${faults.calls[(fault?.at ?? 0) - 1]})`, { cause: error });
  };
  // Each of these settles while the event loop turns: nothing here takes time.
  const finish = async (what: string, operation: Promise<unknown>): Promise<void> => {
    const outcome = follow(operation);
    // A program may let things settle as well.
    for (let i = 0; i < 4; i++) await settle();
    expect(outcome.state, `${what} hangs (${where}: ${faults.calls[(fault?.at ?? 0) - 1]})`).not.toBe("waits");
    check(outcome.error, what);
  };
  await finish("the program", program(db, ctx));
  const place = `${where}: ${faults.calls[(fault?.at ?? 0) - 1]}`;
  expect(db.stats().inUse, `connections in use (${place})`).toBe(0);
  expect([fake.open.rows, fake.open.transactions], `rows and transactions (${place})`).toEqual([0, 0]);
  await finish("the next query", db.queryRowContext(background, "SELECT 1").scan());
  await finish("the query after it", db.queryRowContext(background, "SELECT 1").scan());
  await finish("close", db.close());
  await settle();
  expect(fake.breaches, `broken promises (${place})`).toEqual([]);
  expect(fake.open, `what is open (${place})`).toEqual({ connections: 0, statements: 0, rows: 0, transactions: 0 });
  expect(fake.closed, `the connector is closed (${place})`).toBe(true);
  cancel();
  return faults.calls;
}

let injected = 0;
afterAll(() => console.log(`faults: ${injected} injected, one at a time, in ${Object.keys(programs).length} programs`));

describe.each(drivers)("with a driver that %s,", (_, features) => {
  test.each(Object.entries(programs))("whatever fails, nothing hangs and nothing leaks: %s", async (_, program) => {
    const calls = await runWith(program, features, undefined);
    let n = 0;
    for (let at = 1; at <= calls.length; at++) {
      for (const way of ways) {
        for (const kind of way === "cancels" ? (["plain"] as const) : kinds) {
          // A driver that has done something does not say that its connection was bad.
          if (way === "rejects afterwards" && kind === "bad") continue;
          await runWith(program, features, { at, way, kind });
          n++;
        }
      }
    }
    expect(n).toBeGreaterThan(0);
    injected += n;
  });
});
