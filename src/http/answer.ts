/**
 * What the server does with a response: answers after a failure, aborts, and ends a response that a handler did not
 * begin.
 */

import type { Context } from "../context/context.ts";
import { http2Stream, type NodeRequest, type NodeResponse } from "./node.ts";

const texts = { 500: "Internal Server Error\n", 503: "Service Unavailable\n" } as const;

/**
 * Answers with a status. Mirrors Go's `http.Error`: headers that were set stay (CORS, a request's id), except
 * `Content-Length`, which was that of another body. A response that has begun is aborted.
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
 * Corrects the `Content-Length` of another body. Removing it would also be correct, but Node would send the body in
 * chunks.
 */
export function replaceLength(res: NodeResponse, body: string): void {
  if (res.hasHeader("Content-Length")) res.setHeader("Content-Length", Buffer.byteLength(body));
}

/** Sets the status and, in HTTP/1, its text; undefined means the usual text. */
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
 * Calls a handler, and ends the response if it was not begun when the handler has returned, as Go's server does: with
 * status 200, unless the handler has set another one, and without a body. Returns whether it did that.
 *
 * It does not end the response of a handler that is not async and takes the response, which may have passed it to
 * callbacks that answer later, as listeners of Node do; nor one into which a stream is piped, or which is a
 * framework's.
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

/** Calls `late` at each write to a response that is over, which Node drops silently. */
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

/** `stream.pipe(res)` listens for `unpipe`, `stream.pipeline` and the web's streams for `drain`. */
function isPiped(res: NodeResponse): boolean {
  return res.listenerCount("unpipe") > 0 || res.listenerCount("drain") > 0;
}

/** Express gives responses another prototype. `res.sendFile` and whole apps answer after the handler has returned. */
function isOfFramework(res: NodeResponse): boolean {
  return !Object.hasOwn(Object.getPrototypeOf(res) as object, "constructor");
}

/** Tells whether the response cannot have a body. */
function isBodiless({ statusCode }: NodeResponse): boolean {
  return statusCode === 204 || statusCode === 304;
}
