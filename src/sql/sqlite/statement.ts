/** What comes of a connection: statements, rows, results and transactions, in either way. */

import { background, type Context } from "../../context/context.ts";
import type { Column, NamedValue, QueryOptions, Result, Rows, Stmt, Tx } from "../driver/driver.ts";
import type { SqliteConn } from "./sqlite-conn.ts";
import type { Batch, Executed } from "./tasks.ts";

/** A prepared statement. */
export class SqliteStmt implements Stmt {
  readonly numInput: number;
  readonly #conn: SqliteConn;
  readonly #statement: number;
  readonly #text: string;

  constructor(conn: SqliteConn, statement: number, text: string, numInput: number) {
    this.#conn = conn;
    this.#statement = statement;
    this.#text = text;
    this.numInput = numInput;
  }

  query(ctx: Context, args: readonly NamedValue[], options?: QueryOptions): Promise<Rows> {
    return this.#conn.query(ctx, this.#statement, args, options, this.#text);
  }

  exec(ctx: Context, args: readonly NamedValue[]): Promise<Result> {
    return this.#conn.exec(ctx, this.#statement, args);
  }

  async close(): Promise<void> {
    await this.#conn.run(background(), { kind: "finalize", statement: this.#statement });
  }
}

/** Rows: the first of them came with the answer to the query. */
export class SqliteRows implements Rows {
  readonly columns: readonly Column[];
  readonly #conn: SqliteConn;
  readonly #ctx: Context;
  readonly #cursor: number;
  #rows: Batch["rows"];
  #isDone: boolean;

  constructor(conn: SqliteConn, ctx: Context, { columns, cursor, rows, done }: Batch) {
    this.columns = columns;
    this.#conn = conn;
    this.#ctx = ctx;
    this.#cursor = cursor;
    this.#rows = rows;
    this.#isDone = done;
  }

  async next(): Promise<readonly (readonly unknown[])[]> {
    const first = this.#rows;
    this.#rows = [];
    if (first.length > 0 || this.#isDone) return first;
    const { rows, done } = await this.#conn.run<Batch>(this.#ctx, { kind: "next", cursor: this.#cursor });
    this.#isDone = done;
    return rows;
  }

  async close(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#conn.run(background(), { kind: "leave", cursor: this.#cursor });
  }
}

/** What a statement has done. */
export class SqliteResult implements Result {
  readonly #executed: Executed;

  constructor(executed: Executed) {
    this.#executed = executed;
  }

  lastInsertId(): number | bigint {
    return this.#executed.lastInsertId;
  }

  rowsAffected(): number {
    return this.#executed.rowsAffected;
  }
}

/** A transaction. */
export class SqliteTx implements Tx {
  readonly #conn: SqliteConn;
  readonly #readOnly: boolean;

  constructor(conn: SqliteConn, readOnly: boolean) {
    this.#conn = conn;
    this.#readOnly = readOnly;
  }

  async commit(): Promise<void> {
    try {
      await this.#conn.run(background(), { kind: "exec", source: "COMMIT", args: [], own: true });
    } catch (error) {
      // SQLite leaves it open then, but for `sql` it is over. Should this fail too, the connection is not valid.
      await this.rollback().catch(() => undefined);
      throw error;
    }
    await this.#conn.end(this.#after);
  }

  async rollback(): Promise<void> {
    await this.#conn.end(`${this.#conn.inTransaction ? "ROLLBACK; " : ""}${this.#after}`);
  }

  /** What `begin` has set is taken back. */
  get #after(): string {
    return this.#readOnly ? "PRAGMA query_only = 0" : "";
  }
}
