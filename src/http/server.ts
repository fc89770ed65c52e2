import { thrownHere } from "../runtime/place.ts";
import type { Context } from "../context/context.ts";
import { bound } from "../runtime/async-context.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { type Addr, addrOf } from "./addr.ts";
import { BaseContexts } from "./base-contexts.ts";
import { type Tracked, track } from "./connections.ts";
import { checkContext, errServerClosed } from "./errors.ts";
import { type Handler, type HandlerOptions, listener } from "./handler.ts";
import { type ListenAddress, parseAddr } from "./listen.ts";
import type { NodeServer } from "./node.ts";
import { drain } from "./shutdown.ts";
import type { EventEmitter } from "node:events";
import type { SecureServerOptions } from "node:http2";

/** Options of a {@link Server}. */
export interface ServerOptions extends HandlerOptions {
  /**
   * Answers the requests. Mirrors Go's `Server.Handler`. Requests of HTTP/2 are those of Node's compatibility layer,
   * which have the same form.
   */
  readonly handler: Handler;
  /** Where to listen, as in Go: `:8080`, `127.0.0.1:0`. If not given, port 80, with `tls` 443. */
  readonly addr?: string;
  /** Key, certificate and other options of Node's TLS: the server speaks HTTP/2 and HTTP/1.1 over TLS. */
  readonly tls?: SecureServerOptions;
  /** Speaks HTTP/2 without TLS, and no HTTP/1. */
  readonly unencryptedHTTP2?: boolean;
}

/** What a handler gets. */
export type Connected = Parameters<Handler>;

/** What `httptest` and `golib` may do with a server. */
export let internals: {
  connections(server: Server): Tracked;
  node(server: Server): NodeServer | undefined;
  /** As `shutdown`; connections that have sent nothing for `newFor` milliseconds are closed. */
  shutdown(server: Server, ctx: Context, newFor: number): Promise<void>;
};

/**
 * A server on `node:http` or `node:http2`. Mirrors Go's `http.Server`. A server that was shut down cannot listen again.
 *
 * @example
 * ```ts
 * const server = new http.Server({ addr: "127.0.0.1:0", handler: (ctx, req, res) => res.end("hello\n") });
 * await server.listen();
 * console.log(`http://${server.addr()}/`);
 * await server.shutdown(context.background());
 * ```
 */
export class Server {
  readonly #options: ServerOptions;
  readonly #baseContexts: BaseContexts;
  readonly #onShutdown: (() => void)[] = [];
  #nodeServer: NodeServer | undefined;
  #tracked: Tracked | undefined;
  #addr: Addr | undefined;
  #closed = false;
  /** Set when `listen` is called, and reset if that fails. */
  #starting = false;
  #whenClosed: () => void = () => undefined;
  readonly #over: Promise<void> = new Promise((resolve) => (this.#whenClosed = resolve));

  /**
   * Makes a server that does not listen yet.
   *
   * @throws TypeError `http.Server: … is not a function`
   */
  constructor(options: ServerOptions) {
    checkFunction("http.Server", options?.handler);
    this.#options = options;
    this.#baseContexts = new BaseContexts(options, this);
  }

