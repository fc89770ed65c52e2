/** A connection as `sql` sees it: waits for locks, stops what runs. It knows an Engine only, in either way. */

import { thrownHere } from "../../runtime/place.ts";
import { background, type Context } from "../../context/context.ts";
import { canEnd } from "../../context/internal.ts";
import {
  type Conn,
  errBadConn,
  interruptible,
  type NamedValue,
  type QueryOptions,
  type Result,
  type Rows,
  type Stmt,
  StoppedError,
  type Tx,
  type TxOptions,
} from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { Settings } from "./connector.ts";
import type { Database } from "./database.ts";
import type { Engine } from "./engine.ts";
import type { Helpers } from "./local-helpers.ts";
import { errorOf, SqliteError } from "./sqlite-error.ts";
import { BusyTimeout } from "./busy-timeout.ts";
import type { Batch, Executed, Prepared, Reply, Task } from "./tasks.ts";
import type { Maybe } from "./stepper.ts";
import { SqliteResult, SqliteRows, SqliteStmt, SqliteTx } from "./statement.ts";
import { store, storeAll } from "./values.ts";

/** How often locks of either kind had been released before a task began. */
interface Released {
  readonly writer: number;
  readonly reader: number;
}

/** A connection. */
export class SqliteConn implements Conn {
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #settings: Settings;
  /** To which long queries move; undefined if they stay. */
  readonly #helpers: Helpers | undefined;
  /** The index of its flag, which stops what it runs. */
  readonly #flag: number;
  /** Where its locks are. */
  readonly #slot: number;
  /** Whether no transaction is open, as SQLite says. */
  #autocommit = true;
  /** The transaction that `begin` has made and that has not been ended. */
  #tx: SqliteTx | undefined;
  #isBroken = false;

  private constructor(database: Database, engine: Engine, settings: Settings, helpers: Helpers | undefined) {
    this.#database = database;
    this.#helpers = helpers;
    this.#engine = engine;
    this.#settings = settings;
    this.#slot = database.enroll(engine);
    this.#flag = engine.enroll();
  }

  /** Opens a connection. */
  static async open(ctx: Context, database: Database, settings: Settings, helpers?: Helpers): Promise<SqliteConn> {
    // It has its place in a thread before anything is waited for: those who come meanwhile look for another.
    const engine = database.engine(settings);
    const conn = new SqliteConn(database, engine, settings, database.canMove(engine) ? helpers : undefined);
    try {
      await conn.#engine.started(ctx);
    } catch (error) {
      conn.#discharge();
      throw error;
    }
    try {
      await conn.#run(ctx, { kind: "open", slot: conn.#slot, readOnly: settings.readOnly });
      if (settings.setup !== "") await conn.#run(ctx, { kind: "exec", source: settings.setup, args: [], own: true });
      return conn;
    } catch (error) {
      // Should this fail too, its thread is dead.
      await conn.close().catch(() => undefined);
      throw error;
    }
  }

  async prepare(ctx: Context, text: string): Promise<Stmt> {
    const { statement, numInput } = await this.run<Prepared>(ctx, { kind: "prepare", text });
    return new SqliteStmt(this, statement, text, numInput);
  }

  /** Runs a text, or a statement by its number, of which the text is known. */
  async query(
    ctx: Context,
    source: string | number,
    args: readonly NamedValue[],
    options?: QueryOptions,
    text: string = source as string,
  ): Promise<Rows> {
    const helpers = options?.alone === true ? this.#helpers : undefined;
    const task = { kind: "query", source, args: storeAll(args) } as const;
    let batch = await this.run<Batch>(ctx, helpers === undefined ? task : { ...task, moves: helpers.isReady });
    if (batch.moved === true) {
      const rows = helpers?.takes(text) === true ? await helpers.query(ctx, text, args, options) : undefined;
      if (rows !== undefined) return rows;
      batch = await this.run<Batch>(ctx, task);
    }
    return new SqliteRows(this, ctx, batch);
  }

  /** Runs a text, or a statement by its number. */
  async exec(ctx: Context, source: string | number, args: readonly NamedValue[]): Promise<Result> {
    return new SqliteResult(await this.run<Executed>(ctx, { kind: "exec", source, args: storeAll(args) }));
  }

  async begin(ctx: Context, { isolation, readOnly }: TxOptions): Promise<Tx> {
    // All of SQLite's transactions are serializable.
    if (isolation !== "Default" && isolation !== "Serializable") {
      throw new Error("sql: driver does not support non-default isolation level");
    }
    const immediate = this.#settings.transaction === "immediate" && !readOnly && !this.#settings.readOnly;
    const source = immediate ? "BEGIN IMMEDIATE" : readOnly ? "BEGIN; PRAGMA query_only = 1" : "BEGIN";
    const tx = new SqliteTx(this, readOnly);
    const wasFree = this.#autocommit;
    try {
      await this.run(ctx, { kind: "exec", source, args: [], own: true });
      this.#tx = tx;
      return tx;
    } catch (error) {
      // It may have begun all the same. Should this fail too, the connection is not valid.
      if (wasFree) await tx.rollback().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#engine.isAlive) await this.#run(background(), { kind: "close" });
    } finally {
      this.#discharge();
    }
  }

  async ping(ctx: Context): Promise<void> {
    await this.run(ctx, { kind: "exec", source: "", args: [] });
  }

