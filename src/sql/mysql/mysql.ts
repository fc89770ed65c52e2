/**
 * MySQL and MariaDB for `gocsp/sql`, on the package `mysql2`.
 *
 * A statement whose context ends is stopped at the server, with KILL QUERY over one more connection, and the stop never
 * hits the statement after it. Rows are read as they are asked for, 256 at a time.
 *
 * Values: integers are numbers, or bigints beyond the safe integers; TINYINT(1) and BOOLEAN are numbers too, as
 * they are for the server. DECIMAL is text, which keeps all its digits; BIT, BINARY and BLOB are Uint8Arrays; JSON is
 * parsed. DATE, DATETIME and TIMESTAMP are `Date`s in UTC: the session's zone is set to UTC, so that NOW() is, too. What
 * is finer than a millisecond is cut off, and dates that are none, as `0000-00-00`, stay text. TIME, ENUM and SET are
 * text.
 *
 * Arguments are `?`: besides what `sql` takes, plain objects, which become JSON. An array is refused, because the server
 * has none: write a `?` for each element of a list, and pass JSON as `JSON.stringify(array)`.
 *
 * @module
 */

import type { Conn, Connector } from "../driver/driver.ts";
import { MysqlConnector } from "./connector.ts";
import { MysqlConn } from "./mysql-conn.ts";
import type { MysqlOptions } from "./options.ts";

export type { MysqlOptions } from "./options.ts";
export { MysqlError } from "./mysql-error.ts";

/**
 * Says how to reach a MySQL or MariaDB server, for `sql.open`: by a URL, or by its parts. Nothing is connected yet. Go
 * has `mysql.NewConnector` of go-sql-driver.
 *
 * @throws TypeError `mysql: the options must be a URL or an object, got …`, `mysql: the URL must begin with mysql:, got
 * http:`, `mysql: the string must be a URL, as mysql://user@host/database`
 *
 * @example
 * ```ts
 * const db = sql.open(mysql("mysql://ken:s3cret@localhost/music"));
 * ```
 */
export function mysql(options: string | MysqlOptions): Connector {
  return new MysqlConnector(options);
}

/**
 * Returns the client of the package `mysql2` behind a connection, within `raw`; `C` is its type, `mysql2.Connection`, which
 * takes callbacks and whose `promise()` takes none. Mirrors what `Conn.Raw` passes with go-sql-driver.
 *
 * Its rules: a context that ends stops what runs there at the server. Whatever was begun and not awaited has five seconds when
 * the function has returned; a transaction that is left open is rolled back when the connection goes back to the pool.
 * Rows are arrays and dates are text unless a query says otherwise. The client must not be used after `raw`, nor ended.
 *
 * @throws TypeError `mysql: the connection is not one of MySQL`
 * @throws Error `mysql: the client is lent within raw only`, `mysql: the connection is busy with the rows of another query:
 * close them first`
 *
 * @example
 * ```ts
 * await using connection = await db.conn(ctx);
 * const [rows] = await connection.raw(ctx, (conn) => clientOf<import("mysql2").Connection>(conn).promise().query("SELECT 1"));
 * ```
 */
export function clientOf<C = unknown>(conn: Conn): C {
  if (!(conn instanceof MysqlConn)) throw new TypeError("mysql: the connection is not one of MySQL");
  return conn.client as C;
}
