/**
 * Go's types at run time, as far as printing them needs it: a number does not know whether it is an `int` or a `float64`,
 * and an object not whether it stands for a struct or for a pointer to one.
 */

/** What the program says about one of its types, see {@link registerType}. */
export interface TypeInfo {
  /** The class whose objects are of this type. */
  readonly class?: abstract new (...args: never[]) => unknown;
  /** The fields of a struct in their order: the property here, and Go's name and type: `{ x: "X int" }`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What a named type that is no struct is made of: `int` for `type Weekday int`. */
  readonly underlying?: string;
  /** Go's `String()`, for a type whose values are no objects that have it as a method. */
  readonly string?: (value: never) => string;
  /** Go's `Error()`. */
  readonly error?: (value: never) => string;
}

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

/** A type as fmt prints it and by which it prints values. */
export interface GoType {
  readonly kind: Kind;
  /** As `%T` prints it. */
  readonly name: string;
  /** In bits, of numbers. */
  readonly size?: number;
  readonly elem?: () => GoType;
  readonly key?: GoType;
  /** Of structs whose fields are known; others have those of the object. */
  readonly fields?: readonly Field[];
  readonly info?: TypeInfo;
}

/**
 * A value with its static type in Go, see {@link typed}.
 *
 * It is no value to calculate with: only what prints understands it.
 */
export class Typed {
  readonly value: unknown;
  readonly type: string;

  constructor(value: unknown, type: string) {
    this.value = value;
    this.type = type;
  }

  /** Returns the value, so that a template or a sum prints what it stands for. */
  valueOf(): unknown {
    return this.value;
  }

  toString(): string {
    return String(this.value);
  }
}

/**
 * Tells the functions of `gocsp/golib/fmt` which type a value has in Go, where it prints differently: a `float64` that
 * happens to be whole (`1e+06`), a pointer to a struct (`&{1 2}`), a nil slice (`[]`), a byte, a duration, a named type
 * with a method `String`; and for `%T`.
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

const registered = new Map<string, TypeInfo>();
const namesOfClasses = new WeakMap<object, string>();
const parsed = new Map<string, GoType>();

/**
 * Describes a type of the program for `gocsp/golib/fmt`: by which names and types `%v`, `%+v`, `%#v` and `%T` print it.
 * Without it an object prints as a struct with the properties that it has.
 *
 * @example
 * ```ts
 * class Point {
 *   x = 1;
 *   y = 2e6;
 * }
 * registerType("main.Point", { class: Point, fields: { x: "X int", y: "Y float64" } });
 * console.log(fmt.sprintf("%+v", new Point())); // {X:1 Y:2e+06}
 * ```
 */
export function registerType(name: string, info: TypeInfo): void {
  registered.set(name, info);
  parsed.clear();
  if (info.class !== undefined) namesOfClasses.set(info.class, name);
}

/**
 * Returns the name of a value's type as Go's `%T` prints it, as far as the value tells: a whole number is an `int`.
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
const int: GoType = basic["int"] as GoType;
const string: GoType = basic["string"] as GoType;

/** Returns the type of this name in Go's syntax. What is unknown is taken as an interface: its values tell. */
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
  if (text.startsWith("*")) return pointerTo(text.slice(1));
  if (text.startsWith("[]")) return listOf("slice", "[]", text.slice(2));
  const array = /^\[\d+\]/.exec(text);
  if (array !== null) return listOf("array", array[0], text.slice(array[0].length));
  if (text.startsWith("map[")) return mapOf(text);
  if (/^(?:<-)?chan\b/.test(text)) return { kind: "chan", name: text };
  if (text.startsWith("func(")) return { kind: "func", name: text };
  if (text.startsWith("interface")) return { kind: "interface", name: text };
  const info = registered.get(text);
  return info === undefined ? { kind: "interface", name: text } : named(text, info);
}

function pointerTo(elem: string): GoType {
  return { kind: "pointer", name: `*${canonical(elem)}`, elem: () => parseType(elem) };
}

function listOf(kind: "slice" | "array", prefix: string, elem: string): GoType {
  return { kind, name: prefix + canonical(elem), elem: () => parseType(elem) };
}

/** Types that contain themselves are met by their names only; a name that is unknown stays as it is. */
function canonical(text: string): string {
  return registered.has(text) ? text : parseType(text).name;
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

function named(name: string, info: TypeInfo): GoType {
  if (info.underlying !== undefined) return { ...parseType(info.underlying), name, info };
  if (info.fields === undefined) return { kind: "struct", name, info };
  const { fields } = info;
  return {
    kind: "struct",
    name,
    info,
    get fields() {
      return Object.entries(fields).map(([property, text]) => {
        const space = text.indexOf(" ");
        return { property, name: text.slice(0, space), type: parseType(text.slice(space + 1)) };
      });
    },
  };
}

/** Returns the type of a value, as declared or as the value tells. */
export function typeOf(value: unknown): GoType {
  if (value instanceof Typed) {
    const declared = parseType(value.type);
    // An interface has the type of what is in it, but a name that fmt does not know is good enough for printing it.
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
      // No int is that large.
      return Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 2 ** 63
        ? int
        : (basic["float64"] as GoType);
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
  const name = namesOfClasses.get(value.constructor as object);
  if (name !== undefined) return parseType(name);
  if (value instanceof Error) return typeOfError(value);
  if (value instanceof Date) return { kind: "struct", name: "time.Time", info: { string: showDate } };
  if (isChannel(value)) return { kind: "chan", name: "chan interface {}" };
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) {
    const fields = Object.entries(value).map(([key, field]) => `${key} ${typeOf(field).name}`);
    return { kind: "struct", name: fields.length === 0 ? "struct {}" : `struct { ${fields.join("; ")} }` };
  }
  return { kind: "struct", name: `main.${value.constructor.name}` };
}

function typeOfList(list: readonly unknown[]): GoType {
  const first = list.length === 0 ? anyType : typeOf(list[0]);
  const same = list.every((value) => typeOf(value).name === first.name);
  // Numbers of which some are whole are floats.
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

/** What has entries and a way to look them up: `Map`, `ValueMap`, `sync.Map`. */
export function isMap(value: object): value is { entries(): Iterable<[unknown, unknown]> } {
  return value instanceof Map || ("size" in value && "entries" in value && "get" in value && "has" in value);
}

function typeOfMap(map: { entries(): Iterable<[unknown, unknown]> }): GoType {
  const entries = [...map.entries()];
  const key = typeOfList(entries.map(([key]) => key)).elem?.() ?? anyType;
  const elem = typeOfList(entries.map(([, value]) => value)).elem?.() ?? anyType;
  return { kind: "map", name: `map[${key.name}]${elem.name}`, key, elem: () => elem };
}

/** The types that Go's `errors` and `fmt` make; errors of a class of their own have its name. */
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
  const time = rest.replace("Z", "").replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros.replace(/0+$/, "")));
  return `${day} ${time} +0000 UTC`;
}
