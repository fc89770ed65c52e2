import type { Context } from "../../context/context.ts";
import type { Column, Rows } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { PostgresConn } from "./postgres-conn.ts";
import type { Exchange } from "./exchange.ts";
import { typeName } from "./types.ts";

/** The rows of a query. While they are open, the server holds what was not read. */
export class PostgresRows implements Rows {
  readonly columns: readonly Column[];
  readonly #conn: PostgresConn;
  readonly #ctx: Context;
  readonly #exchange: Exchange;
  #fetched: unknown[][];

  constructor(conn: PostgresConn, ctx: Context, exchange: Exchange) {
    this.#conn = conn;
    this.#ctx = ctx;
    this.#exchange = exchange;
    this.columns = exchange.told.columns ??= (exchange.fields ?? []).map(({ name, dataTypeID }) => ({
      name,
      databaseTypeName: typeName(dataTypeID),
    }));
    this.#fetched = exchange.rows;
  }

  async next(): Promise<readonly (readonly unknown[])[]> {
    const exchange = this.#exchange;
    if (this.#fetched.length === 0 && !exchange.drained) {
      const end = endOf(this.#ctx);
      if (end !== undefined) throw end;
      await this.#conn.step(this.#ctx, exchange, () => exchange.more());
      this.#fetched = exchange.rows;
    }
    const rows = this.#fetched;
    this.#fetched = [];
    return rows;
  }

  async close(): Promise<void> {
    this.#fetched = [];
    await this.#conn.finish(this.#ctx, this.#exchange);
  }
}
