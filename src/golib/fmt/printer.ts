/** Prints any value under any verb, as `%v` prints structs, maps and pointers. */
import { PanicError } from "../../runtime/panic.ts";
import { Boxed } from "../boxed.ts";
import { compareStrings } from "../integers.ts";
import { Slice } from "../slice.ts";
import { anyType, type Field, type GoType, isMap, parseType, Typed, typeOf, untoldInt } from "../types.ts";
import { type Flags, noFlags, pad } from "./flags.ts";
import { formatBoolean, formatBytes, formatFloating, formatInteger, formatText, hexadecimal } from "./scalar.ts";

/**
 * A value that prints itself under any verb: Go's `Formatter`. Its `format` returns the text here instead of writing
 * it.
 */
export interface Formatter {
  format(flags: Readonly<Flags>, verb: string): string;
}

/** A value and the known part of its type. */
interface Operand {
  readonly value: unknown;
  readonly type: GoType;
}

export function operandOf(argument: unknown): Operand {
  return { value: argument instanceof Typed ? argument.value : argument, type: typeOf(argument) };
}

/** Returns the operand for a field, an element or an entry of a declared type. */
function inside(value: unknown, declared: GoType | undefined): Operand {
  if (value instanceof Typed || declared === undefined || declared.kind === "interface") return operandOf(value);
  return { value, type: declared };
}

/**
 * The state of one call of a printing function: whether it is printing an error of the format, or a panic of a method.
 */
export class Printer {
  /** Whether `%w` is a verb: it is only in `errorf`. */
  readonly #wraps: boolean;
  /** Set while an error like `%!d(string=hi)` is printed: methods are not called then. */
  #erroring = false;
  #panicking = false;

  constructor(wraps: boolean) {
    this.#wraps = wraps;
  }

  /** Prints an argument under a verb. */
  print(flags: Flags, argument: unknown, verb: string): string {
    const operand = operandOf(argument);
    if (operand.type.kind === "nil")
      return verb === "T" || verb === "v" ? pad(flags, "<nil>") : this.#bad(flags, operand, verb);
    if (verb === "T") return formatText(flags, operand.type.name, "s") as string;
    if (verb === "p") return this.#pointer(flags, operand, "p");
    return this.#value(flags, operand, verb, 0);
  }

