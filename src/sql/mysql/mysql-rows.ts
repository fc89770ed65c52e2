import type { Context } from "../../context/context.ts";
import type { Column, Rows } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { MysqlConn } from "./mysql-conn.ts";
import type { Execution } from "./execution.ts";
import { typeName } from "./types.ts";

/** The rows of a query. While they are open, the server waits for us as soon as the buffers in between are full. */
export class MysqlRows implements Rows {
  readonly columns: readonly Column[];
  readonly #conn: MysqlConn;
  readonly #ctx: Context;
  readonly #execution: Execution;
  #fetched: unknown[][];

  constructor(conn: MysqlConn, ctx: Context, execution: Execution) {
    this.#conn = conn;
    this.#ctx = ctx;
    this.#execution = execution;
    this.columns = (execution.fields ?? []).map((field) => ({ name: field.name, databaseTypeName: typeName(field) }));
    this.#fetched = execution.rows;
  }

  async next(): Promise<readonly (readonly unknown[])[]> {
    const execution = this.#execution;
    if (this.#fetched.length === 0 && !execution.drained) {
      const end = endOf(this.#ctx);
      if (end !== undefined) throw end;
      await this.#conn.more(this.#ctx, execution);
      this.#fetched = execution.rows;
    }
    const rows = this.#fetched;
    this.#fetched = [];
    return rows;
  }

  async close(): Promise<void> {
    this.#fetched = [];
    await this.#conn.release(this.#execution);
  }
}
