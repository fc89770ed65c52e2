import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

const NativeMap = globalThis.Map;

/**
 * A map with operations for which a plain map needs two steps. Mirrors Go's `sync.Map`. Keys compare as in JavaScript's
 * `Map`; any key and any value is legal.
 *
 * @example
 * ```ts
 * const hits = new sync.Map<string, number>();
 * hits.store("/", 1);
 * console.log(hits.compareAndSwap("/", 1, 2)); // true
 * ```
 */
export class Map<K, V> {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #map = new NativeMap<K, V>();

  /**
   * Returns the value for a key and whether there is one. Mirrors Go's `Map.Load`.
   *
   * @example
   * ```ts
   * const [session, ok] = sessions.load(id);
   * ```
   */
  load(key: K): [value: V, ok: true] | [value: undefined, ok: false] {
    const value = this.#map.get(key) as V;
    return this.#map.has(key) ? [value, true] : [undefined, false];
  }

  /**
   * Sets the value for a key. Mirrors Go's `Map.Store`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * console.log(hits.load("/")); // [ 1, true ]
   * ```
   */
  store(key: K, value: V): void {
    this.#map.set(key, value);
  }

  /**
   * Returns the value for a key if there is one (`loaded`), and sets and returns `value` otherwise. Mirrors Go's
   * `Map.LoadOrStore`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * console.log(hits.loadOrStore("/", 1)); // [ 1, false ]
   * console.log(hits.loadOrStore("/", 2)); // [ 1, true ]
   * ```
   */
  loadOrStore(key: K, value: V): [actual: V, loaded: boolean] {
    if (this.#map.has(key)) return [this.#map.get(key) as V, true];
    this.#map.set(key, value);
    return [value, false];
  }

  /**
   * Removes a key and returns the value that it had. Mirrors Go's `Map.LoadAndDelete`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * console.log(hits.loadAndDelete("/")); // [ 1, true ]
   * console.log(hits.loadAndDelete("/")); // [ undefined, false ]
   * ```
   */
  loadAndDelete(key: K): [value: V, loaded: true] | [value: undefined, loaded: false] {
    const found = this.load(key);
    this.#map.delete(key);
    return found;
  }

  /**
   * Removes a key, if it is present. Mirrors Go's `Map.Delete`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * hits.delete("/");
   * console.log(hits.load("/")); // [ undefined, false ]
   * ```
   */
  delete(key: K): void {
    this.#map.delete(key);
  }

  /**
   * Sets the value for a key and returns the one that it had. Mirrors Go's `Map.Swap`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * console.log(hits.swap("/", 2)); // [ 1, true ]
   * ```
   */
  swap(key: K, value: V): [previous: V, loaded: true] | [previous: undefined, loaded: false] {
    const found = this.load(key);
    this.#map.set(key, value);
    return found;
  }

  /**
   * Sets the value for a key if it has the value `old`, and tells whether it did. Mirrors Go's `Map.CompareAndSwap`.
   * Values compare with `===`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * console.log(hits.compareAndSwap("/", 1, 2)); // true
   * console.log(hits.compareAndSwap("/", 1, 3)); // false
   * ```
   */
  compareAndSwap(key: K, old: V, value: V): boolean {
    const [current, ok] = this.load(key);
    if (!ok || current !== old) return false;
    this.#map.set(key, value);
    return true;
  }

  /**
   * Removes a key if it has the value `old`, and tells whether it did. Mirrors Go's `Map.CompareAndDelete`. Values
   * compare with `===`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * console.log(hits.compareAndDelete("/", 2)); // false
   * ```
   */
  compareAndDelete(key: K, old: V): boolean {
    const [current, ok] = this.load(key);
    return ok && current === old && this.#map.delete(key);
  }

  /**
   * Calls `f` for each key that is present throughout, until it returns false. Mirrors Go's `Map.Range`. `f` may call
   * every method; no key is visited twice.
   *
   * @example
   * ```ts
   * sessions.range((id, session) => {
   *   if (session.expired) sessions.delete(id);
   *   return true;
   * });
   * ```
   */
  range(f: (key: K, value: V) => boolean): void {
    for (const key of Array.from(this.#map.keys())) {
      const [value, ok] = this.load(key);
      if (ok && !f(key, value)) return;
    }
  }

  /**
   * Removes all keys. Mirrors Go's `Map.Clear`.
   *
   * @example
   * ```ts
   * const hits = new sync.Map<string, number>();
   * hits.store("/", 1);
   * hits.clear();
   * console.log(hits.load("/")); // [ undefined, false ]
   * ```
   */
  clear(): void {
    this.#map.clear();
  }

  /**
   * Returns the text in logs: how many keys it has.
   *
   * @example
   * ```ts
   * console.log(String(new sync.Map())); // Map(0)
   * ```
   */
  toString(): string {
    return `Map(${this.#map.size})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}
