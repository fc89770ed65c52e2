/** Cancels at random moments, and what has to hold afterwards. */

import { context, errors, type Context, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as sql from "gocsp/sql";
import { mulberry32 } from "../../support/random.ts";
import { turn } from "../../support/settle.ts";
import type { TestServer } from "./process.ts";

/** What differs from one server to the other. */
export interface Engine {
  readonly db: sql.DB;
  readonly server: TestServer;
  /** Statements that take far longer than the test: some wait, some compute. */
  readonly slow: readonly string[];
  /** A statement of many rows. */
  readonly rows: string;
  /** Returns its argument at once. */
  readonly quick: string;
  /**
   * Returns its argument and the number of the connection at the server, after 10 ms in which it can be hit; and, where
   * such a hit is no error, a third value that tells of it.
   */
  readonly canary: string;
  /** Inserts its argument into the table `storm (id)`. */
  readonly insert: string;
  /** Tells whether this is how the server says that a statement was stopped. */
  wasStopped(cause: unknown): boolean;
  /** Returns the statements that the server is running, apart from this question. */
  running(): Promise<unknown[]>;
  /** Returns what is in the table `storm`. */
  stored(): Promise<number[]>;
}

/** What came of it. */
export interface Counts {
  /** Statements that ended with the error of the context and the server's as its cause. */
  stopped: number;
  /** Those whose calls ended with the error of the context before they had stopped. */
  late: number;
  /** Those that ended with the error of the context alone: there was nothing to stop. */
  ended: number;
  /** Those that had finished before. */
  finished: number;
  /** Those that failed because the server was killed. */
  lost: number;
  /** Statements after a cancel, on the same connection, that it hit. */
  hit: unknown[];
  /** Connections that were opened beyond those that the pool may have. */
  replaced: number;
  /** Errors of any other kind. */
  wrong: unknown[];
  /** Transactions of which something is stored though they were rolled back, or nothing though they were committed. */
  torn: number;
  /** From cancel to settled, of statements that were running, in milliseconds. */
  p50: number;
  p99: number;
}

interface Plan {
  readonly cancels: number;
  readonly workers: number;
  readonly seed: number;
  /** Whether the server is killed and started again meanwhile. */
  readonly kills: number;
}

/** Lets `workers` cancel what they do, and checks after each time that their connection is as good as new. */
export async function storm(engine: Engine, plan: Plan): Promise<Counts> {
  const next = mulberry32(plan.seed);
  const counts: Counts = {
    stopped: 0,
    late: 0,
    ended: 0,
    finished: 0,
    lost: 0,
    hit: [],
    replaced: 0,
    wrong: [],
    torn: 0,
    p50: 0,
    p99: 0,
  };
  const latencies: number[] = [];
  const connections = new Set<unknown>();
  const committed = new Set<number>();
  const rolledBack = new Set<number>();
  const background = context.background();
  let left = plan.cancels;
  let ids = 0;

  /** Does something that takes a while or not, on a connection that it checks before and after. */
  const round = async (): Promise<void> => {
    if (next() < 0.2) return disturb(false, (ctx) => transact(ctx, ++ids));
    await using conn = await engine.db.conn(background);
    await check(conn);
    const kind = next();
    if (kind < 0.5) {
      const slow = pick(engine.slow, next);
      await disturb(true, (ctx) => conn.execContext(ctx, slow));
    } else if (kind < 0.75) {
      await disturb(false, (ctx) => conn.queryRowContext(ctx, engine.quick, 1).scan());
    } else {
      const count = Math.floor(next() * 3000);
      await disturb(false, (ctx) => readSome(conn, ctx, engine.rows, count));
    }
    await check(conn);
  };

  /** Ends the context of `work` before it, at once, or some time later, and looks what becomes of it. */
  const disturb = async (isSlow: boolean, work: (ctx: Context) => Promise<unknown>): Promise<void> => {
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    const moment = next();
    if (moment < 0.1) cancel();
    const settled = work(ctx).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (moment >= 0.6) await time.sleep(next() * 25);
    // A statement that is quick ends within a few turns of the event loop: those are the cancels that come too late.
    else if (moment >= 0.2) for (let turns = next() * 20; turns > 1; turns--) await turn();
    const canceledAt = performance.now();
    cancel();
    const failure = await settled;
    if (isSlow && moment >= 0.1) latencies.push(performance.now() - canceledAt);
    judge(failure, ctx);
  };

  const transact = async (ctx: Context, id: number): Promise<void> => {
    const tx = await engine.db.beginTx(ctx);
    try {
      await tx.execContext(ctx, engine.insert, id);
      const kind = next();
      if (kind < 0.5) await tx.execContext(ctx, pick(engine.slow, next));
      // Rows of a transaction have ways of their own, as a portal, and of being given up.
      else if (kind < 0.75) await readSome(tx, ctx, engine.rows, Math.floor(next() * 3000));
      await tx.commit();
      committed.add(id);
    } catch (error) {
      if (errors.is(error, context.canceled) || errors.is(error, sql.errTxDone)) rolledBack.add(id);
      await tx.rollback().catch(() => undefined);
      throw error;
    }
  };

  const judge = (failure: { error: unknown } | undefined, ctx: Context): void => {
    if (failure === undefined) return void counts.finished++;
    const { error } = failure;
    const end = ctx.err();
    if (error === end || errors.is(error, sql.errTxDone)) counts.ended++;
    else if (errors.is(error, end) && engine.wasStopped((error as Error).cause)) counts.stopped++;
    // On a machine that is very busy: the call has returned before its statement had stopped, as it may.
    else if (errors.is(error, end) && String((error as Error).cause).includes("has not stopped yet")) counts.late++;
    else if (plan.kills > 0) counts.lost++;
    else counts.wrong.push(error);
  };

  /** Nothing of a cancel may reach what comes next on the connection. */
  const check = async (conn: sql.Conn): Promise<void> => {
    const value = Math.floor(next() * 1e9);
    try {
      const [echo, connection, hurried] = await conn.queryRowContext(background, engine.canary, value).scan();
      if (Number(echo) !== value || Boolean(hurried)) counts.hit.push({ echo, hurried });
      connections.add(connection);
    } catch (error) {
      if (plan.kills === 0 || engine.wasStopped(error)) counts.hit.push(error);
      else counts.lost++;
    }
  };

  // All of the pool is there before the first cancel: one that comes while a connection is opened proves nothing.
  const opened = await Promise.all(Array.from({ length: plan.workers }, () => engine.db.conn(background)));
  for (const conn of opened) await check(conn);
  await Promise.all(opened.map((conn) => conn.close()));
  const [group, ctx] = errgroup.withContext(background);
  for (let i = 0; i < plan.workers; i++) {
    void group.go(async () => {
      while (left > 0) {
        left--;
        try {
          await round();
        } catch (error) {
          if (plan.kills === 0) throw error;
          // There was no server to connect to.
          left++;
          await time.sleep(ctx, 5);
        }
      }
    });
  }
  for (let kill = 1; kill <= plan.kills; kill++) {
    const until = plan.cancels * (1 - kill / (plan.kills + 1));
    for (;;) {
      if (left <= until) break;
      await time.sleep(1);
    }
    await engine.server.kill();
    await time.sleep(next() * 50);
    await engine.server.restart();
  }
  await group.wait();
  counts.wrong.push(...(await survivors(engine)));
  counts.replaced = Math.max(0, connections.size - plan.workers);
  const stored = new Set(await engine.stored());
  // A commit whose answer was lost may have been carried out or not; it is in neither set.
  counts.torn = [...committed].filter((id) => !stored.has(id)).length;
  counts.torn += [...rolledBack].filter((id) => stored.has(id)).length;
  latencies.sort((a, b) => a - b);
  counts.p50 = latencies[Math.floor(latencies.length * 0.5)] ?? 0;
  counts.p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
  return counts;
}

/**
 * Cancels statements when they are about to end, so that most cancels come too late, and lets others follow that can be
 * hit. Nothing else goes on at the server, which makes it fast enough to hit them.
 */
export async function lateCancels(name: string, { db, quick, canary }: Engine, cancels: number): Promise<unknown[]> {
  const background = context.background();
  await using conn = await db.conn(background);
  const hits: unknown[] = [];
  let finished = 0;
  for (let i = 0; i < cancels; i++) {
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    const settled = conn
      .queryRowContext(ctx, quick, i)
      .scan()
      .then(
        () => void finished++,
        () => undefined,
      );
    for (let turns = i % 6; turns > 0; turns--) await turn();
    cancel();
    await settled;
    try {
      const [echo, , hurried] = await conn.queryRowContext(background, canary, i).scan();
      if (Number(echo) !== i || Boolean(hurried)) hits.push({ echo, hurried });
    } catch (error) {
      hits.push(error);
    }
  }
  console.log(
    `${name}: ${cancels} late cancels: ${finished} statements had finished, ${hits.length} following ones hit`,
  );
  return hits;
}

/** Prints what came of it in one line. */
export function report(name: string, { seed, cancels }: Plan, counts: Counts, stats: sql.DBStats): void {
  const { wrong, hit, p50, p99, ...numbers } = counts;
  const parts = Object.entries(numbers).map(([name, n]) => `${n} ${name}`);
  console.log(
    `${name}: ${cancels} cancels (seed ${seed}): ${parts.join(", ")}, ${hit.length} hit, ${wrong.length} wrong; ` +
      `cancel to settled p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; ` +
      `${stats.openConnections} connections open, ${stats.inUse} in use`,
  );
}

/** Returns what the server still runs. It may show a statement for a moment after its answer, but none that goes on. */
async function survivors(engine: Engine): Promise<unknown[]> {
  let running: unknown[] = [];
  for (let look = 0; look < 20; look++) {
    running = await engine.running();
    if (running.length === 0) break;
    await time.sleep(10);
  }
  return running;
}

async function readSome(conn: sql.Conn | sql.Tx, ctx: Context, text: string, count: number): Promise<void> {
  let read = 0;
  await using rows = await conn.queryContext(ctx, text);
  for await (const _ of rows) if (++read === count) break;
}

function pick<T>(values: readonly T[], next: () => number): T {
  const value = values[Math.floor(next() * values.length)];
  if (value === undefined) throw new Error("there is nothing to choose from");
  return value;
}
