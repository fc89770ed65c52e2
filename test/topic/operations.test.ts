// The page for administrators: each of its statements is run, on a server that has something of each kind, and does what it says.
import { readFileSync } from "node:fs";
import { context, mustReceive, time } from "gocsp";
import * as topic from "gocsp/topic";
import { postgres, schemaSQL } from "gocsp/topic/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { version } from "../../src/topic/postgres/schema.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";

const bg = context.background();
const page = readFileSync(new URL("../../docs/topics.md", import.meta.url), "utf8");
const [, block = ""] = /^```sql\n([\s\S]*?)^```$/m.exec(page) ?? [];
/** By the first words of their comments. */
const statements = new Map(
  [...block.matchAll(/^-- (.*)\n((?:(?!-- ).*\n)+)/gm)].map(([, comment = "", text = ""]) => [comment, text]),
);

function statement(beginning: string, id = ""): string {
  const [, text] = [...statements].find(([comment]) => comment.startsWith(beginning)) ?? [];
  if (text === undefined) throw new Error(`the page has no statement that begins with "${beginning}"`);
  used.add(beginning);
  return text.replaceAll("'…'", `'${id}'`);
}
const used = new Set<string>();

let server: PostgresServer;
let broker: topic.Broker;
let jobs: topic.Topic<{ file: string }>;
let held: topic.Delivery<{ file: string }>;
let stop: () => void;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres();
  const at = { host: "127.0.0.1", port: server.port, user: server.user, database: server.database };
  broker = await topic.open(bg, postgres(at, { poll: 50 }));
  jobs = broker.topic("thumbnails", { lease: 2000, maxAttempts: 3 });
  const [ctx, end] = context.withCancel(bg);
  stop = end;
  const deliveries = jobs.receiver(ctx, { concurrency: 2 });
  for (const id of ["bad", "worse"]) await jobs.send(bg, { file: id }, { id });
  await (await mustReceive(deliveries)).reject("it is no image");
  await (await mustReceive(deliveries)).nack(time.hour, new Error("no luck"));
  await jobs.send(bg, { file: "held" }, { id: "held" });
  held = await mustReceive(deliveries);
  await jobs.schedule(bg, "nightly", "30 4 * * *", { file: "all" });
});
afterAll(async () => {
  stop?.();
  await broker?.close();
  await server?.stop();
});

const run = (text: string): Promise<Record<string, unknown>[]> => admin(server.port, text);

describe.skipIf(noPostgres !== undefined)("an administrator", () => {
  test("sees what waits, what runs, and who lives [P27]", async () => {
    expect(await run(statement("What waits, runs"))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ topic: "thumbnails", state: "r", count: "1", max: 1 }),
        expect.objectContaining({ topic: "thumbnails", state: "x", count: "1", max: 1 }),
      ]),
    );
    const [running] = await run(statement("Who works on what"));
    expect(running).toMatchObject({ topic: "thumbnails", id: "held", attempt: 1 });
    // The lock is taken a moment after the first claim.
    await expect.poll(async () => (await run(statement("Workers that live"))).length, { timeout: 30_000 }).toBe(1);
    const [worker] = await run(statement("Workers that live"));
    expect(Math.abs(Number(running?.["worker"]))).toBe(Number(worker?.["worker"]));
    expect(await run(statement("Why messages are dead"))).toMatchObject([
      { topic: "thumbnails", reason: "it is no image", count: "1" },
    ]);
    expect(await run(statement("Schedules"))).toMatchObject([
      { topic: "thumbnails", name: "nightly", spec: "30 4 * * *" },
    ]);
    expect(await run(statement("What the workers of each"))).toMatchObject([{ topic: "thumbnails", per_key: 0 }]);
    expect(await run(statement("The version of"))).toEqual([{ version, oldest: 1 }]);
    const tables = await run(statement("How large"));
    expect(tables.map((row) => row["relname"])).toEqual(
      expect.arrayContaining(["message", "dead", "slot", "schedule", "topic"]),
    );
  });

  test("sends again, sends, cancels and removes by hand [P27]", async () => {
    await run(statement("Send one again", "bad"));
    await run(statement("Send by hand"));
    const [ctx, end] = context.withCancel(bg);
    const deliveries = jobs.receiver(ctx, { concurrency: 2 });
    const files = new Map<string, string>();
    for (let i = 0; i < 2; i++) {
      const d = await mustReceive(deliveries);
      files.set(d.id, d.value.file);
      await d.ack();
    }
    expect(Object.fromEntries(files)).toEqual({ bad: "bad", "by-hand-1": "gopher.png" });
    end();
    await run(statement("Cancel one", "held"));
    await held.ctx.done().receiveOk();
    expect(String(context.cause(held.ctx))).toBe("JobCanceled: topic: canceled: by hand");
    await held.nack();
    await run(statement("Remove what waits"));
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, delayed: 0, running: 0, dead: 1 });
    await run("UPDATE gocsp_topic.dead SET dead_at = dead_at - interval '31 days'");
    await run(statement("Remove the dead"));
    expect(await jobs.inspect(bg)).toMatchObject({ dead: 0 });
  });

  test("finds each statement of the page in these tests [P27]", () => {
    const left = [...statements.keys()].filter(
      (comment) => ![...used].some((beginning) => comment.startsWith(beginning)),
    );
    expect(left).toEqual([]);
    expect(statements.size).toBe(used.size);
  });

  test("finds no more connections and bytes than the page says [P27]", async () => {
    const sized = broker.topic<string>("sized");
    const [ctx, end] = context.withCancel(bg);
    await sized.sendAll(
      bg,
      Array.from({ length: 5000 }, () => ["x".repeat(100)] as const),
    );
    await run("VACUUM ANALYZE gocsp_topic.message");
    const [size] = await run("SELECT pg_total_relation_size('gocsp_topic.message')::int / 5000 AS bytes");
    console.log(`a message of 102 bytes takes ${String(size?.["bytes"])}`);
    expect(Number(size?.["bytes"])).toBeLessThan(102 + 500);
    let most = 0;
    const handled = sized.handle(ctx, { concurrency: 50 }, () => undefined);
    const count = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'gocsp_topic'";
    await expect
      .poll(
        async () => {
          most = Math.max(most, Number((await run(count))[0]?.["n"]));
          return (await sized.inspect(bg)).ready;
        },
        { timeout: 60_000 },
      )
      .toBe(0);
    end();
    await handled;
    expect(most).toBeLessThanOrEqual(5);
  });

  test("can make the tables with the statements of schemaSQL, which psql takes as they are [P27]", async () => {
    await run(schemaSQL("by_hand").join(";\n"));
    expect(await run("SELECT version FROM by_hand.version")).toEqual([{ version }]);
  });
});
