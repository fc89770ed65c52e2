import { thrownHere } from "../runtime/place.ts";
import { background } from "../context/context.ts";
import type { Context } from "../context/context.ts";
import { WaitGroup } from "../sync/sync.ts";
import type { Connection, Prepared } from "./connection.ts";
import { nameDisposal } from "./disposal.ts";
import type * as driver from "./driver/driver.ts";
import { checkContext, errStmtClosed, throwIfEnded } from "./errors.ts";
import { execPrepared, giveBack, type Lease, queryPrepared, queryRowPrepared } from "./lease.ts";
import type { Querier } from "./querier.ts";
import type { RowObject } from "./record.ts";
import { Row } from "./row.ts";
import type { Rows } from "./rows.ts";
import { traced } from "./trace.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * A prepared statement. Mirrors Go's `sql.Stmt`. One of a {@link DB} is prepared again on each connection that it comes
 * to run on; one of a transaction ends with it.
 *
 * @example
 * ```ts
 * await using byArtist = await db.prepareContext(ctx, "SELECT title FROM album WHERE artist = ?");
 * for await (const { title } of await byArtist.queryContext(ctx, "John Coltrane")) console.log(title);
 * ```
 */
export class Stmt implements AsyncDisposable {
  readonly #owner: Querier;
  readonly #text: string;
  readonly #prepared = new Map<Connection, Prepared>();
  #closed = false;
  /** Uses that have begun: they get to their end. */
  readonly #running = new WaitGroup();

  private constructor(owner: Querier, text: string) {
    this.#owner = owner;
    this.#text = text;
  }

  /** @internal */
  static async prepare(owner: Querier, ctx: Context, text: string): Promise<Stmt> {
    const statement = new Stmt(owner, text);
    await owner.lease(ctx, (lease) =>
      giveBack(lease, async () => {
        await statement.#on(lease);
        // While the lease is out: the end of the session waits for leases, and then closes what was prepared.
        owner.prepared(statement);
      }),
    );
    return statement;
  }

  /**
   * Returns the text, for others who prepare the same statement.
   * @internal
   */
  reusableText(): string {
    if (this.#closed) throw thrownHere(errStmtClosed);
    return this.#text;
  }

  /**
   * Runs the query with these arguments. Mirrors Go's `Stmt.QueryContext`; see `DB.queryContext`.
   *
   * @throws Error `sql: statement is closed`
   * @throws RangeError `sql: expected 2 arguments, got 1`
   */
  queryContext<T extends object = RowObject>(ctx: Context, ...args: unknown[]): Promise<Rows<T>> {
    return this.#query(ctx, args) as unknown as Promise<Rows<T>>;
  }

  /**
   * Runs the statement with these arguments. Mirrors Go's `Stmt.ExecContext`; see `DB.execContext`.
   *
   * @throws Error `sql: statement is closed`
   * @throws RangeError `sql: expected 2 arguments, got 1`
   */
  execContext(ctx: Context, ...args: unknown[]): Promise<driver.Result> {
    return this.#exec(ctx, args);
  }

  /** Runs the query and returns its first row. Mirrors Go's `Stmt.QueryRowContext`; see `DB.queryRowContext`. */
  queryRowContext(ctx: Context, ...args: unknown[]): Row {
    return this.#queryRow(ctx, args);
  }

  /** Runs the query with `context.background()`. Mirrors Go's `Stmt.Query`. */
  query<T extends object = RowObject>(...args: unknown[]): Promise<Rows<T>> {
    return this.#query(background(), args) as unknown as Promise<Rows<T>>;
  }

  /** Runs the statement with `context.background()`. Mirrors Go's `Stmt.Exec`. */
  exec(...args: unknown[]): Promise<driver.Result> {
    return this.#exec(background(), args);
  }

  /** Reads a row with `context.background()`. Mirrors Go's `Stmt.QueryRow`. */
  queryRow(...args: unknown[]): Row {
    return this.#queryRow(background(), args);
  }

  /**
   * Closes the statement: uses that have begun get to their end, no others begin. It does not wait for that.
   * Closing again does nothing. Mirrors Go's `Stmt.Close`.
   */
  async close(): Promise<void> {
    void this.end();
  }

  /** Closes the statement at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Closes the statement and waits for it. If that fails, `isValid` of the connection tells whether it is still good.
   * @internal
   */
  async end(): Promise<void> {
    this.#closed = true;
    this.#owner.forget(this);
    await this.#running.wait();
    const closing = [...this.#prepared.values()].map((prepared) => prepared.close());
    this.#prepared.clear();
    await Promise.allSettled(closing);
  }

  #query(ctx: Context, args: readonly unknown[]): Promise<Rows> {
    return this.#run(ctx, "query", (lease, prepared) => queryPrepared(lease, prepared, args));
  }

  #queryRow(ctx: Context, args: readonly unknown[]): Row {
    return new Row(this.#run(ctx, "queryRow", (lease, prepared) => queryRowPrepared(lease, prepared, args)));
  }

  #exec(ctx: Context, args: readonly unknown[]): Promise<driver.Result> {
    return this.#run(ctx, "exec", (lease, prepared) => execPrepared(lease, prepared, args));
  }

  #run<T>(
    ctx: Context,
    operation: "query" | "queryRow" | "exec",
    use: (lease: Lease, prepared: Prepared) => Promise<T>,
  ): Promise<T> {
    return traced(this, operation, ctx, this.#text, async () => {
      checkContext(ctx);
      // It may be closed because its transaction is over, for the same reason.
      throwIfEnded(ctx);
      if (this.#closed) throw thrownHere(errStmtClosed);
      this.#running.add(1);
      try {
        return await this.#owner.lease(ctx, (lease) => {
          const known = this.#prepared.get(lease.connection);
          return known === undefined ? this.#prepareAndUse(lease, use) : use(lease, known);
        });
      } finally {
        this.#running.done();
      }
    });
  }

  /** Uses the driver's statement on a connection that has none yet. */
  async #prepareAndUse<T>(lease: Lease, use: (lease: Lease, prepared: Prepared) => Promise<T>): Promise<T> {
    let prepared: Prepared;
    try {
      prepared = await this.#on(lease);
    } catch (error) {
      lease.release(error);
      throw error;
    }
    return use(lease, prepared);
  }

  /** Returns the driver's statement on this connection, prepared now if it was not. */
  async #on({ connection, ctx }: Lease): Promise<Prepared> {
    const known = this.#prepared.get(connection);
    if (known !== undefined) return known;
    for (const other of this.#prepared.keys()) if (other.closed) this.#prepared.delete(other);
    const prepared = await connection.prepare(ctx, this.#text);
    this.#prepared.set(connection, prepared);
    return prepared;
  }

  static {
    nameDisposal(this);
    refuseUnbound(this);
  }
}
