// What a message costs on PostgreSQL: how many statements, and who is told of what.
import { tracingChannel } from "node:diagnostics_channel";
import { chan, context, mustReceive, sync, time } from "gocsp";
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
async function open(name: string, options: topic.TopicOptions = {}): Promise<[topic.Broker, topic.Topic<number>]> {
  const broker = await topic.open(bg, postgres(url, { poll }));
  const jobs = broker.topic<number>(name, options);
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
    else if (/^(WITH d AS MATERIALIZED \()?DELETE FROM \S+\.message\b/.test(statement)) counts.delete++;
    else if (/INSERT INTO \S+\.message /.test(statement)) counts.insert++;
    else if (/\.claim(_by_key)?\(/.test(statement)) counts.claim++;
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

  test("is claimed with others for a loop that comes back at once, and alone for one that takes its time [P29]", async () => {
    const [broker, jobs] = await open("loops");
    const send = (n: number): Promise<unknown> =>
      jobs.sendAll(
        bg,
        Array.from({ length: n }, (_, i) => [i] as const),
      );
    await send(1000);
    const claims = async (receive: (d: topic.Delivery<number>) => unknown, n: number): Promise<number> => {
      const [ctx, stop] = context.withCancel(bg);
      using counts = count();
      let left = n;
      for await (const d of jobs.receiver(ctx, { concurrency: 100 })) {
        await receive(d);
        if (--left === 0) break;
      }
      stop();
      await jobs.wait(bg);
      return counts.claim;
    };
    const acks = new sync.WaitGroup();
    const prompt = await claims((d) => acks.go(() => d.ack()), 1000);
    await acks.wait();
    await send(10);
    const slow = await claims(async (d) => {
      await time.sleep(30);
      // Nothing is held for this loop meanwhile.
      await expect.poll(async () => (await jobs.inspect(bg)).running, { timeout: 30_000 }).toBe(1);
      await d.ack();
    }, 10);
    console.log(
      `1000 messages: ${prompt} claims for a loop that starts goroutines, ${slow} for 10 that are done one by one`,
    );
    expect(prompt).toBeLessThan(500);
    expect(slow).toBeGreaterThanOrEqual(10);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, running: 0 });
    await broker.close();
  });

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

  test.each([
    ["of one key", () => "a"],
    ["each of another key", (i: number) => `k${i}`],
  ])(
    "with a limit for its key costs three statements as well, and nobody else is told (%s) [P30]",
    async (name, keyOf) => {
      const [broker, jobs] = await open(`keyed${name.length}`, { perKey: 1 });
      const deliveries = jobs.receiver(bg, { concurrency: 2 });
      let next = mustReceive(deliveries);
      using counts = count();
      let n = 0;
      for (let quiet = 0; quiet < 5; n++) {
        const before = { ...counts };
        await jobs.send(bg, n, { key: keyOf(n) });
        const d = await next;
        expect(d.value).toBe(n);
        next = mustReceive(deliveries);
        await d.ack();
        // Who comes back, and who has done one, has a look; what that claims of its own accord while it is sent is told to others.
        if (counts.notify === before.notify && counts.claim <= before.claim + 3) quiet++;
      }
      expect([counts.insert, counts.delete]).toEqual([n, n]);
      await jobs.send(bg, n, { key: keyOf(n) });
      await (await next).ack();
      await broker.close();
    },
  );

  test("that was behind another of its key is told to the others when that is done, if nobody here takes it [P30]", async () => {
    const [here, ours] = await open("turns", { perKey: 1 });
    const [there, theirs] = await open("turns", { perKey: 1 });
    for (let i = 0; i < 6; i++) await ours.send(bg, i, { key: "a" });
    const seen: number[] = [];
    const deliveries = ours.receiver(bg);
    const others = theirs.receiver(bg);
    // In turn: who has one takes no more, and the other one waits all the time.
    let mine = await mustReceive(deliveries);
    for (let i = 0; i < 3; i++) {
      const next = mustReceive(others);
      seen.push(mine.value);
      await mine.ack();
      const d = await next;
      seen.push(d.value);
      const again = i < 2 ? mustReceive(deliveries) : undefined;
      await d.ack();
      if (again !== undefined) mine = await again;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    await Promise.all([here.close(), there.close()]);
  });

  test("of a key with a long backlog is claimed by the index of its turn: those behind it are not read [P30]", async () => {
    const s = "backlog";
    for (const text of schemaSQL(s)) await admin(server.port, text);
    const client = new pg.Client({ host: "127.0.0.1", port: server.port, user: "postgres", database: "postgres" });
    await client.connect();
    const claim = async (): Promise<{ id: string | null; value: string; token: string }[]> =>
      (await client.query(`SELECT * FROM ${s}.claim_by_key('jobs', 1, 30000, -1, 1, 1)`)).rows as never;
    await claim();
    await client.query(
      `INSERT INTO ${s}.message (topic, id, key, value) SELECT 'jobs', i::text, 'hot', to_json(i) FROM generate_series(1, 5000) i`,
    );
    // The first has the place, all others are marked, some at each look.
    const [first] = await claim();
    expect(first?.value).toBe("1");
    for (let looks = 0; looks < 1000; looks++) {
      const [row] = (await client.query(`SELECT 1 FROM ${s}.message WHERE state = 'r' LIMIT 1`)).rows;
      if (row === undefined) break;
      expect((await claim()).every(({ id }) => id === null)).toBe(true);
    }
    await client.query(`DELETE FROM ${s}.message WHERE topic = 'jobs' AND id = '1'`);
    // What the server counts of a transaction can contain what was done shortly before it.
    const reads = async (): Promise<number> =>
      (
        await client.query<{ read: number }>(
          "SELECT (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS read FROM pg_stat_xact_user_tables WHERE schemaname = $1 AND relname = 'message'",
          [s],
        )
      ).rows[0]?.read ?? NaN;
    await client.query("BEGIN");
    const before = await reads();
    const [left] = (await client.query(`SELECT ${s}.depart('jobs', ARRAY['1'], ARRAY['hot']) AS n`)).rows as {
      n: number;
    }[];
    expect(left?.n).toBe(1);
    expect((await claim())[0]?.value).toBe("2");
    const read = (await reads()) - before;
    await client.query("ROLLBACK");
    await client.end();
    expect(read).toBeGreaterThanOrEqual(2);
    expect(read).toBeLessThan(100);
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
