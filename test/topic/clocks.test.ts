// The clock of the server jumps. Its functions for the time are replaced by others, which a table puts ahead and back.
import { context, mustReceive, time } from "gocsp";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Chance } from "../../src/sql/drivertest/chance.ts";
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

function engine(options: { listen?: boolean } = {}): topic.Engine {
  const at = { host: "127.0.0.1", port: server.port, user: server.user, database: server.database };
  return postgres({ ...at, runtimeParams: { search_path: "fake, pg_catalog" } }, { poll: 50, ...options });
}

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

  test.each([true])("back: the jobs of a worker that has died come again (listening: %s) [P25]", async (listen) => {
    const options = { lease: 1000 };
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
  });

  test("ahead: what runs is lost and comes again, unless it is extended first, and who has lost it settles nothing [P25]", async () => {
    await using broker = await open();
    const options = { lease: 60 * time.second };
    const jobs = broker.topic<number>("ahead", options);
    await jobs.send(bg, 1);
    // A worker that extends nothing.
    const nobody = {
      wake: () => undefined,
      canceled: () => undefined,
      check: () => undefined,
      failed: () => undefined,
    };
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
    // Retries and delays of before the last jump back come when it was said, by the clock that was.
    await set(5);
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
