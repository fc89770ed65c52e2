import { connect as connectSocket } from "node:net";
import { type Context, onEnd } from "../../context/context.ts";
import { withinConnectTimeout } from "../driver/connect-timeout.ts";
import { type Conn, type Connector, StoppedError } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import { type Client, loadClient, type Package, type Socket } from "./client.ts";
import { MysqlConn } from "./mysql-conn.ts";
import { connected, identify, run } from "./connect.ts";
import { MysqlError, toMysqlError } from "./mysql-error.ts";
import { Killer } from "./killer.ts";
import { type MysqlOptions, readOptions, type Settings } from "./options.ts";
import { Link } from "./link.ts";
import { Room } from "./room.ts";

/** Makes connections to one server. */
export class MysqlConnector implements Connector {
  readonly #settings: Settings;
  /** By address, as a name may stand for several. */
  readonly #killers = new Map<string, Killer>();
  readonly #room = new Room();

  constructor(options: string | MysqlOptions) {
    this.#settings = readOptions(options);
  }

  connect(ctx: Context): Promise<Conn> {
    const { connectTimeout } = this.#settings;
    return withinConnectTimeout(
      ctx,
      connectTimeout,
      (ctx) => this.#connect(ctx),
      (reason) => new MysqlError(`connecting took longer than ${connectTimeout} ms`, "ETIMEDOUT", 0, "", reason),
    );
  }

  async #connect(ctx: Context): Promise<Conn> {
    const pkg = await loadClient();
    const client = this.#create(pkg, undefined);
    // The socket below stays the same when it becomes an encrypted one.
    const socket = client.stream;
    let server = "";
    let killer: Killer | undefined;
    const link = new Link(client, async (threadId) => killer?.kill(server, threadId), this.#settings.cancelTimeout);
    const unwatch = onEnd(ctx, () => {
      // The client's own `destroy` would leave `connect` pending forever.
      client.stream.destroy();
      socket.destroy();
    });
    try {
      await connected(client);
      link.established();
      // Dates are UTC here; those with a zone, the server counts from the session's.
      await run(client, "SET time_zone = '+00:00'");
      server = await identify(client);
      killer = this.#killerFor(pkg, socket);
      if (endOf(ctx) !== undefined) throw new Error("the connection was given up");
    } catch (error) {
      link.destroy();
      socket.destroy();
      const end = endOf(ctx);
      throw end === undefined ? toMysqlError(error) : new StoppedError(end, toMysqlError(error));
    } finally {
      unwatch();
    }
    killer.open();
    return new MysqlConn(link, pkg.TypedParameter?.BIGINT, this.#settings, this.#room);
  }

  async close(): Promise<void> {
    for (const killer of this.#killers.values()) killer.close();
    this.#killers.clear();
  }

  /** Returns who stops the statements of a connection that goes where this socket does. */
  #killerFor(pkg: Package, { remoteAddress, remotePort }: Socket): Killer {
    const address = remoteAddress === undefined ? "" : `${remoteAddress} ${remotePort}`;
    let killer = this.#killers.get(address);
    if (killer === undefined) {
      const stream = remoteAddress === undefined ? undefined : () => connectSocket(remotePort ?? 0, remoteAddress);
      killer = new Killer(() => this.#create(pkg, stream));
      this.#killers.set(address, killer);
    }
    return killer;
  }

  #create(pkg: Package, stream: (() => object) | undefined): Client {
    const client = open(pkg, {
      ...this.#settings.config,
      ...(stream === undefined ? {} : { stream }),
      // What ends the waiting is the context, and our own limit.
      connectTimeout: 0,
      rowsAsArray: true,
      dateStrings: !this.#settings.nativeDates,
      supportBigNumbers: true,
      timezone: "Z",
      // Count the rows that were changed, as Go's driver does, and let no server ask for files.
      flags: ["-FOUND_ROWS", "-LOCAL_FILES"],
    });
    // Without a listener an error would end the program.
    client.on("error", () => undefined);
    return client;
  }
}

function open(pkg: Package, config: object): Client {
  try {
    return pkg.createConnection(config);
  } catch (error) {
    // The error itself shows the URL, and the password in it.
    const isUrl = (error as { code?: unknown }).code === "ERR_INVALID_URL";
    throw isUrl ? new MysqlError("the URL of the server is not valid", "ERR_INVALID_URL") : toMysqlError(error);
  }
}
