/** The types of MySQL and MariaDB: their names, and what becomes of what `mysql2` makes of them. */

import type { Field } from "./client.ts";
import { parseDate } from "./date.ts";

const unsigned = 0x20;
const isEnum = 0x100;
const isSet = 0x800;
/** The character set of what has none: bytes. */
const binary = 63;

const numbers: Record<number, string> = {
  0x00: "DECIMAL",
  0x01: "TINYINT",
  0x02: "SMALLINT",
  0x03: "INT",
  0x04: "FLOAT",
  0x05: "DOUBLE",
  0x08: "BIGINT",
  0x09: "MEDIUMINT",
  0xf6: "DECIMAL",
};
const others: Record<number, string> = {
  0x06: "NULL",
  0x07: "TIMESTAMP",
  0x0a: "DATE",
  0x0b: "TIME",
  0x0c: "DATETIME",
  0x0d: "YEAR",
  0x0e: "DATE",
  0x10: "BIT",
  0xf2: "VECTOR",
  0xf5: "JSON",
  0xf7: "ENUM",
  0xf8: "SET",
  0xff: "GEOMETRY",
};
/** Types that are text or bytes: by number, the name of each. */
const strings: Record<number, readonly [text: string, bytes: string]> = {
  0x0f: ["VARCHAR", "VARBINARY"],
  0xf9: ["TINYTEXT", "TINYBLOB"],
  0xfa: ["MEDIUMTEXT", "MEDIUMBLOB"],
  0xfb: ["LONGTEXT", "LONGBLOB"],
  0xfc: ["TEXT", "BLOB"],
  0xfd: ["VARCHAR", "VARBINARY"],
  0xfe: ["CHAR", "BINARY"],
};

/** Returns the name of a column's type as Go's driver does, as `UNSIGNED INT`. */
export function typeName({ columnType, characterSet, flags, extendedFormat, extendedTypeName }: Field): string {
  if (extendedFormat === "json") return "JSON";
  if (extendedTypeName !== undefined) return extendedTypeName.toUpperCase();
  const number = numbers[columnType];
  if (number !== undefined) return flags & unsigned ? `UNSIGNED ${number}` : number;
  if (flags & isEnum) return "ENUM";
  if (flags & isSet) return "SET";
  return others[columnType] ?? strings[columnType]?.[characterSet === binary ? 1 : 0] ?? "";
}

/** Makes a value of what `mysql2` has read, which is not null. */
export type Converter = (value: unknown) => unknown;

/** Returns what converts the values of a column; undefined if they are right as they are. */
export function converterFor({ columnType, characterSet }: Field): Converter | undefined {
  switch (columnType) {
    // Numbers, and texts of digits: their character set is that of bytes.
    case 0x00:
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x05:
    case 0x09:
    case 0x0b:
    case 0x0d:
    case 0xf6:
      return undefined;
    case 0x04:
      return (value) => (typeof value === "number" ? shortest(value) : value);
    case 0x08:
      // What a number cannot hold comes as text.
      return (value) => (typeof value === "string" ? BigInt(value) : value);
    case 0x07:
    case 0x0a:
    case 0x0c:
    case 0x0e:
      return (value) => (typeof value === "string" ? parseDate(value) : value);
  }
  // A view into the buffer of the socket would keep all of that alive.
  return columnType === 0x10 || characterSet === binary
    ? (value) => (Buffer.isBuffer(value) ? new Uint8Array(value) : value)
    : undefined;
}

/** Returns the number with the fewest digits that is the same FLOAT: 0.1 instead of 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
