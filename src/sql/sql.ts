/**
 * Databases, whose statements really stop when their context ends. Mirrors Go's `database/sql`.
 *
 * ```ts
 * import { context, time } from "gocsp";
 * import * as sql from "gocsp/sql";
 * import { sqlite } from "gocsp/sql/sqlite";
 *
 * const db = sql.open(sqlite("albums.db"));
 * const [ctx, cancel] = context.withTimeout(context.background(), 5 * time.second);
 * using _ = cancel;
 * await using rows = await db.queryContext(ctx, "SELECT * FROM album");
 * for await (const album of rows) console.log(album);
 * ```
 *
 * @module
 */

import { describe } from "../runtime/arguments.ts";
import { DB } from "./db.ts";
import type { Connector } from "./driver/driver.ts";

export { type NamedArg, named } from "./args.ts";
export type { Conn } from "./conn.ts";
export type { DB } from "./db.ts";
export { type Column, type Connector, type IsolationLevel, type Result, StoppedError } from "./driver/driver.ts";
export { errConnDone, errNoRows, errTxDone } from "./errors.ts";
export type { TxOptions } from "./options.ts";
export type { DBStats } from "./pool.ts";
export type { RowObject } from "./record.ts";
export type { Row } from "./row.ts";
export type { Rows } from "./rows.ts";
export {
  any,
  array,
  bigint,
  bool,
  bytes,
  float,
  int,
  json,
  nullable,
  type Scanned,
  type Scanner,
  type Shape,
  type Shaped,
  string,
  time,
} from "./scan.ts";
export type { Stmt } from "./stmt.ts";
export type { Tx } from "./tx.ts";

/**
 * Opens a database: makes a pool that connects as it is needed, not now; see `pingContext`. Mirrors Go's `sql.OpenDB`.
 *
 * @param connector What a driver's function returns, as `sqlite("file.db")`.
 * @throws TypeError `sql.open: the argument must be a Connector, got …`
 *
 * @example
 * ```ts
 * await using db = sql.open(sqlite(":memory:"));
 * await db.pingContext(ctx);
 * ```
 */
export function open(connector: Connector): DB {
  if (typeof connector === "string") {
    // Not shown: there may be a password in it.
    throw new TypeError("sql.open: the argument must be a Connector, got a string: write sql.open(postgres(url))");
  }
  if (typeof (connector as Partial<Connector> | null | undefined)?.connect !== "function") {
    throw new TypeError(`sql.open: the argument must be a Connector, got ${describe(connector)}`);
  }
  return new DB(connector);
}
