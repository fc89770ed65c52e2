/**
 * Servers for tests. Mirrors Go's `net/http/httptest`.
 *
 * There is no `ResponseRecorder`: a response of Node belongs to a connection, so a recorder would be an imitation, and
 * a server on loopback starts in a millisecond. A handler of {@link fetchHandler} needs neither: call it with a
 * `Request`.
 *
 * @module
 */

import { background } from "../../context/context.ts";
import { asyncDispose } from "../../runtime/symbols.ts";
import { refuseUnbound } from "../../runtime/unbound.ts";
import { second } from "../../time/duration.ts";
import { afterFunc } from "../../time/timer.ts";
import type { Handler } from "../handler.ts";
import { internals, Server as HttpServer, type ServerOptions } from "../server.ts";

/** After how long `close` warns that it still waits. */
const warningDelay = 5 * second;

/** The options of a {@link Server}: those of an `http.Server` without the handler and the address. */
export type Options = Omit<ServerOptions, "handler" | "addr">;

/**
 * A server that listens on a port of its own on the loopback interface, made by {@link newServer}. Mirrors Go's
 * `httptest.Server`.
 *
 * @example
 * ```ts
 * await using server = await httptest.newServer((ctx, req, res) => res.end(`hello from ${req.url}`));
 * const response = await fetch(`${server.url}/world`);
 * console.log(await response.text()); // hello from /world
 * ```
 */
export class Server {
  /** The URL of the server, without a slash at its end: `http://127.0.0.1:41234`. Mirrors Go's `Server.URL`. */
  readonly url: string;
  /** The server that runs. Mirrors Go's `Server.Config`. */
  readonly config: HttpServer;
  /** Closes the server at the end of a block: `await using`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    refuseUnbound(this);
    // Older engines have no `Symbol.asyncDispose`, so the method cannot be declared under that name.
    Object.defineProperty(this.prototype, asyncDispose, {
      value(this: Server) {
        return this.close();
      },
    });
  }

  /** Wraps a server that listens: see {@link newServer}. */
  constructor(config: HttpServer, url: string) {
    this.config = config;
    this.url = url;
  }

  /**
   * Stops listening, closes the connections without a request in progress, and waits until the other requests have been
   * answered. Mirrors Go's `Server.Close`. If that takes longer than five seconds it prints to standard error which
   * connections it waits for, as Go does.
   *
   * @example
   * ```ts
   * const server = await httptest.newServer((ctx, req, res) => res.end("hello"));
   * await server.close();
   * ```
   */
  async close(): Promise<void> {
    const warning = afterFunc(warningDelay, () => this.#warn());
    try {
      await internals.shutdown(this.config, background(), 0);
    } finally {
      warning.stop();
    }
  }

  /**
   * Closes all connections at once, whatever is in progress. Mirrors Go's `Server.CloseClientConnections`.
   *
   * @example
   * ```ts
   * await using server = await httptest.newServer((ctx, req, res) => res.write("begin"));
   * const response = await fetch(server.url);
   * server.closeClientConnections();
   * await response.text().catch((err) => console.log("the server broke off"));
   * ```
   */
  closeClientConnections(): void {
    const { sessions, sockets } = internals.connections(this.config);
    for (const session of sessions) session.destroy();
    for (const socket of sockets.keys()) socket.destroy();
  }

  #warn(): void {
    const { sockets } = internals.connections(this.config);
    const lines = Array.from(sockets.keys(), ({ remoteAddress, remotePort }) => `\n  ${remoteAddress}:${remotePort}`);
    console.error(`httptest.Server blocked in close after 5 seconds, waiting for connections:${lines.join("")}`);
  }
}

/**
 * Starts a server with a handler, and returns when it listens. Mirrors Go's `httptest.NewServer`; with `tls` in the
 * options it mirrors `NewTLSServer`, except that you have to pass the certificate. For an app of Express and the like
 * use `http.handlerFunc(app)`.
 *
 * @throws TypeError `http.Server: … is not a function`
 *
 * @example
 * ```ts
 * const server = await httptest.newServer(async (ctx, req, res) => res.end(await answer.receive(ctx)));
 * await using _ = defer(() => server.close());
 * ```
 */
export async function newServer(handler: Handler, options: Options = {}): Promise<Server> {
  const config = new HttpServer({ ...options, handler });
  await config.listen("127.0.0.1:0");
  return new Server(config, `${options.tls === undefined ? "http" : "https"}://${config.addr()}`);
}
