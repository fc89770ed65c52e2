/**
 * Go's types at run time, as far as printing needs them: nothing in a number shows whether it is an `int` or a
 * `float64`, and nothing in an object whether it is a struct or a pointer to one.
 */

import { Boxed } from "./boxed.ts";

export type Kind =
  | "nil"
  | "bool"
  | "int"
  | "uint"
  | "float"
  | "string"
  | "slice"
  | "array"
  | "map"
  | "pointer"
  | "struct"
  | "chan"
  | "func"
  | "interface";

export interface Field {
  readonly property: string;
  readonly name: string;
  readonly type: GoType;
}

/** A type: its name as fmt prints it, and how fmt prints its values. */
export interface GoType {
  readonly kind: Kind;
  /** The name that `%T` prints. */
  readonly name: string;
  /** The size of a number in bits. */
  readonly size?: number;
  readonly elem?: () => GoType;
  readonly key?: GoType;
  /** The fields of a struct, if they are declared; otherwise they are those of the object. */
  readonly fields?: readonly Field[];
  /** Go's `String()`, for types whose values do not have it as a method. */
  readonly string?: (value: never) => string;
}

/**
 * A value with its static type in Go, see {@link typed}.
 *
 * It is only for printing: do not calculate with it.
 */
export class Typed {
  readonly value: unknown;
  readonly type: string;

  constructor(value: unknown, type: string) {
    this.value = value;
    this.type = type;
  }

  /** Returns the value, so that template literals and operators use it. */
  valueOf(): unknown {
    return this.value;
  }

  toString(): string {
    return String(this.value);
  }
}

/**
 * Gives a value its type in Go for the functions of `gocsp/golib/fmt`, where the type changes the output: a `float64`
 * that happens to be whole (`1e+06`), a pointer to a struct (`&{1 2}`), a nil slice (`[]`), a byte, a duration, a named
 * type with a method `String`; and for `%T`.
 *
 * @example
 * ```ts
 * console.log(fmt.sprint(1e6, typed(1e6, "float64"))); // 1000000 1e+06
 * console.log(fmt.sprintf("%v %T", typed(undefined, "[]int"), typed(7, "uint8"))); // [] uint8
 * ```
 */
export function typed(value: unknown, type: string): Typed {
  return new Typed(value instanceof Typed ? value.value : value, type);
}

/** Returns what {@link typed} was given, or the value itself. */
export function valueOf(value: unknown): unknown {
  return value instanceof Typed ? value.value : value;
}

/**
 * The static properties by which a class describes its struct: `static goName = "main.Point"` and `static goFields =
 * ["X", "y float64"]`, the names of its fields in their order, with their types where the values do not show them.
 * Without these an object prints with its own properties.
 */
interface Described {
  readonly name: string;
  readonly goName?: string;
  readonly goFields?: readonly string[];
}

const parsed = new Map<string, GoType>();

/**
 * Returns the name of a value's type as Go's `%T` prints it, inferred from the value: a whole number is an `int`.
 *
 * @example
 * ```ts
 * console.log(typeName("a"), typeName(1), typeName([0.5]), typeName(undefined)); // string int []float64 <nil>
 * ```
 */
export function typeName(value: unknown): string {
  return typeOf(value).name;
}

const basic: Readonly<Record<string, GoType>> = {
  bool: { kind: "bool", name: "bool" },
  int: { kind: "int", name: "int", size: 64 },
  int8: { kind: "int", name: "int8", size: 8 },
  int16: { kind: "int", name: "int16", size: 16 },
  int32: { kind: "int", name: "int32", size: 32 },
  rune: { kind: "int", name: "int32", size: 32 },
  int64: { kind: "int", name: "int64", size: 64 },
  uint: { kind: "uint", name: "uint", size: 64 },
  uint8: { kind: "uint", name: "uint8", size: 8 },
  byte: { kind: "uint", name: "uint8", size: 8 },
  uint16: { kind: "uint", name: "uint16", size: 16 },
  uint32: { kind: "uint", name: "uint32", size: 32 },
  uint64: { kind: "uint", name: "uint64", size: 64 },
  uintptr: { kind: "uint", name: "uintptr", size: 64 },
  float32: { kind: "float", name: "float32", size: 32 },
  float64: { kind: "float", name: "float64", size: 64 },
  string: { kind: "string", name: "string" },
  any: { kind: "interface", name: "interface {}" },
  "interface {}": { kind: "interface", name: "interface {}" },
  error: { kind: "interface", name: "error" },
};

