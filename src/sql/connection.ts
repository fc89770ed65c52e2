import type { Context } from "../context/context.ts";
import { canEnd } from "../context/internal.ts";
import { currentQueue } from "../runtime/clock.ts";
import { Mutex } from "../sync/sync.ts";
import type * as driver from "./driver/driver.ts";
import { StoppedError } from "./driver/driver.ts";
import { endOf } from "./driver/end.ts";
import { explained, throwIfEnded } from "./errors.ts";
import { withinGrace } from "./grace.ts";
import type { Loan } from "./lent.ts";
import { Once } from "./once.ts";

/** Who has a connection: one user, the pool, or nobody any more because it is being closed or is closed. */
export type Holder = "user" | "pool" | "nobody";

/** A COPY, as far as others can end it. */
export interface Copying {
  end(reason: Error): void;
}

/** A connection of the pool: the driver's, and what is known of it. */
export class Connection {
  readonly driver: driver.Conn;
  /** Only the pool changes it. */
  holder: Holder = "user";
  readonly openedAt: number;
  /** Since when it is in the pool. */
  returnedAt = 0;
  /** Whether it has had a user since the driver last reset its session. */
  used = false;
  /** Settles when the transaction that is being ended is over. Other users of the connection wait for it. */
  ending: Promise<void> | undefined;
  /** Fulfilled when the driver has settled what callers have stopped to wait for; undefined if there is no such thing. */
  unsettled: Promise<void> | undefined;
  /** Whether its state is unknown: it must not go back to the pool. */
  spoiled = false;
  /** Set while a function of `raw` has it. */
  loan: Loan | undefined;
  /** The COPY that runs or is about to: it waits for the program, so that who waits for it may wait for ever. */
  #copy: Copying | undefined;
  #closed = false;
  /** Whether the driver has been told to close it: nothing of it may be called any more. */
  #gone = false;
  /** The statements that are prepared on it, which are closed before it is. */
  readonly #statements = new Set<Prepared>();
  /** A holder may run several operations at once (in a transaction, say); the driver sees one at a time. */
  readonly #lock = new Mutex();

