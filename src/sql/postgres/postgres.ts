/**
 * PostgreSQL for `gocsp/sql`, on the package `pg`.
 *
 * A statement whose context ends is stopped at the server, at once, and the stop never hits the statement after it. Rows
 * are fetched as they are read, 256 at a time.
 *
 * Values: `int2`, `int4`, `oid`, `float4` and `float8` are numbers; `int8` is a number where that is exact and a bigint
 * where not; `numeric` is text, which keeps all its digits; `bool` is a boolean, `bytea` a Uint8Array; `json` and
 * `jsonb` are parsed, arrays are arrays. `timestamptz`, `timestamp` and `date` are `Date`s, the latter two taken for
 * UTC, as Go's drivers do; what is finer than a millisecond is cut off, and `infinity` is the number. Everything else is
 * the server's text: `time`, `interval`, `uuid`, ranges, enums. Cast to `text` in the statement to get that of any type.
 *
 * Arguments are `$1`, `$2`, …: besides what `sql` takes, arrays, which become the server's arrays, and plain objects,
 * which become JSON. Pass an array for JSON as `JSON.stringify(array)`.
 *
 * @module
 */

import { PostgresConnector } from "./connector.ts";
import type { PostgresOptions } from "./options.ts";
import { PostgresConn } from "./postgres-conn.ts";
import type { Conn, Connector } from "../driver/driver.ts";

export { copyFrom, copyRow, type CopySource, copyTo } from "./copy.ts";
export { listen, type ListenOptions, type Notification } from "./listen.ts";
export { PostgresError } from "./postgres-error.ts";
export type { PostgresOptions } from "./options.ts";

/**
 * Says how to reach a PostgreSQL server, for `sql.open`: by a URL, by libpq's settings, or by its parts. What is not said is taken from the
 * environment, as `PGHOST` and `PGPASSWORD`, or is the server's default. Nothing is connected yet. Go has
 * `pq.NewConnector`.
 *
 * @throws TypeError `postgres: the options must be a URL or an object, got …`, `postgres: the URL must begin with
 * postgres:, got http:`, `postgres: the string must be a URL, …`, `postgres: the parameter … is not supported`
 *
 * @example
 * ```ts
 * const db = sql.open(postgres("postgres://ken@localhost/music"));
 * ```
 */
export function postgres(options: string | PostgresOptions = {}): Connector {
  return new PostgresConnector(options);
}

/**
 * Returns the client of the package `pg` behind a connection, within `raw`; `C` is its type, `pg.Client`. Mirrors the
 * method `Conn` of pgx's `stdlib.Conn`.
 *
 * Its rules: a context that ends stops what runs there at the server. Whatever was begun and not awaited has five seconds when
 * the function has returned; a transaction that is left open is rolled back when the connection goes back to the pool.
 * The client must not be used after `raw`, nor ended, nor its parsers changed.
 *
 * @throws TypeError `postgres: the connection is not one of PostgreSQL`
 * @throws Error `postgres: the client is lent within raw only`, `postgres: the connection is busy with the rows of another
 * query: close them first`
 *
 * @example
 * ```ts
 * await using connection = await db.conn(ctx);
 * const { rows } = await connection.raw(ctx, (conn) => clientOf<import("pg").Client>(conn).query("SELECT now()"));
 * ```
 */
export function clientOf<C = unknown>(conn: Conn): C {
  if (!(conn instanceof PostgresConn)) throw new TypeError("postgres: the connection is not one of PostgreSQL");
  return conn.client as C;
}
