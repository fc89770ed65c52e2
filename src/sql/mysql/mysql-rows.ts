import type { Context } from "../../context/context.ts";
import type { Column, Rows } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { MysqlConn } from "./mysql-conn.ts";
import type { Execution } from "./execution.ts";

/** The rows of a query. While they are open, the server waits for us as soon as the buffers in between are full. */
export class MysqlRows implements Rows {
  readonly columns: readonly Column[];
  readonly #conn: MysqlConn;
  readonly #ctx: Context;
  readonly #execution: Execution;

  constructor(conn: MysqlConn, ctx: Context, execution: Execution) {
    this.#conn = conn;
    this.#ctx = ctx;
    this.#execution = execution;
    this.columns = execution.columns ?? [];
  }

  async next(): Promise<readonly (readonly unknown[])[]> {
    const execution = this.#execution;
    const rows = execution.take();
    if (rows.length > 0 || execution.drained) return rows;
    const end = endOf(this.#ctx);
    if (end !== undefined) throw end;
    await this.#conn.more(this.#ctx, execution);
    return execution.take();
  }

  async close(): Promise<void> {
    this.#execution.take();
    await this.#conn.release(this.#execution);
  }
}