  /** Prints the error for a verb that does not fit the operand: `%!d(string=hi)`. */
  #bad(flags: Flags, operand: Operand, verb: string): string {
    if (operand.type.kind === "nil") return `%!${verb}(<nil>)`;
    const before = this.#erroring;
    this.#erroring = true;
    try {
      return `%!${verb}(${operand.type.name}=${this.#value(flags, operand, "v", 0)})`;
    } finally {
      this.#erroring = before;
    }
  }

  #value(flags: Flags, operand: Operand, verb: string, depth: number): string {
    const { value, type } = operand;
    const byMethod = this.#byMethod(flags, operand, verb);
    if (byMethod !== undefined) return byMethod;
    const text = this.#plain(flags, value instanceof Boxed ? value.goValue() : value, type, verb, depth);
    return text ?? this.#bad(flags, operand, verb);
  }

  /** Prints a field, an element or an entry. */
  #inside(flags: Flags, value: unknown, declared: GoType | undefined, verb: string, depth: number): string {
    if (flags.sharpV && declared?.kind === "interface" && (value === undefined || value === null)) {
      return `${declared.name}(nil)`;
    }
    return this.#value(flags, inside(value, declared), verb, depth + 1);
  }

  #plain(flags: Flags, value: unknown, type: GoType, verb: string, depth: number): string | undefined {
    switch (type.kind) {
      case "bool":
        return formatBoolean(flags, value as boolean, verb);
      case "int":
      case "uint":
        return this.#integer(flags, value as number | bigint, type, verb);
      case "float":
        return formatFloating(flags, Number(value), type.size ?? 64, verb);
      case "string":
        return formatText(flags, value as string, verb);
      case "map":
        return this.#map(flags, value, type, verb, depth);
      case "struct":
        return this.#struct(flags, value as object, type, verb, depth);
      case "slice":
      case "array":
        return this.#list(flags, value, type, verb, depth);
      case "pointer":
        return this.#pointed(flags, value, type, verb, depth);
      case "chan":
      case "func":
        return this.#pointer(flags, { value, type }, verb);
      default:
        return flags.sharpV ? `${anyType.name}(nil)` : "<nil>";
    }
  }

  #integer(flags: Flags, value: number | bigint, type: GoType, verb: string): string | undefined {
    // A number that is not whole prints as a float even if its type is an integer: a duration of half a millisecond,
    // for example.
    if (typeof value === "number" && !Number.isInteger(value)) {
      return formatFloating(flags, value, 64, verb === "d" ? "v" : verb);
    }
    const unsigned = type.kind === "uint";
    const shown = unsigned && value < 0 ? BigInt.asUintN(type.size ?? 64, BigInt(value)) : value;
    return formatInteger(flags, shown, verb, !unsigned) ?? this.#asFloat(flags, shown, type, verb);
  }

  /** A whole number without a declared type is a float64 if the verb is for floats. */
  #asFloat(flags: Flags, value: number | bigint, type: GoType, verb: string): string | undefined {
    if (type !== untoldInt || typeof value !== "number") return undefined;
    return "eEfFgG".includes(verb) ? formatFloating(flags, value, 64, verb) : undefined;
  }

  #list(flags: Flags, value: unknown, type: GoType, verb: string, depth: number): string | undefined {
    const elem = type.elem?.() ?? anyType;
    const list: readonly unknown[] =
      value === undefined || value === null ? [] : Array.from(value as Iterable<unknown>);
    if (elem.name === "uint8" || (elem.kind === "uint" && elem.size === 8)) {
      const text = formatBytes(flags, Uint8Array.from(list as number[]), verb);
      if (text !== undefined) return text;
    }
    if (flags.sharpV) {
      const name = depth === 0 && type.name === "[]uint8" ? "[]byte" : type.name;
      if (value === undefined || value === null) return `${name}(nil)`;
      const bytes = elem.name === "uint8";
      const parts = list.map((each) =>
        bytes ? hexadecimal(flags, each as number, true) : this.#inside(flags, each, elem, verb, depth),
      );
      return `${name}{${parts.join(", ")}}`;
    }
    return `[${list.map((each) => this.#inside(flags, each, elem, verb, depth)).join(" ")}]`;
  }

  #map(flags: Flags, value: unknown, type: GoType, verb: string, depth: number): string {
    if (flags.sharpV && (value === undefined || value === null)) return `${type.name}(nil)`;
    const entries = value === undefined || value === null || !isMap(value) ? [] : [...value.entries()];
    entries.sort(([a], [b]) => compareKeys(a, b));
    const parts = entries.map(([key, each]) => {
      const name = this.#inside(flags, key, type.key, verb, depth);
      return `${name}:${this.#inside(flags, each, type.elem?.(), verb, depth)}`;
    });
    return flags.sharpV ? `${type.name}{${parts.join(", ")}}` : `map[${parts.join(" ")}]`;
  }

  #struct(flags: Flags, value: object, type: GoType, verb: string, depth: number): string {
    const boxes = (value.constructor as Shown | undefined)?.goTypes?.();
    const parts = fieldsOf(value, type).map(({ property, name, type: declared }) => {
      const field = boxed((value as Record<string, unknown>)[property], boxes?.[property]);
      const text = this.#inside(flags, field, declared, verb, depth);
      return flags.plusV || flags.sharpV ? `${name}:${text}` : text;
    });
    return flags.sharpV ? `${type.name}{${parts.join(", ")}}` : `{${parts.join(" ")}}`;
  }

  /** A pointer to a struct, list or map prints what it points to at the top level only. */
  #pointed(flags: Flags, value: unknown, type: GoType, verb: string, depth: number): string | undefined {
    const elem = type.elem?.() ?? anyType;
    if (depth === 0 && typeof value === "object" && value !== null) {
      if (elem.kind === "struct") return `&${this.#value(flags, { value, type: elem }, verb, depth + 1)}`;
      if (elem.kind === "slice" || elem.kind === "array" || elem.kind === "map") {
        const { value: target } = value as { value: unknown };
        return `&${this.#value(flags, { value: target, type: elem }, verb, depth + 1)}`;
      }
      if (elem.kind === "interface" && !("value" in value)) return `&${this.#value(flags, operandOf(value), verb, 1)}`;
    }
    return this.#pointer(flags, { value, type }, verb);
  }

  #pointer(flags: Flags, { value, type }: Operand, verb: string): string {
    const isReference = ["chan", "func", "map", "pointer", "slice", "struct"].includes(type.kind);
    if (!isReference) return this.#bad(flags, { value, type }, verb);
    const address = value === undefined || value === null ? 0 : addressOf(value);
    if (verb === "v" && flags.sharpV) {
      return `(${type.name})(${address === 0 ? "nil" : hexadecimal(flags, address, true)})`;
    }
    if (verb === "v" && address === 0) return pad(flags, "<nil>");
    if (verb === "v" || verb === "p") return hexadecimal(flags, address, !flags.sharp);
    return (
      ("bodxX".includes(verb) ? formatInteger(flags, address, verb, false) : undefined) ??
      this.#bad(flags, { value, type }, verb)
    );
  }

  /** Prints with the value's own methods, if it has them and the verb allows it. */
  #byMethod(flags: Flags, { value, type }: Operand, verb: string): string | undefined {
    if (this.#erroring) return undefined;
    if (verb === "w" && type.name !== "[]uint8") {
      if (!this.#wraps || textOfError(value) === undefined) return this.#bad(flags, { value, type }, verb);
      return this.#byMethod(flags, { value, type }, "v");
    }
    const own = value as Partial<Record<"format" | "goString", (...args: unknown[]) => string>> | undefined;
    if (typeof value === "object" && own !== null && typeof own?.format === "function") {
      return this.#call(value, verb, "Format", () => (own as unknown as Formatter).format(flags, verb));
    }
    if (flags.sharpV) {
      if (typeof value !== "object" || typeof own?.goString !== "function") return undefined;
      return this.#call(value, verb, "GoString", () => pad(flags, (own.goString as () => string)()));
    }
    if (!"vsxXq".includes(verb)) return undefined;
    const error = textOfError(value);
    if (error !== undefined) return this.#call(value, verb, "Error", () => formatText(flags, error(), verb) as string);
    const string = textOfStringer(value, type);
    if (string === undefined) return undefined;
    return this.#call(value, verb, "String", () => formatText(flags, string(), verb) as string);
  }

  #call(value: unknown, verb: string, method: string, f: () => string): string {
    try {
      return f();
    } catch (error) {
      if (value === undefined || value === null) return "<nil>";
      if (this.#panicking) throw error;
      this.#panicking = true;
      try {
        return `%!${verb}(PANIC=${method} method: ${this.print(noFlags(), error, "v")})`;
      } finally {
        this.#panicking = false;
      }
    }
  }
}

