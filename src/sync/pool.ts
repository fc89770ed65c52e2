import { bound } from "../runtime/async-context.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * The most that a pool keeps. Without a limit it could grow while the event loop does not turn, which notices
 * collections.
 */
const maxItems = 1024;

/**
 * A set of objects for reuse. Mirrors Go's `sync.Pool`. `get` returns objects in any order, and the pool may drop them:
 * an object that stays in the pool while the garbage collector runs twice is dropped, as in Go.
 */
export class Pool<T> {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #make: (() => T) | undefined;
  /** What was put in since the last collection. */
  #items: T[] = [];
  /** What was in the pool at the last collection: Go's victim cache. Dropped at the next one. */
  #aged: T[] = [];
  /** Set while the next collection will be noticed. Weak, so that the pool itself can be collected. */
  #watch: WeakRef<Pool<T>> | undefined = undefined;

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
    // The objects are shared: `make` must not run in the async context of the request that finds the pool empty.
    this.#make = bound(make);
  }

  /**
   * Takes an object out of the pool, or makes one; undefined if the pool is empty and has no `make`. Mirrors Go's
   * `Pool.Get`.
   *
   * @example
   * ```ts
   * const buffer = buffers.get();
   * ```
   */
  get(): T {
    const items = this.#items.length > 0 ? this.#items : this.#aged;
    return (items.length > 0 ? items.pop() : this.#make?.()) as T;
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
    if (item === null || item === undefined || this.#items.length + this.#aged.length >= maxItems) return;
    this.#items.push(item);
    if (this.#watch === undefined) this.#awaitCollection();
  }

  /**
   * Returns the text in logs: how many objects it holds.
   *
   * @example
   * ```ts
   * console.log(String(new sync.Pool(() => []))); // Pool(0)
   * ```
   */
  toString(): string {
    return `Pool(${this.#items.length + this.#aged.length})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  /** Has `#age` called after the next collection, by registering an object that is garbage at once. */
  #awaitCollection(): void {
    this.#watch = new WeakRef(this);
    Pool.#collections.register({}, this.#watch);
  }

  /** Called after a collection: drops what has aged, and ages the rest. */
  #age(): void {
    this.#aged = this.#items;
    this.#items = [];
    this.#watch = undefined;
    if (this.#aged.length > 0) this.#awaitCollection();
  }

  static readonly #collections = new FinalizationRegistry<WeakRef<Pool<unknown>>>((watch) => {
    const pool = watch.deref();
    if (pool !== undefined) pool.#age();
  });
}
