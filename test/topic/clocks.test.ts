// The clock of the server jumps. Its functions for the time are replaced by others, which a table puts ahead and back.
import { context, mustReceive, time } from "gocsp";
import { attach } from "gocsp/runtime";
import * as sql from "gocsp/sql";
import { postgres as connector, type PostgresOptions } from "gocsp/sql/postgres";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Chance } from "../../src/sql/drivertest/chance.ts";
import { next } from "../../src/topic/cron.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";

const bg = context.background();
let server: PostgresServer;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres({ max_connections: 200 });
  for (const text of [
    "CREATE SCHEMA fake",
    "CREATE TABLE fake.clock (ahead interval NOT NULL)",
    "INSERT INTO fake.clock VALUES ('0')",
    "CREATE FUNCTION fake.now() RETURNS timestamptz STABLE LANGUAGE sql AS 'SELECT pg_catalog.now() + ahead FROM fake.clock'",
    "CREATE FUNCTION fake.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql AS 'SELECT pg_catalog.statement_timestamp() + ahead FROM fake.clock'",
    "CREATE FUNCTION fake.clock_timestamp() RETURNS timestamptz VOLATILE LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM fake.clock'",
  ]) {
    await admin(server.port, text);
  }
});
afterAll(() => server?.stop());
beforeEach(() => set(0));

/** Sets the server's clock: so many hours ahead. */
async function set(hours: number): Promise<void> {
  if (server !== undefined) await admin(server.port, `UPDATE fake.clock SET ahead = ${hours} * interval '1 hour'`);
}

/** Where the server is, by whose functions it is that time. */
function at(): PostgresOptions {
  const { port, user, database } = server;
  return { host: "127.0.0.1", port, user, database, runtimeParams: { search_path: "fake, pg_catalog" } };
}

function engine(options: { listen?: boolean } = {}): topic.Engine {
  return postgres(at(), { poll: 50, ...options });
}

/** A worker that extends nothing. */
const nobody: topic.Listener = {
  wake: () => false,
  canceled: () => undefined,
  check: () => undefined,
  failed: () => undefined,
};

function open(options: { listen?: boolean } = {}): Promise<topic.Broker> {
  return topic.open(bg, engine(options), { onError: () => undefined });
}

