/** What drivers take and give, ready-made. */

import type { Result, Value } from "./driver.ts";

/**
 * The result of a statement in a driver that knows only how many rows it has changed. Mirrors Go's `driver.RowsAffected`.
 *
 * @example
 * ```ts
 * return new driver.RowsAffected(reply.count);
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
 * return isDefinition(text) ? driver.resultNoRows : new driver.RowsAffected(reply.count);
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

/**
 * Tells whether a value is one that `sql` passes to every driver as it is. Mirrors Go's `driver.IsValue`; an invalid Date
 * is none.
 *
 * @example
 * ```ts
 * if (!driver.isValue(argument.value)) throw new TypeError(`argument ${argument.ordinal} is not supported`);
 * ```
 */
export function isValue(value: unknown): value is Value {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return true;
    case "object":
      if (value instanceof Date) return !Number.isNaN(value.getTime());
      return value === null || value instanceof Uint8Array;
    default:
      return false;
  }
}
