import { context, errors } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as sql from "gocsp/sql";
import { conformance } from "gocsp/sql/drivertest";
import { postgres } from "gocsp/sql/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { mulberry32 } from "../../support/random.ts";
import { turn } from "../../support/settle.ts";
import { noPgbouncer, startPgbouncer } from "../servers/pgbouncer.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";
import type { TestServer } from "../servers/process.ts";

const ctx = context.background();
const workers = 8;

describe.skipIf(noPostgres ?? noPgbouncer).each(["session", "transaction"] as const)(
  "PostgreSQL behind PgBouncer, which shares connections by the %s,",
  (mode) => {
    expectNoGoroutinesLeft();

    let server: PostgresServer;
    let bouncer: TestServer;
    beforeAll(async () => {
      server = await startPostgres();
      bouncer = await startPgbouncer(server.port, mode, mode === "session" ? 60 : 4);
    });
    afterAll(async () => {
      await bouncer.stop();
      await server.stop();
    });
    beforeEach(async () => {
      await admin(server.port, "DROP TABLE IF EXISTS thing");
      await admin(server.port, "CREATE TABLE thing (id int PRIMARY KEY)");
    });

    const connector = (): sql.Connector =>
      postgres({
        host: bouncer.host,
        port: bouncer.port,
        user: "postgres",
        database: "postgres",
        ...(mode === "transaction" ? { statementCache: 0 } : {}),
      });

    it("stops statements at any moment, and nothing else", async () => {
      const seed = Date.now() % 1e9;
      const next = mulberry32(seed);
      await using db = sql.open(connector());
      db.setMaxOpenConns(workers);
      db.setMaxIdleConns(workers);
      const group = new errgroup.Group();
      const counts = { stopped: 0, finished: 0, stored: 0 };
      let id = 0;
      const attempt = async (): Promise<void> => {
        const own = id++;
        const [stopCtx, cancel] = context.withCancel(ctx);
        using _ = cancel;
        const slow = next() < 0.5;
        const work = async (): Promise<void> => {
          if (next() < 0.5) {
            await db
              .queryRowContext(stopCtx, slow ? "SELECT pg_sleep(600)" : "SELECT $1::int", ...(slow ? [] : [own]))
              .scan();
            return;
          }
          await using tx = await db.beginTx(stopCtx);
          await tx.execContext(stopCtx, "INSERT INTO thing VALUES ($1)", own);
          if (slow) await tx.execContext(stopCtx, "SELECT pg_sleep(600)");
          await tx.commit();
          counts.stored++;
        };
        const settled = work().then(
          () => undefined,
          (error: unknown) => ({ error }),
        );
        for (let turns = next() * 40; turns > 1; turns--) await turn();
        cancel();
        const failure = await settled;
        if (failure === undefined) counts.finished++;
        else {
          const { error } = failure;
          const isEnd = errors.is(error, context.canceled) || errors.is(error, sql.errTxDone);
          expect(isEnd, `seed ${seed}: ${String(error)}`).toBe(true);
          counts.stopped++;
        }
        // Those that PgBouncer serves with the same connection now must not be hit.
        for (let n = 0; n < 2; n++) {
          expect(await db.queryRowContext(ctx, "SELECT $1::int FROM pg_sleep(0.002)", own).scan()).toEqual([own]);
        }
      };
      for (let worker = 0; worker < workers; worker++) {
        void group.go(async () => {
          for (let n = 0; n < 40; n++) await attempt();
        });
      }
      const failed = await group.wait().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failed).toBeUndefined();
      while (db.stats().inUse > 0) await turn();
      expect(await admin(server.port, "SELECT count(*)::int AS n FROM thing")).toEqual([{ n: counts.stored }]);
      const sleeping =
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep.600' AND state = 'active'";
      await expect.poll(() => admin(server.port, sleeping)).toEqual([{ n: 0 }]);
      console.log(`PgBouncer, by the ${mode}: seed ${seed}, ${JSON.stringify(counts)}`);
      expect(counts.stopped).toBeGreaterThan(50);
    });

    it("runs the same texts again and again on whatever connection there is", async () => {
      await using db = sql.open(connector());
      db.setMaxOpenConns(workers);
      const all = Array.from({ length: 200 }, async (_, i) => {
        await db.execContext(ctx, "INSERT INTO thing VALUES ($1)", i);
        return db.queryRowContext(ctx, "SELECT id FROM thing WHERE id = $1", i).scan(sql.int);
      });
      expect((await Promise.all(all)).flat()).toEqual(Array.from({ length: 200 }, (_, i) => i));
    });
  },
);

describe.skipIf(noPostgres ?? noPgbouncer)("the driver for PostgreSQL behind PgBouncer, by the session", () => {
  let server: PostgresServer;
  let bouncer: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    bouncer = await startPgbouncer(server.port, "session", 60);
  });
  afterAll(async () => {
    await bouncer.stop();
    await server.stop();
  });

  const checks = conformance({
    connector: () => postgres({ host: bouncer.host, port: bouncer.port, user: "postgres", database: "postgres" }),
    placeholder: (n) => `$${n}`,
    types: { integer: "int4", text: "text" },
    slowQuery: "SELECT count(*) FROM generate_series(1, 1000000000000)",
    series: (n) => `SELECT generate_series(1, ${n}) AS n`,
    cancels: 50,
  });
  for (const { name, run } of checks) it(name, run);
});
