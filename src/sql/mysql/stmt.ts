import type { Context } from "../../context/context.ts";
import type { NamedValue, Result, Rows, Stmt } from "../driver/driver.ts";
import type { MysqlConn } from "./mysql-conn.ts";

/** A statement that the server keeps as long as this is open. */
export class MysqlStmt implements Stmt {
  readonly numInput: number;
  readonly #conn: MysqlConn;
  readonly #text: string;

  constructor(conn: MysqlConn, text: string, numInput: number) {
    this.#conn = conn;
    this.#text = text;
    this.numInput = numInput;
  }

  query(ctx: Context, args: readonly NamedValue[]): Promise<Rows> {
    return this.#conn.query(ctx, this.#text, args);
  }

  exec(ctx: Context, args: readonly NamedValue[]): Promise<Result> {
    return this.#conn.exec(ctx, this.#text, args);
  }

  async close(): Promise<void> {
    this.#conn.unpin(this.#text);
  }
}