const nil: GoType = { kind: "nil", name: "<nil>" };
export const anyType: GoType = basic["any"] as GoType;
/** The type of a whole number without a declared type: it may also be a float64. */
export const untoldInt: GoType = { kind: "int", name: "int", size: 64 };
const string: GoType = basic["string"] as GoType;

/**
 * Returns the type of this name in Go's syntax. An unknown name counts as an interface: the type is that of the value.
 */
export function parseType(text: string): GoType {
  let type = parsed.get(text);
  if (type === undefined) {
    type = parse(text);
    parsed.set(text, type);
  }
  return type;
}

function parse(text: string): GoType {
  const simple = basic[text];
  if (simple !== undefined) return simple;
  if (text.startsWith("*")) return refTo(text.slice(1));
  if (text.startsWith("[]")) return listOf("slice", "[]", text.slice(2));
  const array = /^\[\d+\]/.exec(text);
  if (array !== null) return listOf("array", array[0], text.slice(array[0].length));
  if (text.startsWith("map[")) return mapOf(text);
  if (/^(?:<-)?chan\b/.test(text)) return { kind: "chan", name: text };
  if (text.startsWith("func(")) return { kind: "func", name: text };
  if (text.startsWith("interface")) return { kind: "interface", name: text };
  // The name does not show the underlying type; the value does.
  return { kind: "interface", name: text };
}

function refTo(elem: string): GoType {
  return { kind: "pointer", name: `*${canonical(elem)}`, elem: () => parseType(elem) };
}

function listOf(kind: "slice" | "array", prefix: string, elem: string): GoType {
  return { kind, name: prefix + canonical(elem), elem: () => parseType(elem) };
}

/** Returns a type's name as Go prints it: `interface {}` for `any`, `uint8` for `byte`. */
function canonical(text: string): string {
  return parseType(text).name;
}

function mapOf(text: string): GoType {
  let depth = 0;
  let end = 3;
  do {
    if (text[end] === "[") depth++;
    else if (text[end] === "]") depth--;
    end++;
  } while (depth > 0 && end < text.length);
  const key = text.slice(4, end - 1);
  const elem = text.slice(end);
  return {
    kind: "map",
    name: `map[${canonical(key)}]${canonical(elem)}`,
    key: parseType(key),
    elem: () => parseType(elem),
  };
}

/** Returns the declared type of a value, or the one inferred from it. */
export function typeOf(value: unknown): GoType {
  if (value instanceof Typed) {
    const declared = parseType(value.type);
    // A value in an interface has its own type, but a declared name that fmt does not know is kept for printing.
    if (declared.kind !== "interface") return declared;
    const actual = typeOf(value.value);
    return declared === anyType || declared.name === "error" || actual.kind === "nil"
      ? actual
      : { ...actual, name: declared.name };
  }
  switch (typeof value) {
    case "string":
      return string;
    case "number":
      // Larger numbers are not ints, but for the largest uint64.
      if (value === 2 ** 64) return basic["uint64"] as GoType;
      return Number.isInteger(value) && Math.abs(value) <= 2 ** 63 ? untoldInt : (basic["float64"] as GoType);
    case "boolean":
      return basic["bool"] as GoType;
    case "bigint":
      return basic[value < 2n ** 63n ? "int64" : "uint64"] as GoType;
    case "function":
      return { kind: "func", name: "func()" };
    case "object":
      return value === null ? nil : typeOfObject(value);
    default:
      return nil;
  }
}

