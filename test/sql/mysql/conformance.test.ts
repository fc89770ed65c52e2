import { conformance } from "gocsp/sql/drivertest";
import { mysql } from "gocsp/sql/mysql";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type MariaServer, noMariaDB, startMariaDB } from "../servers/mariadb.ts";

describe.skipIf(noMariaDB)("the driver for MySQL and MariaDB, as the suite for drivers sees it", () => {
  let server: MariaServer;
  beforeAll(async () => {
    server = await startMariaDB();
  });
  afterAll(() => server.stop());

  const checks = conformance({
    connector: () => {
      const { host, port, user, password, database } = server;
      return mysql({ host, port, user, password, database });
    },
    types: {
      integer: "int",
      text: "longtext",
      bigint: "bigint",
      float: "double",
      bytes: "longblob",
      time: "datetime(3)",
    },
    slowQuery: "SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq + b.seq < 0",
    slowStatement: "DO SLEEP(600)",
    series: (n) => `SELECT seq AS n FROM seq_1_to_${n}`,
  });
  for (const { name, run } of checks) it(name, run);
});
