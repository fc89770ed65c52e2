import { thrownHere } from "../runtime/place.ts";
import { background } from "../context/context.ts";
import type { Context } from "../context/context.ts";
import { is } from "../errors/errors.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Connection } from "./connection.ts";
import { nameDisposal } from "./disposal.ts";
import { errBadConn, type Conn as DriverConn } from "./driver/driver.ts";
import { checkContext, errConnDone, throwIfEnded } from "./errors.ts";
import { ended } from "./grace.ts";
import { type Lease, raw, rawArguments, type RawFunction } from "./lease.ts";
import { refuseWithin } from "./lent.ts";
import { Once } from "./once.ts";
import { Querier } from "./querier.ts";
import type { Stmt } from "./stmt.ts";
import type { TxOptions } from "./options.ts";
import { begin, ping, Session } from "./session.ts";
import { traced } from "./trace.ts";
import type { Tx } from "./tx.ts";

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
  readonly #session: Session;
  readonly #release: (error: unknown) => void;
  readonly #closing = new Once();
  /** Whether a transaction is open: a second one would end the first, and say nothing. */
  #hasTx = false;
  /** Whether the connection has been given back. */
  #isBack = false;

  /** @internal */
  constructor(connection: Connection, release: (error: unknown) => void) {
    super();
    this.#session = new Session(connection, errConnDone);
    this.#release = release;
  }

  /**
   * Begins a transaction on this connection. Mirrors Go's `Conn.BeginTx`; see `DB.beginTx`.
   *
   * @throws {@link errConnDone} if the connection was given back
   * @throws Error `sql: the connection has a transaction already`
   */
  beginTx(ctx: Context, options?: TxOptions): Promise<Tx> {
    return traced(this, "begin", ctx, undefined, async () => {
      checkContext(ctx);
      refuseWithin(this.#session.connection, ctx);
      while (this.#session.connection.ending !== undefined) await this.#session.connection.ending;
      if (this.#hasTx) throw new Error("sql: the connection has a transaction already");
      this.#hasTx = true;
      const over = (): void => void (this.#hasTx = false);
      try {
        return await this.lease(ctx, (lease) => begin(releasing(lease, over), options));
      } catch (error) {
        over();
        throw error;
      }
    });
  }

  /**
   * Asks whether the server is there. Mirrors Go's `Conn.PingContext`.
   *
   * @throws {@link errConnDone} if the connection was given back
   */
  pingContext(ctx: Context): Promise<void> {
    return traced(this, "ping", ctx, undefined, () => this.lease(ctx, ping));
  }

  /** Asks whether the server is there, with `context.background()`. */
  ping(): Promise<void> {
    return this.pingContext(background());
  }

  /**
   * Calls `f` with the driver's connection, for what only this driver can do; nothing else runs on it meanwhile. What others
   * ask for waits until `f` is done; what `f` itself asks for, of this `Conn` or what came from it, is refused. Mirrors
   * Go's `Conn.Raw`, which has no context: when `ctx` ends, what `f` has begun at the server is stopped. Without `ctx`
   * nothing stops it.
   *
   * `clientOf` of `gocsp/sql/postgres` and `gocsp/sql/mysql` returns the client of the library from it.
   *
   * @throws what `f` throws; an error that is `ctx.err()` to `errors.is` if `ctx` ended meanwhile
   * @throws {@link errConnDone} if the connection was given back
   * @throws TypeError `sql: raw: … is not a function`
   * @throws Error `sql: a function of raw would wait for itself: it must use the connection that it is given`, as all that
   * `f` asks for
   *
   * @example
   * ```ts
   * const isValid = await connection.raw(ctx, async (conn) => conn.isValid?.());
   * ```
   */
  raw<T>(ctx: Context, f: (conn: DriverConn, ctx: Context) => T | Promise<T>): Promise<T>;
  raw<T>(f: (conn: DriverConn, ctx: Context) => T | Promise<T>): Promise<T>;
  async raw<T>(first: Context | RawFunction<T>, second?: RawFunction<T>): Promise<T> {
    const [ctx, f] = rawArguments(first, second);
    return this.lease(ctx, (lease) => raw(lease, f));
  }

  /**
   * Gives the connection back to the pool; waits for what runs on it, and closes rows that are open
   * and rolls back a transaction that is. Mirrors Go's `Conn.Close`.
   *
   * @throws {@link errConnDone} if that was done already
   */
  async close(): Promise<void> {
    if (this.#closing.begun) throw thrownHere(errConnDone);
    refuseWithin(this.#session.connection);
    return this.#closing.run(() => this.#closeSoon());
  }

  /** Gives the connection back at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isBack) refuseWithin(this.#session.connection);
    return this.#closing.run(() => this.#closeSoon());
  }

  /** @internal */
  override async lease<T>(ctx: Context, use: (lease: Lease) => Promise<T>): Promise<T> {
    checkContext(ctx);
    throwIfEnded(ctx);
    if (this.#closing.begun) throw thrownHere(errConnDone);
    refuseWithin(this.#session.connection, ctx);
    const lease = this.#session.lease(ctx, (error) => {
      if (is(error, errBadConn) || this.#session.connection.spoiled) void this.#closing.run(() => this.#close(error));
    });
    // Behind the end of a transaction, or the statement would run inside it.
    while (this.#session.connection.ending !== undefined) await this.#session.connection.ending;
    return await use(lease);
  }

  /** @internal */
  override prepared(statement: Stmt): void {
    this.#session.add(statement);
  }

  /** @internal */
  override forget(statement: Stmt): void {
    this.#session.forget(statement);
  }

  /** Does not wait for a driver to which others have stopped to wait already. */
  #closeSoon(): Promise<void> {
    const { connection } = this.#session;
    const closed = this.#close(undefined);
    return connection.unsettled === undefined ? closed : connection.settleSoon(ended, closed, () => undefined);
  }

  async #close(error: unknown): Promise<void> {
    await this.#session.end();
    this.#isBack = true;
    this.#release(error);
  }

  static {
    nameDisposal(this);
    refuseUnbound(this);
  }
}

/** Returns a lease that calls `over` when it is given back. */
function releasing(lease: Lease, over: () => void): Lease {
  const release = (error?: unknown): void => {
    over();
    lease.release(error);
  };
  return { ...lease, release };
}
