import { describe } from "../../runtime/arguments.ts";
import type { NamedValue } from "../driver/driver.ts";
import type { Typed } from "./client.ts";
import { formatDate } from "./date.ts";

/**
 * Makes one argument what `mysql2` binds: null, a boolean, a number, a bigint, text or a Buffer. What has been made ready
 * stays as it is.
 */
export function encodeArgument({ name, ordinal, value }: NamedValue): unknown {
  if (name !== "") throw new Error("sql: driver does not support the use of Named Parameters");
  switch (typeof value) {
    case "string":
    case "boolean":
    case "bigint":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw new RangeError(`mysql: argument ${ordinal} is ${value}, which the server does not know`);
    case "object":
      return encodeObject(value, ordinal);
  }
  const advice = value === undefined ? ": pass null for NULL" : "";
  throw new TypeError(`mysql: argument ${ordinal} cannot be ${describe(value)}${advice}`);
}

function encodeObject(value: object | null, ordinal: number): unknown {
  if (value === null) return null;
  if (value instanceof Uint8Array) {
    return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RangeError(`mysql: argument ${ordinal} is an invalid Date`);
    return formatDate(value);
  }
  if (Array.isArray(value)) {
    // As JSON it would match nothing in a list: NOT IN (?) would be true for every row.
    throw new TypeError(
      `mysql: argument ${ordinal} is an array: write a ? for each element, or pass JSON.stringify(array) for JSON`,
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || "toJSON" in value) {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) return json;
  }
  throw new TypeError(`mysql: argument ${ordinal} cannot be ${describe(value)}`);
}

/**
 * Gives integers the server's type for them. `mysql2` alone sends numbers as floating point, which some servers refuse
 * where only an integer makes sense, as after LIMIT, and a bigint as text.
 */
export function withTypes(values: readonly unknown[], bigint: Typed | undefined): unknown[] {
  return values.map((value) => {
    if (bigint === undefined) return value;
    if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0) ? bigint(value) : value;
    if (typeof value !== "bigint") return value;
    if (BigInt.asIntN(64, value) === value) return bigint(value);
    return BigInt.asUintN(64, value) === value && bigint.unsigned !== undefined ? bigint.unsigned(value) : value;
  });
}
