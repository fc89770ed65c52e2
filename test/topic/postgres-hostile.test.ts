// What others do to the tables and to the network while topics work: long transactions, statements that are refused, servers that
// do not answer, clocks that jump.
import { context, errors, mustReceive } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres as connector } from "gocsp/sql/postgres";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { startProxy } from "../sql/servers/proxy.ts";

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

/** Has the server do something before each row that is inserted into a schema's messages. */
async function before(schema: string, body: string): Promise<void> {
  await admin(
    server.port,
    `CREATE FUNCTION ${schema}.spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$`,
  );
  await admin(
    server.port,
    `CREATE TRIGGER spoil BEFORE INSERT ON ${schema}.message FOR EACH ROW EXECUTE FUNCTION ${schema}.spoil()`,
  );
}

describe.skipIf(noPostgres !== undefined)("senders that share statements", () => {
  test("each of them is told the identity of its own message when nobody knows what was sent [P20]", async () => {
    const broker = await topic.open(bg, postgres(url, { schema: "unknown" }), quiet);
    const jobs = broker.topic<number>("jobs");
    await before("unknown", `RAISE EXCEPTION 'gone' USING ERRCODE = '08006';`);
    // Those are one statement, which is tried again until the broker is closed.
    const sends = ["a", "b", "c"].map((id) => errors.result(jobs.send(bg, 1, { id })));
    const tried = "SELECT xact_rollback::int AS n FROM pg_stat_database WHERE datname = current_database()";
    const rolledBack = async (): Promise<number> => Number((await admin(server.port, tried))[0]?.["n"]);
    const start = await rolledBack();
    await expect.poll(rolledBack, { timeout: 30_000 }).toBeGreaterThan(start);
    await broker.close();
    const ids = (await Promise.all(sends)).map(([, err]) => errors.as(err, topic.UnknownOutcomeError)?.id);
    expect(ids).toEqual(["a", "b", "c"]);
  });

  test("what the server refuses fails alone [P20]", async () => {
    await using broker = await topic.open(bg, postgres(url, { schema: "refused" }), quiet);
    const jobs = broker.topic<number>("jobs");
    await before("refused", `IF NEW.id = 'bad' THEN RAISE EXCEPTION 'not this one'; END IF;`);
    const ids = Array.from({ length: 50 }, (_, i) => (i === 25 ? "bad" : `good${i}`));
    const sent = await Promise.all(ids.map((id) => errors.result(jobs.send(bg, 1, { id }))));
    const failed = sent.flatMap(([, err], i) => (err === undefined ? [] : [[ids[i], err.message]]));
    expect(failed).toEqual([["bad", "not this one"]]);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 49 });
  });

  test.each(["rolled back", "committed"] as const)(
    "one that waits for a transaction with the same identity holds up nobody; the transaction is %s [P20]",
    async (outcome) => {
      await using broker = await topic.open(bg, postgres(url), quiet);
      await using db = sql.open(connector(url));
      const jobs = broker.topic<number>(`held-${outcome.replace(" ", "-")}`);
      await using tx = await db.beginTx(bg);
      await jobs.send(bg, 1, { id: "x", tx });
      let isSent = false;
      const same = jobs.send(bg, 2, { id: "x" }).finally(() => (isSent = true));
      const others = Array.from({ length: 20 }, (_, i) => jobs.send(bg, i, { id: `other${i}` }));
      await Promise.all(others);
      expect(isSent).toBe(false);
      await (outcome === "committed" ? tx.commit() : tx.rollback());
      expect(await same).toEqual({ id: "x", duplicate: outcome === "committed" });
      expect(await jobs.inspect(bg)).toMatchObject({ ready: 21 });
      const deliveries = jobs.receiver(bg, { concurrency: 30 });
      const values = new Map<string, number>();
      for (let i = 0; i < 21; i++) {
        const d = await mustReceive(deliveries);
        values.set(d.id, d.value);
        await d.ack();
      }
      expect(values.get("x")).toBe(outcome === "committed" ? 1 : 2);
    },
  );

  test("those of a key keep their order when one of another key, or of their own, waits for a transaction [P20]", async () => {
    await using broker = await topic.open(bg, postgres(url, { schema: "in_order" }), quiet);
    await using db = sql.open(connector(url));
    const jobs = broker.topic<string>("jobs", { perKey: 1 });
    // By itself on one of several connections, the first would come last.
    await before("in_order", `IF NEW.id = '1' THEN PERFORM pg_sleep(0.3); END IF;`);
    await using tx = await db.beginTx(bg);
    await jobs.send(bg, "elsewhere", { id: "x", tx });
    await jobs.send(bg, "elsewhere", { id: "y", tx });
    const settled: string[] = [];
    const send = async (id: string, key: string): Promise<void> => {
      await jobs.send(bg, id, { id, key });
      settled.push(id);
    };
    const all = [send("1", "k"), send("2", "k"), send("x", "other"), send("3", "k"), send("y", "k"), send("4", "k")];
    await Promise.all([all[0], all[1], all[3]]);
    // A later batch: who is behind one that waits waits too, and nobody else does.
    all.push(send("5", "k"), send("6", "k"));
    await send("free", "third");
    expect(settled).toEqual(["1", "2", "3", "free"]);
    await tx.rollback();
    await Promise.all(all);
    // Nobody is left to wait for.
    await send("7", "k");
    const seen: string[] = [];
    const deliveries = jobs.receiver(bg);
    for (let i = 0; i < 10; i++) {
      const d = await mustReceive(deliveries);
      if (d.key === "k") seen.push(d.value);
      await d.ack();
    }
    expect(seen).toEqual(["1", "2", "3", "y", "4", "5", "6", "7"]);
  });

  test("those of a key keep their order when one of them is refused [P20]", async () => {
    await using broker = await topic.open(bg, postgres(url, { schema: "refused_in_order" }), quiet);
    const jobs = broker.topic<string>("jobs", { perKey: 1 });
    await before(
      "refused_in_order",
      `IF NEW.id = 'bad' THEN RAISE EXCEPTION 'not this one'; END IF;
       IF NEW.id = '1' THEN PERFORM pg_sleep(0.3); END IF;`,
    );
    const ids = ["1", "2", "bad", "3", "4"];
    const sent = await Promise.all(ids.map((id) => errors.result(jobs.send(bg, id, { id, key: "k" }))));
    expect(sent.map(([, err]) => err?.message)).toEqual([undefined, undefined, "not this one", undefined, undefined]);
    const seen: string[] = [];
    const deliveries = jobs.receiver(bg);
    for (let i = 0; i < 4; i++) {
      const d = await mustReceive(deliveries);
      seen.push(d.value);
      await d.ack();
    }
    expect(seen).toEqual(["1", "2", "3", "4"]);
  });

  test("many megabytes go in several statements, and in one transaction if they are given one [P20]", async () => {
    await using broker = await topic.open(bg, postgres(url), quiet);
    await using db = sql.open(connector(url));
    const jobs = broker.topic<string>("large");
    const big = Array.from({ length: 12 }, (_, i) => [String(i).repeat(1_000_000 / String(i).length)] as const);
    expect((await jobs.sendAll(bg, big)).length).toBe(12);
    await using tx = await db.beginTx(bg);
    await jobs.sendAll(bg, big, tx);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 12 });
    await tx.commit();
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 24 });
  });
});

