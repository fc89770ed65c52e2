import { type CancelFunc, type Context, withCancel } from "../context/context.ts";
import { defaultLimit, readAhead } from "./read-ahead.ts";
import type { BaseContexts, Connection } from "./base-contexts.ts";
import { type Carrier, http2Stream, type NodeRequest, type NodeResponse } from "./node.ts";
import { watchConnection } from "./connections.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";

/** The exchanges in progress and past, by response, in HTTP/2 by stream, after an upgrade by request. */
const exchanges = new WeakMap<object, Exchange>();

/**
 * One request and its response.
 *
 * Its context ends when the client goes away, or when the response has been sent and no handler runs any more.
 */
export class Exchange {
  readonly connection: Connection;
  /** The context that ends with the exchange. */
  readonly root: Context;
  /** The context that `http.context` returns: `root`, or the one that `http.setContext` has set. */
  ctx: Context;
  /** Whether the client went away before the response was complete. */
  gone = false;
  readonly #cancel: CancelFunc;
  #closed = false;
  #running = 0;
  #stopReading: (() => void) | undefined;
  #whenClosed: (() => void)[] = [];
  readonly #hasLeft: () => boolean;

  /** `hasLeft` tells whether the client has gone, even before the event for it was emitted. */
  constructor(connection: Connection, hasLeft: () => boolean) {
    this.connection = connection;
    this.#hasLeft = hasLeft;
    const [ctx, cancel] = withCancel(connection.ctx);
    this.ctx = this.root = ctx;
    this.#cancel = cancel;
  }

  /** Reads the request's body ahead until the exchange is closed. */
  readAhead(req: IncomingMessage, limit: number): void {
    this.#stopReading = readAhead(req, limit);
  }

  /**
   * Closes the exchange if the client has gone. Node calls other listeners before ours, such as a body parser's: an
   * error handler that they call must see that the context has ended.
   */
  look(): this {
    if (!this.#closed && this.#hasLeft()) this.close(true);
    return this;
  }

  /** Counts a handler that begins. */
  enter(): void {
    this.#running++;
  }

  /** Counts a handler that has returned. */
  leave(): void {
    this.#running--;
    this.#endIfOver();
  }

  /** Records that the response was completed or that the client went away. The first call decides. */
  close(gone: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.gone = gone;
    this.#stopReading?.();
    for (const closed of this.#whenClosed.splice(0)) closed();
    if (gone) this.#cancel();
    else this.#endIfOver();
  }

  /** Resolves when the response was completed, or the client went away. */
  closed(): Promise<void> {
    return this.#closed ? Promise.resolve() : new Promise((resolve) => this.#whenClosed.push(resolve));
  }

  #endIfOver(): void {
    if (this.#closed && this.#running === 0) this.#cancel();
  }
}

/** Returns the exchange of a request, and begins to watch it at the first call. */
export function exchangeOf(
  req: NodeRequest,
  res: NodeResponse,
  baseContexts: BaseContexts,
  ahead: number = defaultLimit,
): Exchange {
  const stream = http2Stream(res);
  if (stream !== undefined) return streamExchange(stream, baseContexts);
  const known = exchanges.get(res);
  if (known !== undefined) return known.look();
  const response = res as ServerResponse;
  const socket = req.socket ?? response.socket;
  const hasLeft = (): boolean => (socket?.destroyed ?? false) && !response.writableFinished;
  const exchange = new Exchange(baseContexts.connection(socket), hasLeft);
  exchanges.set(res, exchange);
  const closed = (): void => exchange.close(!response.writableFinished);
  if (response.closed || response.destroyed || response.writableFinished || socket?.destroyed) {
    closed();
    return exchange;
  }
  const unwatch = watchConnection(socket, closed);
  response.once("close", () => {
    unwatch();
    closed();
  });
  exchange.readAhead(req as IncomingMessage, ahead);
  return exchange;
}

/** Returns the exchange on an HTTP/2 stream. */
export function streamExchange(stream: ServerHttp2Stream, baseContexts: BaseContexts): Exchange {
  const known = exchanges.get(stream);
  if (known !== undefined) return known.look();
  // The response's `writableFinished` is true after a reset too.
  const wasReset = (): boolean => stream.aborted || (stream.rstCode ?? 0) !== 0;
  const hasLeft = (): boolean => stream.destroyed && wasReset();
  const exchange = new Exchange(baseContexts.connection(stream.session as Carrier | undefined), hasLeft);
  exchanges.set(stream, exchange);
  const closed = (): void => exchange.close(wasReset());
  if (stream.destroyed) closed();
  else stream.once("close", closed);
  return exchange;
}

/**
 * Returns the exchange of a connection that was upgraded from HTTP: it lasts until the client closes its side. The
 * close of the socket would be too late: it stays half open until its owner ends it.
 */
export function takenOver(req: NodeRequest, socket: Duplex, baseContexts: BaseContexts): Exchange {
  const known = exchanges.get(req);
  if (known !== undefined) return known.look();
  const exchange = new Exchange(baseContexts.connection(req.socket), () => socket.destroyed);
  exchanges.set(req, exchange);
  const closed = (): void => exchange.close(true);
  if (socket.destroyed || socket.readableEnded) closed();
  else socket.once("end", closed).once("close", closed);
  return exchange;
}