  constructor(conn: driver.Conn) {
    this.driver = conn;
    this.#hold(false);
    this.openedAt = currentQueue().now();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Runs one operation of the driver when those before it are done. Without a context it runs in any case, and its caller
   * waits for it. With one it does not even begin if that has ended; and if it ends meanwhile, the caller waits for the
   * driver a little, and no longer. `undo` closes what the driver returns too late.
   *
   * @throws Error `sql: the connection is busy with a COPY: read it to its end first`, with a context
   */
  run<T>(
    ctx: Context | undefined,
    operation: (conn: driver.Conn) => Promise<T>,
    undo?: (result: T) => Promise<void>,
  ): Promise<T> {
    // Here and not when it is its turn, which does not come before the end of the COPY.
    if (ctx !== undefined && this.#copy !== undefined) return Promise.reject(busy());
    // Not awaited here: each function in between takes a line of the stack from those that lead to the program.
    return this.proceed(ctx, operation, undo);
  }

  /** Runs a COPY: others are refused from now on until it is over. */
  async runCopy<T>(ctx: Context, copy: Copying, operation: (conn: driver.Conn) => Promise<T>): Promise<T> {
    if (this.#copy !== undefined) throw busy();
    this.#copy = copy;
    try {
      return await this.proceed(ctx, operation);
    } finally {
      this.#copy = undefined;
    }
  }

  /** Ends the COPY, if there is one. */
  endCopy(reason: Error): void {
    this.#copy?.end(reason);
  }

  /** Is {@link run} for what was begun before: a COPY that is asked for meanwhile does not stand in its way. */
  proceed<T>(
    ctx: Context | undefined,
    operation: (conn: driver.Conn) => Promise<T>,
    undo?: (result: T) => Promise<void>,
  ): Promise<T> {
    // Nobody stops to wait for what nothing ends.
    if (ctx === undefined || !canEnd(ctx)) return this.#operate(ctx, operation);
    let isLate = false;
    const undoing = async (conn: driver.Conn): Promise<T> => {
      const result = await operation(conn);
      if (isLate) await undo?.(result);
      return result;
    };
    const result = this.#operate(ctx, undo === undefined ? operation : undoing);
    return withinGrace(ctx, result, () => {
      this.#giveUpOn(result);
      isLate = true;
      throw new StoppedError(endOf(ctx) as Error, new Error("sql: the statement has not stopped yet"));
    });
  }

  /**
   * Settles as `work` does, which uses the connection; or, a little while after `ctx` has ended, with what `late` returns
   * or throws. The connection is not given to others before the work has settled. If a caller has
   * given up on this connection already, there is no second wait.
   */
  settleSoon<T>(ctx: Context, work: Promise<T>, late: () => T): Promise<T> {
    const giveUp = (): T => {
      this.#giveUpOn(work);
      return late();
    };
    const isHopeless = this.unsettled !== undefined && endOf(ctx) !== undefined;
    return isHopeless ? new Promise((resolve) => resolve(giveUp())) : withinGrace(ctx, work, giveUp);
  }

  /** Takes note that the caller of `work` does not wait for it any more. */
  #giveUpOn(work: Promise<unknown>): void {
    const unsettled = Promise.allSettled([this.unsettled, work]).then(() => {
      if (this.unsettled === unsettled) this.unsettled = undefined;
    });
    this.unsettled = unsettled;
  }

  /** Closes rows. If that fails: what is left on the line would be read as the answer to the next statement. */
  async giveUp(rows: driver.Rows | undefined): Promise<void> {
    try {
      await rows?.close();
    } catch (error) {
      this.spoiled = true;
      throw error;
    }
  }

  /** Runs an operation when its turn has come. */
  async #operate<T>(ctx: Context | undefined, operation: (conn: driver.Conn) => Promise<T>): Promise<T> {
    await this.#lock.lock(ctx);
    // While nothing runs here, nothing here can make the program go on.
    this.#hold(true);
    try {
      if (ctx !== undefined) throwIfEnded(ctx);
      this.used = true;
      return await operation(this.driver);
    } catch (error) {
      throw explained(error, ctx);
    } finally {
      this.#hold(false);
      this.#lock.unlock();
    }
  }

  /** Prepares a statement, which lives until it or the connection is closed. */
  async prepare(ctx: Context, text: string): Promise<Prepared> {
    const prepare = (conn: driver.Conn): Promise<driver.Stmt> => conn.prepare(ctx, text);
    const statement = await this.run(ctx, prepare, (statement) => statement.close());
    const prepared = new Prepared(statement, (close) => {
      this.#statements.delete(prepared);
      return this.run(undefined, close);
    });
    this.#statements.add(prepared);
    return prepared;
  }

  /** Tells whether the session has to be reset for another user. */
  needsReset(): boolean {
    const { driver } = this;
    if (driver.resetSession === undefined) return false;
    try {
      return driver.needsReset?.() ?? true;
    } catch {
      return true;
    }
  }

  isValid(): boolean {
    if (this.spoiled) return false;
    try {
      return this.driver.isValid?.() ?? true;
    } catch {
      return false;
    }
  }

  /** Lets the connection keep the process alive, or not. */
  #hold(held: boolean): void {
    if (this.#gone) return;
    try {
      this.driver.hold?.(held);
    } catch {
      // It keeps the process alive too long, or not long enough; the connection is as good as before.
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A statement that cannot be closed goes with the connection.
    await Promise.allSettled([...this.#statements].map((prepared) => prepared.close()));
    await this.run(undefined, (conn) => {
      this.#gone = true;
      return conn.close();
    });
  }
}

/** A statement of the driver's, and how many use it: its rows are closed before it is. */
export class Prepared {
  readonly statement: driver.Stmt;
  readonly #run: (close: () => Promise<void>) => Promise<void>;
  #users = 0;
  #unwanted = false;
  readonly #closing = new Once();

  constructor(statement: driver.Stmt, run: (close: () => Promise<void>) => Promise<void>) {
    this.statement = statement;
    this.#run = run;
  }

  enter(): void {
    this.#users++;
  }

  /** Is called once for each `enter`. The last one closes a statement that is not wanted any more. */
  leave(): void {
    this.#users--;
    if (this.#unwanted) this.close().catch(() => undefined);
  }

  /** Closes the statement now, or when the last of its users has left. */
  async close(): Promise<void> {
    this.#unwanted = true;
    if (this.#users > 0) return;
    return this.#closing.run(() => this.#run(() => this.statement.close()));
  }
}

function busy(): Error {
  return new Error("sql: the connection is busy with a COPY: read it to its end first");
}
