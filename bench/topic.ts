/**
 * Topics beside pg-boss, graphile-worker and BullMQ: `npm run bench:topic` writes `bench/results/topic.md`.
 *
 * One PostgreSQL with everything on that makes it durable, one Redis that writes each command to the disk before it answers
 * (`appendfsync always`), both of the benchmark's own, on loopback. Sender and worker are one process. Rounds are interleaved:
 * in each, all subjects do a workload right after each other; the medians count. Then what only a topic has: how long a cancel from
 * another process takes, what an idle worker costs, how large the table is after half a million messages.
 *
 * `npm run bench:topic -- --rounds 5 --only drain16`; `--quick` for a rough look.
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../src/index.ts";
import { root } from "../scripts/project.ts";
import { admin, startPostgres } from "../test/sql/servers/postgres.ts";
import { noNats, startNats } from "../test/topic/nats.ts";
import { cancels, floor, idle, size } from "./topic/alone.ts";
import { bullmq, graphile, ours, oursOnNats, pgBoss, type Subject } from "./topic/subjects.ts";

const quick = process.argv.includes("--quick");
const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const rounds = Number(option("rounds", quick ? "1" : "3"));
const only = option("only", "");
const scale = Number(option("scale", quick ? "0.2" : "1"));

/** What is measured: each returns its figures by their names. */
const workloads: Record<string, (subject: Subject) => Promise<Record<string, number>>> = {
  send1: async (subject) => ({ "send, 1 at a time /s": await sending(subject, 1, 500 * scale) }),
  send64: async (subject) => ({ "send, 64 at once /s": await sending(subject, 64, 10_000 * scale) }),
  bulk: async (subject) => {
    const n = Math.round((10_000 * scale) / 500);
    const start = performance.now();
    for (let i = 0; i < n; i++) await subject.sendMany(Array.from({ length: 500 }, (_, j) => i * 500 + j));
    return { "send, 500 in one call /s": rate(n * 500, start) };
  },
  drain16: async (subject) => ({ "receive + ack, 16 /s": await draining(subject, 16, 5000 * scale) }),
  drain100: async (subject) => ({ "receive + ack, 100 /s": await draining(subject, 100, 10_000 * scale) }),
  idle: async (subject) => {
    const latencies = await latency(subject, 100 * scale, 0);
    return { "latency, idle, p50 ms": at(latencies, 0.5), "latency, idle, p99 ms": at(latencies, 0.99) };
  },
  loaded: async (subject) => {
    const latencies = await latency(subject, 1200 * scale, 1000 / 300);
    return { "latency at 300/s, p50 ms": at(latencies, 0.5), "latency at 300/s, p99 ms": at(latencies, 0.99) };
  },
};

async function sending(subject: Subject, concurrency: number, n: number): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < n) await subject.send(next++);
    }),
  );
  return rate(n, start);
}

async function draining(subject: Subject, concurrency: number, n: number): Promise<number> {
  for (let i = 0; i < n; i += 500) {
    await subject.sendMany(Array.from({ length: Math.min(500, n - i) }, (_, j) => i + j));
  }
  let left = n;
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const start = performance.now();
  const stop = await subject.work(concurrency, () => {
    if (--left === 0) finish();
  });
  await done;
  const result = rate(n, start);
  await stop();
  return result;
}

