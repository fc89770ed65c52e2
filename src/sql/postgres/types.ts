/**
 * The types of PostgreSQL: their names by number, and how their text becomes a value. The parsers of `pg` are not used:
 * they are global, anybody may change them, and they take dates for the machine's local time.
 */

import { parseArray } from "../driver/array-text.ts";
import { parseDate } from "./date.ts";

/** Makes a value of the text that the server sends. */
export type Parser = (text: string) => unknown;

/** `int8` is not what a number can hold: it becomes one where that is exact, and a bigint where not. */
function parseInteger(text: string): number | bigint {
  const n = Number(text);
  return Number.isSafeInteger(n) ? n : BigInt(text);
}

function parseBytes(text: string): Uint8Array {
  if (text.startsWith("\\x")) return new Uint8Array(Buffer.from(text.slice(2), "hex"));
  // The format of servers that are set to `bytea_output = escape`.
  const escaped = text.replace(/\\(\\|[0-7]{3})/g, (_, code: string) =>
    code === "\\" ? "\\" : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return new Uint8Array(Buffer.from(escaped, "latin1"));
}

const asText: Parser = (text) => text;

/** By number: the name, the number of the array's type, and the parser if it is more than text. */
const scalars: readonly (readonly [oid: number, name: string, array: number, parse?: Parser])[] = [
  [16, "bool", 1000, (text) => text === "t"],
  [17, "bytea", 1001, parseBytes],
  [18, "char", 1002],
  [19, "name", 1003],
  [20, "int8", 1016, parseInteger],
  [21, "int2", 1005, Number],
  [23, "int4", 1007, Number],
  [24, "regproc", 1008],
  [25, "text", 1009],
  [26, "oid", 1028, Number],
  [27, "tid", 1010],
  [28, "xid", 1011],
  [29, "cid", 1012],
  [114, "json", 199, (text) => JSON.parse(text)],
  [142, "xml", 143],
  [600, "point", 1017],
  [601, "lseg", 1018],
  [602, "path", 1019],
  [604, "polygon", 1027],
  [628, "line", 629],
  [650, "cidr", 651],
  [700, "float4", 1021, Number],
  [701, "float8", 1022, Number],
  [718, "circle", 719],
  [774, "macaddr8", 775],
  [790, "money", 791],
  [829, "macaddr", 1040],
  [869, "inet", 1041],
  [1042, "bpchar", 1014],
  [1043, "varchar", 1015],
  [1082, "date", 1182, parseDate],
  [1083, "time", 1183],
  [1114, "timestamp", 1115, parseDate],
  [1184, "timestamptz", 1185, parseDate],
  [1186, "interval", 1187],
  [1266, "timetz", 1270],
  [1560, "bit", 1561],
  [1562, "varbit", 1563],
  [1700, "numeric", 1231],
  [2205, "regclass", 2210],
  [2206, "regtype", 2211],
  [2950, "uuid", 2951],
  [3614, "tsvector", 3643],
  [3615, "tsquery", 3645],
  [3802, "jsonb", 3807, (text) => JSON.parse(text)],
  [3904, "int4range", 3905],
  [3906, "numrange", 3907],
  [3908, "tsrange", 3909],
  [3910, "tstzrange", 3911],
  [3912, "daterange", 3913],
  [3926, "int8range", 3927],
];

const names = new Map<number, string>([
  // Those without an array that can be parsed: the elements of box[] are separated by semicolons.
  [603, "box"],
  [1020, "box[]"],
  [705, "unknown"],
  [2249, "record"],
  [2278, "void"],
]);
const parsers = new Map<number, Parser>();
for (const [oid, name, array, parse = asText] of scalars) {
  names.set(oid, name).set(array, `${name}[]`);
  parsers.set(oid, parse).set(array, (text) => parseArray(text, parse));
}

/** Returns the name of a type; of one that is not built in, its number. */
export function typeName(oid: number): string {
  return names.get(oid) ?? String(oid);
}

/** Returns what makes values of a type; those that are not built in stay text. */
export function parserFor(oid: number): Parser {
  return parsers.get(oid) ?? asText;
}
