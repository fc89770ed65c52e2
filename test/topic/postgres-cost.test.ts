// What a message costs on PostgreSQL: how many statements, and who is told of what.
import { tracingChannel } from "node:diagnostics_channel";
import { chan, context, mustReceive, time } from "gocsp";
import type { QueryMessage } from "gocsp/diagnostics";
import * as topic from "gocsp/topic";
import { postgres, schemaSQL } from "gocsp/topic/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";

const bg = context.background();
/** Nothing is found by polling within the time of a test. */
const poll = time.hour;
let server: PostgresServer;
let url: string;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres({ max_connections: 200 });
  url = `postgres://${server.user}@127.0.0.1:${server.port}/${server.database}`;
});
afterAll(() => server?.stop());

/** Opens a broker, and waits until it listens: its first claim begins that. */
async function open(name: string): Promise<[topic.Broker, topic.Topic<number>]> {
  const broker = await topic.open(bg, postgres(url, { poll }));
  const jobs = broker.topic<number>(name);
  const listening = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2";
  const before = Number((await admin(server.port, listening))[0]?.["n"]);
  const [ctx, stop] = context.withCancel(bg);
  const first = jobs
    .receiver(ctx)
    .receive(ctx)
    .catch(() => undefined);
  await expect
    .poll(async () => Number((await admin(server.port, listening))[0]?.["n"]), { timeout: 30_000 })
    .toBe(before + 1);
  stop();
  await first;
  return [broker, jobs];
}

/** Counts the statements about messages, by what they are, until the result is disposed. */
function count(): Disposable & Record<"insert" | "claim" | "delete" | "notify", number> {
  const counts = { insert: 0, claim: 0, delete: 0, notify: 0 };
  const note = (message: unknown): void => {
    const { statement = "" } = message as QueryMessage;
    if (statement.includes("pg_notify")) counts.notify++;
    else if (statement.startsWith("DELETE")) counts.delete++;
    else if (/INSERT INTO \S+\.message /.test(statement)) counts.insert++;
    else if (statement.includes(".claim(")) counts.claim++;
  };
  const { start } = tracingChannel<QueryMessage>("gocsp:sql.query");
  start.subscribe(note);
  return Object.assign(counts, { [Symbol.dispose]: () => start.unsubscribe(note) });
}

describe.skipIf(noPostgres !== undefined)("a message", () => {
  test.each([1, 2, 20])(
    "that a receiver of the same process takes costs three statements, and nobody else is told (%d places) [P28]",
    async (concurrency) => {
      const [broker, jobs] = await open(`alone${concurrency}`);
      const deliveries = jobs.receiver(bg, { concurrency });
      let next = mustReceive(deliveries);
      using counts = count();
      let n = 0;
      // A machine that stalls makes us tell others all the same: then it begins anew.
      for (let quiet = 0; quiet < 10; n++) {
        const before = { ...counts };
        await jobs.send(bg, n);
        const d = await next;
        expect(d.value).toBe(n);
        next = mustReceive(deliveries);
        await d.ack();
        quiet = counts.notify === before.notify && counts.claim === before.claim + 1 ? quiet + 1 : 0;
      }
      const { insert, claim, delete: deleted, notify } = counts;
      console.log(`${n} messages: ${insert} inserts, ${claim} claims, ${deleted} deletes, ${notify} notifications`);
      expect([insert, deleted]).toEqual([n, n]);
      await jobs.send(bg, n);
      await (await next).ack();
      await broker.close();
    },
  );

  test.each([1, 8, 200])(
    "is claimed along the indexes by who has planned that when there was none: %d of them read few others [P28]",
    async (n) => {
      const schema = `plans${n}`;
      for (const text of schemaSQL(schema)) await admin(server.port, text);
      const client = new pg.Client({
        host: "127.0.0.1",
        port: server.port,
        user: server.user,
        database: server.database,
      });
      await client.connect();
      const claim = async (): Promise<number> =>
        (await client.query(`SELECT * FROM ${schema}.claim('jobs', ${n}, 30000, 1, 1)`)).rows.filter(
          ({ id }: { id: string | null }) => id !== null,
        ).length;
      for (let i = 0; i < 10; i++) expect(await claim()).toBe(0);
      await admin(
        server.port,
        `INSERT INTO ${schema}.message (topic, id, value) SELECT 'jobs', i::text, 'null' FROM generate_series(1, 20000) i`,
      );
      await client.query("BEGIN");
      expect(await claim()).toBe(n);
      const { rows } = await client.query<{ read: number }>(
        "SELECT (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS read FROM pg_stat_xact_user_tables WHERE schemaname = $1 AND relname = 'message'",
        [schema],
      );
      await client.query("ROLLBACK");
      await client.end();
      expect(rows[0]?.read).toBeGreaterThanOrEqual(n);
      expect(rows[0]?.read).toBeLessThan(10 * n + 100);
    },
  );

  test("that this process leaves is told to the others, who need not poll [P28]", async () => {
    const [here, sender] = await open("left");
    const [there, other] = await open("left");
    // One is taken here, and nobody here takes another one.
    const ours = sender.receiver(bg, { concurrency: 1 });
    const first = mustReceive(ours);
    await sender.send(bg, 0);
    expect((await first).value).toBe(0);
    const theirs = other.receiver(bg, { concurrency: 100 });
    for (let i = 1; i <= 20; i++) {
      const next = mustReceive(theirs);
      await sender.send(bg, i);
      const d = await next;
      expect(d.value).toBe(i);
      await d.ack();
    }
    // There is more at once than there are places here.
    const got = chan<number>(10);
    const receivers = [sender.receiver(bg, { concurrency: 2 }), other.receiver(bg, { concurrency: 3 })];
    const receiving = receivers.flatMap((deliveries, i) =>
      Array.from({ length: i + 2 }, async () => {
        const d = await mustReceive(deliveries);
        await got.send(d.value);
      }),
    );
    await sender.sendAll(
      bg,
      [30, 31, 32, 33, 34].map((value) => [value] as const),
    );
    const all: number[] = [];
    for (let i = 0; i < 5; i++) all.push(await mustReceive(got));
    expect(all.toSorted((a, b) => a - b)).toEqual([30, 31, 32, 33, 34]);
    await Promise.all(receiving);
    await Promise.all([here.close(), there.close()]);
  });

  test("that is not due yet is told to the others, who wait for it as well [P28]", async () => {
    const [here, sender] = await open("delayed");
    const [there, other] = await open("delayed");
    const [ctx, stop] = context.withCancel(bg);
    const ours = sender
      .receiver(ctx)
      .receive(ctx)
      .catch(() => undefined);
    const theirs = mustReceive(other.receiver(bg));
    await sender.send(bg, 1, { delay: 1000 });
    stop();
    await ours;
    expect((await theirs).value).toBe(1);
    await Promise.all([here.close(), there.close()]);
  });
});