  /**
   * Begins to listen, and returns when it does. In Go that is `net.Listen`, and a goroutine for `Server.Serve`.
   *
   * @param addr Where to listen, instead of the `addr` of the options: `127.0.0.1:0`, or just a port.
   * @throws Error `http: Server closed` after `shutdown` or `close`, `http: address …: missing port in address`, or why
   * Node cannot listen there.
   * @throws PanicError `BaseContext returned a nil context`
   *
   * @example
   * ```ts
   * await server.listen(8080);
   * ```
   */
  async listen(addr?: string | number): Promise<void> {
    const { tls, unencryptedHTTP2, addr: usual } = this.#options;
    if (this.#closed) throw thrownHere(errServerClosed);
    if (this.#starting) throw new Error(`http: the server listens already, on ${this.#addr ?? "its address"}`);
    const where = parseAddr(addr ?? usual ?? (tls === undefined ? 80 : 443));
    this.#starting = true;
    try {
      const nodeServer = await makeServer(tls, unencryptedHTTP2 === true);
      if (this.#closed) throw thrownHere(errServerClosed);
      this.#baseContexts.server(nodeServer);
      const serve = listener(this.#options.handler, this.#options, this.#baseContexts);
      (nodeServer as EventEmitter).on("request", serve);
      this.#tracked = track(nodeServer);
      this.#nodeServer = nodeServer;
      await listening(nodeServer, where);
      if (this.#closed) {
        // A server of Node that is closed while it resolves the host name listens nevertheless.
        nodeServer.close();
        throw thrownHere(errServerClosed);
      }
      const bound = nodeServer.address();
      this.#addr = typeof bound === "object" && bound !== null ? addrOf(bound.address, bound.port) : undefined;
    } catch (error) {
      this.#starting = false;
      this.#nodeServer = undefined;
      throw error;
    }
  }

  /**
   * Listens, and serves until `shutdown` or `close` is called. Mirrors Go's `Server.ListenAndServe`. As in Go it always
   * throws, and does so when `shutdown` begins: wait for `shutdown` before the program ends.
   *
   * @throws Error `http: Server closed` after `shutdown` or `close`, or why it cannot listen, see `listen`.
   *
   * @example
   * ```ts
   * await server.listenAndServe();
   * ```
   */
  async listenAndServe(): Promise<never> {
    await this.listen();
    return this.serve();
  }

  /**
   * Waits until `shutdown` or `close` is called, after `listen`. Mirrors Go's `Server.Serve`, and as in Go always
   * throws.
   *
   * @throws Error `http: Server closed`
   *
   * @example
   * ```ts
   * await server.listen("127.0.0.1:0");
   * console.log(`listening on ${server.addr()}`);
   * await server.serve().catch((err) => console.log(err.message)); // http: Server closed
   * ```
   */
  async serve(): Promise<never> {
    await this.#over;
    throw thrownHere(errServerClosed);
  }

  /**
   * Returns where the server listens; undefined before it does. Go has it from the listener.
   *
   * @example
   * ```ts
   * console.log(server.addr()?.port);
   * ```
   */
  addr(): Addr | undefined {
    return this.#addr;
  }

  /**
   * Stops listening, closes idle connections, and waits until the requests in progress have been answered. Mirrors Go's
   * `Server.Shutdown`. It does not end the contexts of these requests.
   *
   * @throws `ctx.err()` if `ctx` ends first; then `close` ends the rest.
   * @throws Error `net/http: nil Context`
   *
   * @example
   * ```ts
   * await server.shutdown(ctx).catch(() => server.close());
   * ```
   */
  async shutdown(ctx: Context): Promise<void> {
    checkContext("http.Server.shutdown", ctx);
    await this.#shutdown(ctx);
  }

  async #shutdown(ctx: Context, newFor?: number): Promise<void> {
    this.#end();
    for (const start of this.#onShutdown) start();
    if (this.#nodeServer !== undefined) await drain(ctx, this.#nodeServer, newFor);
  }

  /**
   * Closes the listener and all connections at once, whatever is in progress. Mirrors Go's `Server.Close`. The contexts
   * of the requests end, since their connections do.
   *
   * @example
   * ```ts
   * server.close();
   * ```
   */
  close(): void {
    this.#end();
    this.#nodeServer?.close();
    for (const session of this.#tracked?.sessions ?? []) session.destroy();
    for (const socket of this.#tracked?.sockets.keys() ?? []) socket.destroy();
  }

  /**
   * Has `f` called in a goroutine of its own whenever `shutdown` begins: to end what the server does not track, such as
   * upgraded connections. Mirrors Go's `Server.RegisterOnShutdown`.
   *
   * @throws TypeError `http.Server.registerOnShutdown: … is not a function`
   *
   * @example
   * ```ts
   * server.registerOnShutdown(() => messages.close());
   * ```
   */
  registerOnShutdown(f: () => unknown): void {
    checkFunction("http.Server.registerOnShutdown", f);
    this.#onShutdown.push(bound(() => go(f)));
  }

  #end(): void {
    this.#closed = true;
    this.#whenClosed();
  }

  static {
    refuseUnbound(this);
    internals = {
      connections: (server) => server.#tracked ?? { sockets: new Map(), sessions: new Set() },
      node: (server) => server.#nodeServer,
      shutdown: (server, ctx, newFor) => server.#shutdown(ctx, newFor),
    };
  }
}

function listening(server: NodeServer, where: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(errServerClosed);
    server.once("error", reject).once("close", closed);
    server.listen(where, () => {
      server.off("error", reject).off("close", closed);
      resolve();
    });
  });
}

/** Makes Node's server. Imports Node's modules here, so that this package loads where they are missing. */
async function makeServer(tls: SecureServerOptions | undefined, http2: boolean): Promise<NodeServer> {
  if (tls !== undefined) {
    const { createSecureServer } = await import("node:http2");
    return createSecureServer({ allowHTTP1: true, ...tls });
  }
  if (http2) return (await import("node:http2")).createServer();
  return (await import("node:http")).createServer();
}
