import type { Context } from "../../context/context.ts";
import type { Column, Rows } from "../driver/driver.ts";
import { endOf } from "../driver/end.ts";
import type { PostgresConn } from "./postgres-conn.ts";
import type { Exchange } from "./exchange.ts";
import { typeName } from "./types.ts";

/** How many rows the first trip brings: they may be large. */
export const firstBatch = 16;

/** How many rows a trip brings at most, and how many bytes about. */
const mostRows = 256;
const mostBytes = 1 << 20;

/** The rows of a query. While they are open, the server holds what was not read. */
export class PostgresRows implements Rows {
  readonly columns: readonly Column[];
  readonly #conn: PostgresConn;
  readonly #ctx: Context;
  readonly #exchange: Exchange;
  #fetched: unknown[][];
  /** How many bytes had come before the last trip. */
  #before: number;

  constructor(conn: PostgresConn, ctx: Context, exchange: Exchange, before: number) {
    this.#conn = conn;
    this.#ctx = ctx;
    this.#exchange = exchange;
    this.columns = (exchange.fields ?? []).map(({ name, dataTypeID }) => ({
      name,
      databaseTypeName: typeName(dataTypeID),
    }));
    this.#fetched = exchange.rows;
    this.#before = before;
  }

  async next(): Promise<readonly (readonly unknown[])[]> {
    const exchange = this.#exchange;
    if (this.#fetched.length === 0 && !exchange.drained) {
      const end = endOf(this.#ctx);
      if (end !== undefined) throw end;
      const count = this.#nextCount();
      this.#before = this.#conn.bytesRead;
      await this.#conn.step(this.#ctx, exchange, () => exchange.more(count));
      this.#fetched = exchange.rows;
    }
    const rows = this.#fetched;
    this.#fetched = [];
    return rows;
  }

  /** Returns how many rows to ask for, by the size of those that came last. */
  #nextCount(): number {
    const bytes = Math.max(this.#conn.bytesRead - this.#before, 1);
    const count = Math.floor((mostBytes * Math.max(this.#exchange.rows.length, 1)) / bytes);
    return Math.min(Math.max(count, 1), mostRows);
  }

  async close(): Promise<void> {
    this.#fetched = [];
    await this.#conn.finish(this.#exchange);
  }
}
