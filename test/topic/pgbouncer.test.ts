// Topics behind PgBouncer: by the session with nothing to say, by the transaction with { listen: false }.
import { context, mustReceive } from "gocsp";
import * as sql from "gocsp/sql";
import { postgres as connector } from "gocsp/sql/postgres";
import * as topic from "gocsp/topic";
import { type PostgresTopicOptions, postgres } from "gocsp/topic/postgres";
import { conformance } from "gocsp/topic/topictest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPgbouncer, startPgbouncer } from "../sql/servers/pgbouncer.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../sql/servers/postgres.ts";
import type { TestServer } from "../sql/servers/process.ts";

const bg = context.background();

describe.skipIf(noPostgres ?? noPgbouncer).each(["session", "transaction"] as const)(
  "topics behind PgBouncer, which shares connections by the %s [P23]",
  (mode) => {
    let server: PostgresServer;
    let bouncer: TestServer;
    let db: sql.DB;
    beforeAll(async () => {
      server = await startPostgres({ max_connections: 400 });
      bouncer = await startPgbouncer(server.port, mode, mode === "session" ? 300 : 20);
      const own = { ...at(), ...(mode === "transaction" ? { statementCache: 0 } : {}) };
      db = sql.open(connector(own));
    });
    afterAll(async () => {
      await db.close();
      await bouncer.stop();
      await server.stop();
    });
    const at = (): { host: string; port: number; user: string; database: string } => {
      return { host: bouncer.host, port: bouncer.port, user: "postgres", database: "postgres" };
    };
    const options: PostgresTopicOptions = mode === "session" ? {} : { listen: false, poll: 100 };

    const checks = conformance({ engine: () => postgres(at(), options), db: () => db, patience: 120_000 });
    for (const { name, run } of checks) test.concurrent(name, { timeout: 300_000 }, run);

    test.runIf(mode === "transaction")("who listens all the same is told, and polls", async () => {
      const told: string[] = [];
      const onError = (_what: string, err: unknown): void => void told.push((err as Error).message);
      // Statements that are kept prepared have no place there.
      const own = { ...at(), statementCache: 0 };
      await using broker = await topic.open(bg, postgres(own, { poll: 20 }), { onError });
      const jobs = broker.topic<number>("deaf");
      const deliveries = jobs.receiver(bg);
      for (let i = 0; i < 3; i++) {
        await jobs.send(bg, i);
        const d = await mustReceive(deliveries);
        expect(d.value).toBe(i);
        await d.ack();
      }
      const sentence = "topic: no notification arrives: behind a pooler in transaction mode say { listen: false }";
      await expect.poll(() => told, { timeout: 60_000 }).toContain(sentence);
      // Nothing that other clients get is locked.
      const locks =
        "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND objid > 0";
      expect(await admin(server.port, locks)).toEqual([{ n: 0 }]);
    });
  },
);
