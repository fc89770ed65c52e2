import { mysql, MysqlError } from "gocsp/sql/mysql";
import { admin, noMariaDB, startMariaDB } from "../servers/mariadb.ts";
import { suite } from "../servers/suite.ts";

suite({
  name: "MariaDB",
  skipped: noMariaDB,
  ErrorClass: MysqlError,
  start: () => startMariaDB(),
  connector: ({ host, port }, change = {}) =>
    mysql({ host, port, user: "gocsp", password: "s3cret", database: "test", ...change }),
  limited: ({ host }, port) => [
    mysql({ host, port, user: "gocsp", password: "s3cret", database: "test", connectTimeout: 100 }),
    mysql(`mysql://gocsp:s3cret@${host}:${port}/test?connectTimeout=100`),
    mysql(`mysql://gocsp:s3cret@${host}:${port}/test?connect_timeout=1`),
  ],
  admin: ({ port }, text) => admin(port, text),
  arg: () => "?",
  texts: {
    numbers: (n) => `SELECT seq AS i, concat('row ', seq) AS t FROM seq_1_to_${n}`,
    sleep: "SELECT SLEEP(600)",
    connection: "SELECT CONNECTION_ID()",
    running: `SELECT count(*) AS n FROM information_schema.processlist
      WHERE command NOT IN ('Sleep', 'Daemon') AND id <> CONNECTION_ID()`,
    sleeping: "SELECT count(*) AS n FROM information_schema.processlist WHERE info = 'SELECT SLEEP(600)'",
    stopped: "ER_QUERY_INTERRUPTED",
    syntax: "ER_PARSE_ERROR",
    duplicate: "ER_DUP_ENTRY",
    readOnly: "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
    password: "ER_ACCESS_DENIED_ERROR",
    megabytes: (rows) => `SELECT repeat('x', 1000000) FROM seq_1_to_${rows}`,
    busy: "mysql: the connection is busy with the rows of another query: close them first",
    level: "hidden",
    currentLevel: "SELECT @@tx_isolation",
  },
});
