import { background, type Context, onEnd } from "../../context/context.ts";
import { describe } from "../../runtime/arguments.ts";
import { type Conn, type Connector, StoppedError } from "../driver/driver.ts";
import { sendCancel } from "./cancel.ts";
import { type Client, loadClient, type Package } from "./client.ts";
import { PostgresConn } from "./conn.ts";
import { PostgresError, toPostgresError } from "./error.ts";

/** How to reach a server. */
export interface PostgresOptions {
  /** A URL. It overrules the host, port, user, password and database below, also where it names none. */
  readonly connectionString?: string;
  /** A name or an address, or the folder of a Unix socket; `localhost`. */
  readonly host?: string;
  /** 5432. */
  readonly port?: number;
  /** The name of the user who runs the program. */
  readonly user?: string;
  /** The password, or a function that fetches it for each connection. */
  readonly password?: string | (() => string | Promise<string>);
  /** The user's name. */
  readonly database?: string;
  /** Whether to encrypt: true, or options of Node's `tls.connect`. */
  readonly ssl?: boolean | object;
  /** What the server's lists call the program. */
  readonly applicationName?: string;
  /** Options for the server's session, as `-c statement_timeout=5s`. */
  readonly options?: string;
}

/** Makes connections to one server. */
export class PostgresConnector implements Connector {
  readonly #config: object;

  constructor(options: string | PostgresOptions) {
    if (typeof options === "string") {
      const scheme = /^(\w+):/.exec(options)?.[1];
      if (scheme !== undefined && !/^(postgres|postgresql|socket|unix)$/.test(scheme)) {
        throw new TypeError(`postgres: the URL must begin with postgres:, got ${scheme}:`);
      }
      this.#config = { connectionString: options };
    } else if (typeof options === "object" && options !== null) {
      const { applicationName, ...rest } = options;
      this.#config = applicationName === undefined ? rest : { ...rest, application_name: applicationName };
    } else {
      throw new TypeError(`postgres: the options must be a URL or an object, got ${describe(options)}`);
    }
  }

  async connect(ctx: Context): Promise<Conn> {
    const pg = await loadClient();
    const client = create(pg, { keepAlive: true, ...this.#config });
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
    const conn = new PostgresConn(client, () => sendCancel(pg, client, address));
    const unwatch = onEnd(ctx, destroy);
    try {
      await client.connect();
      // Dates are read in this style only.
      if (!style.startsWith("ISO")) await conn.exec(background(), "SET datestyle = ISO", []);
      if (ctx.err() !== undefined) throw new Error("the connection was given up");
      return conn;
    } catch (error) {
      destroy();
      const end = ctx.err();
      throw end === undefined ? toPostgresError(error) : new StoppedError(end, toPostgresError(error));
    } finally {
      unwatch();
    }
  }
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
