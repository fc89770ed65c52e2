// Two requests at a time, each with goroutines and a group inside `abortable`: one leaves, the other one stays. A query that
// ran under the other request's signal would be stopped with it, or would go on. It runs in the project that the tests make
// of the guide.
import { PrismaPg } from "@prisma/adapter-pg";
import { sql as drizzleSql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { chan, context, errors, go, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import { abortable, CancelablePool } from "./cancelable.ts";

const rounds = 30;
const pool = new CancelablePool({ connectionString: process.env.DATABASE_URL, max: 16 });
const db = drizzle({ client: pool });
const prisma = await new PrismaPg(pool).connect();

const ways = {
  drizzle: (seconds) => db.execute(drizzleSql.raw(`SELECT pg_sleep(${seconds})`)),
  prisma: (seconds) => prisma.queryRaw({ sql: `SELECT pg_sleep(${seconds})::text`, args: [], argTypes: [] }),
};

/** Runs queries in a goroutine and in a group, and returns how each of them ended. */
async function serve(query, seconds) {
  const ends = chan(4);
  const run = async () => {
    const error = await query(seconds).then(
      () => undefined,
      (error) => error,
    );
    await ends.send(error === undefined ? "finished" : errors.is(error, context.canceled) ? "canceled" : String(error));
  };
  go(run);
  const [group] = errgroup.withContext(context.background());
  for (let i = 0; i < 3; i++) group.go(run);
  await group.wait();
  const all = [];
  for (let i = 0; i < 4; i++) all.push(await ends.receive());
  return all;
}

const counts = {};
function count(who, all) {
  for (const end of all) counts[`${who} ${end}`] = (counts[`${who} ${end}`] ?? 0) + 1;
}

for (const query of Object.values(ways)) {
  for (let round = 0; round < rounds; round++) {
    const [leaving, leave] = context.withCancel(context.background());
    const [staying, cancel] = context.withCancel(context.background());
    const requests = [
      abortable(context.signal(staying), () => serve(query, 0.01)).then((all) => count("who stays:", all)),
      abortable(context.signal(leaving), () => serve(query, 600)).then((all) => count("who leaves:", all)),
    ];
    if (round % 2 === 1) await time.sleep(Math.random() * 5);
    leave();
    await Promise.all(requests);
    cancel();
  }
}
console.log(JSON.stringify({ rounds, counts, idle: pool.idleCount === pool.totalCount, waiting: pool.waitingCount }));
await pool.end();
