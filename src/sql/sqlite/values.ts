/** What a statement takes, and how SQLite stores it. */

import { describe } from "../../runtime/arguments.ts";
import type { NamedValue } from "../driver/driver.ts";
import type { Argument, Stored } from "./tasks.ts";

/**
 * Returns what SQLite stores for an argument.
 *
 * @throws TypeError or RangeError that says what cannot be stored
 */
export function store({ name, ordinal, value }: NamedValue): Stored {
  const which = name === "" ? `argument ${ordinal}` : `the argument ${name}`;
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      if (Number.isNaN(value)) throw new RangeError(`sqlite: ${which} is NaN, which SQLite stores as NULL: pass null`);
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      if (BigInt.asIntN(64, value) !== value)
        throw new RangeError(`sqlite: ${which} does not fit 64 bits, got ${value}`);
      return value;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Date) return dateText(value, which);
      throw new TypeError(`sqlite: ${which} cannot be stored, got ${describe(value)}`);
  }
}

/** Returns the arguments as the worker takes them. */
export function storeAll(args: readonly NamedValue[]): Argument[] {
  return args.map((argument) => ({ name: argument.name, value: store(argument) }));
}

/** SQLite has no dates: its functions take them as texts like this one, in UTC. */
function dateText(date: Date, which: string): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) {
    throw new RangeError(`sqlite: ${which} must be a Date of the years 0 to 9999, got ${String(date)}`);
  }
  return date.toISOString().replace("T", " ").replace("Z", "");
}
