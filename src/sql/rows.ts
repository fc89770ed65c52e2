import { thrownHere } from "../runtime/place.ts";
import { type Context, onEnd } from "../context/context.ts";
import { is } from "../errors/errors.ts";
import { ready } from "../runtime/turn.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Connection } from "./connection.ts";
import { nameDisposal } from "./disposal.ts";
import type { Column, Rows as DriverRows } from "./driver/driver.ts";
import { endOf } from "./driver/end.ts";
import { errRowsClosed } from "./errors.ts";
import { refuseWithin } from "./lent.ts";
import { Once } from "./once.ts";
import { checkBatch, objectsOf, type RowObject, scanRow, shapeOf, type Values } from "./record.ts";
import type { Scanned, Scanner, Shape, Shaped } from "./scan.ts";

/**
 * The rows of a query, read from the server as they are asked for. Mirrors Go's `sql.Rows`. They hold a connection until
 * they are read to the end or closed, and are closed when the context of the query ends, or the transaction that they
 * belong to.
 *
 * As in Go, `next` steps and `scan` reads, and the error of a `next` that found no more is at `err`. `for await` does all
 * of it: it yields objects, throws the error and closes.
 *
 * @example
 * ```ts
 * await using rows = await db.queryContext<{ title: string }>(ctx, "SELECT title FROM album");
 * for await (const { title } of rows) console.log(title);
 * ```
 */
export class Rows<T extends object = RowObject> implements AsyncIterable<T>, AsyncDisposable {
  readonly #connection: Connection;
  readonly #rows: DriverRows;
  readonly #ctx: Context;
  readonly #release: (error: unknown) => void;
  #unwatch: () => void = () => undefined;
  /** The rows that the driver has delivered last, and the place of the present one: -1 before the first. */
  #batch: readonly Values[] = [];
  #index = -1;
  #error: unknown;
  /** The read in progress: there is one at a time. */
  #fetching: Once | undefined;
  /** Whether the driver has said that there are no more. */
  #atEnd = false;
  /** Begins when they are closed: by the user, at the end, after an error, or by a context. */
  readonly #closing = new Once();
  /** Whether the connection has been given back. */
  #isBack = false;

  /** @internal */
  constructor(connection: Connection, rows: DriverRows, ctx: Context, release: (error: unknown) => void) {
    this.#connection = connection;
    this.#rows = rows;
    this.#ctx = ctx;
    this.#release = release;
    this.#unwatch = onEnd(ctx, () => this.end(endOf(ctx)));
  }

