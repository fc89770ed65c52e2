/**
 * Threads beside the thread of the program, to which long queries on a file move. There a query is suspended every
 * millisecond, but not in the middle of one step of SQLite's machine, and to sort a million rows is one step. What has no
 * answer after its first millisecond begins once more on a connection in a thread, where it may take as long as it likes.
 *
 * Only a query that stands alone may move: one that reads, of which nothing was delivered, outside of transactions, and on a
 * connection that is like any other. It reads the file as it is when it begins there.
 */

import { type Context, withCancel, background } from "../../context/context.ts";
import { closingThen } from "../driver/closing.ts";
import type { NamedValue, QueryOptions, Rows } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { Settings } from "./connector.ts";
import type { Database } from "./database.ts";
import { SqliteConn } from "./sqlite-conn.ts";
import { SqliteError } from "./sqlite-error.ts";

/** How many connections are kept for the next query. */
const mostIdle = 4;

/** What belongs to one connection, so that the answer would be that of another one. */
const ofConnection = /\b(?:changes|total_changes|last_insert_rowid)\b/i;

/** The connections in threads of one connector. */
export class Helpers {
  readonly #database: Database;
  readonly #settings: Settings;
  readonly #idle: SqliteConn[] = [];
  /** The opening of the first one; it never rejects. */
  #starting: Promise<void> | undefined;
  #isReady = false;
  #isClosed = false;
  readonly #ends: () => void;
  readonly #untilClosed: Context;

  /** Starts nothing yet. */
  constructor(database: Database, settings: Settings) {
    this.#database = database;
    // They change nothing: who is in the program's thread need not look whether somebody else has.
    this.#settings = { ...settings, threads: true, readOnly: true };
    [this.#untilClosed, this.#ends] = withCancel(background());
  }

  /** Whether a query can move at once. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Opens the first connection in the background: that takes longer than most queries. */
  start(): void {
    this.#starting ??= this.#start();
  }

  async #start(): Promise<void> {
    try {
      this.#giveBack(await this.#open(this.#untilClosed));
      this.#isReady = true;
    } catch {
      // Where no thread starts, queries stay where they are.
    }
  }

  #open(ctx: Context): Promise<SqliteConn> {
    return SqliteConn.open(ctx, this.#database, this.#settings);
  }

  /** Tells whether a query gives the same answer on another connection. */
  takes(text: string): boolean {
    return !ofConnection.test(text);
  }

  /** Runs a query in a thread; undefined if no connection can be opened there any more. */
  async query(
    ctx: Context,
    text: string,
    args: readonly NamedValue[],
    options: QueryOptions | undefined,
  ): Promise<Rows | undefined> {
    let conn = this.#idle.pop();
    if (conn?.isValid() !== true) {
      try {
        conn = await this.#open(ctx);
      } catch (error) {
        if (endOf(ctx) !== undefined) throw error;
        this.#isReady = false;
        return undefined;
      }
    }
    const helper = conn;
    let rows: Rows;
    try {
      rows = await helper.query(ctx, text, args, options);
    } catch (error) {
      this.#giveBack(helper);
      // What an engine has left half done that was lost is taken back by one that may write.
      if (error instanceof SqliteError && error.code.startsWith("SQLITE_READONLY")) return undefined;
      throw error;
    }
    return closingThen(rows, () => this.#giveBack(helper));
  }

  #giveBack(conn: SqliteConn): void {
    if (conn.isValid() && this.#idle.length < mostIdle && !this.#isClosed) this.#idle.push(conn);
    else conn.close().catch(() => undefined);
  }

  /** Closes what is open; all queries have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ends();
    await this.#starting;
    await Promise.allSettled(this.#idle.splice(0).map((conn) => conn.close()));
  }
}
