import { appendFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { certificate, key } from "./certificate.ts";
import { startServer, type TestServer, whyNot } from "./process.ts";

const debian = "/usr/lib/postgresql";

/** Where the server's programs are: the newest version that is installed. */
function binaries(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), "/usr/local/bin", "/usr/bin"];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Why tests that need PostgreSQL are skipped, if they are. */
export const noPostgres: string | undefined = whyNot("PostgreSQL", binaries() !== undefined);

/**
 * What to connect with: the user `postgres` needs no password, the user `secretive` has the password `s3cret`, the user
 * `encrypted` has to use TLS.
 */
export interface PostgresServer extends TestServer {
  readonly user: string;
  readonly database: string;
}

/** Starts a PostgreSQL server; `settings` are its own, as `max_connections: 20`. */
export async function startPostgres(settings: Record<string, string | number> = {}): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === undefined) throw new Error("PostgreSQL is not installed");
  const server = await startServer({
    name: "postgres",
    user: "postgres",
    init: (folder) => [
      join(bin, "initdb"),
      "--pgdata",
      join(folder, "data"),
      "--username=postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--no-locale",
      "--no-sync",
    ],
    prepare: (folder) => {
      const data = join(folder, "data");
      writeFileSync(
        join(data, "pg_hba.conf"),
        "hostssl all encrypted 127.0.0.1/32 trust\nhostnossl all encrypted 127.0.0.1/32 reject\n" +
          "host all secretive 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n",
      );
      writeFileSync(join(data, "server.crt"), certificate);
      writeFileSync(join(data, "server.key"), key, { mode: 0o600 });
      appendFileSync(
        join(data, "postgresql.conf"),
        Object.entries({
          listen_addresses: "127.0.0.1",
          unix_socket_directories: "",
          ssl: "on",
          fsync: "off",
          full_page_writes: "off",
          shared_buffers: "32MB",
          // Neither the machine's zone nor its order of dates must matter.
          timezone: "Asia/Kolkata",
          datestyle: "SQL, DMY",
          ...settings,
        })
          .map(([name, value]) => `${name} = '${value}'\n`)
          .join(""),
      );
    },
    run: (folder, port) => [join(bin, "postgres"), "-D", join(folder, "data"), "-p", String(port)],
    probe: (port) => admin(port, "SELECT 1").then(() => undefined),
  });
  await admin(server.port, "CREATE USER secretive PASSWORD 's3cret'");
  await admin(server.port, "CREATE USER encrypted");
  return Object.assign(server, { user: "postgres", database: "postgres" });
}

/** Runs one statement on a connection of its own, apart from the driver under test, and returns the rows. */
export async function admin(port: number, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