/**
 * The static property by which a class tells the types of those fields that print with methods: `static goTypes = () =>
 * ({ color: ColorValue, list: [ColorValue] })`, in brackets for the elements of a list or the values of a map. `"time.Duration"` is a
 * duration that prints as a number of nanoseconds, because its field is not exported.
 */
interface Shown {
  readonly goTypes?: () => Readonly<Record<string, BoxType>>;
}

type BoxType = (new (value: never) => object) | readonly [BoxType] | "time.Duration";

/** Boxes a field, or the elements of one, in the class of its type. */
function boxed(value: unknown, type: BoxType | undefined): unknown {
  if (type === undefined || value === undefined || value === null) return value;
  if (type === "time.Duration") return Math.round((value as number) * 1e6);
  if (typeof type === "function") return new type(value as never);
  if (typeof value !== "object") return value;
  if (isMap(value)) return new Map(Array.from(value.entries(), ([key, each]) => [key, boxed(each, type[0])]));
  return Array.from(value as Iterable<unknown>, (each) => boxed(each, type[0]));
}

/** Returns Go's `Error` of a value: its own method, or the message of an Error. */
function textOfError(value: unknown): (() => string) | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { error } = value as { error?: unknown };
  if (typeof error === "function") return () => String((error as () => string).call(value));
  return value instanceof Error ? () => value.message : undefined;
}

/** Returns Go's `String` of a value: its own method, that of its type, or a `toString` that its class defines. */
function textOfStringer(value: unknown, type: GoType): (() => string) | undefined {
  if (type.string !== undefined) return () => (type.string as (value: unknown) => string)(value);
  if (typeof value !== "object" || value === null) return undefined;
  const { string, toString } = value as { string?: unknown; toString?: unknown };
  if (typeof string === "function") return () => String((string as () => string).call(value));
  const isOwn =
    typeof toString === "function" && !general.has(toString) && (type.kind === "struct" || value instanceof Boxed);
  return isOwn ? () => String(value) : undefined;
}

/** The inherited `toString` methods, which do not describe a value. */
const general: ReadonlySet<unknown> = new Set<unknown>([
  Object.prototype.toString,
  Error.prototype.toString,
  Boxed.prototype.toString,
]);

/** The fields of a struct: those that its class names, else the properties that the object has. */
function fieldsOf(value: object, type: GoType): readonly Field[] {
  return type.fields ?? Object.keys(value).map((name) => ({ property: name, name, type: parseType("any") }));
}

const addresses = new WeakMap<object, number>();
let lastAddress = 0xc000010000;

/** Returns a number that looks like an address: always the same for the same object. */
function addressOf(value: unknown): number {
  if (value instanceof Slice) return addressOf(value.at);
  if ((typeof value !== "object" || value === null) && typeof value !== "function")
    throw new PanicError("fmt: no pointer");
  let address = addresses.get(value);
  if (address === undefined) {
    address = lastAddress += 16;
    addresses.set(value, address);
  }
  return address;
}

/** Orders the keys of a map as fmt prints them: nil first, numbers and strings by size, false before true, structs by fields. */
function compareKeys(a: unknown, b: unknown): number {
  const x = a instanceof Typed ? a.value : a;
  const y = b instanceof Typed ? b.value : b;
  if (typeof x === "string" && typeof y === "string") return compareStrings(x, y);
  if (typeof x === "object" && typeof y === "object" && x !== null && y !== null) {
    for (const key of Object.keys(x)) {
      const order = compareKeys((x as Record<string, unknown>)[key], (y as Record<string, unknown>)[key]);
      if (order !== 0) return order;
    }
    return 0;
  }
  const ranks = [rankOf(x), rankOf(y)] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] - ranks[1];
  if (Number.isNaN(x)) return Number.isNaN(y) ? 0 : -1;
  if (Number.isNaN(y)) return 1;
  return (x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0;
}

function rankOf(key: unknown): number {
  if (key === undefined || key === null) return 0;
  return ["boolean", "number", "bigint", "string"].indexOf(typeof key) + 1 || 9;
}
