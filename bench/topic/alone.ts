/** What only a topic has: cancels from another process, the cost of an idle worker, the table after half a million messages. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { chan, type Context, context, time } from "../../src/index.ts";
import { postgres as connector } from "../../src/sql/postgres/postgres.ts";
import { open as openDB } from "../../src/sql/sql.ts";
import { postgres } from "../../src/topic/postgres/postgres.ts";
import { open } from "../../src/topic/topic.ts";

const bg = context.background();
type Row = Record<string, unknown>;

/** What no queue can be faster than: a row that is inserted and committed, 300 times a second. Returns p50, p99, and p99 of timers. */
export async function floor(url: string, n: number): Promise<number[]> {
  await using db = openDB(connector(url));
  db.setMaxOpenConns(4);
  db.setMaxIdleConns(4);
  await db.execContext(bg, "CREATE TABLE IF NOT EXISTS floor (n int, value json)");
  const [took, late]: number[][] = [[], []];
  const all: Promise<void>[] = [];
  const start = performance.now();
  for (let i = 0; i < n; i++) {
    const wait = start + (i * 1000) / 300 - performance.now();
    if (wait > 0) await time.sleep(wait);
    const before = performance.now();
    late?.push(before - (start + (i * 1000) / 300));
    const insert = db.execContext(bg, "INSERT INTO floor VALUES ($1, $2)", i, String(i));
    all.push(insert.then(() => void took?.push(performance.now() - before)));
  }
  await Promise.all(all);
  const p = (values: number[] = [], part: number): number =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
  return [p(took, 0.5), p(took, 0.99), p(late, 0.99)];
}

/**
 * Cancels jobs that run in another process; the time is from the call until that process reports the end of the
 * context.
 */
