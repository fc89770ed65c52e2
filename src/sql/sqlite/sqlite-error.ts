import { DriverError } from "../driver/driver.ts";
import type { Failure } from "./tasks.ts";

/**
 * What SQLite complained about. Mirrors `sqlite3.Error` of Go's mattn/go-sqlite3.
 *
 * @example
 * ```ts
 * try {
 *   await db.execContext(ctx, "SELEC 1");
 * } catch (err) {
 *   const refused = errors.as(err, SqliteError);
 *   console.log(refused?.code, refused?.offset); // SQLITE_ERROR 0
 * }
 * ```
 */
export class SqliteError extends DriverError {
  /** The extended result code, of which {@link DriverError.code} is the name: 2067 for SQLITE_CONSTRAINT_UNIQUE. */
  readonly errno: number;
  /** Where in the text the mistake is, as an index of the string; undefined if SQLite does not say. */
  readonly offset: number | undefined;

  /**
   * Makes the error from what SQLite says.
   *
   * @example
   * ```ts
   * throw new SqliteError("database is locked", "SQLITE_BUSY", 5);
   * ```
   */
  constructor(message: string, code: string, errno: number, offset?: number, cause?: unknown) {
    super(message, code, cause);
    this.name = "SqliteError";
    this.errno = errno;
    this.offset = offset;
  }
}

/** Makes an error of what a worker says. */
export function errorOf({ message, code, errno, offset }: Failure): Error {
  return code === "" ? new Error(message) : new SqliteError(message, code, errno, offset);
}
