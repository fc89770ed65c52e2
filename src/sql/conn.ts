import { background, canceled } from "../context/context.ts";
import type { Context } from "../context/context.ts";
import { is } from "../errors/errors.ts";
import { checkFunction } from "../runtime/check.ts";
import { asyncDispose } from "../runtime/dispose.ts";
import type { Connection } from "./connection.ts";
import { errBadConn, type Conn as DriverConn } from "./driver/driver.ts";
import { checkContext, errConnDone } from "./errors.ts";
import type { Lease } from "./lease.ts";
import { Querier } from "./querier.ts";
import type { Rows } from "./rows.ts";
import type { Stmt } from "./stmt.ts";
import { begin, ping } from "./session.ts";
import type { Tx, TxOptions } from "./tx.ts";

/**
 * One connection, for statements that need the same session: temporary tables, settings, locks. Mirrors Go's `sql.Conn`.
 * Close it, or it is missing in the pool.
 *
 * @example
 * ```ts
 * await using connection = await db.conn(ctx);
 * await connection.execContext(ctx, "CREATE TEMPORARY TABLE found (id integer)");
 * ```
 */
export class Conn extends Querier implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #release: (error: unknown) => void;
  #closing: Promise<void> | undefined;
  readonly #rows = new Set<Rows>();
  readonly #statements = new Set<Stmt>();

  /** @internal */
  constructor(connection: Connection, release: (error: unknown) => void) {
    super();
    this.#connection = connection;
    this.#release = release;
  }

  /**
   * Begins a transaction on this connection. Mirrors Go's `Conn.BeginTx`; see `DB.beginTx`.
   *
   * @throws {@link errConnDone} if the connection was given back
   */
  beginTx(ctx: Context, options?: TxOptions): Promise<Tx> {
    return this.lease(ctx, (lease) => begin(lease, options));
  }

  /**
   * Asks whether the server is there. Mirrors Go's `Conn.PingContext`.
   *
   * @throws {@link errConnDone} if the connection was given back
   */
  pingContext(ctx: Context): Promise<void> {
    return this.lease(ctx, ping);
  }

  /** Asks whether the server is there, with `context.background()`. */
  ping(): Promise<void> {
    return this.pingContext(background());
  }

  /**
   * Calls `f` with the driver's connection, for what only this driver can do; nothing else runs on it meanwhile. Mirrors
   * Go's `Conn.Raw`.
   *
   * @throws what `f` throws
   * @throws {@link errConnDone} if the connection was given back
   *
   * @example
   * ```ts
   * const isValid = await connection.raw(async (conn) => conn.isValid?.());
   * ```
   */
  async raw<T>(f: (conn: DriverConn) => T | Promise<T>): Promise<T> {
    checkFunction("sql: raw", f);
    if (this.#closing !== undefined) throw errConnDone;
    return this.#connection.run(undefined, async (conn) => f(conn));
  }

  /**
   * Gives the connection back to the pool; waits for what runs on it, and closes rows that are open. Mirrors Go's
   * `Conn.Close`.
   *
   * @throws {@link errConnDone} if that was done already
   */
  async close(): Promise<void> {
    if (this.#closing !== undefined) throw errConnDone;
    this.#closing = this.#close(undefined);
    return this.#closing;
  }

  /** Gives the connection back at the end of an `await using` block. */
  async [asyncDispose](): Promise<void> {
    this.#closing ??= this.#close(undefined);
    return this.#closing;
  }

  /** @internal */
  override async lease<T>(ctx: Context, use: (lease: Lease) => Promise<T>): Promise<T> {
    checkContext(ctx);
    if (this.#closing !== undefined) throw errConnDone;
    let rows: Rows | undefined;
    return use({
      connection: this.#connection,
      ctx,
      release: (error) => {
        if (rows !== undefined) this.#rows.delete(rows);
        if (is(error, errBadConn)) this.#closing ??= this.#close(error);
      },
      opened: (opened) => {
        rows = opened;
        this.#rows.add(opened);
      },
    });
  }

  /** @internal */
  override prepared(statement: Stmt): Stmt {
    this.#statements.add(statement);
    return statement;
  }

  async #close(error: unknown): Promise<void> {
    for (const rows of this.#rows) rows.end(canceled);
    await this.#connection.run(undefined, async () => undefined);
    for (const statement of this.#statements) await statement.close();
    this.#release(error);
  }
}
