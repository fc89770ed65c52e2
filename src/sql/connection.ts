import type { Context } from "../context/context.ts";
import { currentQueue } from "../runtime/clock.ts";
import { Mutex } from "../sync/sync.ts";
import type * as driver from "./driver/driver.ts";
import { explained, throwIfEnded } from "./errors.ts";
import { Once } from "./once.ts";

/** Who has a connection: one user, the pool, or nobody any more because it is being closed or is closed. */
export type Holder = "user" | "pool" | "nobody";

/** A connection of the pool: the driver's, and what is known of it. */
export class Connection {
  readonly driver: driver.Conn;
  /** Only the pool changes it. */
  holder: Holder = "user";
  readonly openedAt: number;
  /** Since when it is in the pool. */
  returnedAt = 0;
  /** Whether somebody has used it since the driver last reset its session. */
  used = false;
  /** Settles when the transaction is over that is being ended: whoever else may use the connection waits for that. */
  ending: Promise<void> | undefined;
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
   * Runs one operation of the driver when those before it are done. Without a context it runs in any case; with one it
   * does not even begin if that has ended.
   */
  async run<T>(ctx: Context | undefined, operation: (conn: driver.Conn) => Promise<T>): Promise<T> {
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
    const statement = await this.run(ctx, (conn) => conn.prepare(ctx, text));
    const prepared = new Prepared(statement, (close) => {
      this.#statements.delete(prepared);
      return this.run(undefined, close);
    });
    this.#statements.add(prepared);
    return prepared;
  }

  isValid(): boolean {
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