/** Sends with pauses, or one after the other when the one before has come; returns how long each took. */
async function latency(subject: Subject, n: number, pause: number): Promise<number[]> {
  const sentAt: number[] = [];
  const took: number[] = [];
  let came = (): void => undefined;
  const stop = await subject.work(16, (i) => {
    took.push(performance.now() - (sentAt[i] as number));
    came();
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const start = performance.now();
  const sends: Promise<void>[] = [];
  for (let i = 0; i < n; i++) {
    const arrived = new Promise<void>((resolve) => (came = resolve));
    if (pause > 0) {
      const wait = start + i * pause - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    sentAt[i] = performance.now();
    const sent = subject.send(i);
    if (pause > 0) sends.push(sent);
    else {
      await sent;
      await arrived;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  await Promise.all(sends);
  while (took.length < n) await new Promise((resolve) => setTimeout(resolve, 5));
  await stop();
  return took;
}

function rate(n: number, start: number): number {
  return (n / (performance.now() - start)) * 1000;
}

function at(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** Starts a Redis that has every command on the disk before it answers. */
async function startRedis(): Promise<{ port: number; stop: () => void } | undefined> {
  if (spawnSync("redis-server", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "gocsp-redis-"));
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--maxmemory-policy", "noeviction"];
  const child: ChildProcess = spawn("redis-server", [...args, ...durable], { stdio: "ignore" });
  for (;;) {
    const { stdout } = spawnSync("redis-cli", ["-p", String(port), "ping"], { encoding: "utf8" });
    if (stdout.startsWith("PONG")) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = (): void => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, stop };
}

main(async () => {
  const folder = join(root, "bench", "topic");
  if (!existsSync(join(folder, "node_modules"))) {
    spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
  }
  const postgres = await startPostgres({
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    shared_buffers: "128MB",
    max_connections: 200,
    datestyle: "ISO, MDY",
    timezone: "UTC",
  });
  const url = `postgres://${postgres.user}@127.0.0.1:${postgres.port}/${postgres.database}`;
  const redis = await startRedis();
  const nats = noNats === undefined ? await startNats() : undefined;
  const synced = noNats === undefined ? await startNats("jetstream { sync_interval: always }") : undefined;
  const subjects: Subject[] = [ours(url), pgBoss(url), graphile(url)];
  if (redis === undefined) console.log("topic: redis-server is not installed: BullMQ is left out");
  else subjects.push(bullmq(redis.port));
  if (synced !== undefined) subjects.push(oursOnNats(synced.url, "always"));
  if (nats !== undefined) subjects.push(oursOnNats(nats.url, "default"));
  const floors: number[][] = [];
  const loadBefore = loadavg()[0] as number;
  const figures = new Map<string, Map<string, number[]>>();
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [workload, run] of Object.entries(workloads)) {
        if (only !== "" && only !== workload) continue;
        if (workload === "loaded") floors.push(await floor(url, 1200 * scale));
        const order = subjects.toSorted(() => Math.random() - 0.5);
        for (const subject of order) {
          await subject.open();
          try {
            for (const [name, value] of Object.entries(await run(subject))) {
              const row = figures.get(name) ?? new Map<string, number[]>();
              figures.set(name, row);
              row.set(subject.name, [...(row.get(subject.name) ?? []), value]);
              console.log(`${round + 1} ${subject.name}: ${name} ${value.toFixed(1)}`);
            }
          } finally {
            await subject.close();
          }
        }
      }
    }
    const lines = [
      "# Topics beside pg-boss, graphile-worker and BullMQ",
      "",
      `Node ${process.versions.node}, ${cpus().length} processors (${cpus()[0]?.model ?? "unknown"}), ${rounds} interleaved rounds, medians. ` +
        "PostgreSQL with fsync, full_page_writes and synchronous_commit; Redis with appendfsync always; JetStream with " +
        "sync_interval always, and as it is by default, on the disk every two minutes. Sender and worker in one process. " +
        `The machine had other work (load ${loadBefore.toFixed(1)} before, ${(loadavg()[0] as number).toFixed(1)} after): compare within a row.`,
      "",
      `| | ${subjects.map(({ name }) => name).join(" | ")} |`,
      `| --- |${subjects.map(() => " --: |").join("")}`,
    ];
    const ahead: string[] = [];
    for (const [name, row] of figures) {
      const medians = subjects.map(({ name }) => at(row.get(name) ?? [], 0.5));
      lines.push(`| ${name} | ${medians.map(format).join(" | ")} |`);
      const [mine = 0] = medians;
      for (const [i, { name: other }] of subjects.entries()) {
        const ratio = name.endsWith("/s") ? (medians[i] ?? 0) / mine : mine / (medians[i] ?? 0);
        if (!other.startsWith("gocsp") && ratio > 1) ahead.push(`${other} in "${name}" (${ratio.toFixed(1)} times)`);
      }
    }
    lines.push(
      "",
      ahead.length === 0
        ? "No other is ahead of topics on PostgreSQL."
        : `Ahead of topics on PostgreSQL: ${ahead.join("; ")}. Where one message at a time waits for the disk, Redis appends a ` +
            "line to one file; PostgreSQL writes a row, its indexes' entries and the end of a transaction.",
    );
    lines.push(
      "",
      "Unfair to others: pg-boss hands a batch to one handler; a worker of ours in the same process as the sender is woken without " +
        "the server. Unfair to us: pg-boss and graphile-worker do not wait for the acknowledgment of a job before they begin the next.",
      "",
    );
    if (floors.length > 0) {
      const ms = (i: number): string =>
        at(
          floors.map((values) => values[i] as number),
          0.5,
        ).toFixed(1);
      lines.push(
        "The floor of the latency at 300/s, in the same rounds: one row that a bare connection inserts and commits, 300 times a " +
          `second, p50 ${ms(0)} ms, p99 ${ms(1)} ms; a timer of the same process is late by ${ms(2)} ms at p99.`,
        "",
      );
    }
    if (only === "") {
      lines.push(...(await cancels(url, quick)), ...(await idle(url, postgres.port, quick)));
      lines.push(...(await size(url, (text) => admin(postgres.port, text), quick)));
    }
    console.log(lines.join("\n"));
    if (!quick && only === "") writeFileSync(join(root, "bench", "results", "topic.md"), `${lines.join("\n")}\n`);
  } finally {
    redis?.stop();
    await nats?.stop();
    await synced?.stop();
    await postgres.stop();
  }
});

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(1);
}