describe.skipIf(noPostgres !== undefined)("a clock of the server that jumps", () => {
  test("back: what was sent before is delivered all the same, and in order [P25]", async () => {
    await using broker = await open();
    const jobs = broker.topic<number>("back");
    await set(2);
    for (let i = 0; i < 5; i++) await jobs.send(bg, i);
    await jobs.send(bg, 9, { delay: time.hour });
    await set(1);
    // Who begins to receive only now has not seen it jump.
    const deliveries = jobs.receiver(bg, { concurrency: 20 });
    const held = await mustReceive(deliveries);
    expect(held.value).toBe(0);
    await set(0);
    for (let i = 5; i < 8; i++) await jobs.send(bg, i);
    const rest: number[] = [];
    for (let i = 0; i < 7; i++) {
      const d = await mustReceive(deliveries);
      rest.push(d.value);
      await d.ack();
    }
    expect(rest.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(rest.filter((n) => n < 5)).toEqual([1, 2, 3, 4]);
    await held.extend();
    await held.ack();
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, delayed: 1, running: 0, dead: 0 });
  });

  test.each([true, false])(
    "back: the jobs of a worker that has died come again (listening: %s) [P25]",
    async (listen) => {
      const options = { lease: 5000 };
      const dying = await open({ listen });
      await using other = await open({ listen });
      const name = `dying-${listen}`;
      await set(1);
      const jobs = dying.topic<number>(name, options);
      await jobs.send(bg, 1);
      const d = await mustReceive(jobs.receiver(bg));
      const next = mustReceive(other.topic<number>(name, options).receiver(bg));
      await time.sleep(100);
      await set(0);
      await dying.close();
      const again = await next;
      expect([again.value, again.attempt]).toEqual([1, 2]);
      await again.ack();
      expect(d.ctx.err()).toBe(context.canceled);
    },
  );

  test.each([true, false])(
    "back: so do those of one that is frozen, whatever it holds (listening: %s) [P25]",
    async (listen) => {
      await using other = await open();
      const settings = { name: `frozen-${listen}`, lease: 5000, perKey: 0, maxAttempts: 20, keepDead: Infinity };
      const up = Promise.withResolvers<void>();
      const session = await engine({ listen }).open(bg, { ...nobody, check: up.resolve });
      await session.declare(settings);
      await set(1);
      const jobs = other.topic<number>(settings.name, { lease: 5000 });
      // The first claim begins to listen: what is claimed after that is guarded by a lock, which it goes on holding.
      await session.claim(settings, 1, bg);
      if (listen) await up.promise;
      await jobs.send(bg, 1);
      expect((await session.claim(settings, 1, bg)).claims).toHaveLength(1);
      const next = mustReceive(jobs.receiver(bg));
      await set(0);
      const again = await next;
      expect([again.value, again.attempt]).toEqual([1, 2]);
      await again.ack();
      await session.close();
    },
  );

  test("back: delays, retries, deadlines and schedules keep their time, and nothing comes early [P25]", async () => {
    await using broker = await open();
    await set(1);
    const jobs = broker.topic<string>("delays");
    const start = performance.now();
    const deliveries = jobs.receiver(bg, { concurrency: 10 });
    await jobs.send(bg, "retried");
    await (await mustReceive(deliveries)).nack(2000);
    await jobs.send(bg, "delayed", { delay: 2000 });
    const [sender, cancel] = context.withTimeout(bg, 30 * time.minute);
    await jobs.send(sender, "with a deadline", { deadline: true, delay: 2000 });
    await jobs.schedule("period", 2000, "periodic");
    await jobs.schedule("cron", "* * * * *", "each minute");
    await set(0);
    const seen = new Set<string>();
    while (seen.size < 4) {
      const d = await mustReceive(deliveries);
      if (d.value === "each minute") continue;
      if (d.value === "delayed") expect(performance.now() - start).toBeGreaterThan(1990);
      if (d.value === "with a deadline") {
        const deadline = d.ctx.deadline() as Date;
        expect(deadline.getTime() - Date.now()).toBeLessThan(31 * time.minute);
      }
      seen.add(d.value);
      await d.ack();
    }
    cancel();
    const soon = "SELECT next_at <= now() + interval '61 s' AS soon FROM gocsp_topic.schedule WHERE name = 'cron'";
    expect(await admin(server.port, soon)).toEqual([{ soon: true }]);
    for (const name of ["period", "cron"]) await jobs.unschedule(bg, name);
  });

  test("back: what transactions hold and commit that are open meanwhile is not forgotten [P25]", async () => {
    const options = { lease: 5000 };
    const dying = await open({ listen: false });
    await using other = await open({ listen: false });
    await using db = sql.open(connector(at()));
    await set(1);
    const jobs = dying.topic<string>("open", options);
    await jobs.send(bg, "held");
    const held = await mustReceive(jobs.receiver(bg));
    const [acking, sending] = [await db.beginTx(bg), await db.beginTx(bg)];
    await held.ack(acking);
    await jobs.send(bg, "sent", { tx: sending });
    const deliveries = other.topic<string>("open", options).receiver(bg, { concurrency: 10 });
    await jobs.send(bg, "sign", { delay: 1000 });
    await set(0);
    await dying.close();
    // When it comes the jump was noticed.
    const sign = await mustReceive(deliveries);
    expect(sign.value).toBe("sign");
    await sign.ack();
    await sending.commit();
    await acking.rollback();
    const rest = [await mustReceive(deliveries), await mustReceive(deliveries)];
    expect(rest.map(({ value }) => value).toSorted()).toEqual(["held", "sent"]);
    for (const d of rest) await d.ack();
  });

  test("back, with more that waits than one statement moves: all of it comes, in its order [P25]", async () => {
    await using broker = await open();
    const jobs = broker.topic<number>("backlog");
    await jobs.send(bg, 0);
    await (await mustReceive(jobs.receiver(bg))).ack();
    const total = 12_000;
    await set(1);
    for (let i = 0; i < total; i += 500) {
      await jobs.sendAll(
        bg,
        Array.from({ length: 500 }, (_, j) => [i + j] as const),
      );
    }
    await set(0);
    const deliveries = jobs.receiver(bg, { concurrency: 500 });
    const seen: number[] = [];
    while (seen.length < total) {
      const d = await mustReceive(deliveries);
      seen.push(d.value);
      d.ack().catch(() => undefined);
    }
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => i));
  }, 180_000);

  test("a process with a shorter lease takes nothing from one with a longer, and no jump is needed to see that [P21]", async () => {
    await using long = await open({ listen: false });
    await using short = await open({ listen: false });
    const jobs = long.topic<number>("lengths", { lease: time.hour });
    await jobs.send(bg, 1);
    const d = await mustReceive(jobs.receiver(bg));
    const other = short.topic<number>("lengths", { lease: 10_000 });
    const next = mustReceive(other.receiver(bg));
    await other.send(bg, 2);
    // When this one comes the first look at the clock may be over; when the second does it is.
    await (await next).ack();
    await other.schedule("look", 1000, 3);
    expect((await mustReceive(other.receiver(bg))).value).toBe(3);
    const left = "SELECT extract(epoch FROM lease_until - now())::int AS s FROM gocsp_topic.message WHERE state = 'x'";
    expect((await admin(server.port, `${left} AND id = '${d.id}'`)).map((row) => Number(row["s"]) > 600)).toEqual([
      true,
    ]);
    await d.ack();
    await other.unschedule(bg, "look");
  });

  test("ahead: what runs is lost and comes again, unless it is extended first, and who has lost it settles nothing [P25]", async () => {
    await using broker = await open();
    const options = { lease: 60 * time.second };
    const jobs = broker.topic<number>("ahead", options);
    await jobs.send(bg, 1);
    const session = await engine().open(bg, nobody);
    const settings = { name: "ahead", lease: options.lease, perKey: 0, maxAttempts: 20, keepDead: Infinity };
    await session.declare(settings);
    const { claims } = await session.claim(settings, 1, bg);
    const next = mustReceive(jobs.receiver(bg));
    expect(await session.extend(settings, claims)).toEqual(["held"]);
    await set(1);
    const again = await next;
    expect(again.attempt).toBe(2);
    expect(await session.extend(settings, claims)).toEqual(["lost"]);
    expect(await session.ack(settings, claims[0] as topic.Claim)).toBe(false);
    await again.ack();
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, running: 0, dead: 0 });
    await session.close();
  });

  test("at random, while messages are sent and worked off: nothing is lost [P25]", async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const chance = new Chance(seed);
    const brokers = await Promise.all([open(), open({ listen: false }), open()]);
    const options = { lease: 2000, maxAttempts: 1000, backoff: () => 1 };
    const done = new Map<number, number>();
    const [ctx, stop] = context.withCancel(bg);
    const handled = brokers.map((broker) =>
      broker.topic<number>("random", options).handle(ctx, { concurrency: 4 }, async (ctx, n) => {
        await time.sleep(n % 40);
        if (ctx.err() !== undefined) throw ctx.err() as Error;
        done.set(n, (done.get(n) ?? 0) + 1);
      }),
    );
    const jobs = brokers[0].topic<number>("random", options);
    const jumps: number[] = [];
    let sent = 0;
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 40; i++) await jobs.send(bg, sent++, { delay: chance.of([0, 0, 0, 20]) });
      const hours = chance.below(9) - 4;
      jumps.push(hours);
      await set(hours);
    }
    await expect.poll(() => done.size, { timeout: 60_000 }).toBe(sent);
    stop();
    await Promise.all(handled);
    const again = [...done.values()].filter((times) => times > 1).length;
    console.log(
      `clock: seed ${seed}, ${sent} sent, ${sent - done.size} lost, ${again} done again, the clock ahead by ${jumps.join(", ")} hours`,
    );
    expect(await jobs.inspect(bg)).toMatchObject({ dead: 0 });
    await Promise.all(brokers.map((broker) => broker.close()));
  });
});

