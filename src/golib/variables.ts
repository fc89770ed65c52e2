/** Variables, zero values and assignments that need a function in JavaScript. */
import { PanicError } from "../runtime/panic.ts";
import { Boxed, Float } from "./boxed.ts";
import { hashKey } from "./key-map.ts";
import { panicSlice } from "./panics.ts";
import type { Ref } from "./ref.ts";
import { Typed, typeName } from "./types.ts";

/**
 * Returns a pointer to a variable, made from functions that read and write it: Go's `&x` where other code shares x.
 *
 * @example
 * ```ts
 * let count = 1;
 * const p = refOf(() => count, (value) => { count = value; });
 * p.value++;
 * console.log(count); // 2
 * ```
 */
export function refOf<T>(get: () => T, set: (value: T) => void): Ref<T> {
  return {
    get value() {
      return get();
    },
    set value(value) {
      set(value);
    },
  };
}

/**
 * Returns undefined in place of the zero value of a type parameter, which is unknown at run time. Where the type is a
 * number or a string, the caller has to replace it.
 *
 * @example
 * ```ts
 * console.log(zero<string>()); // undefined
 * ```
 */
export function zero<T>(): T {
  return undefined as T;
}

/**
 * Replaces the elements of a slice in place, so that all references see them: Go's `*p = s` for a pointer to a slice or
 * an array.
 *
 * @example
 * ```ts
 * const heap = [3, 1];
 * assignSlice(heap, [1]);
 * console.log(heap); // [ 1 ]
 * ```
 */
export function assignSlice<T>(target: T[], values: readonly T[]): void {
  target.splice(0, target.length, ...values);
}

/**
 * Replaces the entries of a map in place, so that all references see them: Go's `*p = m` for a pointer to a map.
 *
 * @example
 * ```ts
 * const ages = new Map([["Ann", 41]]);
 * assignMap(ages, new Map());
 * console.log(ages.size); // 0
 * ```
 */
export function assignMap<K, V>(target: Map<K, V>, values: ReadonlyMap<K, V>): void {
  const entries = [...values];
  target.clear();
  for (const [key, value] of entries) target.set(key, value);
}

/**
 * Copies an array of structs or arrays, elements included: the assignment of an array in Go.
 *
 * @example
 * ```ts
 * console.log(cloneArray([[1], [2]])); // [ [ 1 ], [ 2 ] ]
 * ```
 */
export function cloneArray<T>(values: readonly T[]): T[] {
  return values.map((value) => {
    if (Array.isArray(value)) return cloneArray(value) as T;
    if (isPlain(value)) {
      const fields = Object.entries(value).map(([name, field]): [string, unknown] => [name, cloneArray([field])[0]]);
      return Object.fromEntries(fields) as T;
    }
    const copy = (value as { clone?: () => T } | undefined)?.clone;
    return copy === undefined ? value : copy.call(value);
  });
}

/** Tells whether a value is a struct without a name. */
function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Extends an array to a length: Go's `[8]T{a, b}`.
 *
 * @example
 * ```ts
 * console.log(padded([1], 3, () => 0)); // [ 1, 0, 0 ]
 * ```
 */
export function padded<T>(values: readonly T[], length: number, make: () => T): T[] {
  return Array.from({ length }, (_, i) => (i < values.length ? (values[i] as T) : make()));
}

/**
 * Copies elements into a part of a slice, and returns how many: Go's `copy(target[low:high], source)`.
 *
 * @throws {@link PanicError} `runtime error: slice bounds out of range [5:3]`
 *
 * @example
 * ```ts
 * const list = [1, 2, 3];
 * console.log(copyInto(list, [7, 8], 1), list); // 2 [ 1, 7, 8 ]
 * ```
 */
export function copyInto<T>(
  target: T[] | Uint8Array,
  source: readonly T[] | Uint8Array,
  low: number,
  high: number = target.length,
): number {
  if (!(0 <= low && low <= high && high <= target.length)) panicSlice(low, high, target.length, "capacity");
  const values = Array.from(source as ArrayLike<T>);
  const count = Math.min(high - low, values.length);
  for (let i = 0; i < count; i++) (target as T[])[low + i] = values[i] as T;
  return count;
}

/**
 * Binds the arguments of a function at the call, as `defer f(a)` does.
 *
 * @example
 * ```ts
 * const greet = bound((name: string) => `hello ${name}`, "Ann");
 * console.log(greet()); // hello Ann
 * ```
 */
export function bound<A extends unknown[], R>(f: (...args: A) => R, ...args: A): () => R {
  return () => f(...args);
}

/**
 * Returns its first argument; the others are evaluated for their side effects.
 *
 * @example
 * ```ts
 * let n = 1;
 * console.log(first(n, (n = 2)), n); // 1 2
 * ```
 */
