import * as sql from "gocsp/sql";
import { postgres, PostgresError } from "gocsp/sql/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { admin, noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";
import { type Engine, lateCancels, report, storm } from "../servers/storm.ts";

const workers = 8;

describe.skipIf(noPostgres).each([256, 0])("cancels at PostgreSQL, with %i texts prepared,", (statementCache) => {
  expectNoGoroutinesLeft();

  let server: PostgresServer;
  let engine: Engine;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS storm");
    await admin(server.port, "CREATE TABLE storm (id int8)");
    const { host, port, user, database } = server;
    const db = sql.open(postgres({ host, port, user, database, statementCache }));
    db.setMaxOpenConns(workers);
    db.setMaxIdleConns(workers);
    engine = {
      db,
      server,
      slow: [
        "SELECT pg_sleep(600)",
        "SELECT count(*) FROM generate_series(1, 1000000000000)",
        "INSERT INTO storm SELECT -i FROM generate_series(1, 1000000000000) i",
        "SELECT pg_advisory_xact_lock(1), pg_sleep(600)",
      ],
      rows: "SELECT i, repeat('x', 100) AS t FROM (SELECT generate_series(1, 1000000) AS i) s",
      quick: "SELECT $1::int8",
      canary: "SELECT $1::int8, pg_backend_pid() FROM pg_sleep(0.01)",
      insert: "INSERT INTO storm VALUES ($1)",
      wasStopped: (cause) => cause instanceof PostgresError && cause.code === "57014",
      running: () =>
        admin(
          server.port,
          `SELECT query FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()`,
        ),
      stored: async () => (await admin(server.port, "SELECT id FROM storm")).map(({ id }) => Number(id)),
    };
  });
  afterEach(() => engine.db.close());

  it("stops statements at any moment, and nothing else", async () => {
    const plan = { cancels: 300, workers, seed: Date.now() % 1e9, kills: 0 };
    const counts = await storm(engine, plan);
    report("PostgreSQL", plan, counts, engine.db.stats());
    expect(counts).toMatchObject({ wrong: [], lost: 0, hit: [], replaced: 0, torn: 0 });
    expect(counts.stopped).toBeGreaterThan(50);
    expect(engine.db.stats()).toMatchObject({ openConnections: workers, inUse: 0, idle: workers });
  });

  it("hits no statement that follows one which was canceled too late", async () => {
    expect(await lateCancels("PostgreSQL", engine, 300)).toEqual([]);
  });

  it("settles everything when the server is killed and started again meanwhile", async () => {
    const plan = { cancels: 300, workers, seed: Date.now() % 1e9, kills: 2 };
    const counts = await storm(engine, plan);
    report("PostgreSQL, killed 2 times", plan, counts, engine.db.stats());
    expect(counts).toMatchObject({ wrong: [], hit: [], torn: 0 });
    expect(counts.stopped).toBeGreaterThan(25);
    expect(engine.db.stats()).toMatchObject({ inUse: 0 });
    for (let i = 0; i < 2 * workers; i++) await engine.db.ping();
  });
});
