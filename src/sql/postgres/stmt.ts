import type { Context } from "../../context/context.ts";
import type { NamedValue, Result, Rows, Stmt } from "../driver/driver.ts";
import type { PostgresConn } from "./conn.ts";
import { encodeAll } from "./encode.ts";
import type { Wire } from "./exchange.ts";

/** A statement that the server keeps under a name. */
export class PostgresStmt implements Stmt {
  readonly numInput: number;
  readonly #conn: PostgresConn;
  readonly #name: string;

  constructor(conn: PostgresConn, name: string, numInput: number) {
    this.#conn = conn;
    this.#name = name;
    this.numInput = numInput;
  }

  async query(ctx: Context, args: readonly NamedValue[]): Promise<Rows> {
    return this.#conn.queryStatement(ctx, this.#name, undefined, this.#encode(args));
  }

  async exec(ctx: Context, args: readonly NamedValue[]): Promise<Result> {
    return this.#conn.execStatement(ctx, this.#name, undefined, this.#encode(args));
  }

  async close(): Promise<void> {
    await this.#conn.free(this.#name);
  }

  #encode(args: readonly NamedValue[]): Wire[] {
    if (args.length !== this.numInput) throw new Error(`sql: expected ${this.numInput} arguments, got ${args.length}`);
    return encodeAll(args);
  }
}
