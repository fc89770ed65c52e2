import { background, type Context, withValue } from "../context/context.ts";
import { bound } from "../runtime/async-context.ts";
import { PanicError } from "../runtime/panic.ts";
import { addrOf } from "./addr.ts";
import { trackFrom } from "./connections.ts";
import { localAddrContextKey, serverContextKey } from "./keys.ts";
import { type Carrier, type NodeServer, serverOf, socketOf } from "./node.ts";
import type { Server } from "./server.ts";
import type { Socket } from "node:net";

/** The contexts from which those of the requests are derived. */
export interface ContextOptions {
  /**
   * Returns the context from which those of all requests to a server are derived; by default the background.
   * Called once for each server. Mirrors Go's `Server.BaseContext`.
   */
  readonly baseContext?: (server: Server | NodeServer) => Context;
  /**
   * Returns the context from which those of all requests on one connection are derived. It gets the default, which has
   * the server as a value. Called once for each connection. Mirrors Go's `Server.ConnContext`.
   */
  readonly connContext?: (ctx: Context, socket: Socket) => Context;
}

/** A connection as its requests see it. */
export interface Connection {
  readonly ctx: Context;
  /** The client's address, kept because a closed socket no longer has it. */
  readonly remote: string;
}

/**
 * The contexts from which those of the requests are derived: one for each server, and below it one for each connection.
 */
export class BaseContexts {
  readonly #baseContext: ContextOptions["baseContext"];
  readonly #connContext: ContextOptions["connContext"];
  /** The server that requests have as a value; undefined for Node's own, on which their connection arrived. */
  readonly #server: Server | undefined;
  readonly #servers = new WeakMap<object, Context>();
  readonly #connections = new WeakMap<object, Connection>();

  constructor(options: ContextOptions = {}, server?: Server) {
    const { baseContext, connContext } = options;
    // The result is shared by all requests: it must not run in the async context of the first one.
    this.#baseContext = baseContext === undefined ? undefined : bound(baseContext);
    this.#connContext = connContext === undefined ? undefined : bound(connContext);
    this.#server = server;
  }

  /**
   * Returns the context of a server.
   *
   * @throws PanicError `BaseContext returned a nil context`
   */
  server(nodeServer: NodeServer | undefined): Context {
    const server = this.#server ?? nodeServer;
    // A request without a server, such as a framework's tests make.
    if (server === undefined) return background();
    const known = this.#servers.get(server);
    if (known !== undefined) return known;
    const base: Context | null | undefined = this.#baseContext === undefined ? background() : this.#baseContext(server);
    if (base === undefined || base === null) throw new PanicError("BaseContext returned a nil context");
    const ctx = withValue(base, serverContextKey, server);
    this.#servers.set(server, ctx);
    return ctx;
  }

  /**
   * Returns a connection.
   *
   * @throws PanicError `BaseContext returned a nil context`, or `ConnContext returned nil`
   */
  connection(carrier: Carrier | undefined): Connection {
    if (carrier === undefined || carrier === null) return { ctx: this.server(undefined), remote: "" };
    const known = this.#connections.get(carrier);
    if (known !== undefined) return known;
    const socket = socketOf(carrier);
    const server = serverOf(carrier);
    if (server !== undefined) trackFrom(server, carrier);
    let ctx: Context | null | undefined = this.server(server);
    if (this.#connContext !== undefined && socket !== undefined) {
      ctx = this.#connContext(ctx, socket);
      if (ctx === undefined || ctx === null) throw new PanicError("ConnContext returned nil");
    }
    const path = server?.listening === true ? server.address() : undefined;
    const local = addrOf(socket?.localAddress, socket?.localPort, path);
    const remote = String(addrOf(socket?.remoteAddress, socket?.remotePort));
    const connection = { ctx: withValue(ctx, localAddrContextKey, local), remote };
    this.#connections.set(carrier, connection);
    return connection;
  }
}
