import type { Context } from "../context/context.ts";
import { currentQueue } from "../runtime/clock.ts";
import { Mutex } from "../sync/sync.ts";
import type * as driver from "./driver/driver.ts";
import { explained, throwIfEnded } from "./errors.ts";

/** A connection of the pool: the driver's, and what is known of it. It belongs to one holder at a time, or to the pool. */
export class Connection {
  readonly driver: driver.Conn;
  readonly openedAt: number;
  /** Since when it is in the pool; meaningless while `inUse`. */
  returnedAt = 0;
  inUse = true;
  /** Whether somebody has used it since the driver last reset its session. */
  used = false;
  closed = false;
  /** Statements prepared on it, which are closed before it is. */
  readonly statements: Set<driver.Stmt> = new Set();
  /** A holder may run several operations at once (in a transaction, say); the driver sees one at a time. */
  readonly #lock = new Mutex();
  #leftovers: (() => Promise<void>)[] = [];

  constructor(conn: driver.Conn) {
    this.driver = conn;
    this.openedAt = currentQueue().now();
  }

  /**
   * Runs one operation of the driver when those before it are done. Without a context it runs in any case; with one it
   * does not even begin if that has ended.
   */
  async run<T>(ctx: Context | undefined, operation: (conn: driver.Conn) => Promise<T>): Promise<T> {
    await this.#lock.lock(ctx);
    try {
      if (ctx !== undefined) throwIfEnded(ctx);
      this.used = true;
      return await operation(this.driver);
    } catch (error) {
      throw explained(error, ctx);
    } finally {
      this.#lock.unlock();
    }
  }

  /** Prepares a statement that lives as long as the connection, or until {@link closeStatement}. */
  async prepare(ctx: Context, text: string): Promise<driver.Stmt> {
    const statement = await this.run(ctx, (conn) => conn.prepare(ctx, text));
    this.statements.add(statement);
    return statement;
  }

  /** Closes a statement when whoever holds the connection now has given it back: until then rows of it may be open. */
  closeStatement(statement: driver.Stmt): void {
    if (!this.statements.delete(statement) || this.closed) return;
    this.#leftovers.push(() => this.run(undefined, () => statement.close()));
    if (!this.inUse) this.tidy();
  }

  /** Does what was left for the end of a use. The next user's operations wait for it. */
  tidy(): void {
    const leftovers = this.#leftovers;
    this.#leftovers = [];
    // A statement that cannot be closed is no reason to fail for those who come later; the connection tells by itself
    // whether it is still good.
    for (const leftover of leftovers) leftover().catch(() => undefined);
  }

  isValid(): boolean {
    try {
      return this.driver.isValid?.() ?? true;
    } catch {
      return false;
    }
  }

  /** Lets the connection keep the process alive, or not. */
  hold(held: boolean): void {
    try {
      this.driver.hold?.(held);
    } catch {
      // It keeps the process alive too long, or not long enough; the connection is as good as before.
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const statement of this.statements) this.#closeBeforeEnd(statement);
    this.statements.clear();
    await this.run(undefined, (conn) => conn.close());
  }

  #closeBeforeEnd(statement: driver.Stmt): void {
    if (this.isValid()) this.run(undefined, () => statement.close()).catch(() => undefined);
  }
}
