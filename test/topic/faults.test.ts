// Fault runs: workers and the server are killed, frozen and cut off at random while a ledger is kept. Nothing is lost, and what
// is acknowledged in a transaction is done exactly once and in order. TOPIC_FAULT_ROUNDS makes them longer, TOPIC_FAULT_SEED
// repeats one.
import { context, time } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres as connector } from "gocsp/sql/postgres";
import { jetstream } from "gocsp/topic/jetstream";
import { postgres } from "gocsp/topic/postgres";
import * as topic from "gocsp/topic";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Chance } from "../../src/sql/drivertest/chance.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { Fleet, type Server } from "./fleet.ts";
import { type NatsServer, noNats, startNats } from "./nats.ts";

interface Job {
  readonly n: number;
  readonly kind: "tx" | "plain";
  readonly ms: number;
  readonly busy: number;
  /** Whether its first attempt fails. */
  readonly fails: boolean;
}

/** What is known of what was sent. */
interface Ledger {
  readonly sent: Map<number, Job & { key?: string }>;
  readonly rolledBack: Set<number>;
  readonly canceled: Set<number>;
}

const bg = context.background();
const rounds = Number(process.env["TOPIC_FAULT_ROUNDS"] ?? 6);
const seed = Number(process.env["TOPIC_FAULT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const lease = 2000;
/** A busy machine is slow, and frozen workers take their time. */
const timeout = 300_000 + rounds * 30_000;

/** Sends, in whatever way, until it is told to stop; what it does not know it sends again. */
class Sender {
  readonly ledger: Ledger = { sent: new Map(), rolledBack: new Set(), canceled: new Set() };
  readonly #chance: Chance;
  readonly #jobs: topic.Topic<Job>;
  readonly #ordered: topic.Topic<Job> | undefined;
  readonly #db: sql.DB | undefined;
  #n = 0;
  isOver = false;

  constructor(chance: Chance, jobs: topic.Topic<Job>, ordered?: topic.Topic<Job>, db?: sql.DB) {
    this.#chance = chance;
    this.#jobs = jobs;
    this.#ordered = ordered;
    this.#db = db;
  }

  async run(): Promise<void> {
    const chains = [
      ...Array.from({ length: 6 }, () => this.#plain()),
      ...Array.from({ length: 3 }, (_, i) => this.#keyed(`k${i}`)),
    ];
    await Promise.all(chains);
  }

  #job(kind: "tx" | "plain"): Job {
    const busy = this.#chance.below(400) === 0 ? 1.2 * lease : 0;
    const ms = this.#chance.below(this.#chance.below(10) === 0 ? 600 : 60);
    return { n: this.#n++, kind, ms, busy, fails: this.#chance.below(10) === 0 };
  }

  async #plain(): Promise<void> {
    while (!this.isOver) {
      const job = this.#job(this.#db === undefined || this.#chance.below(2) === 0 ? "plain" : "tx");
      this.ledger.sent.set(job.n, job);
      if (this.#db !== undefined && this.#chance.below(4) === 0) {
        await this.#sendWithin(this.#db, this.#jobs, job, this.#chance.below(2) === 0);
      } else {
        const delay = this.#chance.below(5) === 0 ? this.#chance.below(lease) : 0;
        await this.#surely(this.#jobs, job, delay === 0 ? {} : { delay });
      }
      if (this.#chance.below(20) === 0) await this.#cancel(this.#jobs);
      await time.sleep(this.#chance.below(60));
    }
  }

  /** Cancels one of the latest, whether it is of that topic or not. */
  async #cancel(jobs: topic.Topic<Job>): Promise<void> {
    const canceled = Math.max(this.#n - this.#chance.below(20) - 1, 0);
    this.ledger.canceled.add(canceled);
    await jobs.cancel(bg, String(canceled), "enough").catch(() => undefined);
  }

  /** One after the other, so that there is an order. */
  async #keyed(key: string): Promise<void> {
    while (!this.isOver && this.#ordered !== undefined) {
      const job = { ...this.#job("tx"), busy: 0 };
      this.ledger.sent.set(job.n, { ...job, key });
      const isWithin = this.#db !== undefined && this.#chance.below(4) === 0;
      if (isWithin) await this.#sendWithin(this.#db, this.#ordered, job, true, key);
      else await this.#surely(this.#ordered, job, { key });
      if (this.#chance.below(20) === 0) await this.#cancel(this.#ordered);
      await time.sleep(this.#chance.below(150));
    }
  }

  async #surely(jobs: topic.Topic<Job>, job: Job, options: topic.SendOptions): Promise<void> {
    for (;;) {
      try {
        await jobs.send(bg, job, { ...options, id: String(job.n) });
        return;
      } catch {
        await time.sleep(100);
      }
    }
  }

  /** In a transaction that is committed, or rolled back, or whose end nobody knows: then it is sent again. */
  async #sendWithin(db: sql.DB, jobs: topic.Topic<Job>, job: Job, isMeant: boolean, key?: string): Promise<void> {
    const options = key === undefined ? {} : { key };
    if (!isMeant) {
      this.ledger.sent.delete(job.n);
      this.ledger.rolledBack.add(job.n);
    }
    try {
      await using tx = await db.beginTx(bg);
      await jobs.send(bg, job, { ...options, id: String(job.n), tx });
      await time.sleep(this.#chance.below(30));
      if (isMeant) await tx.commit();
      else await tx.rollback();
    } catch {
      if (isMeant) await this.#surely(jobs, job, options);
    }
  }
}

/** Lets faults happen while the sender goes on, and then all be done. */
async function play(
  chance: Chance,
  fleet: Fleet,
  sender: Sender,
  topics: topic.Topic<Job>[],
  more: Fleet["faults"],
): Promise<Record<string, number>> {
  const faults = { ...fleet.faults, ...more };
  const names = Object.keys(faults);
  const happened: Record<string, number> = {};
  const sending = sender.run();
  for (let round = 0; round < rounds; round++) {
    await time.sleep(500 + chance.below(1000));
    // Each comes once in a while, however short the run is.
    const name = names[(seed + round) % names.length] as string;
    happened[name] = (happened[name] ?? 0) + 1;
    await faults[name]?.(chance);
  }
  sender.isOver = true;
  await sending;
  for (const jobs of topics) {
    const left = async (): Promise<number> => {
      const { ready, delayed, behind, running } = await jobs.inspect(bg);
      return ready + delayed + behind + running;
    };
    await expect.poll(left, { timeout, interval: 50 }).toBe(0);
  }
  return happened;
}

/** Those that are dead must have been canceled. */
async function dead(jobs: topic.Topic<Job>): Promise<Map<number, string>> {
  const all = new Map<number, string>();
  for await (const { id, reason } of jobs.dead(bg)) all.set(Number(id), reason);
  return all;
}

describe.skipIf(noPostgres !== undefined)("with faults at random, on PostgreSQL", () => {
  let server: PostgresServer;
  let fleet: Fleet;
  beforeAll(async () => {
    server = await startPostgres({ max_connections: 200 });
    await admin(server.port, "CREATE TABLE effect (at serial, n int, kind text, key text, worker text, attempt int)");
    fleet = new Fleet("postgres", server, lease);
  });
  afterAll(async () => {
    await fleet.stop("SIGKILL");
    fleet.remove();
    await server.stop();
  });

  test(
    "nothing is lost, and what is acknowledged in a transaction is done exactly once, of one key in order [P13]",
    { timeout },
    async () => {
      const chance = new Chance(seed);
      await fleet.start(3);
      const at = { host: "127.0.0.1", port: server.port, user: server.user, database: server.database };
      const broker = await topic.open(bg, postgres(at), { onError: () => undefined });
      const db = sql.open(connector(at));
      const options = { lease, maxAttempts: 100_000 };
      const jobs = broker.topic<Job>("faults", options);
      const ordered = broker.topic<Job>("ordered", { ...options, perKey: 1 });
      const sender = new Sender(chance, jobs, ordered, db);
      const happened = await play(chance, fleet, sender, [jobs, ordered], {
        "its backends are killed": async () => {
          const others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
          await admin(server.port, others).catch(() => undefined);
        },
      });
      const buried = new Map([...(await dead(jobs)), ...(await dead(ordered))]);
      await broker.close();
      await db.close();
      await fleet.stop("SIGTERM");
      const rows = (await admin(server.port, "SELECT n, key, attempt FROM effect ORDER BY at")) as {
        n: number;
        key: string | null;
        attempt: number;
      }[];
      const { sent, rolledBack, canceled } = sender.ledger;
      const plain = fleet.done();
      const times = new Map<number, number>();
      for (const { n } of rows) times.set(n, (times.get(n) ?? 0) + 1);
      const lost = [...sent.keys()].filter(
        (n) => !times.has(n) && !plain.has(n) && !(buried.has(n) && canceled.has(n)),
      );
      const twice = [...times].filter(([, times]) => times > 1).map(([n]) => n);
      const ghosts = [...rolledBack].filter((n) => times.has(n) || plain.has(n) || buried.has(n));
      const strange = [...buried].filter(([n, reason]) => !canceled.has(n) || reason !== "canceled: enough");
      const again = [...plain.values()].filter(({ times }) => times > 1).length;
      const attempts =
        rows.filter(({ attempt }) => attempt > 1).length +
        [...plain.values()].filter(({ attempt }) => attempt > 1).length;
      const disorder: string[] = [];
      const last = new Map<string, number>();
      for (const { n, key } of rows) {
        if (key === null) continue;
        if (n < (last.get(key) ?? -1)) disorder.push(`${n} after ${last.get(key)} of ${key}`);
        last.set(key, n);
      }
      console.log(
        `faults, PostgreSQL: seed ${seed}, ${sent.size} sent, ${lost.length} lost, ${rolledBack.size} rolled back, ${ghosts.length} of them done, ` +
          `${buried.size} canceled, ${attempts} started again, effects in transactions done twice: ${twice.length}, others: ${again}, ` +
          `out of order: ${disorder.length}; ${JSON.stringify(happened)}`,
      );
      expect({ lost, twice, ghosts, strange, disorder }).toEqual({
        lost: [],
        twice: [],
        ghosts: [],
        strange: [],
        disorder: [],
      });
    },
  );
});

describe.skipIf(noNats !== undefined)("with faults at random, on JetStream", () => {
  let server: NatsServer;
  let fleet: Fleet;
  beforeAll(async () => {
    server = await startNats();
    fleet = new Fleet("jetstream", server satisfies Server, lease);
  });
  afterAll(async () => {
    await fleet.stop("SIGKILL");
    fleet.remove();
    await server.stop();
  });

  test("nothing is lost [P24]", { timeout }, async () => {
    const chance = new Chance(seed);
    const broker = await topic.open(bg, jetstream(server.url), { onError: () => undefined });
    const jobs = broker.topic<Job>("faults", { lease, maxAttempts: 100_000 });
    await fleet.start(3);
    const sender = new Sender(chance, jobs);
    const happened = await play(chance, fleet, sender, [jobs], {});
    const buried = await dead(jobs);
    await broker.close();
    await fleet.stop("SIGTERM");
    const { sent, canceled } = sender.ledger;
    const done = fleet.done();
    const lost = [...sent.keys()].filter((n) => !done.has(n) && !(buried.has(n) && canceled.has(n)));
    const strange = [...buried].filter(([n, reason]) => !canceled.has(n) || reason !== "canceled: enough");
    const again = [...done.values()].filter(({ times }) => times > 1).length;
    console.log(
      `faults, JetStream: seed ${seed}, ${sent.size} sent, ${lost.length} lost, ${buried.size} canceled, ${again} done again; ${JSON.stringify(happened)}`,
    );
    expect({ lost, strange }).toEqual({ lost: [], strange: [] });
  });
});
