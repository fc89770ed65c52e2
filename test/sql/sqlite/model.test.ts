import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { context, errors } from "gocsp";
import fc from "fast-check";
import * as sql from "gocsp/sql";
import { errBadConn } from "gocsp/sql/driver";
import { sqlite } from "gocsp/sql/sqlite";
import { expect, type MockInstance, test, vi } from "vitest";
import { turn } from "../../support/settle.ts";
import { bg, newFile, places } from "./support.ts";

const accounts = 5;
const initial = 100;

/** Something that one of several goroutines does. */
type Step =
  | { readonly kind: "transfer"; readonly from: number; readonly to: number; readonly amount: number }
  | { readonly kind: "cancelled"; readonly from: number; readonly to: number; readonly after: number }
  | { readonly kind: "undone"; readonly from: number; readonly to: number }
  | { readonly kind: "sum" }
  | { readonly kind: "crash" };

const account = fc.integer({ min: 0, max: accounts - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("transfer" as const),
      from: account,
      to: account,
      amount: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("cancelled" as const),
      from: account,
      to: account,
      after: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("undone" as const), from: account, to: account }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("sum" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
);

/** Knows which threads were sent something. */
let sent: MockInstance<Worker["postMessage"]>;

/** Ends the thread that was used last, whatever it is doing. */
async function crash(): Promise<void> {
  const victim: unknown = sent.mock.contexts.at(-1);
  if (victim instanceof Worker) await victim.terminate();
}

const counts = { transfers: 0, refused: 0, cancelled: 0, undone: 0, sums: 0, crashes: 0, lost: 0 };

/** Takes money from one account and gives it to another; throws if there is not enough. */
async function transfer(tx: sql.Tx, ctx: context.Context, from: number, to: number, amount: number): Promise<void> {
  const [balance] = await tx.queryRowContext(ctx, "SELECT balance FROM account WHERE id = ?", from).scan();
  if ((balance as number) < amount) throw new RangeError("not enough");
  await tx.execContext(ctx, "UPDATE account SET balance = balance - ? WHERE id = ?", amount, from);
  // So that more than the cache holds is changed: a crash leaves a journal.
  await tx.execContext(ctx, "UPDATE ballast SET text = text || 'x' WHERE id % 7 = ?", amount % 7);
  await tx.execContext(ctx, "UPDATE account SET balance = balance + ? WHERE id = ?", amount, to);
  await tx.execContext(ctx, "INSERT INTO log VALUES (?, ?, ?)", from, to, amount);
}

async function perform(db: sql.DB, next: Step): Promise<void> {
  if (next.kind === "crash") {
    counts.crashes++;
    return crash();
  }
  if (next.kind === "sum") {
    counts.sums++;
    const sums = await db.queryRowContext(bg, "SELECT sum(balance), min(balance) >= 0 FROM account").scan();
    expect(sums).toEqual([accounts * initial, 1]);
    return;
  }
  const [ctx, cancel] = next.kind === "cancelled" ? context.withTimeout(bg, next.after) : context.withCancel(bg);
  using _ = cancel;
  const tx = await db.beginTx(ctx);
  try {
    await transfer(tx, ctx, next.from, next.to, next.kind === "transfer" ? next.amount : 1);
    if (next.kind === "undone") {
      counts.undone++;
      await tx.rollback();
    } else {
      await tx.commit();
      counts.transfers++;
    }
  } catch (error) {
    await tx.rollback().catch(() => undefined);
    throw error;
  }
}

/** Does one step after the other; what a crash, a cancel or an empty account does to one is expected. */
async function goroutine(db: sql.DB, steps: readonly Step[]): Promise<void> {
  for (const next of steps) {
    try {
      await perform(db, next);
    } catch (error) {
      if (error instanceof RangeError) counts.refused++;
      else if (errors.is(error, context.deadlineExceeded)) counts.cancelled++;
      // As in Go, who comes when the transaction has already been rolled back by itself is told that.
      else if (next.kind === "cancelled" && errors.is(error, sql.errTxDone)) counts.cancelled++;
      else if (errors.is(error, errBadConn) || String(error).includes("the worker has ended")) counts.lost++;
      else throw error;
    }
  }
}

test.each(places)(
  "money moves between accounts in %s, and none is made or lost, whatever is cancelled or crashes: threads: %s",
  { timeout: 300_000 },
  async (place, threads) => {
    sent = vi.spyOn(Worker.prototype, "postMessage");
    const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`sqlite transfers in ${place}, threads: ${threads}: seed ${seed}`);
    const goroutines = fc.array(fc.array(step, { maxLength: 15 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(goroutines, async (all) => {
        const path = place === "file" ? newFile() : ":memory:";
        sent.mockClear();
        {
          await using db = sql.open(sqlite(path, { threads, pragmas: { cache_size: 5 } }));
          await db.execContext(
            bg,
            `CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER); CREATE TABLE log(giver, taker, amount);
             CREATE TABLE ballast AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n LIMIT 700)
               SELECT id, hex(zeroblob(100)) AS text FROM n`,
          );
          for (let id = 0; id < accounts; id++)
            await db.execContext(bg, "INSERT INTO account VALUES (?, ?)", id, initial);
          await Promise.all(all.map((steps) => goroutine(db, steps)));
          await perform(db, { kind: "sum" });
          // The log and the balances tell the same story.
          const wrong = `SELECT count(*) FROM account WHERE balance <> ${initial}
            - (SELECT coalesce(sum(amount), 0) FROM log WHERE giver = id) + (SELECT coalesce(sum(amount), 0) FROM log WHERE taker = id)`;
          expect(await db.queryRowContext(bg, wrong).scan()).toEqual([0]);
          expect(await db.queryRowContext(bg, "PRAGMA integrity_check").scan()).toEqual(["ok"]);
          // Transactions roll back by themselves, after their calls have settled.
          while (db.stats().inUse > 0) await turn();
        }
        if (place === "file") {
          const judge = new DatabaseSync(path);
          expect({ ...judge.prepare("PRAGMA integrity_check").get() }).toEqual({ integrity_check: "ok" });
          expect({ ...judge.prepare("SELECT sum(balance) AS n FROM account").get() }).toEqual({
            n: accounts * initial,
          });
          judge.close();
        }
      }),
      { seed, numRuns: 15, endOnFailure: true },
    );
    sent.mockRestore();
    console.log(`sqlite transfers in ${place}: ${JSON.stringify(counts)}`);
  },
);
