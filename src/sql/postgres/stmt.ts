import type { Context } from "../../context/context.ts";
import type { NamedValue, Result, Rows, Stmt } from "../driver/driver.ts";
import type { PostgresConn } from "./postgres-conn.ts";
import { encodeAll } from "./encode.ts";
import { PostgresError } from "./postgres-error.ts";
import type { Wire } from "./exchange.ts";

/** What the server says of a prepared statement whose result would have other columns than before. */
const featureNotSupported = "0A000";

/** A statement that the server keeps under a name. */
export class PostgresStmt implements Stmt {
  readonly numInput: number;
  readonly #conn: PostgresConn;
  readonly #text: string;
  #name: string;

  constructor(conn: PostgresConn, text: string, name: string, numInput: number) {
    this.#conn = conn;
    this.#text = text;
    this.#name = name;
    this.numInput = numInput;
  }

  async query(ctx: Context, args: readonly NamedValue[]): Promise<Rows> {
    const values = this.#encode(args);
    return this.#fresh(ctx, () => this.#conn.queryStatement(ctx, this.#name, undefined, values));
  }

  async exec(ctx: Context, args: readonly NamedValue[]): Promise<Result> {
    const values = this.#encode(args);
    return this.#fresh(ctx, () => this.#conn.execStatement(ctx, this.#name, undefined, values));
  }

  async close(): Promise<void> {
    await this.#conn.free(this.#name);
  }

  /**
   * Runs the statement, and prepares it anew if its tables have changed since: the server does not do that when the
   * columns of the result have changed. Inside a transaction nothing helps, because the error has spoiled it.
   */
  async #fresh<T>(ctx: Context, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const isStale =
        error instanceof PostgresError && error.code === featureNotSupported && /cached plan/.test(error.message);
      if (!isStale || this.#conn.inTransaction) throw error;
    }
    const stale = this.#name;
    this.#name = (await this.#conn.prepareText(ctx, this.#text)).name;
    await this.#conn.free(stale);
    return run();
  }

  #encode(args: readonly NamedValue[]): Wire[] {
    if (args.length !== this.numInput) throw new Error(`sql: expected ${this.numInput} arguments, got ${args.length}`);
    return encodeAll(args);
  }
}
