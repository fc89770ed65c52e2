/** Go's `==`, where JavaScript's `===` is not the same. */
import { PanicError } from "../runtime/panic.ts";
import { typeName, valueOf } from "./types.ts";

/**
 * Compares two structs, arrays or interface values as Go's `==` does: field by field and element by element. Objects of
 * a class are structs here; to compare pointers to them use `===`.
 *
 * Functions, slices and maps cannot be compared in Go. Arrays are compared element by element, maps and functions panic.
 *
 * @throws {@link PanicError} `runtime error: comparing uncomparable type map[string]int`
 *
 * @example
 * ```ts
 * console.log(equal({ x: 1, y: 2 }, { x: 1, y: 2 })); // true
 * ```
 */
export function equal(a: unknown, b: unknown): boolean {
  const x = valueOf(a);
  const y = valueOf(b);
  if (x === y) return !(typeof x === "function" || x instanceof Map) || uncomparable(x);
  if ((x === undefined || x === null) && (y === undefined || y === null)) return true;
  if (typeof x !== "object" || typeof y !== "object" || x === null || y === null) return false;
  if (Object.getPrototypeOf(x) !== Object.getPrototypeOf(y)) return false;
  if (x instanceof Map) return uncomparable(x);
  // Errors, channels and other objects with an identity are pointers in Go.
  if (!isPlain(x)) return false;
  const keys = Object.keys(x);
  if (keys.length !== Object.keys(y).length) return false;
  return keys.every((key) => equal((x as Record<string, unknown>)[key], (y as Record<string, unknown>)[key]));
}

function uncomparable(value: unknown): never {
  throw new PanicError(`runtime error: comparing uncomparable type ${typeName(value)}`);
}

/** Tells whether an object has no identity or state beyond its properties. */
function isPlain(value: object): boolean {
  return !(value instanceof Error || value instanceof Promise || value instanceof Set || value instanceof Date);
}

/**
 * Tells whether a value is the zero value of its type: 0, "", false, nil, and structs and arrays of these.
 *
 * @example
 * ```ts
 * console.log(isZero({ name: "", age: 0 })); // true
 * ```
 */
export function isZero(value: unknown): boolean {
  const v = valueOf(value);
  if (v === undefined || v === null || v === false || v === "" || v === 0n) return true;
  if (typeof v === "number") return v === 0;
  if (typeof v !== "object" || v instanceof Map || !isPlain(v)) return false;
  return Object.values(v).every(isZero);
}

/**
 * Compares as {@link equal} does, and takes undefined for the zero value of the type of the other one: Go's `==` in generic
 * code.
 *
 * @example
 * ```ts
 * console.log(sameOrZero(undefined, 0), sameOrZero("", undefined), sameOrZero(undefined, 1)); // true true false
 * ```
 */
export function sameOrZero(a: unknown, b: unknown): boolean {
  if (a === undefined) return isZero(b);
  return b === undefined ? isZero(a) : equal(a, b);
}
