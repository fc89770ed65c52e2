import { background } from "../context/context.ts";
import type { Context } from "../context/context.ts";
import { is } from "../errors/errors.ts";
import { describe } from "../runtime/arguments.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import { Conn } from "./conn.ts";
import type { Connection } from "./connection.ts";
import { nameDisposal } from "./disposal.ts";
import { type Connector, errBadConn } from "./driver/driver.ts";
import { endOf } from "./driver/end.ts";
import { checkContext } from "./errors.ts";
import { calledOnce, type Lease } from "./lease.ts";
import type { TxOptions } from "./options.ts";
import { type DBStats, Pool } from "./pool.ts";
import { Querier } from "./querier.ts";
import { begin, ping } from "./session.ts";
import { traced } from "./trace.ts";
import type { Tx } from "./tx.ts";

/** How often a bad connection is replaced by another idle one before a new one is opened. */
const cachedAttempts = 2;

/**
 * A database: a pool of connections that opens them as they are needed. Mirrors Go's `sql.DB`. Made by {@link open}; one
 * for each database of the program, used by all goroutines.
 *
 * Statements that run keep the process alive; idle connections, rows and transactions that are open do not.
 *
 * @example
 * ```ts
 * await using db = sql.open(sqlite(":memory:"));
 * await db.execContext(ctx, "CREATE TABLE album (id integer PRIMARY KEY, title text)");
 * await db.execContext(ctx, "INSERT INTO album (title) VALUES (?)", "Blue Train");
 * ```
 */
export class DB extends Querier implements AsyncDisposable {
  readonly #pool: Pool;

  /** @internal */
  constructor(connector: Connector) {
    super();
    this.#pool = new Pool(connector);
  }

  /**
   * Begins a transaction; waits for a connection and for the server. Mirrors Go's `DB.BeginTx`. When `ctx` ends before it
   * is committed, it rolls back by itself.
   *
   * @throws as `queryContext`
   * @throws Error `sql: driver does not support non-default isolation level`, `sql: driver does not support read-only
   * transactions`, or the driver's own words for that
   *
   * @example
   * ```ts
   * await using tx = await db.beginTx(ctx, { isolation: "Serializable", readOnly: true });
   * const [count] = await tx.queryRowContext(ctx, "SELECT count(*) FROM album").scan(sql.int);
   * ```
   */
  beginTx(ctx: Context, options?: TxOptions): Promise<Tx> {
    return traced(this, "begin", ctx, undefined, () => this.lease(ctx, (lease) => begin(lease, options)));
  }

  /** Begins a transaction with the default options and `context.background()`. Mirrors Go's `DB.Begin`. */
  begin(): Promise<Tx> {
    return this.beginTx(background());
  }

  /**
   * Takes one connection out of the pool for itself; waits until there is one. Mirrors Go's `DB.Conn`. `ctx` covers the
   * waiting only.
   *
   * @throws as `queryContext`
   *
   * @example
   * ```ts
   * await using connection = await db.conn(ctx);
   * ```
   */
  async conn(ctx: Context): Promise<Conn> {
    return this.lease(ctx, async (lease) => new Conn(lease.connection, (error) => lease.release(error)));
  }

  /**
   * Asks whether the server is there, and opens a connection if there is none. Mirrors Go's `DB.PingContext`.
   *
   * @throws as `queryContext`
   *
   * @example
   * ```ts
   * await db.pingContext(ctx);
   * ```
   */
  pingContext(ctx: Context): Promise<void> {
    return traced(this, "ping", ctx, undefined, () => this.lease(ctx, ping));
  }

  /** Asks whether the server is there, with `context.background()`. Mirrors Go's `DB.Ping`. */
  ping(): Promise<void> {
    return this.pingContext(background());
  }

  /**
   * Closes the database: no statement begins any more, those who wait for a connection get an error, idle connections
   * are closed, and the others when they are given back. Waits for the idle ones. Closing again does nothing. Mirrors
   * Go's `DB.Close`.
   *
   * @throws the driver's error if a connection could not be closed
   *
   * @example
   * ```ts
   * await db.close();
   * ```
   */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Closes the database at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Limits the number of connections; calls that find none free wait. 0 or less means no limit, the default.
   * Mirrors Go's `DB.SetMaxOpenConns`.
   *
   * @throws RangeError `sql: setMaxOpenConns: the number must be an integer, got …`
   */
  setMaxOpenConns(n: number): void {
    this.#pool.setMaxOpen(checkInteger("setMaxOpenConns", n));
  }

  /**
   * Limits how many idle connections are kept; 0 or less means none. It begins with 2. Mirrors Go's
   * `DB.SetMaxIdleConns`.
   *
   * @throws RangeError `sql: setMaxIdleConns: the number must be an integer, got …`
   */
  setMaxIdleConns(n: number): void {
    this.#pool.setMaxIdle(checkInteger("setMaxIdleConns", n));
  }

  /**
   * Limits for how long a connection is used, in milliseconds from its opening; 0 or less means forever. Mirrors Go's
   * `DB.SetConnMaxLifetime`.
   *
   * @throws RangeError `sql: setConnMaxLifetime: the duration must be a number, got …`
   */
  setConnMaxLifetime(d: number): void {
    this.#pool.setMaxLifetime(checkDuration("setConnMaxLifetime", d));
  }

  /**
   * Limits for how long a connection stays idle, in milliseconds; 0 or less means forever. Mirrors Go's
   * `DB.SetConnMaxIdleTime`.
   *
   * @throws RangeError `sql: setConnMaxIdleTime: the duration must be a number, got …`
   */
  setConnMaxIdleTime(d: number): void {
    this.#pool.setMaxIdleTime(checkDuration("setConnMaxIdleTime", d));
  }

  /**
   * Returns what the pool has done and is doing. Mirrors Go's `DB.Stats`.
   *
   * @example
   * ```ts
   * const { inUse, idle, waitCount } = db.stats();
   * console.log(inUse, idle, waitCount);
   * ```
   */
  stats(): DBStats {
    return this.#pool.stats();
  }

  /** @internal */
  override async lease<T>(ctx: Context, use: (lease: Lease) => Promise<T>): Promise<T> {
    checkContext(ctx);
    for (let attempt = 0; attempt < cachedAttempts; attempt++) {
      try {
        const got = this.#pool.acquire(ctx, false);
        return await use(this.#lease(got instanceof Promise ? await got : got, ctx));
      } catch (error) {
        if (!is(error, errBadConn) || endOf(ctx) !== undefined) throw error;
      }
    }
    return use(this.#lease(await this.#pool.acquire(ctx, true), ctx));
  }

  #lease(connection: Connection, ctx: Context): Lease {
    return { connection, alone: true, ctx, release: calledOnce((error) => this.#pool.release(connection, error)) };
  }

  static {
    nameDisposal(this);
    refuseUnbound(this);
  }
}

function checkInteger(method: string, n: number): number {
  if (!Number.isInteger(n)) throw new RangeError(`sql: ${method}: the number must be an integer, got ${describe(n)}`);
  return n;
}

function checkDuration(method: string, d: number): number {
  if (typeof d !== "number" || Number.isNaN(d)) {
    throw new RangeError(`sql: ${method}: the duration must be a number, got ${describe(d)}`);
  }
  return d;
}
