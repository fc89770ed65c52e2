// What only the engine on PostgreSQL has: schemas and their versions, what listens, and what a cancel stops.
import { context, errors, mustReceive, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres as connector } from "gocsp/sql/postgres";
import * as topic from "gocsp/topic";
import { postgres, SchemaError, schemaSQL } from "gocsp/topic/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { version } from "../../src/topic/postgres/schema.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";

const bg = context.background();
const quiet = { onError: (): void => undefined };
let server: PostgresServer;
let url: string;
let last = 0;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres({ max_connections: 200 });
  url = `postgres://${server.user}@127.0.0.1:${server.port}/${server.database}`;
});
afterAll(() => server?.stop());

/** Waits until the server says so. */
async function until(text: string): Promise<void> {
  await expect
    .poll(async () => Object.values((await admin(server.port, text))[0] ?? {})[0], { timeout: 30_000 })
    .toBe(true);
}

describe.skipIf(noPostgres !== undefined)("the tables", () => {
  test("processes that start at the same time make them once, and find them there afterwards [P15]", async () => {
    const schema = `s${++last}`;
    const brokers = await Promise.all(Array.from({ length: 6 }, () => topic.open(bg, postgres(url, { schema }))));
    await brokers[0]?.topic<number>("a").send(bg, 1);
    for (const broker of brokers) expect(await broker.topic("a").inspect(bg)).toMatchObject({ ready: 1 });
    await Promise.all(brokers.map((broker) => broker.close()));
    const again = await topic.open(bg, postgres(url, { schema, install: false }));
    expect(await again.topic("a").inspect(bg)).toMatchObject({ ready: 1 });
    await again.close();
  });

  test("each schema has topics of its own [P15]", async () => {
    const [a, b] = [`s${++last}`, `s${++last}`];
    await using one = await topic.open(bg, postgres(url, { schema: a }));
    await using two = await topic.open(bg, postgres(url, { schema: b }));
    await one.topic<number>("jobs").send(bg, 1, { id: "x" });
    expect(await two.topic<number>("jobs").send(bg, 2, { id: "x" })).toEqual({ id: "x", duplicate: false });
    const d = await mustReceive(two.topic<number>("jobs").receiver(bg));
    expect(d.value).toBe(2);
    await d.ack();
  });

  test("who must not install them is told what to do, and schemaSQL says how [P15]", async () => {
    const schema = `s${++last}`;
    const engine = postgres(url, { schema, install: false });
    await expect(topic.open(bg, engine)).rejects.toThrow(
      `topic: the schema ${schema} is not there: run what schemaSQL() returns, or leave install out`,
    );
    for (const statement of schemaSQL(schema)) await admin(server.port, statement);
    await using broker = await topic.open(bg, engine);
    expect((await broker.topic<number>("a").send(bg, 1)).duplicate).toBe(false);
  });

  test("a newer schema is refused, and a worker that runs claims nothing until it fits again [P16]", async () => {
    const schema = `s${++last}`;
    const reported: string[] = [];
    const onError = (_what: string, error: unknown): void => void reported.push((error as Error).message);
    const broker = await topic.open(bg, postgres(url, { schema, poll: 50 }), { onError });
    const jobs = broker.topic<number>("jobs");
    const [ctx, stop] = context.withCancel(bg);
    const seen: number[] = [];
    const handled = jobs.handle(ctx, {}, (_ctx, n) => void seen.push(n));
    await jobs.send(bg, 1);
    await expect.poll(() => seen).toEqual([1]);
    await admin(server.port, `UPDATE ${schema}.version SET version = 9, oldest = 8`);
    const message = `topic: the schema ${schema} has version 9, which needs workers of version 8 at least: this is version ${version}`;
    await expect(topic.open(bg, postgres(url, { schema }))).rejects.toThrow(message);
    const [, error] = await errors.result(topic.open(bg, postgres(url, { schema })));
    expect(error).toBeInstanceOf(SchemaError);
    // What comes now waits for workers that know it.
    await expect
      .poll(
        async () => {
          await jobs.send(bg, 2);
          return reported.includes(message);
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    const { ready } = await jobs.inspect(bg);
    expect(ready).toBeGreaterThan(0);
    await admin(server.port, `UPDATE ${schema}.version SET version = ${version}, oldest = 1`);
    await expect.poll(async () => (await jobs.inspect(bg)).ready, { timeout: 30_000 }).toBe(0);
    stop();
    await handled;
    await broker.close();
  });

  test("options that cannot be are refused [P15]", () => {
    expect(() => postgres(url, { schema: "a b" })).toThrow('topic: schema must be a name, got "a b"');
    expect(() => postgres(url, { poll: 1 })).toThrow("topic: poll must be at least 10 milliseconds, got 1");
    expect(() => postgres(url, { connections: 1 })).toThrow(
      "topic: connections must be an integer of at least 2, got 1",
    );
    expect(() => postgres("http://x")).toThrow("postgres: the URL must begin with postgres:, got http:");
    expect(postgres(url)).toMatchObject({ transactions: true, fenced: true, keyed: true });
  });
});

describe.skipIf(noPostgres !== undefined)("deliveries", () => {
  test("a cancel from another process stops the query of the handler in the database [P17]", async () => {
    await using worker = await topic.open(bg, postgres(url));
    await using elsewhere = await topic.open(bg, postgres(url));
    await using db = sql.open(connector(url));
    const [ctx, stop] = context.withCancel(bg);
    const jobs = worker.topic<number>("queries");
    const found: unknown[] = [];
    const handled = jobs.handleTx(ctx, {}, db, async (ctx, tx) => {
      try {
        await tx.execContext(ctx, "SELECT pg_sleep(600)");
      } catch (error) {
        found.push(error);
        throw error;
      } finally {
        stop();
      }
    });
    const running = "query LIKE 'SELECT pg_sleep(600)%' AND state = 'active'";
    await jobs.send(bg, 1, { id: "slow" });
    await until(`SELECT count(*) = 1 FROM pg_stat_activity WHERE ${running}`);
    expect(await elsewhere.topic("queries").cancel(bg, "slow", "enough")).toBe(true);
    await handled;
    await until(`SELECT count(*) = 0 FROM pg_stat_activity WHERE ${running}`);
    expect(errors.is(found[0], context.canceled)).toBe(true);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, running: 0, dead: 1 });
  });

  test("a send in a transaction that is over, or that is rolled back, sends nothing [P18]", async () => {
    await using broker = await topic.open(bg, postgres(url));
    await using db = sql.open(connector(url));
    const jobs = broker.topic<number>("rolled-back");
    const tx = await db.beginTx(bg);
    await jobs.send(bg, 1, { tx, id: "x" });
    await tx.rollback();
    await expect(jobs.send(bg, 2, { tx })).rejects.toBe(sql.errTxDone);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0 });
    await expect(jobs.send(bg, 1, { tx: 5 as never })).rejects.toThrow(
      "topic: tx must be a transaction of gocsp/sql, got 5",
    );
    // The identity is free again.
    expect(await jobs.send(bg, 3, { id: "x" })).toEqual({ id: "x", duplicate: false });
  });

  test("an ack in a transaction is refused once somebody else has the job [P18]", async () => {
    await using broker = await topic.open(bg, postgres(url), quiet);
    await using db = sql.open(connector(url));
    const jobs = broker.topic<number>("stolen");
    await jobs.send(bg, 1, { id: "one" });
    await using d = await mustReceive(jobs.receiver(bg));
    // As if it had been frozen for so long.
    await admin(server.port, "UPDATE gocsp_topic.message SET token = token + 1 WHERE topic = 'stolen'");
    await using tx = await db.beginTx(bg);
    await expect(d.ack(tx)).rejects.toThrow('topic: the lease of "one" is lost');
    expect(context.cause(d.ctx)).toBeInstanceOf(topic.LeaseLost);
    expect(await jobs.inspect(bg)).toMatchObject({ running: 1 });
  });

  test("without a connection that listens messages are found by polling [P19]", async () => {
    await using sender = await topic.open(bg, postgres(url));
    await using broker = await topic.open(bg, postgres(url, { listen: false, poll: 20 }));
    const deliveries = broker.topic<number>("polled").receiver(bg);
    for (let i = 0; i < 3; i++) {
      const next = mustReceive(deliveries);
      await sender.topic<number>("polled").send(bg, i);
      const d = await next;
      expect(d.value).toBe(i);
      await d.ack();
    }
  });

  test("the connection that listens may be cut again and again: nothing is missed, and no job is delivered twice [P19]", async () => {
    await using sender = await topic.open(bg, postgres(url), quiet);
    await using broker = await topic.open(bg, postgres(url, { poll: 100 }), quiet);
    const jobs = broker.topic<number>("cut", { lease: 30 * time.second });
    const seen = new Map<number, number>();
    const [ctx, stop] = context.withCancel(bg);
    const handled = jobs.handle(ctx, { concurrency: 4 }, async (_ctx, n) => {
      seen.set(n, (seen.get(n) ?? 0) + 1);
      await time.sleep(5);
    });
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2`;
    for (let i = 0; i < 100; i++) {
      await sender.topic<number>("cut").send(bg, i);
      if (i % 5 === 0) await admin(server.port, cut);
    }
    await expect.poll(() => seen.size, { timeout: 50_000 }).toBe(100);
    stop();
    await handled;
    expect([...seen].filter(([, times]) => times !== 1)).toEqual([]);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, running: 0, dead: 0 });
  });
});
