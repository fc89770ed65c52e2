// Cancels queries and transactions of Drizzle and Kysely on the guide's pool, at random moments, and tells what came of
// it. It runs in the project that the tests make of the guide.
import { sql as drizzleSql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { context, errors, time } from "gocsp";
import { Kysely, PostgresDialect, sql as kyselySql } from "kysely";
import { abortable, CancelablePool } from "./cancelable.ts";

const cancels = 300;
const workers = 5;
const pool = new CancelablePool({ connectionString: process.env.DATABASE_URL, max: 4 });
const db = drizzle({ client: pool });
const kysely = new Kysely({ dialect: new PostgresDialect({ pool }) });

const slow = "SELECT pg_sleep(600)";
const insert = "INSERT INTO storm VALUES (1)";
const kinds = [
  () => db.execute(drizzleSql.raw(slow)),
  () => kyselySql.raw(slow).execute(kysely),
  () =>
    db.transaction(async (tx) => {
      await tx.execute(drizzleSql.raw(insert));
      await tx.execute(drizzleSql.raw(slow));
    }),
  () =>
    kysely.transaction().execute(async (tx) => {
      await kyselySql.raw(insert).execute(tx);
      await kyselySql.raw(slow).execute(tx);
    }),
];

let canceled = 0;
const wrong = [];
const hit = [];
const connections = new Set();

async function work(count) {
  for (let i = 0; i < count; i++) {
    const [ctx, cancel] = context.withCancel(context.background());
    const settled = abortable(context.signal(ctx), kinds[i % kinds.length]).then(
      () => wrong.push("a slow query has finished"),
      (error) => (errors.is(error, context.canceled) ? canceled++ : wrong.push(String(error))),
    );
    const delay = Math.random() * 8;
    if (delay > 1) await time.sleep(delay);
    cancel();
    await settled;
    try {
      const { rows } = await db.execute(drizzleSql`SELECT ${i}::int AS value, pg_backend_pid() AS connection`);
      if (rows[0].value !== i) hit.push(rows[0].value);
      connections.add(rows[0].connection);
    } catch (error) {
      hit.push(String(error));
    }
  }
}

await Promise.all(Array.from({ length: workers }, () => work(cancels / workers)));
const { rows } = await db.execute(
  drizzleSql`SELECT query FROM pg_stat_activity
    WHERE application_name = current_setting('application_name') AND state <> 'idle' AND pid <> pg_backend_pid()`,
);
const stored = await db.execute(drizzleSql`SELECT * FROM storm`);
const report = { cancels, canceled, wrong, hit, surviving: rows, stored: stored.rows, connections: connections.size };
console.log(JSON.stringify({ ...report, idle: pool.idleCount, waiting: pool.waitingCount }));
await pool.end();
