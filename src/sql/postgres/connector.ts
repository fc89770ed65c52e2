import { background, type Context, onEnd } from "../../context/context.ts";
import { withinConnectTimeout } from "../driver/connect-timeout.ts";
import { type Conn, type Connector, StoppedError } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import { sendCancel } from "./cancel.ts";
import { type Client, loadClient, type Package } from "./client.ts";
import { PostgresConn } from "./postgres-conn.ts";
import { PostgresError, toPostgresError } from "./postgres-error.ts";
import { type PostgresOptions, readOptions, type Settings, type TargetSession } from "./options.ts";

/** Makes connections to one server. */
export class PostgresConnector implements Connector {
  readonly #settings: Settings;

  constructor(options: string | PostgresOptions) {
    this.#settings = readOptions(options);
  }

  /** Connects to the first host that answers and will do. */
  async connect(ctx: Context): Promise<Conn> {
    const { configs, target } = this.#settings;
    const failures: Error[] = [];
    for (const wanted of target === "prefer-standby" ? (["standby", "any"] as const) : [target]) {
      for (const config of configs) {
        try {
          return await this.#connectWithin(ctx, config, wanted);
        } catch (error) {
          if (configs.length === 1 || endOf(ctx) !== undefined) throw error;
          failures.push(error as Error);
        }
      }
    }
    const why = failures.map(({ message }) => message).join("; ");
    throw new PostgresError(
      `no host will do: ${why}`,
      (failures[0] as PostgresError).code,
      new AggregateError(failures),
    );
  }

  #connectWithin(ctx: Context, config: object, wanted: TargetSession): Promise<PostgresConn> {
    const { connectTimeout } = this.#settings;
    return withinConnectTimeout(
      ctx,
      connectTimeout,
      (ctx) => this.#connect(ctx, config, wanted),
      (reason) => new PostgresError(`connecting took longer than ${connectTimeout} ms`, "ETIMEDOUT", reason),
    );
  }

  async #connect(ctx: Context, config: object, wanted: TargetSession): Promise<PostgresConn> {
    const pg = await loadClient();
    const client = create(pg, { keepAlive: true, ...config });
    // The socket below stays the same when it becomes an encrypted one.
    const socket = client.connection.stream;
    const destroy = (): void => {
      client.connection.stream.destroy();
      socket.destroy();
    };
    let style = "";
    client.connection.on("parameterStatus", (status: { parameterName: string; parameterValue: string }) => {
      if (status.parameterName === "DateStyle") style = status.parameterValue;
    });
    let address: string | undefined;
    client.connection.once("connect", () => (address = socket.remoteAddress));
    const conn = new PostgresConn(client, () => sendCancel(pg, client, address), this.#settings);
    const unwatch = onEnd(ctx, destroy);
    try {
      await client.connect();
      // Dates are read in this style only.
      if (!style.startsWith("ISO")) await conn.exec(background(), "SET datestyle = ISO", []);
      if (!(await suits(conn, wanted))) throw new PostgresError(`the server is not ${wanted}`, "");
      if (endOf(ctx) !== undefined) throw new Error("the connection was given up");
      return conn;
    } catch (error) {
      destroy();
      const end = endOf(ctx);
      throw end === undefined ? toPostgresError(error) : new StoppedError(end, toPostgresError(error));
    } finally {
      unwatch();
    }
  }
}

/** Asks a server whether it is what is wanted. */
async function suits(conn: PostgresConn, wanted: TargetSession): Promise<boolean> {
  if (wanted === "any") return true;
  const isRole = wanted === "primary" || wanted === "standby";
  const rows = await conn.query(background(), isRole ? "SELECT pg_is_in_recovery()" : "SHOW transaction_read_only", []);
  const [row] = await rows.next();
  await rows.close();
  return row?.[0] === { primary: false, standby: true, "read-write": "off", "read-only": "on" }[wanted as string];
}

function create(pg: Package, config: object): Client {
  try {
    return new pg.Client(config);
  } catch (error) {
    // The error itself shows the URL, and the password in it.
    const isUrl = (error as { code?: unknown }).code === "ERR_INVALID_URL";
    throw isUrl ? new PostgresError("the URL of the server is not valid", "ERR_INVALID_URL") : toPostgresError(error);
  }
}
