import * as sql from "gocsp/sql";
import { mysql, MysqlError } from "gocsp/sql/mysql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectNoGoroutinesLeft } from "../../support/leaks.ts";
import { admin, type MariaServer, noMariaDB, startMariaDB } from "../servers/mariadb.ts";
import { type Engine, lateCancels, report, storm } from "../servers/storm.ts";

const workers = 8;

describe.skipIf(noMariaDB).each([64, 0])("cancels at MariaDB, with %i texts prepared,", (statementCache) => {
  expectNoGoroutinesLeft();

  let server: MariaServer;
  let engine: Engine;
  beforeAll(async () => {
    server = await startMariaDB();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await admin(server.port, "DROP TABLE IF EXISTS storm");
    await admin(server.port, "CREATE TABLE storm (id bigint) ENGINE = InnoDB");
    const { host, port, user, password, database } = server;
    const db = sql.open(mysql({ host, port, user, password, database, statementCache }));
    db.setMaxOpenConns(workers);
    db.setMaxIdleConns(workers);
    engine = {
      db,
      server,
      slow: [
        "SELECT SLEEP(600)",
        "DO SLEEP(600)",
        "SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq + b.seq < 0",
        "SELECT BENCHMARK(1000000000000, SHA2('x', 512))",
        "INSERT INTO storm SELECT -SLEEP(600)",
      ],
      rows: "SELECT seq, repeat('x', 100) AS t FROM seq_1_to_1000000",
      quick: "SELECT ?",
      canary: "SELECT ?, CONNECTION_ID(), SLEEP(0.01)",
      insert: "INSERT INTO storm VALUES (?)",
      wasStopped: (cause) => cause instanceof MysqlError && cause.code === "ER_QUERY_INTERRUPTED",
      running: () =>
        admin(
          server.port,
          `SELECT info FROM information_schema.processlist
           WHERE command NOT IN ('Sleep', 'Daemon') AND id <> CONNECTION_ID()`,
        ),
      stored: async () => (await admin(server.port, "SELECT id FROM storm")).map(({ id }) => Number(id)),
    };
  });
  afterEach(() => engine.db.close());

  it("stops statements at any moment, and nothing else", async () => {
    const plan = { cancels: 300, workers, seed: Date.now() % 1e9, kills: 0 };
    const counts = await storm(engine, plan);
    report("MariaDB", plan, counts, engine.db.stats());
    expect(counts).toMatchObject({ wrong: [], lost: 0, hit: [], replaced: 0, torn: 0 });
    expect(counts.stopped).toBeGreaterThan(50);
    expect(engine.db.stats()).toMatchObject({ openConnections: workers, inUse: 0, idle: workers });
  });

  it("hits no statement that follows one which was canceled too late", async () => {
    expect(await lateCancels("MariaDB", engine, 300)).toEqual([]);
  });

  it("settles everything when the server is killed and started again meanwhile", async () => {
    const plan = { cancels: 300, workers, seed: Date.now() % 1e9, kills: 2 };
    const counts = await storm(engine, plan);
    report("MariaDB, killed 2 times", plan, counts, engine.db.stats());
    expect(counts).toMatchObject({ wrong: [], hit: [], torn: 0 });
    expect(counts.stopped).toBeGreaterThan(25);
    expect(engine.db.stats()).toMatchObject({ inUse: 0 });
    for (let i = 0; i < 2 * workers; i++) await engine.db.ping();
  });
});
