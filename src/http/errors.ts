import { PanicError } from "../runtime/panic.ts";
import { sentinel } from "../runtime/error-values.ts";
import type { Context } from "../context/context.ts";
import { checkContext as checkKind } from "../context/internal.ts";

/**
 * What a server's `listenAndServe` throws after `shutdown` or `close`: `http: Server closed`. Mirrors Go's
 * `http.ErrServerClosed`. There is one; compare with `===` or `errors.is`.
 *
 * @example
 * ```ts
 * await server.listenAndServe().catch((err) => {
 *   if (err !== http.errServerClosed) throw err;
 * });
 * ```
 */
export const errServerClosed: Error = sentinel("http: Server closed");

/**
 * Thrown by a handler, it aborts the response and is not reported: `net/http: abort Handler`. Mirrors Go's
 * `http.ErrAbortHandler`.
 *
 * @example
 * ```ts
 * http.handler(() => {
 *   throw http.errAbortHandler;
 * });
 * ```
 */
export const errAbortHandler: Error = sentinel("net/http: abort Handler");

/**
 * With this fail the writes of a handler whose time is over: `http: Handler timeout`. Mirrors Go's
 * `http.ErrHandlerTimeout`.
 *
 * @example
 * ```ts
 * http.timeoutHandler((ctx, req, res) => {
 *   res.write("late", (err) => console.log(err === http.errHandlerTimeout));
 * }, 5 * time.second);
 * ```
 */
export const errHandlerTimeout: Error = sentinel("http: Handler timeout");

/** Refuses a context that is missing, as Go's `NewRequestWithContext` does, or that is none. */
export function checkContext(what: string, ctx: Context): void {
  if (ctx === undefined || ctx === null) throw new Error("net/http: nil Context");
  checkKind(`${what}: the context`, ctx);
}

/** Refuses a context that is missing, as Go's `Request.WithContext` does, or that is none. */
export function checkNewContext(what: string, ctx: Context): void {
  if (ctx === undefined || ctx === null) throw new PanicError("nil context");
  checkKind(`${what}: the context`, ctx);
}
