import * as sql from "gocsp/sql";
import { mysql } from "gocsp/sql/mysql";
import { postgres } from "gocsp/sql/postgres";
import { sqlite } from "gocsp/sql/sqlite";
import { afterAll, beforeAll, describe } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { type LateEngine, lateDeadlineTests } from "./late.ts";
import { admin as askMariaDB, type MariaServer, noMariaDB, startMariaDB } from "./servers/mariadb.ts";
import { admin as askPostgres, noPostgres, type PostgresServer, startPostgres } from "./servers/postgres.ts";

expectNoGoroutinesLeft();

const numbers = (rows: readonly Record<string, unknown>[]): number[] => rows.map(({ id }) => Number(id));

describe.skipIf(noPostgres)("PostgreSQL [Q26]", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await askPostgres(server.port, "CREATE TABLE late (id int8)");
  });
  afterAll(() => server.stop());

  const engine: LateEngine = {
    db: () => {
      const { host, port, user, database } = server;
      return sql.open(postgres({ host, port, user, database }));
    },
    // More than come at once.
    rows: "SELECT generate_series(1, 40) AS n",
    insert: "INSERT INTO late VALUES ($1)",
    stored: async () => numbers(await askPostgres(server.port, "SELECT id FROM late")),
  };
  lateDeadlineTests(() => engine, { every: 3 });
});

describe.skipIf(noMariaDB)("MariaDB [Q26]", () => {
  let server: MariaServer;
  beforeAll(async () => {
    server = await startMariaDB();
    await askMariaDB(server.port, "CREATE TABLE late (id bigint)");
  });
  afterAll(() => server.stop());

  const engine: LateEngine = {
    db: () => {
      const { host, port, user, password, database } = server;
      return sql.open(mysql({ host, port, user, password, database }));
    },
    rows: "SELECT seq FROM seq_1_to_600",
    insert: "INSERT INTO late VALUES (?)",
    stored: async () => numbers(await askMariaDB(server.port, "SELECT id FROM late")),
  };
  lateDeadlineTests(() => engine, { every: 3 });
});

describe("SQLite [Q26]", () => {
  const memory = sqlite(":memory:");
  // The database is gone when its connector is closed: those that a test closes share it without closing it.
  const shared: sql.Connector = { connect: (ctx) => memory.connect(ctx) };
  let keeper: sql.DB;
  beforeAll(async () => {
    keeper = sql.open(memory);
    await keeper.exec("CREATE TABLE late (id integer)");
  });
  afterAll(() => keeper.close());

  const engine: LateEngine = {
    db: () => sql.open(shared),
    rows: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 600) SELECT i FROM n",
    insert: "INSERT INTO late VALUES (?)",
    stored: async () => numbers(await (await keeper.query("SELECT id FROM late")).toArray()),
  };
  lateDeadlineTests(() => engine, { every: 3 });
});
