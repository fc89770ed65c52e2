import type { Result } from "../driver/driver.ts";
import type { Header } from "./client.ts";

/** What a statement has done. */
export class MysqlResult implements Result {
  readonly #header: Header | undefined;

  /** A query that was run for nothing has no header. */
  constructor(header: Header | undefined) {
    this.#header = header;
  }

  lastInsertId(): number | bigint {
    const id = this.#header?.insertId ?? 0;
    if (typeof id === "number" && id >= 0) return id;
    // What a number cannot hold comes as text, and with a sign that the keys which the server makes do not have.
    return BigInt.asUintN(64, BigInt(id));
  }

  rowsAffected(): number {
    return Number(this.#header?.affectedRows ?? 0);
  }
}
