import { DriverError } from "../driver/driver.ts";
import { isError } from "../../runtime/error-values.ts";

/**
 * What MySQL or MariaDB, or the way to it, complained about. `code` is the name of the error, as `ER_DUP_ENTRY` for a key
 * that is there already, or of a network error, as `ECONNREFUSED`. Go's counterpart is go-sql-driver's
 * `mysql.MySQLError`.
 *
 * @example
 * ```ts
 * try {
 *   await db.execContext(ctx, "INSERT INTO album (id) VALUES (?)", 1);
 * } catch (err) {
 *   if (errors.as(err, MysqlError)?.code === "ER_DUP_ENTRY") console.log("already there");
 * }
 * ```
 */
export class MysqlError extends DriverError {
  /** The server's number of the error; 0 if it does not come from the server. */
  readonly errno: number;
  /** The SQLSTATE; "" if it does not come from the server. */
  readonly sqlState: string;

  /**
   * Wraps what `mysql2` threw.
   *
   * @example
   * ```ts
   * throw new MysqlError("Unknown column 'titel' in 'field list'", "ER_BAD_FIELD_ERROR", 1054, "42S22");
   * ```
   */
  constructor(message: string, code: string, errno = 0, sqlState = "", cause?: unknown) {
    super(message, code, cause);
    this.name = "MysqlError";
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

/** Makes what `mysql2` threw an error of ours. */
export function toMysqlError(error: unknown): Error {
  if (error instanceof DriverError) return error;
  if (!isError(error)) return new MysqlError(String(error), "", 0, "", error);
  const { code, errno, sqlState } = error as { code?: unknown; errno?: unknown; sqlState?: unknown };
  // An address with several attempts has one error for all of them, without a text of its own.
  const attempts = error instanceof AggregateError ? error.errors.map(String).join("; ") : "";
  return new MysqlError(
    error.message || attempts || error.name,
    typeof code === "string" ? code : "",
    // Errors of the system have negative numbers.
    typeof errno === "number" && errno > 0 ? errno : 0,
    typeof sqlState === "string" ? sqlState : "",
    error,
  );
}

/** Returns the server's number of an error; 0 if it does not come from the server. */
export function errnoOf(error: unknown): number {
  return error instanceof MysqlError ? error.errno : 0;
}

/** `Query execution was interrupted`: the answer to KILL QUERY. */
export const interrupted = 1317;

/** The statement was prepared by the text protocol only. */
export const unsupportedInProtocol = 1295;

/** There are as many prepared statements as the server allows. */
export const tooManyPrepared = 1461;

/** There is no such prepared statement. */
export const unknownStatement = 1243;

/** The errors of a server that only reads: `--read-only`, and `transaction_read_only`, which may be its default. */
const readOnly: ReadonlySet<number> = new Set([1290, 1792, 1836]);

/** Tells whether a statement was refused because the server only reads. */
export function isReadOnly(error: unknown): boolean {
  return readOnly.has(errnoOf(error));
}

/** There is no such thread: it has ended already. */
export const noSuchThread = 1094;

/**
 * The errors of a statement that was stopped: 1317, the time limits of MariaDB and MySQL, which may come first, and the
 * sort that gave up.
 */
const stopped: ReadonlySet<number> = new Set([interrupted, 1969, 3024, 1028]);

/** Tells whether an error, of ours or of the client's, may be the answer to KILL QUERY. */
export function isInterrupted(error: unknown): boolean {
  return stopped.has(errnoOf(toMysqlError(error)));
}