  /**
   * Steps to the next row, or to the first, and tells whether there is one; waits for the server. After the last row, or
   * an error, the rows are closed. Mirrors Go's `Rows.Next`: look at `err` when it is false.
   *
   * @example
   * ```ts
   * const rows = await db.queryContext(ctx, "SELECT id, title FROM album");
   * while (await rows.next()) console.log(rows.scan());
   * if (rows.err() !== undefined) throw rows.err();
   * ```
   */
  next(): Promise<boolean> {
    if (this.#take() !== undefined) return ready(true);
    return this.#takeFetched().then((row) => row !== undefined);
  }

  /**
   * Returns the values of the present row in the order of the columns. With scanners, one for each column, it returns
   * what those make of them. Mirrors Go's `Rows.Scan`.
   *
   * @throws Error `sql: Scan called without calling Next`, `sql: Rows are closed`, or why the rows ended
   * @throws RangeError `sql: expected 2 destination arguments in Scan, not 1`
   * @throws Error `sql: Scan error on column index 0, name "id": converting NULL to an integer is unsupported`
   *
   * @example
   * ```ts
   * const rows = await db.queryContext(ctx, "SELECT id, title FROM album");
   * while (await rows.next()) {
   *   const [id, title] = rows.scan(sql.int, sql.string);
   *   console.log(id + 1, title.toUpperCase());
   * }
   * ```
   */
  scan(): readonly unknown[];
  scan<const S extends readonly Scanner<unknown>[]>(...scanners: S): Scanned<S>;
  scan(...scanners: readonly Scanner<unknown>[]): readonly unknown[] {
    return scanRow(this.#rows.columns, this.#row(), scanners);
  }

  /**
   * Returns the rows as objects with exactly the properties of `shape`, each read by its scanner: their types hold at run
   * time. Columns that it does not name are left out. Go has no such thing.
   *
   * @throws as the iterator
   * @throws Error `sql: no column "titel" (the columns are id, title)`, by the first step
   *
   * @example
   * ```ts
   * const rows = await db.queryContext(ctx, "SELECT id, title FROM album");
   * for await (const { id, title } of rows.as({ id: sql.int, title: sql.string })) console.log(id, title);
   * ```
   */
  as<const S extends Shape>(shape: S): AsyncIterable<Shaped<S>> {
    return { [Symbol.asyncIterator]: () => this.#iterator(() => shapeOf(this.#rows.columns, shape)) };
  }

  /**
   * Iterates over the rows that are left, as objects; closes them at the end, and when the loop is left early.
   *
   * @throws what `err` returns, or Error `sql: Rows are closed` if they were closed before their end
   * @throws Error `sql: two columns are called "id"`: an object can hold one only; name them with AS, or use `scan`
   */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return this.#iterator(() => objectsOf(this.#rows.columns) as (row: Values) => T);
  }

  /**
   * Reads the rows that are left into an array of objects. For results that are known to be small: otherwise iterate. Go
   * has no such thing.
   *
   * @throws as the iterator
   *
   * @example
   * ```ts
   * const rows = await db.queryContext<{ title: string }>(ctx, "SELECT title FROM album LIMIT 10");
   * const albums = await rows.toArray();
   * ```
   */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    // As the iterator does, without a promise for each row.
    try {
      const read = objectsOf(this.#rows.columns) as (row: Values) => T;
      for (;;) {
        const row = this.#take() ?? (await this.#takeFetched());
        if (row === undefined) break;
        all.push(read(row));
      }
    } catch (error) {
      await this.#closeAfterFailure();
      throw error;
    }
    this.#checkEnd();
    return all;
  }

  /** Returns the names of the columns, in order. Mirrors Go's `Rows.Columns`. */
  columns(): string[] {
    return this.#rows.columns.map(({ name }) => name);
  }

  /** Returns the columns with the engine's names for their types. Mirrors Go's `Rows.ColumnTypes`. */
  columnTypes(): readonly Column[] {
    return this.#rows.columns;
  }

  /**
   * Returns why there were no more rows: undefined if they were read to the end, and as long as there are some. Mirrors
   * Go's `Rows.Err`.
   */
  err(): unknown {
    return this.#error;
  }

  /**
   * Closes the rows, which stops the statement if it still runs, and waits until the connection is free again. Closing
   * again does nothing. Mirrors Go's `Rows.Close`.
   *
   * @throws what the driver threw when it closed them; the connection is given up then
   */
  async close(): Promise<void> {
    this.#refuseWithin();
    return this.#beginClosing();
  }

  /** Closes the rows at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Ends the rows with an error, unless they have ended before.
   * @internal
   */
  end(error: unknown): void {
    if (this.#closing.begun) return;
    this.#error ??= error;
    // Every later read or close waits for it too.
    this.#beginClosing().catch(() => undefined);
  }

  /** Steps to the next row and returns it, in one step: several goroutines may read at once. Undefined if none is here. */
  #take(): Values | undefined {
    if (this.#fetching !== undefined || this.#index + 1 >= this.#batch.length) return undefined;
    return this.#batch[++this.#index];
  }

  /** Steps to the next row, which has to be fetched; undefined if there is none. */
  async #takeFetched(): Promise<Values | undefined> {
    for (;;) {
      const row = this.#take();
      if (row !== undefined) return row;
      this.#refuseWithin();
      if (this.#fetching !== undefined) {
        await this.#fetching.done;
      } else if (!this.#closing.begun) {
        const fetching = new Once();
        this.#fetching = fetching;
        await fetching.run(() => this.#fetch());
        this.#fetching = undefined;
      } else {
        await this.#closing.done?.catch(() => undefined);
        return undefined;
      }
    }
  }

  /** Reads the next batch, or closes the rows. Never throws. */
  async #fetch(): Promise<void> {
    try {
      const batch = checkBatch(await this.#connection.proceed(this.#ctx, () => this.#rows.next()));
      if (this.#closing.begun) return;
      this.#batch = batch;
      this.#index = -1;
      if (batch.length > 0) return;
      this.#atEnd = true;
    } catch (error) {
      // Ended from outside while it was read: the driver knows more about that than the context.
      if (this.#error === undefined || is(error, this.#error)) this.#error = error;
    }
    this.#beginClosing().catch(() => undefined);
  }

  #beginClosing(): Promise<void> {
    return this.#closing.run(() => this.#close());
  }

  /** Closes rows that nobody will close; waits for that unless it would wait for itself. */
  async #closeAfterFailure(): Promise<void> {
    this.#beginClosing().catch(() => undefined);
    await this.close().catch(() => undefined);
  }

  /** Refuses what would wait for the function of `raw` in which it is. */
  #refuseWithin(): void {
    if (!this.#isBack) refuseWithin(this.#connection);
  }

  #close(): Promise<void> {
    this.#unwatch();
    this.#batch = [];
    return this.#connection.settleSoon(this.#ctx, this.#giveBack(), () => undefined);
  }

  async #giveBack(): Promise<void> {
    const connection = this.#connection;
    try {
      await connection.run(undefined, () => connection.giveUp(this.#rows));
    } finally {
      this.#isBack = true;
      this.#release(this.#error);
    }
  }

  /** Throws if there are more rows than were read. */
  #checkEnd(): void {
    if (this.#error !== undefined) throw this.#error;
    // They were closed from elsewhere: what was read so far is not all.
    if (!this.#atEnd) throw thrownHere(errRowsClosed);
  }

  #row(): Values {
    if (this.#closing.begun) throw this.#error ?? errRowsClosed;
    const row = this.#batch[this.#index];
    if (row === undefined) throw new Error("sql: Scan called without calling Next");
    return row;
  }

  #iterator<R>(makeReader: () => (row: Values) => R): AsyncIterator<R, undefined> {
    let read: ((row: Values) => R) | undefined;
    return {
      next: async () => {
        try {
          // Here and not earlier, so that a failure closes the rows: `for await (… of await db.query(…))` has no name for them.
          read ??= makeReader();
          const row = this.#take() ?? (await this.#takeFetched());
          if (row !== undefined) return { value: read(row), done: false };
        } catch (error) {
          // A loop that ends by throwing does not call `return`.
          await this.#closeAfterFailure();
          throw error;
        }
        this.#checkEnd();
        return { value: undefined, done: true };
      },
      return: async () => {
        await this.close();
        return { value: undefined, done: true };
      },
    };
  }

  static {
    nameDisposal(this);
    refuseUnbound(this);
  }
}