test("the wall clock is put back: schedules in memory fire by it, and what has fired does not because of a small step [P25]", async () => {
  const start = Date.UTC(2026, 0, 1, 12);
  let [at, wall] = [0, start];
  using _ = attach({
    clock: { now: () => at, wall: () => wall, setTimeout: () => undefined, clearTimeout: () => undefined },
  });
  const pass = (milliseconds: number): void => {
    at += milliseconds;
    wall += milliseconds;
  };
  const session = await topic.memory().open(bg, nobody);
  const settings = { name: "jobs", lease: time.hour, perKey: 0, maxAttempts: 20, keepDead: Infinity };
  const claimed = async (): Promise<string[]> =>
    (await session.claim(settings, 10, bg)).claims.map(({ value }) => value);
  await session.schedule(settings, "period", "2000", next, '"period"');
  await session.schedule(settings, "cron", "* * * * *", next, '"cron"');
  expect(await claimed()).toEqual([]);
  wall -= time.hour;
  expect(await claimed()).toEqual([]);
  pass(2000);
  expect(await claimed()).toEqual(['"period"']);
  await session.unschedule(settings, "period");
  pass(58_000);
  expect(await claimed()).toEqual(['"cron"']);
  wall -= 5000;
  pass(5000);
  expect(await claimed()).toEqual([]);
  pass(60_000);
  expect(await claimed()).toEqual(['"cron"']);
});
