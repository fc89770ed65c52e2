// One scenario, named by the first argument: how a program with a database ends.
import { chan, context, main, time } from "gocsp";
import * as sql from "gocsp/sql";
import { Fake } from "../fake.ts";

const background = context.background();
const fake = new Fake();
const db = sql.open(fake);

async function idle(): Promise<void> {
  db.setConnMaxIdleTime(time.hour);
  db.setConnMaxLifetime(time.hour);
  await db.pingContext(background);
}

const scenarios: Record<string, () => unknown> = {
  async "an idle connection"() {
    await idle();
    console.log("the last line");
  },
  "an idle connection and a deadlock": () =>
    main(async () => {
      await idle();
      await chan<void>().receive();
    }),
  "a wait for a connection": () =>
    main(async () => {
      db.setMaxOpenConns(1);
      await db.conn(background);
      await db.pingContext(background);
    }),
  async "what nobody asks for"() {
    const [ctx, cancel] = context.withCancel(background);
    const failing = (): Promise<never> => Promise.reject(new Error("fails"));
    db.queryRowContext(background, "SELEKT");
    db.queryRowContext(ctx, "SLOW");
    await db.queryContext(ctx, "SERIES 100");
    const tx = await db.beginTx(ctx);
    await tx.queryContext(background, "SERIES 100");
    await tx.prepareContext(background, "SELECT 1");
    for (const method of ["rows.close", "rollback", "stmt.close", "close", "connector.close"] as const) {
      fake.on(method, failing);
    }
    await time.sleep(10);
    cancel();
    // On a busy machine that takes a while.
    for (let i = 0; i < 500 && db.stats().inUse > 0; i++) await time.sleep(10);
    console.log(db.stats().inUse);
  },
};

await scenarios[process.argv[2] ?? ""]?.();
