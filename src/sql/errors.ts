/** The errors of this package, with Go's texts. */

import type { Context } from "../context/context.ts";
import { checkContext as checkKind } from "../context/internal.ts";
import { is } from "../errors/errors.ts";
import { sentinel } from "../runtime/error-values.ts";
import { StoppedError } from "./driver/driver.ts";
import { endOf } from "./driver/end.ts";

/**
 * Says that a query of which one row was wanted yields none: `sql: no rows in result set`. Mirrors Go's `sql.ErrNoRows`.
 *
 * @example
 * ```ts
 * const row = db.queryRowContext(ctx, "SELECT title FROM album WHERE id = ?", 7);
 * const [title] = await row.scan(sql.string).catch((err: unknown) => {
 *   if (err === sql.errNoRows) return ["unknown"];
 *   throw err;
 * });
 * ```
 */
export const errNoRows: Error = sentinel("sql: no rows in result set");

/**
 * Says that a transaction is over: `sql: transaction has already been committed or rolled back`. Mirrors Go's
 * `sql.ErrTxDone`.
 *
 * @example
 * ```ts
 * await tx.rollback().catch((err: unknown) => {
 *   if (err !== sql.errTxDone) throw err;
 * });
 * ```
 */
export const errTxDone: Error = sentinel("sql: transaction has already been committed or rolled back");

/**
 * Says that a connection was given back: `sql: connection is already closed`. Mirrors Go's `sql.ErrConnDone`.
 *
 * @example
 * ```ts
 * await connection.close();
 * await connection.pingContext(ctx).catch((err: unknown) => console.log(err === sql.errConnDone)); // true
 * ```
 */
export const errConnDone: Error = sentinel("sql: connection is already closed");

export const errDBClosed: Error = sentinel("sql: database is closed");
export const errRowsClosed: Error = sentinel("sql: Rows are closed");
export const errStmtClosed: Error = sentinel("sql: statement is closed");

/** Refuses what is no context. */
export function checkContext(ctx: Context): void {
  checkKind("sql: the first argument", ctx);
}

export function throwIfEnded(ctx: Context): void {
  const end = endOf(ctx);
  if (end !== undefined) throw end;
}

/**
 * Returns the error to throw for what a driver threw: if the context has ended meanwhile, one that reads as `ctx.err()`
 * and has the driver's as its cause.
 */
export function explained(error: unknown, ctx: Context | undefined): unknown {
  const end = endOf(ctx);
  return end === undefined || is(error, end) ? error : new StoppedError(end, error);
}
