// A query with a timeout: one that is in time, and an endless one that the database stops at the deadline.
// After "Canceling in-progress operations" in Go's documentation.
import { context, type Context, errors, main, time } from "gocsp";
import * as sql from "gocsp/sql";
import { sqlite } from "gocsp/sql/sqlite";

const db = sql.open(sqlite(":memory:"));

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'none', max(i) FROM n";

const queryWithTimeout = async (ctx: Context, timeout: number, query: string): Promise<void> => {
  // Create a Context with a timeout.
  const [queryCtx, cancel] = context.withTimeout(ctx, timeout);
  using _ = cancel;

  // Pass the timeout Context with a query.
  await using rows = await db.queryContext(queryCtx, query);

  // Handle returned rows.
  for await (const { title, price } of rows.as({ title: sql.string, price: sql.float })) {
    console.log(`${title}: $${price}`);
  }
};

main(async () => {
  const ctx = context.background();
  await db.execContext(ctx, "CREATE TABLE album (title TEXT, price REAL)");
  await db.execContext(ctx, "INSERT INTO album VALUES ('Blue Train', 56.99), ('Giant Steps', 63.99), ('Jeru', 17.99)");

  await queryWithTimeout(ctx, 5 * time.second, "SELECT * FROM album");

  const start = performance.now();
  try {
    await queryWithTimeout(ctx, 100 * time.millisecond, endless);
  } catch (err) {
    console.log("the endless query:", (err as Error).message);
    console.log("because of its deadline:", errors.is(err, context.deadlineExceeded));
    aside(`${(performance.now() - start).toFixed(1)} ms after it began; the database says: ${errors.unwrap(err)}`);
  }
  console.log("connections in use:", db.stats().inUse);
});

// aside prints a time, which differs in every run, only if TIMES is set.
function aside(text: string): void {
  if (process.env["TIMES"] !== undefined) console.log(`(${text})`);
}
