// What processes must agree on, and what happens when they do not: options, and versions of the tables.
import { context, errors, mustReceive, time } from "gocsp";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrations, version } from "../../src/topic/postgres/schema.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";

const bg = context.background();
const quiet = { onError: (): void => undefined };
let server: PostgresServer;
let url: string;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres({ max_connections: 200 });
  url = `postgres://${server.user}@127.0.0.1:${server.port}/${server.database}`;
});
afterAll(() => server?.stop());

describe.skipIf(noPostgres !== undefined)("options that differ", () => {
  test("who has another perKey claims nothing while anything runs, says so, and takes over when nothing does [P21]", async () => {
    const reported: string[] = [];
    await using first = await topic.open(bg, postgres(url, { poll: 50 }), quiet);
    await using second = await topic.open(bg, postgres(url, { poll: 50 }), {
      onError: (_what, err) => void reported.push((err as Error).message),
    });
    const limited = first.topic<number>("limits", { perKey: 1 });
    const free = second.topic<number>("limits");
    await limited.send(bg, 10, { key: "b" });
    for (let i = 0; i < 6; i++) await limited.send(bg, i, { key: "a" });
    const [ctx, stop] = context.withCancel(bg);
    const deliveries = limited.receiver(ctx, { concurrency: 2 });
    // Something runs all the time.
    const long = await mustReceive(deliveries);
    const running = await mustReceive(deliveries);
    expect([long.value, running.value]).toEqual([10, 0]);
    const [freeCtx, stopFree] = context.withCancel(bg);
    const others: number[] = [];
    let isWorking = true;
    const handled = free.handle(freeCtx, { concurrency: 4 }, (_ctx, n) => {
      expect(isWorking).toBe(false);
      others.push(n);
    });
    const sentence =
      'topic: perKey of "limits" is 1 in the processes that work on it, and not limited here: ' +
      "nothing is claimed here as long as anything runs there";
    await expect.poll(() => reported, { timeout: 30_000 }).toContain(sentence);
    // Those who were there go on.
    await running.ack();
    const next = await mustReceive(deliveries);
    expect(next.value).toBe(1);
    stop();
    isWorking = false;
    await next.ack();
    await long.ack();
    // Nothing runs: the other one's limit counts now, also for what was behind.
    await expect.poll(() => others.toSorted((a, b) => a - b), { timeout: 30_000 }).toEqual([2, 3, 4, 5]);
    await limited.send(bg, 6, { key: "a" });
    await expect.poll(() => others.length, { timeout: 30_000 }).toBe(5);
    stopFree();
    await handled;
    expect(await limited.inspect(bg)).toMatchObject({ ready: 0, behind: 0, running: 0, dead: 0 });
  });

  test("with perKey in two processes that differ, no two of a key run at once, whatever happens [P21]", async () => {
    const brokers = await Promise.all([1, 2, 3].map(() => topic.open(bg, postgres(url, { poll: 20 }), quiet)));
    const limits = [1, 1, undefined];
    const out = new Map<string, number>();
    const problems: string[] = [];
    const seen = new Set<number>();
    const [ctx, stop] = context.withCancel(bg);
    const handled = brokers.map((broker, i) =>
      broker
        .topic<number>("mixed", { ...(limits[i] === undefined ? {} : { perKey: limits[i] }), backoff: () => 1 })
        .handle(ctx, { concurrency: 4 }, async (_ctx, n, { key = "", attempt }) => {
          const who = `${key}${limits[i] ?? 0}`;
          // The limit holds among those who have one, also beside those who have none.
          if (limits[i] === 1) {
            for (const [other, times] of out)
              if (other.startsWith(key) && times > 0) problems.push(`${who} beside ${other}`);
          }
          out.set(who, (out.get(who) ?? 0) + 1);
          await time.sleep(2);
          out.set(who, (out.get(who) as number) - 1);
          if (n % 10 === 3 && attempt === 1) throw new Error("again");
          seen.add(n);
        }),
    );
    const sender = brokers[2]?.topic<number>("mixed");
    for (let i = 0; i < 120; i++) await sender?.send(bg, i, { key: `k${i % 3}` });
    await expect.poll(() => seen.size, { timeout: 60_000 }).toBe(120);
    stop();
    await Promise.all(handled);
    await Promise.all(brokers.map((broker) => broker.close()));
    expect(problems).toEqual([]);
  });

  test.each(["claim('races', 1, 30000, -1, 1)", "claim_by_key('races', 1, 30000, -1, 1, 1)"])(
    "who would take over waits for a claim that is on its way [P21] (%s)",
    async (claim) => {
      const { default: pg } = await import("pg");
      const connect = async (): Promise<InstanceType<typeof pg.Client>> => {
        const client = new pg.Client({ host: "127.0.0.1", port: server.port, user: "postgres", database: "postgres" });
        await client.connect();
        return client;
      };
      const s = `races${claim.length}`;
      await (await topic.open(bg, postgres(url, { schema: s }))).close();
      const [mine, theirs] = [await connect(), await connect()];
      const limit = claim.includes("key") ? 1 : 0;
      await mine.query(`SELECT ${s}.agree('races', ${limit})`);
      await mine.query(`INSERT INTO ${s}.message (topic, id, key, value) VALUES ('races', 'a', 'k', '1')`);
      await mine.query("BEGIN");
      expect((await mine.query(`SELECT id FROM ${s}.${claim} WHERE id IS NOT NULL`)).rows).toEqual([{ id: "a" }]);
      const changed = theirs.query(`SELECT ${s}.agree('races', 2) AS n`);
      const waits = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'advisory' AND query LIKE '%${s}.agree%'`;
      await expect.poll(async () => Number((await admin(server.port, waits))[0]?.["n"]), { timeout: 30_000 }).toBe(1);
      await mine.query("COMMIT");
      expect((await changed).rows).toEqual([{ n: limit }]);
      await Promise.all([mine.end(), theirs.end()]);
    },
  );

  test("who only sends need not say perKey [P21]", async () => {
    await using worker = await topic.open(bg, postgres(url), quiet);
    await using web = await topic.open(bg, postgres(url));
    const deliveries = worker.topic<number>("senders", { perKey: 1 }).receiver(bg);
    await web.topic<number>("senders").send(bg, 1, { key: "a" });
    const d = await mustReceive(deliveries);
    expect(await web.topic("senders").inspect(bg)).toMatchObject({ running: 1 });
    await d.ack();
  });

  test("a delivery has the lease of the process that has it [P21]", async () => {
    // Without a lock that tells of its end, the lease is all there is. Both last longer than a machine may stall.
    const hasty = await topic.open(bg, postgres(url, { poll: 50, listen: false }), quiet);
    await using patient = await topic.open(bg, postgres(url, { poll: 50 }), quiet);
    const short = hasty.topic<number>("leases", { lease: 60 * time.second });
    const long = patient.topic<number>("leases", { lease: time.hour });
    await short.send(bg, 1, { id: "short" });
    const mine = await mustReceive(short.receiver(bg));
    await short.send(bg, 2, { id: "long" });
    const deliveries = long.receiver(bg, { concurrency: 2 });
    const theirs = await mustReceive(deliveries);
    const left =
      "SELECT id, extract(epoch FROM lease_until - now())::int AS s FROM gocsp_topic.message WHERE topic = 'leases' ORDER BY 1";
    const [l, s] = (await admin(server.port, left)).map((row) => Number(row["s"])) as [number, number];
    expect(l).toBeGreaterThan(1800);
    expect(s).toBeLessThanOrEqual(60);
    // Who has gone loses what is theirs after their lease, not after that of the others: a minute passes.
    await hasty.close();
    await admin(
      server.port,
      "UPDATE gocsp_topic.message SET lease_until = lease_until - interval '60 s' WHERE topic = 'leases'",
    );
    const again = await mustReceive(deliveries);
    expect([again.id, again.attempt, theirs.id]).toEqual(["short", 2, "long"]);
    expect(context.cause(mine.ctx)).toBeInstanceOf(topic.Stopping);
    await again.ack();
    await theirs.ack();
  });
});

/** What workers of versions 1 to 3 say to the server: claims, and acknowledgments. */
const first = {
  claim: (s: string): string => `WITH s AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    c AS MATERIALIZED (SELECT id FROM s, ${s}.message WHERE topic = 'jobs' AND state = 'r' AND run_at <= now()
      ORDER BY run_at, seq LIMIT 3 FOR UPDATE OF message SKIP LOCKED)
    UPDATE ${s}.message m SET state = 'x', attempt = m.attempt + 1, token = nextval('${s}.worker') * 2097152,
      lease_until = clock_timestamp() + interval '30 s', worker = -1
    FROM c WHERE m.topic = 'jobs' AND m.id = c.id RETURNING m.id, m.token, m.value::text AS value`,
  claimKeyed: (s: string): string =>
    `SELECT id, token, value::text AS value FROM ${s}.claim_keyed('jobs', 3, 30000, -1, 1, nextval('${s}.worker') * 2097152)`,
  ack: (s: string, id: string, token: string): string => `WITH d AS MATERIALIZED (DELETE FROM ${s}.message m
      WHERE m.topic = 'jobs' AND m.id = '${id}' AND m.token = ${token} AND m.state = 'x' RETURNING m.id, m.token, m.key),
      l AS (SELECT ${s}.leave('jobs', array_agg(id), array_agg(key)) FROM d WHERE key IS NOT NULL HAVING count(*) > 0)
    SELECT d.id FROM d LEFT JOIN l ON true`,
};

describe.skipIf(noPostgres !== undefined)("tables of an earlier version", () => {
  test.each([
    ["claim", 1],
    ["claimKeyed", 1],
    ["claim", 2],
    ["claimKeyed", 2],
    ["claim", 3],
    ["claimKeyed", 3],
  ] as const)(
    "are brought up to date beside workers that run, which go on [P22] (%s, version %d)",
    async (claim, from) => {
      const s = `old_${claim.toLowerCase()}_${from}`;
      for (const text of migrations(s, 0, from)) await admin(server.port, text);
      const total = 300;
      await admin(
        server.port,
        `INSERT INTO ${s}.message (topic, id, key, value) SELECT 'jobs', i::text, 'k' || i % 7, to_json(i) FROM generate_series(1, ${total / 2}) i`,
      );
      const done: number[] = [];
      const byOld: number[] = [];
      const [working, endOld] = context.withCancel(bg);
      const old = (async (): Promise<void> => {
        while (working.err() === undefined) {
          for (const { id, token, value } of await admin(server.port, first[claim](s))) {
            const rows = await admin(server.port, first.ack(s, String(id), String(token)));
            if (rows.length === 1) byOld.push(Number(value));
          }
        }
      })();
      await expect.poll(() => byOld.length, { timeout: 30_000 }).toBeGreaterThan(5);
      await using broker = await topic.open(bg, postgres(url, { schema: s, poll: 50 }), quiet);
      expect(await admin(server.port, `SELECT version, oldest FROM ${s}.version`)).toEqual([{ version, oldest: 1 }]);
      const jobs = broker.topic<number>("jobs", claim === "claim" ? {} : { perKey: 1 });
      const before = byOld.length;
      await jobs.sendAll(
        bg,
        Array.from({ length: total / 2 }, (_, i) => [total / 2 + i + 1, { key: `k${i % 7}` }] as const),
      );
      const [ctx, stop] = context.withCancel(bg);
      const handled = jobs.handle(ctx, { concurrency: 2 }, async (_ctx, n) => {
        await time.sleep(1);
        done.push(n);
      });
      await expect.poll(() => done.length + byOld.length, { timeout: 60_000 }).toBe(total);
      endOld();
      stop();
      await Promise.all([old, handled]);
      console.log(
        `tables of version ${from}: ${total} sent, ${byOld.length} done by version ${from} (${before} before the change), ${done.length} by version ${version}`,
      );
      expect([...done, ...byOld].toSorted((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
      expect(byOld.length).toBeGreaterThan(before);
      expect(done.length).toBeGreaterThan(0);
    },
  );

  test("do not hold up workers while somebody reads them for long [P22]", async () => {
    const s = "dumped";
    for (const text of migrations(s, 0, 1)) await admin(server.port, text);
    const { default: pg } = await import("pg");
    const dump = new pg.Client({ host: "127.0.0.1", port: server.port, user: "postgres", database: "postgres" });
    await dump.connect();
    await dump.query(`BEGIN`);
    await dump.query(`LOCK TABLE ${s}.topic IN ACCESS SHARE MODE`);
    const opening = topic.open(bg, postgres(url, { schema: s }), quiet);
    // It waits for a second, and then lets others pass.
    const waits =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE%'";
    await expect.poll(async () => Number((await admin(server.port, waits))[0]?.["n"]), { timeout: 30_000 }).toBe(1);
    await expect.poll(async () => Number((await admin(server.port, waits))[0]?.["n"]), { timeout: 30_000 }).toBe(0);
    expect(await admin(server.port, `SELECT version FROM ${s}.version`)).toEqual([{ version: 1 }]);
    await dump.query("COMMIT");
    await dump.end();
    await using broker = await opening;
    expect(await admin(server.port, `SELECT version FROM ${s}.version`)).toEqual([{ version }]);
    await broker.topic<number>("jobs").send(bg, 1);
  });

  test("are refused by who must not change them, with what to do [P22]", async () => {
    for (const text of migrations("left", 0, 1)) await admin(server.port, text);
    const [, err] = await errors.result(topic.open(bg, postgres(url, { schema: "left", install: false })));
    expect(err?.message).toBe(`topic: the schema left has version 1: bring it to ${version} with schemaSQL()`);
    const { schemaSQL } = await import("gocsp/topic/postgres");
    for (const text of schemaSQL("left", 1)) await admin(server.port, text);
    await using broker = await topic.open(bg, postgres(url, { schema: "left", install: false }));
    expect((await broker.topic<number>("a").send(bg, 1)).duplicate).toBe(false);
  });
});
