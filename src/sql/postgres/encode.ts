import { describe } from "../../runtime/arguments.ts";
import type { NamedValue } from "../driver/driver.ts";
import { formatArray } from "../driver/array-text.ts";
import { formatDate } from "./date.ts";
import type { Wire } from "./exchange.ts";

/** The most that the protocol can count. */
const mostArguments = 65_535;

/** Makes the arguments of a statement ready for the protocol. */
export function encodeAll(args: readonly NamedValue[]): Wire[] {
  if (args.length > mostArguments) {
    throw new RangeError(`postgres: a statement takes at most ${mostArguments} arguments, got ${args.length}`);
  }
  return args.map(encodeArgument);
}

/** Makes one argument ready for the protocol. What has been made ready stays as it is. */
export function encodeArgument(argument: NamedValue): Wire {
  if (argument.name !== "") throw new Error("sql: driver does not support the use of Named Parameters");
  return encode(argument.value, argument.ordinal);
}

/** Text has no type of its own for the server, which takes it for what the parameter is. */
function encode(value: unknown, ordinal: number): Wire {
  if (value === null || typeof value === "string") return value;
  if (value instanceof Uint8Array) {
    return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  return encodeText(value, ordinal);
}

function encodeText(value: unknown, ordinal: number): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      if (value !== null) return encodeObject(value, ordinal);
  }
  const advice = value === undefined ? ": pass null for NULL" : "";
  throw new TypeError(`postgres: argument $${ordinal} cannot be ${describe(value)}${advice}`);
}

/** Writes a value as the server reads it from text, as from COPY. */
export function formatText(value: unknown, ordinal: number): string {
  return value instanceof Uint8Array ? formatBytes(value) : encodeText(value, ordinal);
}

function formatBytes(value: Uint8Array): string {
  return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
}

function encodeObject(value: object, ordinal: number): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RangeError(`postgres: argument $${ordinal} is an invalid Date`);
    return formatDate(value);
  }
  if (Array.isArray(value)) {
    return formatArray(value as unknown[], (element) => {
      if (element === null) return null;
      return formatText(element, ordinal);
    });
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || "toJSON" in value) {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) return json;
  }
  throw new TypeError(`postgres: argument $${ordinal} cannot be ${describe(value)}`);
}
