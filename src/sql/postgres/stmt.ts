import type { Context } from "../../context/context.ts";
import type { NamedValue, QueryOptions, Result, Rows, Stmt } from "../driver/driver.ts";
import { encodeAll } from "./encode.ts";
import type { Wire } from "./exchange.ts";
import type { PostgresConn, Prepared } from "./postgres-conn.ts";
import { isStale } from "./postgres-error.ts";

/** A statement that the server keeps under a name. */
export class PostgresStmt implements Stmt {
  readonly numInput: number;
  readonly #conn: PostgresConn;
  #prepared: Prepared;

  constructor(conn: PostgresConn, prepared: Prepared) {
    this.#conn = conn;
    this.#prepared = prepared;
    this.numInput = prepared.told.parameters?.length ?? 0;
  }

  async query(ctx: Context, args: readonly NamedValue[], options: QueryOptions = {}): Promise<Rows> {
    const values = this.#encode(args);
    return this.#fresh(ctx, () => this.#conn.queryPrepared(ctx, this.#prepared, values, options));
  }

  async exec(ctx: Context, args: readonly NamedValue[]): Promise<Result> {
    const values = this.#encode(args);
    return this.#fresh(ctx, () => this.#conn.execPrepared(ctx, this.#prepared, values));
  }

  async close(): Promise<void> {
    await this.#conn.free(this.#prepared.name);
  }

  /**
   * Runs the statement, and prepares it anew if the server has forgotten it, or its tables have changed so that the columns
   * of the result are others. Inside a transaction nothing helps, because the error has ended it.
   */
  async #fresh<T>(ctx: Context, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!isStale(error) || this.#conn.inTransaction) throw error;
    }
    const { name, text } = this.#prepared;
    this.#prepared = await this.#conn.prepareText(ctx, text);
    await this.#conn.free(name);
    return run();
  }

  #encode(args: readonly NamedValue[]): Wire[] {
    if (args.length !== this.numInput) throw new Error(`sql: expected ${this.numInput} arguments, got ${args.length}`);
    return encodeAll(args);
  }
}
