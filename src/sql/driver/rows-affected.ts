import type { Result } from "./driver.ts";

/**
 * The result of a statement in a driver that knows only how many rows it has changed. Mirrors Go's `driver.RowsAffected`.
 *
 * @example
 * ```ts
 * const result = new driver.RowsAffected(3);
 * console.log(result.rowsAffected()); // 3
 * ```
 */
export class RowsAffected implements Result {
  readonly #count: number;

  /** Makes the result of a statement that has changed `count` rows. */
  constructor(count: number) {
    this.#count = count;
  }

  /** @throws Error `LastInsertId is not supported by this driver` */
  lastInsertId(): never {
    throw new Error("LastInsertId is not supported by this driver");
  }

  /** Returns how many rows were changed. */
  rowsAffected(): number {
    return this.#count;
  }
}

/**
 * The result of a statement that changes no rows, as `CREATE TABLE`: both of its methods throw. Mirrors Go's
 * `driver.ResultNoRows`.
 *
 * @example
 * ```ts
 * const run = async (text: string) => (text.startsWith("CREATE") ? driver.resultNoRows : new driver.RowsAffected(1));
 * ```
 */
export const resultNoRows: Result = {
  lastInsertId(): never {
    throw new Error("no LastInsertId available after DDL statement");
  },
  rowsAffected(): never {
    throw new Error("no RowsAffected available after DDL statement");
  },
};
