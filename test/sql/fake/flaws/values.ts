import { args, conns, type Flaw, type Spoil, values, wrap } from "./flaw.ts";

const shared = new Uint8Array(100);

/** Changes values of one kind. */
function kind<T>(is: (value: unknown) => value is T, change: (value: T) => unknown): Spoil {
  return values((value) => (is(value) ? change(value) : value));
}

const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isBigint = (value: unknown): value is bigint => typeof value === "bigint";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isDate = (value: unknown): value is Date => value instanceof Date;

const kinds: [what: string, flaw: string, spoil: Spoil][] = [
  ["texts", "it trims texts", kind(isString, (value) => value.trim())],
  ["texts", "NULL becomes an empty text", values((value) => value ?? "")],
  ["integers", "integers lose their sign", kind(isNumber, (value) => Math.abs(value))],
  ["integers of 64 bits", "large integers are rounded", kind(isBigint, Number)],
  ["large integers that are numbers", "numbers have 32 bits", kind(isNumber, (value) => value % 2 ** 32)],
  ["floats", "floats have 32 bits", kind(isNumber, (value) => Math.fround(value))],
  ["booleans", "booleans are all true", kind(isBoolean, () => true)],
  ["bytes", "bytes are taken for UTF-8", kind(isBytes, (value) => new TextDecoder().decode(value))],
  [
    "times",
    "times have no milliseconds",
    kind(isDate, (value) => new Date(value.getTime() - (value.getTime() % 1000))),
  ],
];

export const valueFlaws: readonly Flaw[] = [
  ...kinds.map(([what, flaw, spoil]) => ({
    flaw,
    check: `keeps ${what}, and NULL, as they are`,
    message: /the value read back must be/,
    spoil,
  })),
  {
    flaw: "it takes the whole buffer",
    check: "takes a part of a larger buffer for what it is",
    message: /must be \[8,9,10,11\]/,
    spoil: args((args) =>
      args.map((arg) => (isBytes(arg.value) ? { ...arg, value: new Uint8Array(arg.value.buffer) } : arg)),
    ),
  },
  {
    flaw: "it splices arguments",
    check: "binds arguments, and never makes them part of the statement",
    message: /syntax error|must be/,
    spoil: conns((conn) =>
      wrap(conn, "atServer", (atServer) => (text, args) => {
        let next = 0;
        const splice = (): string => {
          const value = args[next++]?.value;
          return isNumber(value) ? String(value) : `'${String(value)}'`;
        };
        return args.length === 0 ? atServer(text, args) : atServer(text.replaceAll("?", splice), []);
      }),
    ),
  },
  {
    flaw: "it takes names for places",
    check: "takes arguments by their names",
    message: /no rows|the row must be/,
    spoil: args((args) => args.map((arg) => ({ ...arg, name: "" }))),
  },
  {
    flaw: "it overlooks names",
    check: "refuses names if it does not know them",
    message: /must throw, but it returned/,
    spoil: args((args) => args.map((arg) => ({ ...arg, name: "" }))),
  },
  {
    flaw: "all rows share one buffer",
    check: "delivers values that stay as they are when it reads on",
    message: /the bytes of row/,
    spoil: kind(isBytes, (value) => {
      shared.set(value);
      return shared;
    }),
  },
];
