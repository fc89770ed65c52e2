/**
 * Functions on maps. Mirrors Go's `maps` package. Maps keep the order of insertion here; Go's order is random.
 *
 * @module
 */

import { equal as equalValues } from "../equal.ts";
import { setEntry } from "../key-map.ts";

/** Iterates over the keys. Mirrors Go's `maps.Keys`. */
export function keys<K, V>(map: ReadonlyMap<K, V> | undefined): Iterable<K> {
  return map?.keys() ?? [];
}

/** Iterates over the values. Mirrors Go's `maps.Values`. */
export function values<K, V>(map: ReadonlyMap<K, V> | undefined): Iterable<V> {
  return map?.values() ?? [];
}

/** Iterates over the entries. Mirrors Go's `maps.All`. */
export function all<K, V>(map: ReadonlyMap<K, V> | undefined): Iterable<[K, V]> {
  return map?.entries() ?? [];
}

/** Copies a map. Mirrors Go's `maps.Clone`. The copy of a `KeyMap` is a `KeyMap`. */
export function clone<K, V>(map: Map<K, V>): Map<K, V> {
  return new (map.constructor as new (entries: Iterable<readonly [K, V]>) => Map<K, V>)(map);
}

/** Copies the entries of one map into another. Mirrors Go's `maps.Copy`. */
export function copy<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V> | undefined): void {
  for (const [key, value] of source ?? []) setEntry(target, key, value);
}

/** Adds entries to a map. Mirrors Go's `maps.Insert`. */
export function insert<K, V>(map: Map<K, V>, seq: Iterable<readonly [K, V]>): void {
  for (const [key, value] of seq) setEntry(map, key, value);
}

/** Collects entries into a new map. Mirrors Go's `maps.Collect`. */
export function collect<K, V>(seq: Iterable<readonly [K, V]>): Map<K, V> {
  return new Map(seq);
}

/** Tells whether two maps have the same entries. Mirrors Go's `maps.Equal`. */
export function equal<K, V>(a: ReadonlyMap<K, V> = new Map(), b: ReadonlyMap<K, V> = new Map()): boolean {
  return equalFunc(a, b, (x, y) => x === y || (typeof x === "object" && equalValues(x, y)));
}

/**
 * Tells whether two maps have the same keys with values that a function reports as equal. Mirrors Go's
 * `maps.EqualFunc`.
 */
export function equalFunc<K, A, B>(
  a: ReadonlyMap<K, A> = new Map(),
  b: ReadonlyMap<K, B> = new Map(),
  eq: (a: A, b: B) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !eq(value, b.get(key) as B)) return false;
  return true;
}

/** Removes the entries that pass a test. Mirrors Go's `maps.DeleteFunc`. */
export function deleteFunc<K, V>(map: Map<K, V> | undefined, test: (key: K, value: V) => boolean): void {
  for (const [key, value] of map ?? []) if (test(key, value)) map?.delete(key);
}
