import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { certificate, key } from "./certificate.ts";
import { startServer, type TestServer, whyNot } from "./process.ts";

const find = (...names: string[]): string | undefined =>
  names
    .flatMap((name) =>
      ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"].map((folder) => join(folder, name)),
    )
    .find((path) => existsSync(path));

const daemon = find("mariadbd");
const installer = find("mariadb-install-db");

/** Why tests that need MariaDB are skipped, if they are. */
export const noMariaDB: string | undefined = whyNot("MariaDB", daemon !== undefined && installer !== undefined);

/** What to connect with: a user that may do everything; so may `encrypted`, with the same password, but only with TLS. */
export interface MariaServer extends TestServer {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const user = "gocsp";
const password = "s3cret";
const database = "test";

/** Starts a MariaDB server; `settings` are its own, as `max_connections: 20`. */
export async function startMariaDB(settings: Record<string, string | number> = {}): Promise<MariaServer> {
  if (daemon === undefined || installer === undefined) throw new Error("MariaDB is not installed");
  const server = await startServer({
    name: "mariadb",
    user: "mysql",
    init: (folder) => [
      installer,
      "--no-defaults",
      `--datadir=${join(folder, "data")}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      "--skip-name-resolve",
    ],
    prepare: (folder) => {
      writeFileSync(join(folder, "server.crt"), certificate, { mode: 0o644 });
      writeFileSync(join(folder, "server.key"), key, { mode: 0o644 });
      writeFileSync(
        join(folder, "init.sql"),
        [
          `CREATE USER IF NOT EXISTS 'encrypted'@'%' IDENTIFIED BY '${password}' REQUIRE SSL;`,
          `GRANT ALL ON *.* TO 'encrypted'@'%';`,
          `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';`,
          `GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;`,
          `CREATE DATABASE IF NOT EXISTS ${database} CHARACTER SET utf8mb4;`,
        ].join("\n"),
        { mode: 0o644 },
      );
    },
    run: (folder, port) => [
      daemon,
      "--no-defaults",
      `--datadir=${join(folder, "data")}`,
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--ssl-cert=${join(folder, "server.crt")}`,
      `--ssl-key=${join(folder, "server.key")}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--skip-name-resolve",
      `--init-file=${join(folder, "init.sql")}`,
      "--innodb-flush-log-at-trx-commit=2",
      "--innodb-flush-method=nosync",
      "--innodb-buffer-pool-size=32M",
      "--default-time-zone=+05:30",
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    probe: (port) => admin(port, "SELECT 1").then(() => undefined),
  });
  return Object.assign(server, { user, password, database });
}

/** Runs one statement on a connection of its own, apart from the driver under test, and returns the rows. */
export async function admin(port: number, text: string): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({ host: "127.0.0.1", port, user, password, database });
  connection.on("error", () => undefined);
  try {
    const [rows] = await connection.query(text);
    return rows as Record<string, unknown>[];
  } finally {
    connection.destroy();
  }
}
