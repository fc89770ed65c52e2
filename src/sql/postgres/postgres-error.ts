import { isError } from "../../runtime/error-values.ts";
import { DriverError, errBadConn } from "../driver/driver.ts";

/**
 * What PostgreSQL, or the way to it, complained about. `code` is the SQLSTATE, as `23505` for a key that is there
 * already, or the name of a network error, as `ECONNREFUSED`. Go's counterparts are lib/pq's `pq.Error` and pgx's
 * `pgconn.PgError`.
 *
 * @example
 * ```ts
 * try {
 *   await db.execContext(ctx, "INSERT INTO album (id) VALUES ($1)", 1);
 * } catch (err) {
 *   if (errors.as(err, PostgresError)?.code === "23505") console.log("already there");
 * }
 * ```
 */
export class PostgresError extends DriverError {
  /** `ERROR`, `FATAL` or `PANIC`; "" if it does not come from the server. */
  readonly severity: string;
  /** More about the problem, in a second sentence. */
  declare readonly detail?: string;
  /** What to do about it. */
  declare readonly hint?: string;
  /** Where in the statement, in characters from 1. */
  declare readonly position?: number;
  /** In which function of the database's own code. */
  declare readonly where?: string;
  declare readonly schema?: string;
  declare readonly table?: string;
  declare readonly column?: string;
  declare readonly constraint?: string;

  /**
   * Wraps what `pg` threw.
   *
   * @example
   * ```ts
   * throw new PostgresError("commit unexpectedly resulted in rollback", "25P02");
   * ```
   */
  constructor(message: string, code: string, cause?: unknown) {
    super(message, code, cause);
    this.name = "PostgresError";
    const said = (typeof cause === "object" && cause !== null ? cause : {}) as Partial<Record<string, string>>;
    this.severity = said["severity"] ?? "";
    // What the server has not said is not there at all: the error is short when it is printed.
    const { detail, hint, position, where, schema, table, column, constraint } = said;
    const told = { detail, hint, where, schema, table, column, constraint, position: position && Number(position) };
    for (const [name, value] of Object.entries(told)) {
      if (value !== undefined && value !== "") Object.defineProperty(this, name, { value, enumerable: true });
    }
  }
}

/** The error of a call on a connection that was gone before: the server has not begun with it. */
class ConnectionLost extends PostgresError {
  is(target: unknown): boolean {
    return target === errBadConn;
  }
}

/** Returns the error of a call on a connection that is gone, with the server's own reason if it has given one. */
export function connectionLost(reason: unknown): PostgresError {
  if (reason === undefined) return new ConnectionLost("the connection is closed", "");
  const { message, code } = toPostgresError(reason) as PostgresError;
  return new ConnectionLost(`the connection is gone: ${message}`, code, reason);
}

/** Tells whether the server has forgotten a prepared statement, or its result would have other columns than before. */
export function isStale(error: unknown): boolean {
  if (!(error instanceof PostgresError)) return false;
  return error.code === "26000" || (error.code === "0A000" && error.message.includes("cached plan"));
}

/** Makes what `pg` threw an error of ours. */
export function toPostgresError(error: unknown): Error {
  if (error instanceof DriverError) return error;
  if (!isError(error)) return new PostgresError(String(error), "", error);
  const { code } = error as { code?: unknown };
  // An address with several attempts has one error for all of them, without a text of its own.
  const attempts = error instanceof AggregateError ? error.errors.map(String).join("; ") : "";
  return new PostgresError(error.message || attempts || error.name, typeof code === "string" ? code : "", error);
}

/** Tells whether the server has said this, in contrast to what happened to the connection. */
export function isServerError(error: unknown): boolean {
  return typeof (error as { severity?: unknown } | null)?.severity === "string";
}