export async function cancels(url: string, quick: boolean): Promise<string[]> {
  const lines = [
    "## A cancel from another process",
    "",
    "| | p50 ms | p99 ms | cancels |",
    "| --- | --: | --: | --: |",
  ];
  for (const load of [0, 600]) {
    const n = quick ? 20 : 200;
    const child = spawn(process.execPath, [join(import.meta.dirname, "cancelled.ts"), url, `cancel${load}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said = chan<string>(1000);
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) said.trySend(line);
    });
    await said.receive();
    const broker = await open(bg, postgres(url));
    const topic = broker.topic<number>(`cancel${load}`, { lease: 3000 });
    const [ctx, stop] = context.withCancel(bg);
    const noise = load === 0 ? undefined : makeNoise(ctx, url, load);
    const took: number[] = [];
    for (let i = 0; i < n; i++) {
      const id = `job${i}`;
      await topic.send(bg, i, { id });
      while ((await said.receive()) !== `begun ${id}`);
      const start = performance.now();
      await topic.cancel(bg, id, "enough");
      while ((await said.receive()) !== `ended ${id}`);
      took.push(performance.now() - start);
    }
    stop();
    await noise;
    await broker.close();
    child.kill("SIGKILL");
    await once(child, "exit");
    took.sort((a, b) => a - b);
    const p = (part: number): string => (took[Math.min(n - 1, Math.floor(n * part))] as number).toFixed(1);
    lines.push(
      `| ${load === 0 ? "nothing else runs" : `${load} messages/s beside it`} | ${p(0.5)} | ${p(0.99)} | ${n} |`,
    );
  }
  return [...lines, ""];
}

async function makeNoise(ctx: Context, url: string, perSecond: number): Promise<void> {
  const broker = await open(bg, postgres(url));
  const topic = broker.topic<number>("noise");
  const handled = topic.handle(ctx, { concurrency: 16 }, () => undefined);
  const start = performance.now();
  for (let i = 0; ctx.err() === undefined; i++) {
    const wait = start + (i * 1000) / perSecond - performance.now();
    if (wait > 0) await time.sleep(wait);
    topic.send(bg, i).catch(() => undefined);
  }
  await handled;
  await broker.close();
}

/** Counts the transactions of a worker for which there is nothing to do. */
export async function idle(url: string, port: number, quick: boolean): Promise<string[]> {
  const { admin } = await import("../../test/sql/servers/postgres.ts");
  const broker = await open(bg, postgres(url));
  const [ctx, stop] = context.withCancel(bg);
  const handled = broker.topic<number>("idle").handle(ctx, {}, () => undefined);
  await time.sleep(3000);
  const count = async (): Promise<number> => {
    const text = "SELECT pg_stat_force_next_flush()";
    await admin(port, text).catch(() => undefined);
    const rows = await admin(
      port,
      "SELECT xact_commit::float8 AS n FROM pg_stat_database WHERE datname = current_database()",
    );
    return Number(rows[0]?.["n"]);
  };
  const seconds = quick ? 10 : 60;
  // The share of the counting and of the server's background work is measured without a worker, and subtracted.
  const before = await count();
  await time.sleep(seconds * 1000);
  const busy = (await count()) - before;
  stop();
  await handled;
  await broker.close();
  await time.sleep(2000);
  const start = await count();
  await time.sleep(seconds * 1000);
  const own = (await count()) - start;
  const perMinute = ((busy - own) / seconds) * 60;
  return [
    "## An idle worker",
    "",
    `${perMinute.toFixed(0)} statements a minute, each a transaction of its own that writes nothing.`,
    "",
  ];
}

/** Sends and handles half a million messages, and measures the table before and after. */
export async function size(url: string, admin: (text: string) => Promise<Row[]>, quick: boolean): Promise<string[]> {
  const total = quick ? 20_000 : 500_000;
  const broker = await open(bg, postgres(url, { schema: "big" }));
  const topic = broker.topic<{ n: number; text: string }>("big");
  const [ctx, stop] = context.withCancel(bg);
  const done = chan<never>();
  let left = total;
  const rates: number[] = [];
  let since = performance.now();
  const handled = topic.handle(ctx, { concurrency: 100 }, () => {
    if (--left % (total / 5) === 0) {
      rates.push(total / 5 / ((performance.now() - since) / 1000));
      since = performance.now();
    }
    if (left === 0) done.close();
  });
  let largest = 0;
  const sizes = async (): Promise<Row> => {
    const [row] = await admin(`SELECT pg_relation_size('big.message')::float8 / 1e6 AS heap,
      pg_indexes_size('big.message')::float8 / 1e6 AS indexes FROM (SELECT 1) AS one`);
    return row ?? {};
  };
  for (let i = 0; i < total; i += 500) {
    // A backlog of 20,000 at most: the workers are meant to keep up.
    const isFull = (): boolean => i - (total - left) > 20_000;
    while (isFull()) await time.sleep(5);
    await topic.sendAll(
      bg,
      Array.from({ length: 500 }, (_, j) => [{ n: i + j, text: "x".repeat(100) }] as const),
    );
    if (i % 50_000 === 0) largest = Math.max(largest, Number((await sizes())["heap"]));
  }
  await done.receiveOk();
  stop();
  await handled;
  const after = await sizes();
  largest = Math.max(largest, Number(after["heap"]));
  await broker.close();
  await admin("VACUUM big.message");
  const vacuumed = await sizes();
  const mb = (value: unknown): string => Number(value).toFixed(1);
  return [
    `## The table after ${total.toLocaleString("en-US")} messages`,
    "",
    "Of 130 bytes each, sent and worked off at the same time, with the autovacuum of the tables' own settings.",
    "",
    "| | heap MB | indexes MB |",
    "| --- | --: | --: |",
    `| at most | ${mb(largest)} | |`,
    `| when the last was done | ${mb(after["heap"])} | ${mb(after["indexes"])} |`,
    `| after a VACUUM | ${mb(vacuumed["heap"])} | ${mb(vacuumed["indexes"])} |`,
    "",
    `Messages a second in each fifth: ${rates.map((rate) => Math.round(rate).toLocaleString("en-US")).join(", ")}.`,
    "",
  ];
}
