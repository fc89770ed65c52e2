import { thrownHere } from "../runtime/place.ts";
import { background, canceled, type Context, onEnd } from "../context/context.ts";
import { withEither } from "../context/internal.ts";
import { nameDisposal } from "./disposal.ts";
import { type Conn as DriverConn, errBadConn, StoppedError, type Tx as DriverTx } from "./driver/driver.ts";
import { endOf } from "./driver/end.ts";
import { checkContext, errTxDone, throwIfEnded } from "./errors.ts";
import { ended } from "./grace.ts";
import { type Lease, raw, rawArguments, type RawFunction } from "./lease.ts";
import { refuseWithin } from "./lent.ts";
import { Querier } from "./querier.ts";
import type { Session } from "./session.ts";
import type { Stmt } from "./stmt.ts";
import { traced } from "./trace.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/** What became of a transaction; nobody knows if the answer to a commit was lost. */
export type Outcome = "committed" | "rolled back" | "unknown";

/** Calls `f` as soon as the transaction is over; at once if it is. */
export let afterTx: (tx: Tx, f: (outcome: Outcome) => void) => void;

/**
 * A transaction. Mirrors Go's `sql.Tx`. It holds a connection until it is committed or rolled back. When the context with
 * which it was begun ends, it rolls back by itself, after the statement that runs then, which is stopped.
 *
 * At the end of an `await using` block it rolls back unless it was committed.
 *
 * @example
 * ```ts
 * await using tx = await db.beginTx(ctx);
 * await tx.execContext(ctx, "UPDATE account SET balance = balance - ? WHERE id = ?", 10, 1);
 * await tx.execContext(ctx, "UPDATE account SET balance = balance + ? WHERE id = ?", 10, 2);
 * await tx.commit();
 * ```
 */
export class Tx extends Querier implements AsyncDisposable {
  readonly #session: Session;
  readonly #tx: DriverTx;
  readonly #ctx: Context;
  readonly #release: (error: unknown) => void;
  #unwatch: () => void = () => undefined;
  /** The error of the context, if that has ended the transaction. */
  #end: Error | undefined;
  /** Whether it has been committed or rolled back, or has failed to be. */
  #over = false;
  /** Fulfilled when it is over; set when it begins to be. */
  #ending: Promise<void> | undefined;
  /** Whether the state of the connection is unknown: it must not go back to the pool. */
  #spoiled = false;
  /** What became of it, once it is over. */
  #outcome: Outcome | undefined;
  readonly #after: ((outcome: Outcome) => void)[] = [];

  /** @internal */
  constructor(session: Session, tx: DriverTx, ctx: Context, release: (error: unknown) => void) {
    super();
    this.#session = session;
    this.#tx = tx;
    this.#ctx = ctx;
    this.#release = release;
    this.#unwatch = onEnd(ctx, () => this.#rollBackUnasked(endOf(ctx)));
  }

