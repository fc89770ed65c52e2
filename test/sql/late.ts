/** What has to hold for a pool, whatever its driver, when deadlines pass while the event loop is busy. */

import { type Context, context, errors } from "gocsp";
import * as sql from "gocsp/sql";
import { describe, expect, it } from "vitest";
import { lateDeadlines, type LateOptions } from "../support/late-deadline.ts";
import { settle } from "../support/settle.ts";

/** What differs from one engine to the other. */
export interface LateEngine {
  /** The database: with a table `late (id)` that is empty at first. */
  db(): sql.DB;
  /** Many rows, of one column. */
  readonly rows: string;
  /** Inserts its one argument. */
  readonly insert: string;
  /** Returns what is in the table. */
  stored(): Promise<readonly number[]>;
}

let lastId = 0;

/** Writes, and which of them the database has confirmed and which it has taken back. */
class Ledger {
  readonly engine: LateEngine;
  readonly #committed = new Set<number>();
  readonly #rolledBack = new Set<number>();

  constructor(engine: LateEngine) {
    this.engine = engine;
  }

  /** Inserts a new number through `querier`, and says what became of it once `end` has. */
  async write(
    querier: Pick<sql.DB, "execContext">,
    ctx: Context,
    end?: () => Promise<"committed" | "rolled back">,
  ): Promise<void> {
    const id = ++lastId;
    await querier.execContext(ctx, this.engine.insert, id);
    const outcome = end === undefined ? "committed" : await end();
    (outcome === "committed" ? this.#committed : this.#rolledBack).add(id);
  }

  async verify(): Promise<void> {
    const stored = new Set(await this.engine.stored());
    expect(
      [...this.#committed].filter((id) => !stored.has(id)),
      "confirmed, but lost",
    ).toEqual([]);
    expect(
      [...this.#rolledBack].filter((id) => stored.has(id)),
      "taken back, but there",
    ).toEqual([]);
  }
}

type Scenario = (db: sql.DB, ctx: Context, ledger: Ledger) => Promise<void>;

const background = context.background();

/** All ways to hold a connection, and all ways to give it back. */
const scenarios: Record<string, Scenario> = {
  "rows.close": async (db, ctx, { engine }) => {
    const rows = await db.queryContext(ctx, engine.rows);
    await rows.next();
    await rows.close();
    await rows.close();
  },
  "break out of rows": async (db, ctx, { engine }) => {
    for await (const _ of await db.queryContext(ctx, engine.rows)) break;
  },
  "await using rows": async (db, ctx, { engine }) => {
    await using rows = await db.queryContext(ctx, engine.rows);
    await rows.next();
  },
  "rows read to the end": async (db, ctx, { engine }) => {
    const rows = await db.queryContext(ctx, engine.rows);
    while (await rows.next()) rows.scan();
    if (rows.err() !== undefined) throw rows.err();
  },
  "rows read and closed at once": async (db, ctx, { engine }) => {
    const rows = await db.queryContext(ctx, engine.rows);
    await Promise.all([rows.next(), rows.close(), rows.next(), rows.close()]);
  },
  "queryRow and exec": async (db, ctx, ledger) => {
    await db.queryRowContext(ctx, ledger.engine.rows).scan();
    await ledger.write(db, ctx);
    await db.pingContext(ctx);
  },
  "tx.commit": async (db, ctx, ledger) => {
    const tx = await db.beginTx(ctx);
    await ledger.write(tx, ctx, () => ended(tx.commit()));
  },
  "tx.commit with a context for the statements": async (db, ctx, ledger) => {
    const tx = await db.beginTx(background);
    try {
      await ledger.write(tx, ctx);
    } finally {
      await tx.commit().catch(() => tx.rollback().catch(() => undefined));
    }
  },
  "tx.commit with rows open": async (db, ctx, ledger) => {
    const tx = await db.beginTx(ctx);
    // It may be over before the first statement, whose context says nothing about that.
    const write = ledger.write(tx, background, async () => {
      const rows = await tx.queryContext(ctx, ledger.engine.rows).catch(() => undefined);
      const outcome = await ended(tx.commit());
      await rows?.close();
      return outcome;
    });
    await write.catch(ignoreDone);
  },
  "tx.rollback": async (db, ctx, ledger) => {
    const tx = await db.beginTx(ctx);
    await ledger.write(tx, ctx, async () => {
      await tx.rollback().catch(ignoreDone);
      return "rolled back";
    });
  },
  "await using tx": async (db, ctx, ledger) => {
    await ledger.write(
      {
        execContext: async (ctx, text, ...args) => {
          await using tx = await db.beginTx(ctx);
          return await tx.execContext(ctx, text, ...args);
        },
      },
      ctx,
      async () => "rolled back",
    );
  },
  stmt: async (db, ctx, ledger) => {
    await using statement = await db.prepareContext(ctx, ledger.engine.insert);
    await ledger.write({ execContext: (ctx, _, ...args) => statement.execContext(ctx, ...args) }, ctx);
    await using select = await db.prepareContext(ctx, ledger.engine.rows);
    await using rows = await select.queryContext(ctx);
    await rows.next();
    await select.queryRowContext(ctx).scan();
  },
  "stmt of a transaction": async (db, ctx, ledger) => {
    await using statement = await db.prepareContext(ctx, ledger.engine.insert);
    await using tx = await db.beginTx(ctx);
    const inside = await tx.stmtContext(ctx, statement);
    await ledger.write({ execContext: (ctx, _, ...args) => inside.execContext(ctx, ...args) }, ctx, () =>
      ended(tx.commit()),
    );
  },
  "conn.close": async (db, ctx, { engine }) => {
    const conn = await db.conn(ctx);
    await Promise.all([conn.queryContext(ctx, engine.rows).catch(ignoreEnd), conn.close()]);
  },
  "conn.close with a transaction and rows": async (db, ctx, ledger) => {
    const conn = await db.conn(ctx);
    try {
      const tx = await conn.beginTx(ctx);
      await ledger.write(tx, ctx, async () => "rolled back");
      await tx.queryContext(ctx, ledger.engine.rows);
    } finally {
      await conn.close();
    }
  },
  "conn.raw": async (db, ctx, ledger) => {
    await using conn = await db.conn(ctx);
    await conn.raw((raw) => raw.ping?.(background));
    await ledger.write(conn, ctx);
  },
  "others who wait for the connection": async (db, ctx, ledger) => {
    db.setMaxOpenConns(1);
    const tx = await db.beginTx(ctx);
    await Promise.all([
      (async () => {
        await using _ = tx;
        await ledger.write(tx, ctx, () => ended(tx.commit()));
      })(),
      ledger.write(db, background),
      ledger.write(db, ctx).catch(ignoreEnd),
      db.queryRowContext(ctx, ledger.engine.rows).scan().catch(ignoreEnd),
    ]);
  },
};

/** Declares the tests for one engine. */
export function lateDeadlineTests(engine: () => LateEngine, options: LateOptions = {}): void {
  describe.each([1, 6])("a deadline that passes while the loop is busy, for %i turns", (turns) => {
    it.each(Object.entries(scenarios))("%s", async (_, scenario) => {
      const ledger = new Ledger(engine());
      const reads = await lateDeadlines(
        async (run) => {
          const db = ledger.engine.db();
          try {
            await db.pingContext(background);
            run.check(() => expectSane(db.stats()));
            await scenario(db, run.deadline(), ledger).catch((error: unknown) => {
              if (!run.passed) throw error;
              ignoreEnd(error);
            });
            await settle();
            await expect.poll(() => db.stats().inUse, { interval: 5 }).toBe(0);
            await expectEachOnce(db);
          } finally {
            await db.close();
          }
          // Those beyond the limit of idle ones are closed in the background.
          await expect.poll(() => db.stats().openConnections, { interval: 5 }).toBe(0);
          expect(db.stats()).toMatchObject({ inUse: 0, idle: 0 });
        },
        { turns, ...options },
      );
      expect(reads).toBeGreaterThan(3);
      await ledger.verify();
    });
  });
}

/** Refuses what can be no state of a pool. */
function expectSane({ maxOpenConnections, openConnections, inUse, idle }: sql.DBStats): void {
  const isSane =
    inUse >= 0 &&
    idle >= 0 &&
    inUse + idle === openConnections &&
    (maxOpenConnections === 0 || openConnections <= maxOpenConnections);
  if (!isSane) throw new Error(`the pool has ${openConnections} connections, ${inUse} in use and ${idle} idle`);
}

/** Takes all connections of the pool at once: none may be there twice. */
async function expectEachOnce(db: sql.DB): Promise<void> {
  const { idle } = db.stats();
  db.setMaxOpenConns(0);
  const conns = await Promise.all(Array.from({ length: idle + 1 }, () => db.conn(background)));
  const raw = new Set<unknown>();
  for (const conn of conns) await conn.raw((driverConn) => void raw.add(driverConn));
  expect(raw.size, "different connections").toBe(conns.length);
  for (const conn of conns) await conn.close();
}

/** Tells how a commit went. */
async function ended(commit: Promise<void>): Promise<"committed" | "rolled back"> {
  try {
    await commit;
    return "committed";
  } catch (error) {
    ignoreEnd(error);
    return "rolled back";
  }
}

/** The only errors that there may be. */
function ignoreEnd(error: unknown): void {
  if (!errors.is(error, context.deadlineExceeded) && error !== sql.errConnDone) throw error;
}

function ignoreDone(error: unknown): void {
  if (error !== sql.errTxDone) throw error;
}
