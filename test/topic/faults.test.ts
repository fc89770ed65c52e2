// Fault runs: workers and the server are killed, frozen and cut off at random while a ledger is kept. Nothing is lost, and what
// is acknowledged in a transaction is done exactly once. TOPIC_FAULT_ROUNDS makes them longer, TOPIC_FAULT_SEED repeats one.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { context, time } from "gocsp";
import { Chance } from "../../src/sql/drivertest/chance.ts";
import * as topic from "gocsp/topic";
import { postgres } from "gocsp/topic/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { type Proxy, startProxy } from "../sql/servers/proxy.ts";

interface Job {
  readonly n: number;
  readonly kind: "tx" | "plain";
  readonly ms: number;
}

interface Worker {
  readonly name: string;
  readonly gate: Proxy;
  readonly child: ChildProcess;
}

const bg = context.background();
const rounds = Number(process.env["TOPIC_FAULT_ROUNDS"] ?? 6);
const seed = Number(process.env["TOPIC_FAULT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const lease = 2000;
const jobsPerRound = 100;
/** A busy machine is slow, and frozen workers take their time. */
const timeout = 300_000 + rounds * 10_000;
const program = fileURLToPath(new URL("programs/worker.ts", import.meta.url));

let server: PostgresServer;
let workers: Worker[] = [];
let started = 0;

beforeAll(async () => {
  if (noPostgres !== undefined) return;
  server = await startPostgres({ max_connections: 200 });
  await admin(server.port, "CREATE TABLE effect (n int, kind text, worker text, attempt int)");
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => end(worker)));
  await server?.stop();
});

async function start(): Promise<Worker> {
  const gate = await startProxy(server.port);
  const name = `w${++started}`;
  const child = spawn(process.execPath, [program, String(gate.port), name, String(lease)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const worker = { name, gate, child };
  workers.push(worker);
  return worker;
}

async function end(worker: Worker, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  workers = workers.filter((other) => other !== worker);
  const { child, gate } = worker;
  const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
  child.kill(signal);
  await exited;
  await gate.stop();
}

/** The faults, each with what ends it. */
const faults: Record<string, (chance: Chance) => Promise<void>> = {
  "a worker is killed": async (chance) => {
    await end(pick(chance));
    await start();
  },
  "all workers are killed": async () => {
    await Promise.all(workers.map((worker) => end(worker)));
    await Promise.all([start(), start(), start()]);
  },
  "a worker is frozen beyond its lease": async (chance) => {
    const { child } = pick(chance);
    child.kill("SIGSTOP");
    await time.sleep(1.5 * lease);
    child.kill("SIGCONT");
  },
  "a worker is cut off beyond its lease": async (chance) => {
    const { gate } = pick(chance);
    gate.drop();
    await time.sleep(1.5 * lease);
    gate.heal();
  },
  "a worker ends gracefully": async (chance) => {
    await end(pick(chance), "SIGTERM");
    await start();
  },
  "the server is killed": async () => {
    await server.kill();
    await time.sleep(200);
    await server.restart();
  },
  "its backends are killed": async () => {
    await admin(
      server.port,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    ).catch(() => undefined);
  },
};

function pick(chance: Chance): Worker {
  return workers[chance.below(workers.length)] as Worker;
}

describe.skipIf(noPostgres !== undefined)("with faults at random", () => {
  test(
    "nothing is lost, and what is acknowledged in a transaction is done exactly once [P13]",
    { timeout },
    async () => {
      const chance = new Chance(seed);
      await Promise.all([start(), start(), start()]);
      const broker = await topic.open(bg, postgres(options()), { onError: () => undefined });
      const jobs = broker.topic<Job>("faults", { lease, maxAttempts: 1000 });
      const names = Object.keys(faults);
      const happened: Record<string, number> = {};
      let n = 0;
      for (let round = 0; round < rounds; round++) {
        const batch = Array.from({ length: jobsPerRound }, (): Job => {
          return { n: n++, kind: n % 2 === 0 ? "tx" : "plain", ms: chance.below(40) };
        });
        // The sender goes on while things break; what it does not know it sends again.
        const sending = Promise.all(batch.map((job) => sendSurely(jobs, job)));
        await time.sleep(chance.below(100));
        // Each comes once in a while, however short the run is.
        const name = names[(seed + round) % names.length] as string;
        happened[name] = (happened[name] ?? 0) + 1;
        await faults[name]?.(chance);
        await sending;
      }
      await expect
        .poll(
          async () => {
            const { ready, delayed, running } = await jobs.inspect(bg);
            return ready + delayed + running;
          },
          { timeout, interval: 50 },
        )
        .toBe(0);
      expect(await jobs.inspect(bg)).toMatchObject({ dead: 0 });
      await broker.close();
      await Promise.all(workers.map((worker) => end(worker, "SIGTERM")));
      const rows = await admin(
        server.port,
        "SELECT n, kind, count(*)::int AS times, max(attempt)::int AS attempt FROM effect GROUP BY n, kind",
      );
      const done = new Map(
        rows.map((row) => [row["n"] as number, row as unknown as { times: number; kind: string; attempt: number }]),
      );
      const lost = Array.from({ length: n }, (_, i) => i).filter((i) => !done.has(i));
      const twice = [...done].filter(([, { kind, times }]) => kind === "tx" && times > 1).map(([i]) => i);
      const again = [...done].filter(([, { kind, times }]) => kind === "plain" && times > 1).length;
      const attempts = [...done].filter(([, { attempt }]) => attempt > 1).length;
      console.log(
        `faults: seed ${seed}, ${n} sent, ${lost.length} lost, ${attempts} started again, ` +
          `effects in transactions done twice: ${twice.length}, others: ${again}; ${JSON.stringify(happened)}`,
      );
      expect(lost).toEqual([]);
      expect(twice).toEqual([]);
    },
  );
});

async function sendSurely(jobs: topic.Topic<Job>, job: Job): Promise<void> {
  for (;;) {
    try {
      await jobs.send(bg, job, { id: String(job.n) });
      return;
    } catch {
      await time.sleep(100);
    }
  }
}

function options(): { host: string; port: number; user: string; database: string } {
  return { host: "127.0.0.1", port: server.port, user: server.user, database: server.database };
}