describe.skipIf(noPostgres !== undefined)("deliveries", () => {
  test("a cancel does not wait for a transaction that is about to acknowledge, and does not spoil it [P17]", async () => {
    await using broker = await topic.open(bg, postgres(url), quiet);
    await using elsewhere = await topic.open(bg, postgres(url), quiet);
    await using db = sql.open(connector(url));
    const jobs = broker.topic<number>("late-cancel");
    await jobs.send(bg, 1, { id: "one" });
    await using d = await mustReceive(jobs.receiver(bg));
    await using tx = await db.beginTx(bg);
    await d.ack(tx);
    expect(await elsewhere.topic("late-cancel").cancel(bg, "one", "too late")).toBe(true);
    await d.ctx.done().receiveOk();
    expect(String(context.cause(d.ctx))).toBe("JobCanceled: topic: canceled: too late");
    await tx.commit();
    expect(await jobs.inspect(bg)).toMatchObject({ running: 0, dead: 0 });
  });

  test("a server that does not answer keeps no context from ending: before anybody else has the job [P6]", async () => {
    const proxy = await startProxy(server.port);
    const cut = { host: "127.0.0.1", port: proxy.port, user: server.user, database: server.database };
    const broker = await topic.open(bg, postgres(cut, { poll: 20 }), quiet);
    await using other = await topic.open(bg, postgres(url, { poll: 20 }), quiet);
    const options = { lease: 1000 };
    const jobs = broker.topic<number>("silence", options);
    await jobs.send(bg, 1, { id: "one" });
    const d = await mustReceive(jobs.receiver(bg));
    const handed = mustReceive(other.topic<number>("silence", options).receiver(bg));
    proxy.drop();
    const again = await handed;
    expect(context.cause(d.ctx)).toBeInstanceOf(topic.LeaseLost);
    expect(again.attempt).toBe(2);
    await again.ack();
    proxy.heal();
    await broker.close();
    await proxy.stop();
  });

  test("a closed database ends handleTx, and no job is charged for it [P4]", async () => {
    await using broker = await topic.open(bg, postgres(url), quiet);
    const db = sql.open(connector(url));
    const jobs = broker.topic<number>("closed-db", { maxAttempts: 1 });
    await expect(jobs.handleTx(bg, {}, undefined as never, () => undefined)).rejects.toThrow(
      "topic: handleTx takes a database of gocsp/sql, got undefined",
    );
    await jobs.sendAll(bg, [[1], [2], [3]]);
    await db.close();
    await expect(jobs.handleTx(bg, { concurrency: 2 }, db, () => undefined)).rejects.toThrow("sql: database is closed");
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 3, running: 0, dead: 0 });
    const d = await mustReceive(jobs.receiver(bg));
    expect(d.attempt).toBe(1);
    await d.ack();
  });

  test("a reason with characters that PostgreSQL cannot store rejects all the same [P4]", async () => {
    await using broker = await topic.open(bg, postgres(url), quiet);
    const jobs = broker.topic<number>("reasons", { maxAttempts: 1 });
    await jobs.sendAll(bg, [
      [1, { id: "a" }],
      [2, { id: "b" }],
      [3, { id: "c" }],
    ]);
    const deliveries = jobs.receiver(bg, { concurrency: 3 });
    await (await mustReceive(deliveries)).reject("a\0b\ud800");
    await (await mustReceive(deliveries)).nack(0, new Error("x\0y"));
    const d = await mustReceive(deliveries);
    expect(await jobs.cancel(bg, "c", "n\0o")).toBe(true);
    await d.nack();
    const reasons: string[] = [];
    for await (const { id, reason } of jobs.dead(bg)) reasons.push(`${id}: ${reason}`);
    expect(reasons.sort()).toEqual(["a: a\uFFFDb\uFFFD", "b: attempts exhausted", "c: canceled: n\uFFFDo"]);
  });
});
