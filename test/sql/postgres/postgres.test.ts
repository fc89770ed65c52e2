import { postgres, PostgresError } from "gocsp/sql/postgres";
import { admin, noPostgres, startPostgres } from "../servers/postgres.ts";
import { suite } from "../servers/suite.ts";

suite({
  name: "PostgreSQL",
  skipped: noPostgres,
  ErrorClass: PostgresError,
  start: () => startPostgres(),
  connector: ({ host, port }, change = {}) => {
    const user = change.password === undefined ? "postgres" : "secretive";
    return postgres({ host, port, user, database: "postgres", ...change });
  },
  limited: ({ host }, port) => [
    postgres({ host, port, user: "postgres", database: "postgres", connectTimeout: 100 }),
    postgres(`postgres://postgres@${host}:${port}/postgres?connect_timeout=1`),
    postgres(`host=${host} port=${port} user=postgres dbname=postgres connect_timeout=1`),
  ],
  admin: ({ port }, text) => admin(port, text),
  arg: (n) => `$${n}`,
  texts: {
    numbers: (n) => `SELECT i, 'row ' || i AS t FROM (SELECT generate_series(1, ${n}) AS i) s`,
    sleep: "SELECT pg_sleep(600)",
    connection: "SELECT pg_backend_pid()",
    running: `SELECT count(*) AS n FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()`,
    sleeping: `SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(600)'`,
    stopped: "57014",
    syntax: "42601",
    duplicate: "23505",
    readOnly: "25006",
    password: "28P01",
    megabytes: (rows) => `SELECT repeat('x', 1000000) FROM generate_series(1, ${rows})`,
    busy: "postgres: the connection is busy with the rows of another query: close them first",
    level: "shown",
    currentLevel: "SHOW transaction_isolation",
  },
});