  async resetSession(): Promise<void> {
    // SQLite has no session to speak of, and `isValid` has seen to transactions: this saves a trip.
    if (!this.isValid()) throw thrownHere(errBadConn);
  }

  needsReset(): boolean {
    return !this.isValid();
  }

  /** A good connection is alive and has no open transaction. */
  isValid(): boolean {
    return !this.#isBroken && this.#engine.isAlive && this.#autocommit;
  }

  checkNamedValue(argument: NamedValue): unknown {
    return argument.value === undefined ? undefined : store(argument);
  }

  /** Whether SQLite has a transaction open. */
  get inTransaction(): boolean {
    return !this.#autocommit;
  }

  /**
   * Does a task: waits for locks that others have, and stops it when `ctx` ends.
   *
   * @throws SqliteError `the transaction has ended already: …` if SQLite has rolled back the one that `begin` made
   */
  run<T = unknown>(ctx: Context, task: Task): Maybe<T> {
    if (this.#tx !== undefined && this.#autocommit && task.kind !== "leave" && task.kind !== "finalize") {
      // Outside a transaction this would be made permanent at once.
      throw ended();
    }
    return this.#run(ctx, task) as Maybe<T>;
  }

  /** Ends the transaction that `begin` made, and does what is left to do. */
  async end(source: string): Promise<void> {
    this.#tx = undefined;
    // A dead thread has no transaction.
    if (source !== "" && this.#engine.isAlive)
      await this.#run(background(), { kind: "exec", source, args: [], own: true });
  }

  /** Does a task; what is done at once comes without a promise. */
  #run(ctx: Context, task: Task): Maybe<unknown> {
    const seen = this.#released();
    const reply = this.#once(ctx, task);
    if (!(reply instanceof Promise) && reply.failure === undefined) return reply.result;
    return this.#runOn(ctx, task, reply, seen);
  }

  /** Goes on with a task that has begun: waits for it, and for the locks that it needs. */
  async #runOn(ctx: Context, task: Task, begun: Maybe<Reply>, before: Released): Promise<unknown> {
    let busy: BusyTimeout | undefined;
    let current = task;
    let reply = begun;
    let seen = before;
    let rowsBefore = 0;
    let textBefore = 0;
    for (;;) {
      const { failure, result } = reply instanceof Promise ? await reply : reply;
      if (failure === undefined) {
        if (rowsBefore === 0) return result;
        const executed = result as Executed;
        return { ...executed, rowsAffected: executed.rowsAffected + rowsBefore };
      }
      const { progress, heldUpBy } = failure;
      const error = errorOf({
        ...failure,
        offset: failure.offset === undefined ? undefined : failure.offset + textBefore,
      });
      if (heldUpBy === "nobody" || this.#settings.busyTimeout === 0) throw error;
      if (current.kind === "exec" && typeof current.source === "string" && progress !== undefined) {
        // What went before has been done.
        current = { kind: "exec", source: current.source.slice(progress.at), args: current.args };
        rowsBefore += progress.rowsAffected;
        textBefore += progress.at;
      }
      if (this.#database.releases(heldUpBy) === seen[heldUpBy]) {
        busy ??= new BusyTimeout(this.#settings.busyTimeout);
        const freed = this.#database.wait();
        try {
          await busy.wait(ctx, error, freed);
        } finally {
          this.#database.leave(freed);
        }
      }
      seen = this.#released();
      reply = this.#once(ctx, current);
    }
  }

  #released(): Released {
    return { writer: this.#database.releases("writer"), reader: this.#database.releases("reader") };
  }

  #discharge(): void {
    this.#isBroken = true;
    this.#database.discharge(this.#engine, this.#slot);
    this.#engine.discharge(this.#flag);
  }

  /** Sends a task once, and returns what came of it; stopped ones throw. */
  #once(ctx: Context, task: Task): Maybe<Reply> {
    const end = endOf(ctx);
    if (end !== undefined) throw new StoppedError(end, new SqliteError("interrupted", "SQLITE_INTERRUPT", 9));
    const { reply, stop } = this.#engine.send(this.#flag, task);
    // Done already: its context had no time to end.
    if (!(reply instanceof Promise)) return this.#note(reply);
    // The next one that takes so long will find a thread.
    if (task.kind === "query" && task.moves === false) this.#helpers?.start();
    // What nothing ends needs no more than one promise.
    if (!canEnd(ctx)) return reply.then((came) => this.#note(came));
    return interruptible(ctx, async () => this.#note(await reply), {
      cancel: async () => stop(),
      wasStopped: (error) =>
        error instanceof SqliteError && (error.code === "SQLITE_INTERRUPT" || !this.#engine.isAlive),
      destroy: () => {
        // In the thread of the program all connections would go with this one.
        if (!this.#engine.isExpendable) return;
        this.#isBroken = true;
        void this.#engine.end();
      },
    });
  }

  /** Takes note of what came of a task. */
  #note(reply: Reply): Reply {
    this.#autocommit = reply.autocommit;
    this.#database.release(reply.released);
    if (reply.failure?.code === "SQLITE_INTERRUPT") throw errorOf(reply.failure);
    return reply;
  }
}

function ended(): SqliteError {
  const why = "SQLite has rolled it back, or a statement of it was COMMIT or ROLLBACK";
  return new SqliteError(`sqlite: the transaction has ended already: ${why}`, "SQLITE_ABORT", 4);
}