  /**
   * Makes the work permanent; waits for statements that still run, and closes rows that are open. Mirrors Go's
   * `Tx.Commit`.
   *
   * @throws {@link errTxDone} if the transaction was committed or rolled back
   * @throws `ctx.err()` if the context of the transaction has ended and it is being rolled back; once that is done, an
   * error that is both `ctx.err()` and `errTxDone` to `errors.is`, where Go's is `ErrTxDone` only
   * @throws the driver's error if it could not be committed: it is over nevertheless
   *
   * @example
   * ```ts
   * await tx.commit();
   * ```
   */
  async commit(): Promise<void> {
    // If it has ended, this rolls back, now or soon.
    const end = endOf(this.#ctx);
    if (this.#over) throw this.#end === undefined ? errTxDone : new StoppedError(this.#end, errTxDone);
    if (this.#session.ended) throw this.#end ?? errTxDone;
    if (end !== undefined) throw end;
    refuseWithin(this.#session.connection);
    await traced(this, "commit", undefined, undefined, () => this.#finish(() => this.#tx.commit(), "committed"));
  }

  /**
   * Takes the work back; waits for statements that still run, and closes rows that are open. Mirrors Go's `Tx.Rollback`.
   *
   * @throws {@link errTxDone} if the transaction is over
   *
   * @example
   * ```ts
   * await tx.rollback();
   * ```
   */
  async rollback(): Promise<void> {
    this.#check();
    const { connection } = this.#session;
    refuseWithin(connection);
    // The answer is not needed: what cannot be rolled back is lost with the connection.
    const until = connection.unsettled === undefined ? this.#ctx : ended;
    await connection.settleSoon(
      until,
      this.#finish(() => this.#rollBack()),
      () => undefined,
    );
  }

  /**
   * Prepares, for this transaction, a statement that was prepared elsewhere. Mirrors Go's `Tx.StmtContext`. It is closed
   * with the transaction.
   *
   * @example
   * ```ts
   * const insert = await tx.stmtContext(ctx, insertAlbum);
   * await insert.execContext(ctx, "Giant Steps");
   * ```
   */
  async stmtContext(ctx: Context, statement: Stmt): Promise<Stmt> {
    return this.prepareContext(ctx, statement.reusableText());
  }

  /** Prepares a statement here with `context.background()`. Mirrors Go's `Tx.Stmt`. */
  stmt(statement: Stmt): Promise<Stmt> {
    return this.stmtContext(background(), statement);
  }

  /**
   * Calls `f` with the driver's connection, within the transaction, which `f` must not end; see `Conn.raw`. Go has this on
   * `Conn` only.
   *
   * @throws {@link errTxDone} if the transaction is over
   *
   * @example
   * ```ts
   * const isValid = await tx.raw(ctx, async (conn) => conn.isValid?.());
   * ```
   */
  raw<T>(ctx: Context, f: (conn: DriverConn, ctx: Context) => T | Promise<T>): Promise<T>;
  raw<T>(f: (conn: DriverConn, ctx: Context) => T | Promise<T>): Promise<T>;
  async raw<T>(first: Context | RawFunction<T>, second?: RawFunction<T>): Promise<T> {
    const [ctx, f] = rawArguments(first, second);
    return this.lease(ctx, (lease) => raw(lease, f));
  }

  /** Rolls back at the end of an `await using` block, unless the transaction is over; waits if it is about to be. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { ended, connection } = this.#session;
    if (this.#over) return;
    refuseWithin(connection);
    if (!ended) await this.rollback();
    else if (this.#ending !== undefined) await connection.settleSoon(this.#ctx, this.#ending, () => undefined);
  }

  /** @internal */
  override async lease<T>(ctx: Context, use: (lease: Lease) => Promise<T>): Promise<T> {
    checkContext(ctx);
    throwIfEnded(ctx);
    if (!this.#session.ended) refuseWithin(this.#session.connection, ctx);
    const [until, free] = withEither(ctx, this.#ctx);
    // Asked last: to look at the contexts may have been what ended it.
    if (this.#session.ended) {
      free();
      throw thrownHere(errTxDone);
    }
    return await use(this.#session.lease(until, free));
  }

  /** @internal */
  override prepared(statement: Stmt): void {
    this.#session.add(statement);
  }

  /** @internal */
  override forget(statement: Stmt): void {
    this.#session.forget(statement);
  }

  /**
   * Rolls back soon because the connection is given back.
   * @internal
   */
  end(): void {
    this.#rollBackUnasked(undefined);
  }

  #check(): void {
    if (this.#session.ended) throw thrownHere(errTxDone);
  }

  #rollBackUnasked(end: Error | undefined): void {
    if (this.#session.ended) return;
    this.#end = end;
    const { resetSession, isValid } = this.#session.connection.driver;
    // A driver that cannot tell in which state the connection is now does not get it back.
    this.#spoiled = resetSession === undefined || isValid === undefined;
    this.#finish(() => this.#rollBack()).catch(() => undefined);
  }

  async #rollBack(): Promise<void> {
    try {
      await traced(this, "rollback", undefined, undefined, () => this.#tx.rollback());
    } catch (error) {
      this.#spoiled = true;
      throw error;
    }
  }

  /** Ends the transaction, once, and gives the connection back. */
  async #finish(end: () => Promise<void>, outcome: Outcome = "rolled back"): Promise<void> {
    const { connection } = this.#session;
    let over = (): void => undefined;
    const ending = new Promise<void>((resolve) => (over = resolve));
    // Set before anything can come back here, and before anybody can use the connection.
    this.#ending = connection.ending = ending;
    let failure: unknown;
    try {
      const ended = this.#session.end();
      this.#unwatch();
      await ended;
      // One of the `Conn` around the transaction is not among the leases here.
      connection.endCopy(canceled);
      await connection.run(undefined, end);
    } catch (error) {
      failure = error;
      if (outcome === "committed") outcome = "unknown";
      throw error;
    } finally {
      if (connection.ending === ending) connection.ending = undefined;
      this.#over = true;
      over();
      this.#outcome = outcome;
      for (const f of this.#after) f(outcome);
      this.#release(this.#spoiled ? errBadConn : failure);
    }
  }

  static {
    afterTx = (tx, f) => {
      if (tx.#outcome === undefined) tx.#after.push(f);
      else f(tx.#outcome);
    };
    nameDisposal(this);
    refuseUnbound(this);
  }
}
