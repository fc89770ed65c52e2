// The disk of the server is full, and free again: senders are told so, workers go on trying, what was confirmed is done.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, errors, time } from "gocsp";
import { PostgresError } from "gocsp/sql/postgres";
import { jetstream } from "gocsp/topic/jetstream";
import { postgres } from "gocsp/topic/postgres";
import * as topic from "gocsp/topic";
import { describe, expect, test } from "vitest";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import { noNats, startNats } from "./nats.ts";

const bg = context.background();

interface Job {
  readonly n: number;
  readonly text: string;
}

/** A sender that keeps count, and a worker that does. */
class Run {
  readonly confirmed = new Set<number>();
  readonly seen = new Map<number, number>();
  readonly refused = new Map<string, number>();
  readonly reported = new Set<string>();
  readonly #size: number;
  #broker: topic.Broker | undefined;
  #jobs: topic.Topic<Job> | undefined;
  #stop: () => void = () => undefined;
  #handled: Promise<void> | undefined;
  #n = 0;

  constructor(size: number) {
    this.#size = size;
  }

  async start(engine: topic.Engine): Promise<void> {
    const onError = (what: string, error: unknown): void =>
      void this.reported.add(`${what}: ${(error as Error).message}`);
    this.#broker = await topic.open(bg, engine, { onError });
    this.#jobs = this.#broker.topic<Job>("disk", { lease: 3000, maxAttempts: 1000, backoff: () => 20 });
    const [ctx, stop] = context.withCancel(bg);
    this.#stop = stop;
    this.#handled = this.#jobs.handle(ctx, { concurrency: 4 }, (_ctx, { n }) => {
      this.seen.set(n, (this.seen.get(n) ?? 0) + 1);
    });
  }

  async send(times: number, options: topic.SendOptions = {}): Promise<void> {
    for (let i = 0; i < times; i++) {
      const n = this.#n++;
      const [, error] = await errors.result(
        (this.#jobs as topic.Topic<Job>).send(bg, { n, text: "x".repeat(this.#size) }, options),
      );
      if (error === undefined) this.confirmed.add(n);
      else {
        const code = errors.as(error, PostgresError)?.code ?? "";
        const text = `${code} ${error.message.replaceAll(/\d+/g, "…").replaceAll(/"[^"]*"/g, '"…"')}`;
        this.refused.set(text, (this.refused.get(text) ?? 0) + 1);
      }
    }
  }

  inspect(): Promise<topic.Inspection> {
    return (this.#jobs as topic.Topic<Job>).inspect(bg);
  }

  purge(): Promise<number> {
    return (this.#jobs as topic.Topic<Job>).purge(bg, "waiting");
  }

  /** Waits until all is done, and checks that it is what was confirmed. */
  async check(name: string): Promise<void> {
    const left = async (): Promise<number> => {
      const { ready, delayed, running } = await this.inspect();
      return ready + delayed + running;
    };
    await expect.poll(left, { timeout: 60_000 }).toBe(0);
    this.#stop();
    await this.#handled;
    await this.#broker?.close();
    const lost = [...this.confirmed].filter((n) => !this.seen.has(n));
    const again = [...this.seen.values()].filter((times) => times > 1).length;
    console.log(
      `disk full, ${name}: ${this.#n} sends, ${this.confirmed.size} confirmed, ${lost.length} lost, ${again} done again; ` +
        `refused: ${JSON.stringify(Object.fromEntries(this.refused))}`,
    );
    expect(lost).toEqual([]);
  }
}

describe.skipIf(noPostgres !== undefined)("a full disk", () => {
  test("that refuses every change is told to senders and to onError, and all is done when there is room [P26]", async () => {
    const server = await startPostgres();
    const run = new Run(100);
    await run.start(postgres({ host: "127.0.0.1", port: server.port, user: server.user, database: server.database }));
    await admin(server.port, "CREATE TABLE full_disk ()");
    await admin(
      server.port,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF to_regclass('public.full_disk') IS NOT NULL THEN
          RAISE EXCEPTION 'could not extend file "base/5/1": No space left on device' USING ERRCODE = '53100';
        END IF;
        RETURN NULL;
      END $$`,
    );
    const trigger =
      "CREATE TRIGGER refuse AFTER INSERT OR UPDATE OR DELETE ON gocsp_topic.message FOR EACH STATEMENT EXECUTE FUNCTION refuse()";
    await admin(server.port, "DROP TABLE full_disk");
    await admin(server.port, trigger);
    await run.send(50);
    await admin(server.port, "CREATE TABLE full_disk ()");
    await run.send(20);
    expect([...run.refused]).toEqual([['53100 could not extend file "…": No space left on device', 20]]);
    await expect.poll(() => [...run.reported].join(), { timeout: 30_000 }).toContain("No space left on device");
    await admin(server.port, "DROP TABLE full_disk");
    await run.send(50);
    await run.check("by a trigger");
    await server.stop();
  });

  // A real one, in memory: only root makes it.
  test.skipIf(process.getuid?.() !== 0 || process.platform !== "linux")(
    "of a real server costs nothing that was confirmed [P26]",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "gocsp-disk-"));
      const args = ["-t", "tmpfs", "-o", "size=200m,mode=777", "tmpfs", folder];
      if (spawnSync("mount", args).status !== 0) {
        console.log("disk full: nothing can be mounted here");
        rmSync(folder, { recursive: true });
        return;
      }
      const { TMPDIR } = process.env;
      let server: PostgresServer | undefined;
      try {
        process.env["TMPDIR"] = folder;
        server = await startPostgres({ fsync: "on", max_wal_size: "32MB", wal_recycle: "off" });
        if (TMPDIR === undefined) delete process.env["TMPDIR"];
        else process.env["TMPDIR"] = TMPDIR;
        const run = new Run(20_000);
        await run.start(
          postgres({ host: "127.0.0.1", port: server.port, user: server.user, database: server.database }),
        );
        await run.send(200);
        const { bavail, bsize } = statfsSync(folder);
        writeFileSync(join(folder, "filler"), Buffer.alloc(Math.max(bavail * bsize - (1 << 20), 0)));
        const [soon, cancel] = context.withTimeout(bg, 15 * time.second);
        while (run.refused.size === 0 && soon.err() === undefined) await run.send(1);
        await run.send(20);
        cancel();
        rmSync(join(folder, "filler"));
        // A server that had no room for its log has ended, as it must; it is started again.
        const [, down] = await errors.result(run.inspect());
        if (down !== undefined) {
          await server.kill();
          await server.restart();
        }
        while (run.confirmed.size < 400) await run.send(1);
        await run.check("a small one");
        expect(run.refused.size).toBeGreaterThan(0);
      } finally {
        await server?.stop();
        spawnSync("umount", [folder]);
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe.skipIf(noNats !== undefined)("JetStream", () => {
  test("whose store is full tells senders so, and loses nothing that was confirmed [P26]", async () => {
    const server = await startNats("jetstream { max_file_store: 2MB }");
    const run = new Run(20_000);
    await run.start(jetstream(server.url));
    await run.send(20);
    // What waits fills it.
    const held: topic.SendOptions = { delay: time.hour };
    while (run.refused.size === 0) await run.send(1, held);
    await run.send(5, held);
    for (const text of run.refused.keys()) {
      expect(text).toMatch(/^ topic: the NATS server says: (insufficient|resource|maximum)/);
    }
    expect(await run.purge()).toBeGreaterThan(0);
    for (const n of run.confirmed) if (n >= 20) run.confirmed.delete(n);
    await run.send(20);
    await run.check("JetStream");
    await server.stop();
  });

  test("that closes the connection of a worker which reads too slowly gives its jobs again: none is lost [P24]", async () => {
    const server = await startNats('max_pending: 8MB\nwrite_deadline: "100ms"\nhttp: "127.0.0.1:-1"');
    const broker = await topic.open(bg, jetstream(server.url), { onError: () => undefined });
    await using sender = await topic.open(bg, jetstream(server.url), { onError: () => undefined });
    const options = { lease: 3000, maxAttempts: 1000 };
    const jobs = broker.topic<Job>("slow", options);
    const total = 200;
    const text = "x".repeat(250_000);
    for (let n = 0; n < total; n++) await sender.topic<Job>("slow", options).send(bg, { n, text });
    const seen = new Map<number, number>();
    const [ctx, stop] = context.withCancel(bg);
    let naps = 0;
    const handled = jobs.handle(ctx, { concurrency: 100 }, async (_ctx, { n }) => {
      if (seen.size > 20 && naps++ < 2) {
        const end = performance.now() + 1500;
        while (performance.now() < end);
      }
      await time.sleep(20);
      seen.set(n, (seen.get(n) ?? 0) + 1);
    });
    await expect.poll(() => seen.size, { timeout: 50_000 }).toBe(total);
    stop();
    await handled;
    await broker.close();
    const answer = await fetch(`${server.monitor}/varz`);
    const { slow_consumers: slow } = (await answer.json()) as { slow_consumers: number };
    const again = [...seen.values()].filter((times) => times > 1).length;
    console.log(
      `slow consumer, JetStream: ${total} sent, 0 lost, ${again} done again, connections closed for being slow: ${slow}`,
    );
    await server.stop();
  });
});
