import { cause, type Context } from "../context/context.ts";
import type { RequestMessage } from "../diagnostics/messages.ts";
import { is, unwrap } from "../errors/errors.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { safely } from "../runtime/error-values.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { abort, answer, callAndFinish, watchLateWrites } from "./answer.ts";
import { baseContextsOf, type RequestOptions } from "./context.ts";
import type { BaseContexts } from "./base-contexts.ts";
import { errAbortHandler } from "./errors.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";
import type { NodeRequest, NodeResponse } from "./node.ts";
import { requests } from "./requests.ts";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * A function that answers requests. Mirrors Go's `http.Handler`; the context is an argument of its own, because
 * requests of Node have none.
 */
export type Handler<Req extends NodeRequest = IncomingMessage, Res extends NodeResponse = ServerResponse> = (
  ctx: Context,
  req: Req,
  res: Res,
) => unknown;

/** Options of a {@link handler}. */
export interface HandlerOptions extends RequestOptions {
  /**
   * Gets what a handler has thrown; without it the error is printed as Go prints it, `http: panic serving
   * 127.0.0.1:1234: …`. Takes the place of Go's `Server.ErrorLog`.
   */
  readonly onError?: (error: unknown, req: NodeRequest, res: NodeResponse) => void;
}

/**
 * Makes a listener for the requests of `node:http`, `node:https` and `node:http2` (or a route of Express) that calls
 * `f` with the context of the request. Mirrors how Go's server calls a `http.Handler`.
 *
 * The context is that of {@link context}: it ends as canceled as soon as the client goes away. Otherwise it lives while
 * `f` runs, even after the response has been sent, and while the response is being sent, even after `f` has returned,
 * as in `file.pipe(res)`.
 *
 * As in Go, a handler that returns has answered: when its promise settles and the response has not been begun, it is
 * ended, with status 200 and without a body. That holds for every `f` that returns a promise or does not take `res`. It
 * does not hold for responses that were begun (`res.write` without `res.end`), into which a stream is piped, or which
 * Express has extended; nor for that of an `f` which is not async and takes `res`: it may have passed it to callbacks,
 * as Node's listeners do. See {@link handlerFunc}.
 *
 * The compiler infers the types of `req` and `res` from the server to which the listener is given. Where it cannot
 * (`createSecureServer` of HTTP/2 with options), name them in `f`: `(ctx, req: Http2ServerRequest, res:
 * Http2ServerResponse) => …`.
 *
 * An error that `f` throws does not end the program: it is reported (see {@link HandlerOptions.onError}) and answered
 * with status 500, or, if the headers have been sent, by aborting the response. {@link errAbortHandler} aborts it
 * without a report. When the client has gone away, an error that comes from that (`ctx.err()`, or that of one of Node's
 * streams) is dropped. If the context has ended for another reason, such as the end of a base context, `ctx.err()` is
 * answered with status 503.
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

/**
 * Makes a {@link Handler} of a listener in Node's style, such as a whole app of Express, Connect or Fastify, for
 * {@link Server} and {@link timeoutHandler}: it returns when the response is complete or the client has gone. Mirrors
 * Go's `http.HandlerFunc`.
 *
 * @throws TypeError `http.handlerFunc: 42 is not a function`
 *
 * @example
 * ```ts
 * const server = new http.Server({ addr: ":8080", handler: http.handlerFunc(app) });
 * ```
 */
export function handlerFunc(listener: (req: IncomingMessage, res: ServerResponse) => unknown): Handler;
export function handlerFunc<Req extends NodeRequest, Res extends NodeResponse>(
  listener: (req: Req, res: Res) => unknown,
): Handler<Req, Res>;
export function handlerFunc<Req extends NodeRequest, Res extends NodeResponse>(
  listener: (req: Req, res: Res) => unknown,
): Handler<Req, Res> {
  checkFunction("http.handlerFunc", listener);
  return async (_ctx, req, res) => {
    const exchange = exchangeOf(req, res, baseContextsOf(undefined));
    await listener(req, res);
    await exchange.closed();
  };
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
    void traced(f, exchange, req, res, options);
  };
}

function traced<Req extends NodeRequest, Res extends NodeResponse>(
  f: Handler<Req, Res>,
  exchange: Exchange,
  req: Req,
  res: Res,
  options: HandlerOptions,
): Promise<void> {
  if (!requests.wanted) return serve(f, exchange, req, res, options, undefined);
  const message: RequestMessage = { request: req, response: res, ctx: exchange.ctx };
  return requests.trace(message, () => serve(f, exchange, req, res, options, message));
}

async function serve<Req extends NodeRequest, Res extends NodeResponse>(
  f: Handler<Req, Res>,
  exchange: Exchange,
  req: Req,
  res: Res,
  options: HandlerOptions,
  message: RequestMessage | undefined,
): Promise<void> {
  const { ctx } = exchange;
  const { remote } = exchange.connection;
  exchange.enter();
  try {
    const finished = await callAndFinish(f, ctx, req, res);
    if (finished) watchLateWrites(res, () => report(writtenLate(req), remote, req, res, options));
  } catch (error) {
    if (message !== undefined) requests.fail(message, error);
    try {
      failed(error, ctx, exchange, req, res, options);
    } catch (thrown) {
      // Reading the error throws, or a method of the response does, which may be a framework's.
      report(thrown, remote, req, res, options);
      abort(res);
    }
  } finally {
    exchange.leave();
  }
}

function failed(
  error: unknown,
  ctx: Context,
  exchange: Exchange,
  req: NodeRequest,
  res: NodeResponse,
  options: HandlerOptions,
): void {
  if (isGoexit(error) || is(error, errAbortHandler)) {
    abort(res);
    return;
  }
  exchange.look();
  const ended = saysEnded(error, ctx) || saysEnded(error, exchange.root);
  if (exchange.gone && (ended || isAboutStream(error))) return;
  if (!ended) report(error, exchange.connection.remote, req, res, options);
  answer(res, ended ? 503 : 500);
}

function writtenLate({ method, url }: NodeRequest): Error {
  return new Error(
    `http: the handler of ${method} ${url} has returned, which answered the request, and writes now: ` +
      "return a promise that settles when the response is complete, or use http.handlerFunc",
  );
}

/** Tells whether an error is, or wraps, the end of a context. */
function saysEnded(error: unknown, ctx: Context): boolean {
  const ended = ctx.err();
  return ended !== undefined && (is(error, ended) || is(error, cause(ctx)));
}

/** The codes of Node's errors for a stream whose other side has gone. */
const streamCodes: ReadonlySet<unknown> = new Set([
  "ABORT_ERR",
  // The code of body-parser and raw-body for it.
  "ECONNABORTED",
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

/** Tells whether an error, or one that it wraps, has one of these codes. */
function isAboutStream(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let next = error; typeof next === "object" && next !== null && !seen.has(next); next = unwrap(next)) {
    if (streamCodes.has((next as { code?: unknown }).code)) return true;
    seen.add(next);
  }
  return false;
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
  // By its stack, because an error of another realm is not an instance of this realm's Error.
  const text = safely(() => {
    const { stack } = Object(error) as { stack?: unknown };
    return typeof stack === "string" && stack !== "" ? stack : describe(error);
  }, "an error that throws when it is looked at");
  console.error(`http: panic serving ${remote}: ${text}`);
}
