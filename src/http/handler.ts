import { cause, type Context } from "../context/context.ts";
import { is } from "../errors/errors.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { describe } from "../runtime/arguments.ts";
import { isGoexit } from "../runtime/goroutine.ts";
import { baseContextsOf, type RequestOptions } from "./context.ts";
import type { BaseContexts } from "./base-contexts.ts";
import { errAbortHandler } from "./errors.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";
import { http2Stream, type NodeRequest, type NodeResponse } from "./node.ts";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * A function that answers requests. Mirrors Go's `http.Handler`; the context is an argument of its own, because requests
 * of Node have none.
 */
export type Handler<Req extends NodeRequest = IncomingMessage, Res extends NodeResponse = ServerResponse> = (
  ctx: Context,
  req: Req,
  res: Res,
) => unknown;

/** What can be set for a {@link handler}. */
export interface HandlerOptions extends RequestOptions {
  /**
   * Is told what a handler has thrown; without it the error is printed as Go prints it, `http: panic serving
   * 127.0.0.1:1234: …`. Takes the place of Go's `Server.ErrorLog`.
   */
  readonly onError?: (error: unknown, req: NodeRequest, res: NodeResponse) => void;
}

/**
 * Makes a listener for the requests of `node:http`, `node:https` and `node:http2` (or a route of Express) that calls `f`
 * with the context of the request. Mirrors how Go's server calls a `http.Handler`.
 *
 * The context is that of {@link context}: it ends as canceled as soon as the client goes away. Otherwise it is alive as
 * long as `f` runs, also after the response has been sent; and as long as the response is being sent, also after `f` has
 * returned, as in `file.pipe(res)`. Unlike in Go, a handler that returns without `res.end()` has not answered yet.
 *
 * The server to which the listener is given says what `req` and `res` are. Where it does not (`createSecureServer` of
 * HTTP/2 with options), name their types in `f`: `(ctx, req: Http2ServerRequest, res: Http2ServerResponse) => …`.
 *
 * An error that `f` throws does not end the program: it is reported (see {@link HandlerOptions.onError}) and answered
 * with status 500, or, if the headers have been sent, by aborting the response. {@link errAbortHandler} aborts it without
 * a report. When the client has gone away, an error that says no more than that (`ctx.err()`, or what Node's streams
 * throw about it) is dropped: nobody is there to answer. Once a context from above has ended, `ctx.err()` is answered
 * with status 503.
 *
 * @throws TypeError `http.handler: 42 is not a function`
 *
 * @example
 * ```ts
 * const server = createServer(
 *   http.handler(async (ctx, req, res) => {
 *     const rows = await db.queryContext(ctx, "SELECT * FROM album");
 *     res.end(JSON.stringify(await rows.toArray()));
 *   }),
 * );
 * ```
 */
export function handler<Req extends NodeRequest = IncomingMessage, Res extends NodeResponse = ServerResponse>(
  f: Handler<Req, Res>,
  options: HandlerOptions = {},
): (req: Req, res: Res) => void {
  checkFunction("http.handler", f);
  return listener(f, options, baseContextsOf(options));
}

/** Makes the listener that calls `f` with contexts from `baseContexts`. */
export function listener<Req extends NodeRequest, Res extends NodeResponse>(
  f: Handler<Req, Res>,
  options: HandlerOptions,
  baseContexts: BaseContexts,
): (req: Req, res: Res) => void {
  return (req, res) => {
    let exchange: Exchange | undefined;
    try {
      exchange = exchangeOf(req, res, baseContexts, options.readAhead);
    } catch (error) {
      report(error, "", req, res, options);
      answer(res, 500);
      return;
    }
    void serve(f, exchange, req, res, options);
  };
}

async function serve<Req extends NodeRequest, Res extends NodeResponse>(
  f: Handler<Req, Res>,
  exchange: Exchange,
  req: Req,
  res: Res,
  options: HandlerOptions,
): Promise<void> {
  exchange.enter();
  try {
    await f(exchange.ctx, req, res);
  } catch (error) {
    failed(error, exchange, req, res, options);
  } finally {
    exchange.leave();
  }
}

function failed(
  error: unknown,
  exchange: Exchange,
  req: NodeRequest,
  res: NodeResponse,
  options: HandlerOptions,
): void {
  if (isGoexit(error) || is(error, errAbortHandler)) {
    abort(res);
    return;
  }
  const ended = saysEnded(error, exchange.root);
  if (exchange.gone && (ended || isAboutStream(error))) return;
  if (!ended) report(error, exchange.connection.remote, req, res, options);
  answer(res, ended ? 503 : 500);
}

/** Tells whether an error is just that a context has ended. */
function saysEnded(error: unknown, ctx: Context): boolean {
  const ended = ctx.err();
  return ended !== undefined && (is(error, ended) || is(error, cause(ctx)));
}

/** With these codes Node's streams say that the other side is not there any more. */
const streamCodes: ReadonlySet<unknown> = new Set([
  "ABORT_ERR",
  "ECONNRESET",
  "EPIPE",
  "ERR_HTTP2_INVALID_STREAM",
  "ERR_HTTP2_STREAM_CANCEL",
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_UNABLE_TO_PIPE",
  "ERR_STREAM_WRITE_AFTER_END",
]);

function isAboutStream(error: unknown): boolean {
  return streamCodes.has((error as { code?: unknown } | null | undefined)?.code);
}

function report(error: unknown, remote: string, req: NodeRequest, res: NodeResponse, options: HandlerOptions): void {
  const { onError } = options;
  if (onError === undefined) {
    print(error, remote);
    return;
  }
  try {
    onError(error, req, res);
  } catch (thrown) {
    print(error, remote);
    print(thrown, remote);
  }
}

function print(error: unknown, remote: string): void {
  const text = error instanceof Error ? (error.stack ?? String(error)) : describe(error);
  console.error(`http: panic serving ${remote}: ${text}`);
}

/** Answers with a status, as Go's `http.Error` does; a response that has begun cannot be saved, and is aborted. */
function answer(res: NodeResponse, status: 500 | 503): void {
  if (res.writableEnded || res.destroyed) return;
  if (res.headersSent) {
    abort(res);
    return;
  }
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.statusCode = status;
  res.setHeader("Content-Type", "text/plain; charset=utf-8");
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.end(status === 500 ? "Internal Server Error\n" : "Service Unavailable\n");
}

/** Ends a response so that the client sees that it is not complete. */
function abort(res: NodeResponse): void {
  const stream = http2Stream(res);
  if (stream === undefined) res.destroy();
  // INTERNAL_ERROR, as in Go.
  else if (!stream.closed) stream.close(2);
}