function typeOfObject(value: object): GoType {
  if (Array.isArray(value)) return typeOfList(value);
  if (ArrayBuffer.isView(value)) return typeOfView(value);
  if (isMap(value)) return typeOfMap(value);
  if (value instanceof Boxed) return typeOfBoxed(value);
  if (value instanceof Error) return typeOfError(value);
  if (value instanceof Date) return { kind: "struct", name: "time.Time", string: showDate };
  if (isChannel(value)) return { kind: "chan", name: "chan interface {}" };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return typeOfInstance(value);
  const fields = Object.entries(value).map(([key, field]) => `${key} ${typeOf(field).name}`);
  return { kind: "struct", name: fields.length === 0 ? "struct {}" : `struct { ${fields.join("; ")} }` };
}

function typeOfBoxed(value: Boxed<unknown>): GoType {
  const { typeName, underlying, name } = value.constructor as typeof Boxed;
  const base = underlying === undefined ? typeOf(value.goValue()) : parseType(underlying);
  return { ...base, name: typeName === "" ? `main.${name}` : typeName };
}

function typeOfInstance(value: object): GoType {
  const { goName, goFields, name } = value.constructor as unknown as Described;
  const type: GoType = { kind: "struct", name: goName ?? `main.${name}` };
  if (goFields === undefined) return type;
  const properties = Object.keys(value);
  const fields = goFields.flatMap((text, i) => {
    const [name = "", declared] = /^(\S+)(?: (.+))?$/.exec(text)?.slice(1) ?? [];
    const property = properties[i];
    return property === undefined
      ? []
      : [{ property, name, type: declared === undefined ? anyType : parseType(declared) }];
  });
  return { ...type, fields };
}

function typeOfList(list: readonly unknown[]): GoType {
  const first = list.length === 0 ? anyType : typeOf(list[0]);
  const same = list.every((value) => typeOf(value).name === first.name);
  // If some numbers are not whole, all are floats.
  const floats = !same && list.every((value) => typeof value === "number");
  const elem = floats ? (basic["float64"] as GoType) : same && first !== nil ? first : anyType;
  return { kind: "slice", name: `[]${elem.name}`, elem: () => elem };
}

const views: Readonly<Record<string, string>> = {
  Int8Array: "int8",
  Int16Array: "int16",
  Int32Array: "int32",
  Uint16Array: "uint16",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
  Float32Array: "float32",
  Float64Array: "float64",
};

function typeOfView(value: ArrayBufferView): GoType {
  const elem = views[value.constructor.name] ?? "uint8";
  return parseType(`[]${elem}`);
}

/** Containers with entries and a lookup by key: `Map`, `KeyMap`, `sync.Map`. */
export function isMap(value: object): value is { entries(): Iterable<[unknown, unknown]> } {
  return value instanceof Map || ("size" in value && "entries" in value && "get" in value && "has" in value);
}

function typeOfMap(map: { entries(): Iterable<[unknown, unknown]> }): GoType {
  const entries = [...map.entries()];
  const key = typeOfList(entries.map(([key]) => key)).elem?.() ?? anyType;
  const elem = typeOfList(entries.map(([, value]) => value)).elem?.() ?? anyType;
  return { kind: "map", name: `map[${key.name}]${elem.name}`, key, elem: () => elem };
}

/** The types of the errors that Go's `errors` and `fmt` make. An error of another class has the name of its class. */
function typeOfError(err: Error): GoType {
  const { name } = err.constructor;
  if (name === "Error") return errorType(err.cause === undefined ? "*errors.errorString" : "*fmt.wrapError");
  if (name === "AggregateError") return errorType("*errors.joinError");
  if (name === "PanicError") return errorType("runtime.Error");
  return errorType(`*main.${name}`);
}

function errorType(name: string): GoType {
  const struct: GoType = {
    kind: "struct",
    name: name.replace(/^\*/, ""),
    fields: [{ property: "message", name: "s", type: string }],
  };
  return { kind: "pointer", name, elem: () => struct };
}

function isChannel(value: object): boolean {
  return "tryReceive" in value && "trySend" in value;
}

/** Prints a date as Go's `Time.String` prints it in UTC. */
function showDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return "Invalid Date";
  const [day, rest = ""] = date.toISOString().split("T");
  const time = rest
    .replace("Z", "")
    .replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros.replace(/0+$/, "")));
  return `${day} ${time} +0000 UTC`;
}
