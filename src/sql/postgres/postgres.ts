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
import type { Connector } from "../driver/driver.ts";

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
