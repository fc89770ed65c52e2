import { PanicError } from "../runtime/panic.ts";
import { sentinel } from "../runtime/error-values.ts";
import type { Context } from "../context/context.ts";
import { checkContext as checkKind } from "../context/internal.ts";

/**
 * The error of a server's `listenAndServe` after `shutdown` or `close`: `http: Server closed`. Mirrors Go's
 * `http.ErrServerClosed`. Compare with `===` or `errors.is`.
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
 * An error that a handler throws to abort the response without a report: `net/http: abort Handler`. Mirrors Go's
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
 * The error of writes by a handler whose time is over: `http: Handler timeout`. Mirrors Go's `http.ErrHandlerTimeout`.
 *
 * @example
 * ```ts
 * http.timeoutHandler((ctx, req, res) => {
 *   res.write("late", (err) => console.log(err === http.errHandlerTimeout));
 * }, 5 * time.second);
 * ```
 */
export const errHandlerTimeout: Error = sentinel("http: Handler timeout");

/** Refuses a missing context, as Go's `NewRequestWithContext` does, and a value that is not a context. */
export function checkContext(what: string, ctx: Context): void {
  if (ctx === undefined || ctx === null) throw new Error("net/http: nil Context");
  checkKind(`${what}: the context`, ctx);
}

/** Refuses a missing context, as Go's `Request.WithContext` does, and a value that is not a context. */
export function checkNewContext(what: string, ctx: Context): void {
  if (ctx === undefined || ctx === null) throw new PanicError("nil context");
  checkKind(`${what}: the context`, ctx);
}
