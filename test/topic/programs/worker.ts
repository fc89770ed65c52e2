/**
 * A worker of the fault runs: does each job as its kind says, and writes down what it has done. Ends gracefully at SIGTERM.
 * Arguments: the engine, the port of the server, a name, the lease, the file for what is done in no transaction. CLOCK_SHIFT is by how
 * many milliseconds its clock is wrong.
 */

import { appendFileSync } from "node:fs";
import * as context from "../../../src/context/context.ts";
import { notifyContext } from "../../../src/signal/signal.ts";
import { sleep } from "../../../src/time/time.ts";
import { open as openDB } from "../../../src/sql/sql.ts";
import { postgres as connector } from "../../../src/sql/postgres/postgres.ts";
import { jetstream } from "../../../src/topic/jetstream/jetstream.ts";
import { postgres } from "../../../src/topic/postgres/postgres.ts";
import { type Delivery, open } from "../../../src/topic/topic.ts";

interface Job {
  readonly n: number;
  readonly kind: "tx" | "plain";
  readonly ms: number;
  /** For how long it keeps the event loop busy. */
  readonly busy: number;
  /** Whether its first attempt fails. */
  readonly fails: boolean;
}

const [engine = "", port = "", name = "", lease = "", file = ""] = process.argv.slice(2);
const shift = Number(process.env["CLOCK_SHIFT"] ?? 0);
if (shift !== 0) {
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...args: [] | [number | string | Date]) {
      if (args.length === 0) super(Right.now() + shift);
      else super(args[0]);
    }
    static override now(): number {
      return Right.now() + shift;
    }
  } as DateConstructor;
}
const server = {
  host: "127.0.0.1",
  port: Number(port),
  user: "postgres",
  database: "postgres",
  connectTimeout: 10_000,
};
const [ctx, stop] = notifyContext(context.background(), "SIGTERM");
using _ = stop;
const isPostgres = engine === "postgres";
await using db = openDB(connector(server));
db.setMaxIdleConns(8);
const nats = jetstream(`nats://127.0.0.1:${port}`, { connect: { ignoreClusterUpdates: true } });
await using broker = await open(ctx, isPostgres ? postgres(server) : nats, { onError: () => undefined });
const options = { lease: Number(lease), maxAttempts: 100_000, backoff: () => 50 };
const insert = "INSERT INTO effect (n, kind, key, worker, attempt) VALUES ($1, $2, $3, $4, $5)";

async function work(ctx: context.Context, { n, kind, ms, busy, fails }: Job, d: Delivery<Job>): Promise<void> {
  // Whoever is always busy for longer than the lease never has it.
  const end = performance.now() + (d.attempt === 1 ? busy : 0);
  while (performance.now() < end);
  const isFailure = fails && d.attempt === 1;
  if (kind === "tx") {
    await using tx = await db.beginTx(ctx);
    await tx.execContext(ctx, insert, n, kind, d.key ?? null, name, d.attempt);
    await sleep(ms);
    if (isFailure) throw new Error("the first attempt fails");
    await d.ack(tx);
    await tx.commit();
  } else {
    if (isFailure) throw new Error("the first attempt fails");
    appendFileSync(file, `${n} ${d.attempt}\n`);
    await sleep(ms);
    if (ctx.err() !== undefined) throw ctx.err() as Error;
    await d.ack();
  }
}

console.log("ready");
const grace = 2000;
await Promise.all([
  broker.topic<Job>("faults", options).handle(ctx, { concurrency: 8, grace }, work),
  ...(isPostgres
    ? [broker.topic<Job>("ordered", { ...options, perKey: 1 }).handle(ctx, { concurrency: 4, grace }, work)]
    : []),
]);
