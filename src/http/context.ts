import { type Context, signal } from "../context/context.ts";
import { describe } from "../runtime/arguments.ts";
import { BaseContexts, type ContextOptions } from "./base-contexts.ts";
import { checkContext, checkNewContext } from "./errors.ts";
import { type Exchange, exchangeOf, streamExchange, takenOver } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./node.ts";
import { bindRequest, requestContext } from "./request.ts";
import type { Http2Stream, ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";

/** A request of `node:http` or `node:http2`, or a framework's that holds one in `raw`. */
export type RequestLike = NodeRequest | { readonly raw: NodeRequest };

/** A response of `node:http` or `node:http2`, or a framework's that holds one in `raw`. */
export type ResponseLike = NodeResponse | { readonly raw: NodeResponse };

/** How {@link context} treats a request that it sees for the first time. */
export interface RequestOptions extends ContextOptions {
  /**
   * How many bytes of an unread body are read ahead, in order to see the client leave: 16 MiB if not given. With 0
   * nothing is read ahead, and a client that leaves in the middle of a larger body is noticed only when the body is
   * read.
   */
  readonly readAhead?: number;
}

const plain = new BaseContexts();

/** One entry for each object with options, so that the contexts of a server and of a connection are made once. */
const known = new WeakMap<object, BaseContexts>();

/** Returns the base contexts of requests with these options. */
export function baseContextsOf(options: ContextOptions | undefined): BaseContexts {
  if (options === undefined) return plain;
  let baseContexts = known.get(options);
  if (baseContexts === undefined) {
    baseContexts = new BaseContexts(options);
    known.set(options, baseContexts);
  }
  return baseContexts;
}

/**
 * Returns the context of a request, for use in Express, Fastify, Koa and wherever else there is a request of
 * `node:http` or `node:http2`. Mirrors Go's `Request.Context`, and like it always returns one.
 *
 * It ends as canceled when the client goes away (the connection closes, even on one side only, or the HTTP/2 stream is
 * reset), and when the response has been sent. It has no deadline; its values are the server and the local address,
 * see {@link serverContextKey} and {@link localAddrContextKey}. For one request each call returns the same context: in
 * middleware, in handlers, and in {@link handler}. It keeps neither the process nor the connection alive.
 *
 * From the first call on, a large body that is not read is read ahead and kept for a late reader, up to a limit: only
 * behind it comes the end of the connection. See {@link RequestOptions.readAhead}.
 *
 * It also takes the request and reply of Fastify, the stream of a raw HTTP/2 server, and the `Request` of
 * {@link fetchHandler}. For an upgraded connection (`upgrade` and `connect` events) pass the request and the socket:
 * the context ends when the client closes it, whatever it sends before.
 *
 * @param options The first call for a request decides. Use one object for all requests: the context of a server is made
 * once for each object.
 * @throws TypeError `http.context: … is no request`, or `http.context: … is no response`
 * @throws PanicError `BaseContext returned a nil context`, or `ConnContext returned nil`
 *
 * @example
 * ```ts
 * app.get("/albums", async (req, res) => {
 *   const ctx = http.context(req, res);
 *   const rows = await db.queryContext(ctx, "SELECT * FROM album");
 *   res.json(await rows.toArray());
 * });
 * ```
 */
export function context(req: RequestLike, res: ResponseLike | Duplex, options?: RequestOptions): Context;
export function context(request: Request | Http2Stream): Context;
export function context(
  request: RequestLike | Request | Http2Stream,
  response?: ResponseLike | Duplex,
  options?: RequestOptions,
): Context {
  if (response === undefined) {
    if (isFetchRequest(request)) return requestContext(request);
    if (isStream(request)) return streamExchange(request, plain).ctx;
  }
  return lookUp("http.context", request as RequestLike, response as ResponseLike, options).ctx;
}

/**
 * Sets the context that {@link context} returns for a request from now on: for middleware that adds a deadline or a
 * value for the handlers behind it. Go's middleware passes `r.WithContext(ctx)` on instead; Node's frameworks pass the
 * same request to all handlers.
 *
 * Derive `ctx` from the request's present context, or it will not end when the client goes away.
 *
 * @throws PanicError `nil context`
 * @throws TypeError `http.setContext: … is no request`
 *
 * @example
 * ```ts
 * app.use((req, res, next) => {
 *   const [ctx] = context.withTimeout(http.context(req, res), 5 * time.second);
 *   http.setContext(req, res, ctx);
 *   next();
 * });
 * ```
 */
export function setContext(req: RequestLike, res: ResponseLike, ctx: Context): void {
  checkNewContext("http.setContext", ctx);
  lookUp("http.setContext", req, res, undefined).ctx = ctx;
}

/**
 * Returns a copy of a `Request` with another context, which {@link context} returns for it; its signal aborts when that
 * ends. Mirrors Go's `Request.WithContext`; the original keeps its own context. By the web's rules the copy takes the
 * body from the original, and has headers of its own: copy `request.clone()` to have the body twice, which mirrors Go's
 * `Request.Clone`.
 *
 * @throws PanicError `nil context`
 * @throws TypeError `http.withContext: … is no Request`
 *
 * @example
 * ```ts
 * const [limited, cancel] = context.withTimeout(http.context(request), 5 * time.second);
 * using _ = cancel;
 * const response = await fetch(http.withContext(limited, request));
 * ```
 */
export function withContext(ctx: Context, request: Request): Request {
  checkNewContext("http.withContext", ctx);
  if (!isFetchRequest(request)) throw new TypeError(`http.withContext: ${describe(request)} is no Request`);
  return bindRequest(new Request(request, { signal: signal(ctx) }), ctx);
}

/**
 * Makes a `Request` with a context, which {@link context} returns for it; its signal aborts when that ends.
 * Mirrors Go's `http.NewRequestWithContext`.
 *
 * @throws Error `net/http: nil Context`
 * @throws TypeError what `new Request` throws
 *
 * @example
 * ```ts
 * const request = http.newRequestWithContext(ctx, url, { method: "DELETE" });
 * const response = await http.fetch(ctx, request);
 * ```
 */
export function newRequestWithContext(ctx: Context, input: string | URL | Request, init?: RequestInit): Request {
  checkContext("http.newRequestWithContext", ctx);
  return bindRequest(new Request(input, { ...init, signal: signal(ctx) }), ctx);
}

function lookUp(
  what: string,
  request: RequestLike,
  response: ResponseLike | Duplex,
  options: RequestOptions | undefined,
): Exchange {
  const req = unwrap(request);
  const res = unwrap(response);
  if (typeof (req as Partial<NodeRequest> | undefined)?.headers !== "object") {
    throw new TypeError(`${what}: ${describe(request)} is no request`);
  }
  const baseContexts = baseContextsOf(options);
  if (typeof (res as Partial<NodeResponse> | undefined)?.setHeader === "function") {
    return exchangeOf(req as NodeRequest, res as NodeResponse, baseContexts, options?.readAhead);
  }
  if (typeof (res as Partial<Duplex> | undefined)?.pipe === "function") {
    return takenOver(req as NodeRequest, res as Duplex, baseContexts);
  }
  throw new TypeError(`${what}: ${describe(response)} is no response`);
}

/** Returns Node's object from a framework's. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return "raw" in value && typeof value.raw === "object" && value.raw !== null ? value.raw : value;
}

function isFetchRequest(value: unknown): value is Request {
  const request = value as Partial<Request> | undefined | null;
  return typeof request?.url === "string" && typeof request.clone === "function" && typeof request.text === "function";
}

function isStream(value: unknown): value is ServerHttp2Stream {
  return typeof value === "object" && value !== null && "rstCode" in value;
}
