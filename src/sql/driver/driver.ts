/**
 * What a database driver is made of. Mirrors Go's `database/sql/driver`.
 *
 * Programs use `gocsp/sql`; only authors of drivers need this page. A driver is a function of its own name that returns a
 * {@link Connector}, as `sqlite("file.db")` does, and the classes behind it: a {@link Conn} makes {@link Stmt}s,
 * {@link Rows} and a {@link Tx}. `gocsp/sql/drivertest` holds the suite that shows whether all of it is right.
 *
 * What `sql` promises to a driver:
 * - It calls one method at a time on a connection and on all that came from it, and the next one only when the promise
 *   of the last has settled.
 * - It never calls a method of something closed, and closes all that it was given: rows before their statement or
 *   transaction, those before their connection.
 * - A context that has ended is not passed on.
 *
 * What a driver promises to `sql`:
 * - When the context of a running method ends, the work is stopped at the server as well, and the method settles soon
 *   after: with its result, if it had finished, or with a {@link StoppedError}; see {@link interruptible}. After 200 ms
 *   its caller does not wait any more; `sql` keeps the connection out of the pool until the method has settled.
 * - When a method has settled, nothing of it can reach what the connection does next: no cancel is still on its way.
 * - A method that fails because its connection is gone, before the server can have done anything, throws
 *   {@link errBadConn} or an error that wraps it: `sql` tries again with another connection. If the server may have done
 *   something, it throws another error and `isValid` returns false from then on.
 *
 * What makes a driver fast:
 * - `query` and `exec` of the connection, so that `sql` need not prepare, run and close; one write to the server for each
 *   call, and one answer.
 * - {@link QueryOptions}: when only one row will be read, the server need not be asked for more; and a query that stands alone
 *   may run where it holds up nobody.
 * - Rows are arrays, many in a batch: `sql` makes objects of them, from one template for each query. So each row is an array
 *   of its own with a value for each column, also for the last ones that are NULL, and the columns stay what they are from the
 *   first row to the last. What is known of the columns, as how to read each, is worth keeping for as long as the
 *   statement is the same: a table may become another one under the same text.
 * - `needsReset`: where a session is as it was at first, the next statement need not wait for a reset.
 * - Watching a context costs little, and a cancel is made only when it ends: {@link interruptible} makes nothing before.
 *   A statement that is over lets its context go: with a long-lived one, a thousand statements must not leave a thousand
 *   watchers, each of which would hit what runs when it ends.
 *
 * @module
 */

import type { Context } from "../../context/context.ts";

export { DriverError, errBadConn, StoppedError } from "./driver-errors.ts";
export { type Interrupt, interruptible } from "./interrupt.ts";
export { loadPackage } from "./load-package.ts";
export { resultNoRows, RowsAffected } from "./rows-affected.ts";

/** What drivers take as an argument and what most columns hold. Mirrors Go's `driver.Value`. */
export type Value = null | boolean | number | bigint | string | Date | Uint8Array;

/**
 * Tells whether a value is one that `sql` passes to every driver as it is. Mirrors Go's `driver.IsValue`; an invalid Date
 * is none.
 *
 * @example
 * ```ts
 * console.log(driver.isValue(42n), driver.isValue({})); // true false
 * ```
 */
export function isValue(value: unknown): value is Value {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return true;
    case "object":
      if (value instanceof Date) return !Number.isNaN(value.getTime());
      return value === null || value instanceof Uint8Array;
    default:
      return false;
  }
}

/** An argument of a statement. Mirrors Go's `driver.NamedValue`. */
export interface NamedValue {
  /** The name that `sql.named` gave it, without the engine's prefix; "" if it goes by its place. */
  readonly name: string;
  /** Its place, from 1. */
  readonly ordinal: number;
  /** The value: a {@link Value}, or what the driver's `checkNamedValue` made of it. */
  readonly value: unknown;
}

/** All levels of isolation, by Go's names; the default is the database's. */
export const isolationLevels = [
  "Default",
  "Read Uncommitted",
  "Read Committed",
  "Write Committed",
  "Repeatable Read",
  "Snapshot",
  "Serializable",
  "Linearizable",
] as const;

/** How far transactions see each other. Mirrors Go's `sql.IsolationLevel`. */
export type IsolationLevel = (typeof isolationLevels)[number];

/** How to begin a transaction. Mirrors Go's `driver.TxOptions`. */
export interface TxOptions {
  readonly isolation: IsolationLevel;
  readonly readOnly: boolean;
}

/** What is known about how a query will be used. Go has no such thing. */
export interface QueryOptions {
  /** Whether only the first row will be read: a driver may ask the server for no more. It may ignore this. */
  readonly oneRow?: boolean;
  /**
   * Whether the query stands alone: the program has asked a `DB` for it, so it is in no transaction, and counts on no session.
   * A driver may have it run elsewhere, on a connection that is as good.
   */
  readonly alone?: boolean;
}

