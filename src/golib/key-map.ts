/** Maps whose keys are compared by their contents. */
import { PanicError } from "../runtime/panic.ts";
import { typeName } from "./types.ts";

/** The number of each object that is a key by its identity. */
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/**
 * Returns a string that is the same for two keys exactly if they are equal by Go's `==`: structs by their fields,
 * arrays by their elements, anything else by its type and value. Functions and maps cannot be keys. Errors, channels
 * and other objects with an identity are compared by it.
 *
 * @throws {@link PanicError} `runtime error: hash of unhashable type map[string]int`
 *
 * @example
 * ```ts
 * console.log(hashKey({ x: 1, y: 2 }) === hashKey({ x: 1, y: 2 })); // true
 * ```
 */
export function hashKey(key: unknown): string {
  switch (typeof key) {
    case "string":
      return JSON.stringify(key);
    case "number":
      // Go's two zeros are equal, and NaN equals nothing, not even itself: it gets a new string each time.
      return Number.isNaN(key) ? `NaN${++lastIdentity}` : String(key);
    case "bigint":
      return `${key}n`;
    case "boolean":
      return String(key);
    case "undefined":
      return "nil";
    case "symbol":
      return `symbol ${String(key.description)}`;
    case "function":
      throw new PanicError(`runtime error: hash of unhashable type ${typeName(key)}`);
    default:
      return key === null ? "nil" : hashObject(key as object);
  }
}

function hashObject(key: object): string {
  if (Array.isArray(key)) return `[${key.map(hashKey).join()}]`;
  if (key instanceof Map) throw new PanicError(`runtime error: hash of unhashable type ${typeName(key)}`);
  const prototype: unknown = Object.getPrototypeOf(key);
  const names = Object.keys(key);
  if (key instanceof Error || (prototype !== Object.prototype && names.length === 0)) return `&${identityOf(key)}`;
  const fields = names.map((name) => `${name}:${hashKey((key as Record<string, unknown>)[name])}`);
  const type = prototype === Object.prototype || prototype === null ? "" : `${identityOf(prototype as object)}`;
  return `${type}{${fields.join()}}`;
}

function identityOf(key: object): number {
  let identity = identities.get(key);
  if (identity === undefined) {
    identity = ++lastIdentity;
    identities.set(key, identity);
  }
  return identity;
}

/**
 * A map whose keys are compared by their contents: Go's `map[Point]string`, where `Point` is a struct, an array, or an
 * interface. It has the methods of `Map`. Keys are not copied: a key whose fields change is not found any more, so pass
 * copies, as Go does.
 *
 * Iteration is in the order of insertion; Go's is random.
 *
 * @example
 * ```ts
 * const names = new KeyMap<{ x: number; y: number }, string>();
 * names.set({ x: 1, y: 2 }, "here");
 * console.log(names.get({ x: 1, y: 2 })); // here
 * ```
 */
export class KeyMap<K, V> extends Map<K, V> {
  /** The entries by the strings that stand for the keys. The inherited map stays empty. */
  readonly #entries = new Map<string, [K, V]>();
  readonly #keyOf: (key: K) => string;

  /** Takes the first entries, and a function that makes the string for a key: {@link hashKey} by default. */
  constructor(entries: Iterable<readonly [K, V]> = [], keyOf: (key: K) => string = hashKey) {
    super();
    this.#keyOf = keyOf;
    for (const [key, value] of entries) this.set(key, value);
  }

  /** The number of entries: Go's `len(m)`. */
  override get size(): number {
    return this.#entries.size;
  }

  /** Returns the value of a key, or undefined. */
  override get(key: K): V | undefined {
    return this.#entries.get(this.#keyOf(key))?.[1];
  }

  /** Tells whether there is such a key: Go's `_, ok := m[key]`. */
  override has(key: K): boolean {
    return this.#entries.has(this.#keyOf(key));
  }

  /** Sets the value of a key: Go's `m[key] = value`. */
  override set(key: K, value: V): this {
    const hash = this.#keyOf(key);
    const entry = this.#entries.get(hash);
    if (entry === undefined) this.#entries.set(hash, [key, value]);
    else entry[1] = value;
    return this;
  }

  /** Removes a key, and tells whether it was there: Go's `delete(m, key)`. */
  override delete(key: K): boolean {
    return this.#entries.delete(this.#keyOf(key));
  }

  /** Removes everything: Go's `clear(m)`. */
  override clear(): void {
    this.#entries.clear();
  }

  override forEach(f: (value: V, key: K, map: Map<K, V>) => void): void {
    for (const [key, value] of this.#entries.values()) f(value, key, this);
  }

  override *keys(): Generator<K, undefined, void> {
    for (const [key] of this.#entries.values()) yield key;
    return undefined;
  }

  override *values(): Generator<V, undefined, void> {
    for (const [, value] of this.#entries.values()) yield value;
    return undefined;
  }

  override *entries(): Generator<[K, V], undefined, void> {
    for (const [key, value] of this.#entries.values()) yield [key, value];
    return undefined;
  }

  override [Symbol.iterator](): Generator<[K, V], undefined, void> {
    return this.entries();
  }
}

/** The one nil map. */
class NilMap extends KeyMap<unknown, unknown> {
  override set(): never {
    throw new PanicError("assignment to entry in nil map");
  }
}

const nil: unknown = new NilMap();

/**
 * Returns the nil map, which is empty and cannot be written to: the zero value of Go's maps. There is only one, so `m ===
 * nilMap()` is Go's `m == nil`.
 *
 * @example
 * ```ts
 * const ages: Map<string, number> = nilMap();
 * console.log(ages.size, ages.get("Ann")); // 0 undefined
 * ```
 */
export function nilMap<K, V>(): KeyMap<K, V> {
  return nil as KeyMap<K, V>;
}

/**
 * Sets an entry of a map that may be nil, and returns the value: Go's `m[key] = value`.
 *
 * @throws {@link PanicError} `assignment to entry in nil map`
 *
 * @example
 * ```ts
 * const ages = new Map<string, number>();
 * setEntry(ages, "Ann", 41);
 * console.log(ages.get("Ann")); // 41
 * ```
 */
export function setEntry<K, V>(map: { set(key: K, value: V): unknown } | null | undefined, key: K, value: V): V {
  if (map === undefined || map === null) throw new PanicError("assignment to entry in nil map");
  map.set(key, value);
  return value;
}
