import { background, deadlineExceeded, withTimeout } from "gocsp/context";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";
import { afterAll, describe, expect, test } from "vitest";

const db = sql.open(sqlite(":memory:"));
const ctx = background();
const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

afterAll(() => db.close());

/** Calls that fail, each in a function of its own whose name must be found in the stack. */
const calls = {
  async badArgument() {
    await db.execContext(ctx, "SELECT ?", undefined);
  },
  async badStatement() {
    await db.queryContext(ctx, "SELEKT 1");
  },
  async badRow() {
    await db.queryRowContext(ctx, "SELECT x FROM nowhere").scan();
  },
  async badScan() {
    await db.queryRowContext(ctx, "SELECT 'x'").scan(sql.nullable(sql.int), sql.int);
  },
  async badRowOfTransaction() {
    const tx = await db.beginTx(ctx);
    try {
      await tx.queryRowContext(ctx, "SELECT x FROM nowhere").scan();
    } finally {
      await tx.rollback();
    }
  },
  async badCount() {
    const statement = await db.prepareContext(ctx, "SELECT ?");
    await statement.execContext(ctx);
  },
  async badPreparation() {
    await db.prepareContext(ctx, "SELEKT 1");
  },
  async badOptions() {
    await db.beginTx(ctx, { isolation: "Snapshot" });
  },
  async tooLate() {
    // If it ends before the statement begins, the error is one that all share: then once more, with more time.
    for (let patience = 20; ; patience *= 2) {
      const [short, cancel] = withTimeout(ctx, patience);
      using _ = cancel;
      try {
        await db.execContext(short, endless);
      } catch (error) {
        if (error !== deadlineExceeded) throw error;
      }
    }
  },
};

describe("an error names the line of the program that asked for it:", () => {
  test.each(Object.entries(calls))("%s", async (name, call) => {
    const error = await call().then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error?.stack).toContain(name);
  });
});

test("the errors that many calls share have no place at all", async () => {
  const row = db.queryRowContext(ctx, "SELECT 1 WHERE 0");
  await expect(row.scan()).rejects.toBe(sql.errNoRows);
  expect(sql.errNoRows.stack).toBe("Error: sql: no rows in result set");
});
