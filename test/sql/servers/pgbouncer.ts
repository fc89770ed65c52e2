import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { admin } from "./postgres.ts";
import { startServer, type TestServer, whyNot } from "./process.ts";

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find((path) =>
  existsSync(path),
);

/** Why tests that need PgBouncer are skipped, if they are. */
export const noPgbouncer: string | undefined = whyNot("PgBouncer", program !== undefined);

/** Starts a PgBouncer before a PostgreSQL; it gives its connections to others after each session, or each transaction. */
export function startPgbouncer(
  port: number,
  mode: "session" | "transaction",
  connections: number,
): Promise<TestServer> {
  if (program === undefined) throw new Error("PgBouncer is not installed");
  const settings = (own: number): string =>
    `[databases]
postgres = host=127.0.0.1 port=${port} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = trust
pool_mode = ${mode}
default_pool_size = ${connections}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`;
  return startServer({
    name: "pgbouncer",
    user: "postgres",
    init: () => ["true"],
    prepare: () => undefined,
    run: (folder, own) => {
      const path = join(folder, "pgbouncer.ini");
      // Nobody is asked for a password.
      writeFileSync(join(folder, "users.txt"), '"postgres" ""\n', { mode: 0o644 });
      writeFileSync(path, `${settings(own)}auth_file = ${join(folder, "users.txt")}\n`, { mode: 0o644 });
      return [program, path];
    },
    probe: (own) => admin(own, "SELECT 1").then(() => undefined),
  });
}
