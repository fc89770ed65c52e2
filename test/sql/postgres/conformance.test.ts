import { conformance } from "gocsp/sql/drivertest";
import { postgres } from "gocsp/sql/postgres";
import { afterAll, beforeAll, describe, it } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "../servers/postgres.ts";

describe.skipIf(noPostgres)("the driver for PostgreSQL, as the suite for drivers sees it", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const checks = conformance({
    connector: () => postgres({ host: server.host, port: server.port, user: server.user, database: server.database }),
    placeholder: (n) => `$${n}`,
    types: {
      integer: "int4",
      text: "text",
      bigint: "int8",
      float: "float8",
      bool: "bool",
      bytes: "bytea",
      time: "timestamptz",
    },
    slowQuery: "SELECT count(*) FROM generate_series(1, 1000000000000)",
    slowStatement: "DO $$ BEGIN PERFORM pg_sleep(600); END $$",
    series: (n) => `SELECT generate_series(1, ${n}) AS n`,
  });
  for (const { name, run } of checks) it(name, run);
});