export function first<T>(value: T, ..._rest: unknown[]): T {
  return value;
}

/**
 * Tells whether a value has methods of these names: Go's test whether it implements an interface. An `Error` has the
 * method `error`.
 *
 * @example
 * ```ts
 * console.log(has(new Map(), "get", "set"), has(undefined, "get")); // true false
 * ```
 */
export function has(value: unknown, ...names: string[]): boolean {
  if (value === undefined || value === null) return false;
  return names.every((name) => {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (name === "toString") return isStringer(value, member);
    if (name === "message" || name === "cause" || name === "errors") return value instanceof Error && name in value;
    return typeof member === "function";
  });
}

/** Tells whether a `toString` is a method of the value's own class, and not the one that every object inherits. */
function isStringer(value: unknown, method: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
  if (value instanceof Map || value instanceof Typed) return false;
  return typeof method === "function" && !general.has(method);
}

const general: ReadonlySet<unknown> = new Set<unknown>([
  Object.prototype.toString,
  Error.prototype.toString,
  Boxed.prototype.toString,
  Float.prototype.toString,
]);

/**
 * Returns a value if it has the asserted type, and panics as Go does if it has another one: `value.(Type)`.
 *
 * @throws {@link PanicError} `interface conversion: interface {} is string, not int`
 *
 * @example
 * ```ts
 * const value: unknown = "text";
 * console.log(asserted<string>(value, (v) => typeof v === "string", "string")); // text
 * ```
 */
export function asserted<T>(value: unknown, test: (value: unknown) => boolean, type: string): T {
  if (test(value)) return value as T;
  const is = value === undefined || value === null ? "nil" : typeName(value);
  throw new PanicError(`interface conversion: interface {} is ${is}, not ${type}`);
}

const keys = new Map<string, unknown>();

/**
 * Returns the same object for values that are equal in Go, for keys of contexts: `ctx.Value(key{})`.
 *
 * @example
 * ```ts
 * class Key {}
 * console.log(interned(new Key()) === interned(new Key())); // true
 * ```
 */
export function interned(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const key =
    value instanceof Boxed ? `${typeName(value)}:${hashKey(value.value)}` : `${typeName(value)}:${fieldsOf(value)}`;
  if (!keys.has(key)) keys.set(key, value);
  return keys.get(key);
}

function fieldsOf(value: object): string {
  return Object.entries(value)
    .map(([name, field]) => `${name}:${hashKey(field)}`)
    .join();
}

/**
 * Calls a function once: Go's `sync.Once` for functions that do not wait. For those that wait, use `Once` of
 * `gocsp/sync`.
 *
 * @example
 * ```ts
 * const once = new Once();
 * once.do(() => console.log("first")); // first
 * once.do(() => console.log("second"));
 * ```
 */
export class Once {
  #done = false;

  /**
   * Calls `f` if this is the first call of `do`. It counts as done even if `f` throws.
   *
   * @example
   * ```ts
   * new Once().do(() => console.log("done")); // done
   * ```
   */
  do(f: () => void): void {
    if (this.#done) return;
    this.#done = true;
    f();
  }
}

/**
 * A value of a named type that is an `error` but not a struct, as an interface holds it. See {@link Boxed}.
 *
 * @example
 * ```ts
 * class ErrnoValue extends BoxedError<number> {
 *   override get message(): string {
 *     return `errno ${this.value}`;
 *   }
 * }
 * console.log(new ErrnoValue(2).message); // errno 2
 * ```
 */
export abstract class BoxedError<T> extends Error {
  /** The type's name, as `%T` prints it. */
  static typeName = "";
  /** The value itself. */
  readonly value: T;

  constructor(value: T) {
    super();
    this.value = value;
  }

  /**
   * Returns the value, so that operators work.
   *
   * @example
   * ```ts
   * class ErrnoValue extends BoxedError<number> {}
   * console.log(new ErrnoValue(2).valueOf()); // 2
   * ```
   */
  override valueOf(): T {
    return this.value;
  }
}

const boxedErrors = new Map<unknown, Map<unknown, Error>>();

/**
 * Boxes an error value in a class of its type. Equal values give the same object, so that `errors.is` finds them.
 *
 * @example
 * ```ts
 * class ErrnoValue extends BoxedError<number> {}
 * console.log(boxError(ErrnoValue, 2) === boxError(ErrnoValue, 2)); // true
 * ```
 */
export function boxError<T, B extends BoxedError<T>>(type: new (value: T) => B, value: NoInfer<T>): B {
  if (typeof value === "object" || typeof value === "function") return new type(value);
  let values = boxedErrors.get(type);
  if (values === undefined) boxedErrors.set(type, (values = new Map()));
  let boxed = values.get(value);
  if (boxed === undefined) values.set(value, (boxed = new type(value)));
  return boxed as B;
}
