/** What the server itself does with a response: it answers after a failure, aborts, and ends what a handler has left alone. */

import type { Context } from "../context/context.ts";
import { http2Stream, type NodeRequest, type NodeResponse } from "./node.ts";

const texts = { 500: "Internal Server Error\n", 503: "Service Unavailable\n" } as const;

/**
 * Answers with a status. Mirrors Go's `http.Error`: headers that were set stay (CORS, a request's id), but for
 * `Content-Length`, which told of another body. A response that has begun cannot be saved, and is aborted.
 */
export function answer(res: NodeResponse, status: keyof typeof texts): void {
  if (res.writableEnded || res.destroyed) return;
  if (res.headersSent) {
    abort(res);
    return;
  }
  replaceLength(res, texts[status]);
  setStatus(res, status, undefined);
  res.setHeader("Content-Type", "text/plain; charset=utf-8");
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.end(texts[status]);
}

/**
 * Corrects a `Content-Length` that tells of another body. To remove it would be enough for a client, but then Node sends
 * the body in chunks.
 */
export function replaceLength(res: NodeResponse, body: string): void {
  if (res.hasHeader("Content-Length")) res.setHeader("Content-Length", Buffer.byteLength(body));
}

/** Sets the status and, where the protocol has one, the text beside it; undefined stands for the usual one. */
export function setStatus(res: NodeResponse, status: number, message: string | undefined): void {
  res.statusCode = status;
  if (http2Stream(res) === undefined) res.statusMessage = message as string;
}

/** Ends a response so that the client sees that it is not complete. */
export function abort(res: NodeResponse): void {
  const stream = http2Stream(res);
  if (stream === undefined) res.destroy();
  // INTERNAL_ERROR, as in Go.
  else if (!stream.closed) stream.close(2);
}

/**
 * Calls a handler, and ends the response if that has not been begun when it has returned, as Go's server does: with
 * status 200, unless the handler has set another one, and without a body. Returns whether it did that.
 *
 * A handler that is not async and takes the response may have handed it to callbacks that answer later, as listeners of
 * Node do: that one decides by itself. So do those whose response has a stream piped into it, or is a framework's.
 */
export async function callAndFinish<Req extends NodeRequest, Res extends NodeResponse>(
  f: (ctx: Context, req: Req, res: Res) => unknown,
  ctx: Context,
  req: Req,
  res: Res,
): Promise<boolean> {
  const result = f(ctx, req, res);
  if (isThenable(result)) await result;
  else if (f.length > 2) return false;
  if (res.writableEnded || res.destroyed || isPiped(res) || isOfFramework(res)) return false;
  if (res.headersSent && !isBodiless(res)) return false;
  res.end();
  return true;
}

function isThenable(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | undefined | null)?.then === "function";
}

/** Calls `late` whenever something is written to a response that is over: Node lets it go nowhere without a word. */
export function watchLateWrites(res: NodeResponse, late: () => void): void {
  for (const name of ["write", "end"] as const) {
    const below = res[name] as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]): unknown => {
      late();
      return below.apply(res, args);
    };
    Object.defineProperty(res, name, { configurable: true, writable: true, value });
  }
}

/** `stream.pipe(res)` listens for the one, `stream.pipeline` and the web's streams for the other. */
function isPiped(res: NodeResponse): boolean {
  return res.listenerCount("unpipe") > 0 || res.listenerCount("drain") > 0;
}

/** Express gives responses another prototype; `res.sendFile` and whole apps answer after they have returned. */
function isOfFramework(res: NodeResponse): boolean {
  return !Object.hasOwn(Object.getPrototypeOf(res) as object, "constructor");
}

/** Tells whether nothing can follow the headers. */
function isBodiless({ statusCode }: NodeResponse): boolean {
  return statusCode === 204 || statusCode === 304;
}
