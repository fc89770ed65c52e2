import type { Result } from "../driver/driver.ts";

/** What a statement has done, from the server's own words, as `INSERT 0 1`. */
export class PostgresResult implements Result {
  readonly tag: string;

  constructor(tag: string) {
    this.tag = tag;
  }

  lastInsertId(): never {
    throw new Error("postgres: LastInsertId is not supported by PostgreSQL: use RETURNING");
  }

  rowsAffected(): number {
    return Number(/ (\d+)$/.exec(this.tag)?.[1] ?? 0);
  }
}
