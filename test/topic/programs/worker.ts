/**
 * A worker of the fault runs: does each job as its kind says, and writes down what it has done. Ends gracefully at SIGTERM.
 * Arguments: the port of the server, a name, the lease.
 */

import * as context from "../../../src/context/context.ts";
import { notifyContext } from "../../../src/signal/signal.ts";
import { sleep } from "../../../src/time/time.ts";
import { open as openDB } from "../../../src/sql/sql.ts";
import { postgres as connector } from "../../../src/sql/postgres/postgres.ts";
import { postgres } from "../../../src/topic/postgres/postgres.ts";
import { open } from "../../../src/topic/topic.ts";

interface Job {
  readonly n: number;
  readonly kind: "tx" | "plain";
  readonly ms: number;
}

const [port = "", name = "", lease = ""] = process.argv.slice(2);
const server = { host: "127.0.0.1", port: Number(port), user: "postgres", database: "postgres", connectTimeout: 2000 };
const [ctx, stop] = notifyContext(context.background(), "SIGTERM");
using _ = stop;
await using db = openDB(connector(server));
db.setMaxIdleConns(8);
await using broker = await open(ctx, postgres(server), { onError: () => undefined });
const jobs = broker.topic<Job>("faults", { lease: Number(lease), maxAttempts: 1000, backoff: () => 50 });
const insert = "INSERT INTO effect (n, kind, worker, attempt) VALUES ($1, $2, $3, $4)";
console.log("ready");
await jobs.handle(ctx, { concurrency: 8, grace: 2000 }, async (ctx, { n, kind, ms }, d) => {
  if (kind === "tx") {
    await using tx = await db.beginTx(ctx);
    await tx.execContext(ctx, insert, n, kind, name, d.attempt);
    await sleep(ms);
    await d.ack(tx);
    await tx.commit();
  } else {
    await db.execContext(ctx, insert, n, kind, name, d.attempt);
    await sleep(ms);
    await d.ack();
  }
});
