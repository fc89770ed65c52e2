import { context, errors, time } from "gocsp";
import * as sql from "gocsp/sql";
import type { Conn } from "gocsp/sql/driver";
import { sqlite, SqliteError } from "gocsp/sql/sqlite";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { turn } from "../../support/settle.ts";
import { newRandom, type Random } from "./random.ts";
import { all, args, bg, connect, connector, endless, newFile, one, places, run, table } from "./support.ts";

expectNoGoroutinesLeft();

/** Cancels per place; more than the 300 that are asked for. */
const attempts = 400;
const streams = 4;

interface Counts {
  finished: number;
  stopped: number;
  nextHit: number;
  rolledBack: number;
  wrongError: number;
}

/** Makes a text one that the connection has kept, or one that it has not. */
type As = (text: string) => string;

/** What is cancelled. */
const victims: ((conn: Required<Conn>, ctx: context.Context, as: As, id: number) => Promise<void>)[] = [
  async (conn, ctx, as) => void (await conn.query(ctx, as(endless), [])),
  async (conn, ctx, as) => {
    const rows = await conn.query(ctx, as("SELECT a.i, b.name FROM t a, t b"), []);
    try {
      while ((await rows.next()).length > 0);
    } finally {
      await rows.close();
    }
  },
  async (conn, ctx, as) => void (await conn.exec(ctx, as("UPDATE t SET name = name || 'x' WHERE i < 100"), [])),
  async (conn, ctx, as) => {
    const rows = await conn.query(ctx, as("SELECT count(*) FROM t"), []);
    try {
      await rows.next();
    } finally {
      await rows.close();
    }
  },
  async (conn, ctx) => (await conn.prepare(ctx, "SELECT * FROM t WHERE i = ?")).close(),
  async (conn, ctx, as, id) => {
    const tx = await conn.begin(ctx, { isolation: "Default", readOnly: false });
    try {
      await conn.exec(ctx, as("INSERT INTO done VALUES (?)"), args(id));
      await conn.exec(ctx, as("UPDATE t SET name = upper(name)"), []);
      await conn.query(ctx, as(endless), []);
      await tx.commit();
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  },
];

async function attempt(
  conn: Required<Conn>,
  random: Random,
  id: number,
  counts: Counts,
  late: number[],
): Promise<void> {
  const kind = random.below(victims.length);
  // Before it begins, while it is on its way, while it runs, when it may be over.
  const delay = [-1, 0, random.next() * 2, random.next() * 15][random.below(4)] as number;
  const [ctx, cancel] = context.withCancel(bg);
  let cancelled = 0;
  const strike = (): void => {
    cancelled = performance.now();
    cancel();
  };
  if (delay < 0) queueMicrotask(strike);
  else if (delay === 0) setImmediate(strike);
  else setTimeout(strike, delay);
  try {
    const isNew = random.below(2) === 0;
    await (victims[kind] as (typeof victims)[0])(conn, ctx, (text) => (isNew ? `${text} -- ${id}` : text), id);
    counts.finished++;
  } catch (error) {
    if (cancelled > 0) late.push(performance.now() - cancelled);
    counts.stopped++;
    const cause = errors.as(error, SqliteError);
    const right = errors.is(error, ctx.err()) && ["SQLITE_INTERRUPT", "SQLITE_BUSY"].includes(cause?.code ?? "");
    if (!right) {
      console.log(kind, error);
      counts.wrongError++;
    }
  }
  // At once: what is still on its way would hit this one.
  try {
    if (kind === 5 && (await one(conn, "SELECT count(*) FROM done WHERE id = ?", id)) === 0) counts.rolledBack++;
    expect(await one(conn, "SELECT count(*) FROM t a, t b WHERE a.i < 40")).toBe(39 * 300);
  } catch (error) {
    console.log(kind, error);
    counts.nextHit++;
  }
  expect(conn.isValid()).toBe(true);
  cancel();
}

describe.each(places)("in %s, threads: %s", (place, threads) => {
  const name = (): string => (place === "file" ? newFile() : ":memory:");

  test(`${attempts} cancels at random moments: every call settles, no other is hit, nothing is left`, async () => {
    const random = newRandom();
    const from = connector(name(), { threads });
    const conns = await Promise.all(Array.from({ length: streams }, () => connect(from)));
    await run(conns[0] as Conn, `${table(300)}; CREATE TABLE done(id)`);
    const counts: Counts = { finished: 0, stopped: 0, nextHit: 0, rolledBack: 0, wrongError: 0 };
    const late: number[] = [];
    let worst = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      worst = Math.max(worst, performance.now() - last - 5);
      last = performance.now();
    }, 5);
    await Promise.all(
      conns.map(async (conn, stream) => {
        for (let id = stream; id < attempts; id += streams) await attempt(conn, random, id, counts, late);
      }),
    );
    clearInterval(watch);
    late.sort((a, b) => a - b);
    const at = (share: number): string => (late[Math.floor(share * late.length)] ?? 0).toFixed(2);
    console.log(
      `sqlite cancels in ${place}, ${threads ? "in threads" : "here"}: seed ${random.seed}, ${JSON.stringify(counts)}, ` +
        `cancel to settled p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, event loop late by at most ${worst.toFixed(1)} ms`,
    );
    expect(counts).toMatchObject({ nextHit: 0, wrongError: 0 });
    expect(counts.finished + counts.stopped).toBe(attempts);
    expect(await one(conns[0] as Conn, "SELECT count(*) FROM done")).toBe(0);
    expect(await all(conns[0] as Conn, "PRAGMA integrity_check")).toEqual([["ok"]]);
    // Nobody holds a lock any more.
    for (const conn of conns) await run(conn, "UPDATE t SET name = 'free'");
  });

  test("the same through the pool, where long queries on a file move to threads: no connection is lost, none is left in use", async () => {
    const random = newRandom();
    await using db = sql.open(sqlite(name(), { threads }));
    db.setMaxOpenConns(streams);
    await db.execContext(bg, `${table(300)}; CREATE TABLE done(id)`);
    let stopped = 0;
    let wrong = 0;
    await Promise.all(
      Array.from({ length: 3 * streams }, async (_, stream) => {
        for (let id = stream; id < attempts; id += 3 * streams) {
          const [ctx, cancel] = context.withTimeout(bg, random.next() * 10);
          using _1 = cancel;
          try {
            if (random.below(2) === 0) {
              await db.queryRowContext(ctx, endless).scan();
            } else {
              const tx = await db.beginTx(ctx);
              await tx.execContext(ctx, "INSERT INTO done VALUES (?)", id);
              await tx.execContext(ctx, "UPDATE t SET name = upper(name)");
              await time.sleep(ctx, 1000);
              await tx.commit();
            }
          } catch (error) {
            stopped++;
            if (!errors.is(error, context.deadlineExceeded)) wrong++;
          }
        }
      }),
    );
    console.log(
      `sqlite cancels through the pool in ${place}, ${threads ? "in threads" : "here"}: seed ${random.seed}, ${stopped} stopped, ${wrong} wrong`,
    );
    expect({ stopped, wrong }).toEqual({ stopped: attempts, wrong: 0 });
    expect(await db.queryRowContext(bg, "SELECT count(*) FROM done").scan()).toEqual([0]);
    await db.execContext(bg, "UPDATE t SET name = 'free'");
    // Transactions roll back by themselves, after their calls have settled.
    while (db.stats().inUse > 0) await turn();
    expect(db.stats().openConnections).toBeGreaterThan(0);
  });
});