/** Makes connections to one database. Mirrors Go's `driver.Connector`. */
export interface Connector {
  /** Opens a connection. Gives up when `ctx` ends, and leaves nothing behind then. */
  connect(ctx: Context): Promise<Conn>;
  /** Frees what the connections share; called once, when all of them are closed. */
  close?(): Promise<void>;
}

/** A connection, in use by one goroutine at a time. Mirrors Go's `driver.Conn` and its optional interfaces. */
export interface Conn {
  /** Prepares a statement. Mirrors Go's `driver.ConnPrepareContext`. */
  prepare(ctx: Context, text: string): Promise<Stmt>;
  /**
   * Runs a query without preparing it first. `ctx` covers the rows too. Without this method `sql` prepares, queries and
   * closes. Mirrors Go's `driver.QueryerContext`.
   */
  query?(ctx: Context, text: string, args: readonly NamedValue[], options?: QueryOptions): Promise<Rows>;
  /** Runs a statement that yields no rows. Mirrors Go's `driver.ExecerContext`. */
  exec?(ctx: Context, text: string, args: readonly NamedValue[]): Promise<Result>;
  /**
   * Begins a transaction. `ctx` covers the beginning only: `sql` itself rolls back when it ends later. Mirrors Go's
   * `driver.ConnBeginTx`.
   *
   * @throws Error `sql: driver does not support non-default isolation level`, `sql: driver does not support read-only
   * transactions`
   */
  begin(ctx: Context, options: TxOptions): Promise<Tx>;
  /** Closes the connection. Called once; must work in every state. */
  close(): Promise<void>;
  /** Asks whether the server is there. Mirrors Go's `driver.Pinger`; without it a ping opens a connection only. */
  ping?(ctx: Context): Promise<void>;
  /** Called before the connection gets another user. Mirrors Go's `driver.SessionResetter`. */
  resetSession?(ctx: Context): Promise<void>;
  /**
   * Tells whether `resetSession` has anything to do: where it has not, the connection has its next user at once. Asked before
   * each call of it, and true without this method. Go has no such thing.
   */
  needsReset?(): boolean;
  /** Tells whether the connection is good; asked before it goes back to the pool. Mirrors Go's `driver.Validator`. */
  isValid?(): boolean;
  /**
   * Returns the value to pass for an argument, or throws; returning undefined leaves it to `sql`, which takes a
   * {@link Value} only. Mirrors Go's `driver.NamedValueChecker`.
   */
  checkNamedValue?(argument: NamedValue): unknown;
  /**
   * Runs `f`, by which the program uses what the connection is made of, as the client of a library: stops what `f` has begun
   * there when `ctx` ends, and has nothing of it left when it settles. Without this method `sql` calls `f` itself. Go has
   * no such thing.
   */
  raw?<T>(ctx: Context, f: () => Promise<T>): Promise<T>;
  /** Lets the connection keep the process alive, or not: it does while one of its methods runs. Go has no such thing. */
  hold?(held: boolean): void;
}

/** A prepared statement. Mirrors Go's `driver.Stmt`. */
export interface Stmt {
  /** How many arguments it takes; -1 if unknown. */
  readonly numInput: number;
  query(ctx: Context, args: readonly NamedValue[], options?: QueryOptions): Promise<Rows>;
  exec(ctx: Context, args: readonly NamedValue[]): Promise<Result>;
  close(): Promise<void>;
}

/** What a query yields. Mirrors Go's `driver.Rows`, in batches. */
export interface Rows {
  /** The columns, in order; names may occur twice. */
  readonly columns: readonly Column[];
  /**
   * Returns the next rows, the values in the order of the columns: as many as are worth one trip, at least one; none
   * once there are no more. Memory stays bounded: it does not fetch ahead without being asked. Stops when the context of
   * the query ends.
   */
  next(): Promise<readonly (readonly unknown[])[]>;
  /** Gives up what was not read, stops the statement if it still runs, and frees the connection. */
  close(): Promise<void>;
}

/** A column of {@link Rows}. Mirrors Go's `sql.ColumnType`. */
export interface Column {
  readonly name: string;
  /** The engine's name for the type, as `INTEGER` or `varchar`; "" if unknown. Mirrors Go's `DatabaseTypeName`. */
  readonly databaseTypeName: string;
}

/** What a statement has done. Mirrors Go's `driver.Result`. */
export interface Result {
  /**
   * Returns the key that the database made for the row inserted last: a bigint if a number could not hold it;
   * `sql.int(result.lastInsertId())` is always a number.
   *
   * @throws Error where the engine has no such thing
   */
  lastInsertId(): number | bigint;
  /** Returns how many rows were changed. */
  rowsAffected(): number;
}

/** A transaction. Mirrors Go's `driver.Tx`. */
export interface Tx {
  /** Makes the work permanent. If the server rolled back instead, it throws. */
  commit(): Promise<void>;
  /** Takes the work back. Must work after a statement was stopped or failed, and when the server has done it already. */
  rollback(): Promise<void>;
}
