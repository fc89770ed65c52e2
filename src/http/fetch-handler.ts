import { background, cause, type Context } from "../context/context.ts";
import type { RequestMessage } from "../diagnostics/messages.ts";
import { is } from "../errors/errors.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import { relay, withBody } from "./body.ts";
import { bindRequest, cancelOnAbort, knownContext } from "./request.ts";
import { requests } from "./requests.ts";

/** Options of a {@link fetchHandler}. */
export interface FetchHandlerOptions<Rest extends unknown[] = unknown[]> {
  /**
   * Returns the context from which that of a request is derived, by default the background. It gets the other arguments
   * of the host too, in Bun the server. Takes the place of Go's `Server.BaseContext` and `ConnContext`.
   */
  readonly baseContext?: (request: Request, ...rest: Rest) => Context;
  /**
   * How many bytes of an unread body are read ahead, in order to see the client leave: Bun and Deno notice it only
   * behind the rest of the body (and Deno 2.9 often not at all once the body is complete). By default none, because
   * with it `f` gets another `Request` than the host has made, without the host's additions.
   */
  readonly readAhead?: number;
}

/** The status for a client that has gone away. Only logs show it; servers use 499 there. */
const clientClosedRequest = 499;

/**
 * Makes a handler in the style of `fetch`, for Bun.serve, Deno.serve, Hono and other hosts that take a function from
 * `Request` to `Response`, that calls `f` with the context of the request. Mirrors how Go's server calls a
 * `http.Handler`.
 *
 * The context ends as canceled when the client goes away (the signal of the request aborts), and otherwise when `f` has
 * returned and the body of its response has been read to the end by the host, was canceled or has failed. To see that,
 * it replaces a response with a body by one with the same status and headers, whose body passes the original's on.
 * {@link context} of the same request returns the same context, so a whole app that is wrapped has it everywhere. Other
 * arguments of the host are passed on to `f`. The context has only the values of `baseContext`: such hosts provide no
 * server as Node does.
 *
 * What `f` throws goes to the host. But if the client has gone away, and the error comes from that, the answer is an
 * empty response with status 499 instead.
 *
 * @throws TypeError `http.fetchHandler: 42 is not a function`
 *
 * @example
 * ```ts
 * const albums = http.fetchHandler(async (ctx, request) => {
 *   const rows = await db.queryContext(ctx, "SELECT * FROM album");
 *   return Response.json(await rows.toArray());
 * });
 * // Bun.serve({ fetch: albums }), Deno.serve(albums), app.get("/albums", (c) => albums(c.req.raw))
 * ```
 */
export function fetchHandler<Rest extends unknown[] = [], R extends Request = Request>(
  f: (ctx: Context, request: R, ...rest: Rest) => Response | Promise<Response>,
  options: FetchHandlerOptions<Rest> = {},
): (request: R, ...rest: Rest) => Promise<Response> {
  checkFunction("http.fetchHandler", f);
  const { readAhead: ahead = 0 } = options;
  return async (request, ...rest) => {
    const outer = knownContext(request);
    const [ctx, cancel] = cancelOnAbort(outer ?? baseOf(options, request, rest), request);
    if (outer === undefined) bindRequest(request, ctx);
    let response: Response;
    try {
      response = await traced(ctx, ahead > 0 ? readAhead(request, ahead, ctx, cancel) : request, f, rest);
    } catch (error) {
      const left = request.signal?.aborted && (is(error, ctx.err()) || is(error, cause(ctx)));
      cancel();
      if (!left) throw error;
      return new Response(null, { status: clientClosedRequest });
    }
    return passOn(response, request, cancel);
  };
}

/** Calls a handler, and publishes the request for tracers. */
async function traced<Rest extends unknown[], R extends Request>(
  ctx: Context,
  request: R,
  f: (ctx: Context, request: R, ...rest: Rest) => Response | Promise<Response>,
  rest: Rest,
): Promise<Response> {
  if (!requests.wanted) return f(ctx, request, ...rest);
  const message: RequestMessage = { request, response: undefined, ctx };
  return requests.trace(message, async () => {
    const response = await f(ctx, request, ...rest);
    message.response = response;
    return response;
  });
}

function baseOf<Rest extends unknown[]>(options: FetchHandlerOptions<Rest>, request: Request, rest: Rest): Context {
  if (options.baseContext === undefined) return background();
  const base: Context | null | undefined = options.baseContext(request, ...rest);
  if (base === undefined || base === null) throw new PanicError("BaseContext returned a nil context");
  return base;
}

/** Returns a copy of a request, of whose body up to `bytes` bytes are read ahead. */
function readAhead<R extends Request>(request: R, bytes: number, ctx: Context, cancel: () => void): R {
  const body = request.body as ReadableStream<Uint8Array<ArrayBuffer>> | null;
  if (body === null) return request;
  // In Deno the body fails when the client has gone.
  const broken = (error: unknown): unknown => {
    cancel();
    return error;
  };
  const { stream } = relay(body, () => undefined, broken, bytes);
  // A body that is a stream needs `duplex`, which the web's types do not have.
  const init = { body: stream, duplex: "half" } as RequestInit;
  return bindRequest(new Request(request, init) as R, ctx);
}

/** Has `cancel` called when the response is over, and returns the response for the host. */
function passOn(response: Response, request: Request, cancel: () => void): Response {
  // In Bun a handler returns no response for an upgraded connection. The body of an answer to HEAD is never read.
  const body = (response as Response | undefined)?.body;
  if (body === undefined || body === null || response.bodyUsed || request.method === "HEAD" || response.status < 200) {
    cancel();
    return response;
  }
  return withBody(response, relay(body as ReadableStream<Uint8Array<ArrayBuffer>>, cancel).stream);
}
