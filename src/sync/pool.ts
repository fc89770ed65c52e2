import { bound } from "../runtime/async-context.ts";
import { checkFunction } from "../runtime/arguments.ts";

/**
 * A set of objects for reuse. Mirrors Go's `sync.Pool`. What is put in may be given out again, in any order, or vanish.
 */
export class Pool<T> {
  readonly #make: (() => T) | undefined;
  #items: T[] = [];

  /**
   * Makes a pool: `sync.Pool{New: make}`.
   *
   * @param make Makes an object when the pool has none: `New` in Go. Without it T must include undefined.
   * @throws TypeError `new Pool: 42 is not a function`
   *
   * @example
   * ```ts
   * const buffers = new sync.Pool(() => new Uint8Array(65536));
   * ```
   */
  constructor(...[make]: undefined extends T ? [make?: () => T] : [make: () => T]) {
    if (make === undefined) return;
    checkFunction("new Pool", make);
    this.#make = bound(make);
  }

  /**
   * Takes an object out of the pool, or makes one; undefined if the pool is empty and cannot. Mirrors Go's `Pool.Get`.
   *
   * @example
   * ```ts
   * const buffer = buffers.get();
   * ```
   */
  get(): T {
    return (this.#items.length > 0 ? this.#items.pop() : this.#make?.()) as T;
  }

  /**
   * Puts an object back. Mirrors Go's `Pool.Put`: null and undefined are ignored. A pool keeps no more than 1,024.
   *
   * @example
   * ```ts
   * buffers.put(buffer);
   * ```
   */
  put(item: T | null | undefined): void {
    if (item !== null && item !== undefined && this.#items.length < 1024) this.#items.push(item);
  }
}
