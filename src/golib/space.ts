/** Parts of arrays that behave like arrays. */
import { panicIndex } from "./panics.ts";

/** The memory of a view (see view.ts): a part of an array, and its capacity. */
export interface Space<T> {
  readonly array: T[];
  readonly offset: number;
  readonly length: number;
  readonly capacity: number;
}

/** The spaces of all views. An array that is not a view is its own space. */
export const spaces: WeakMap<object, Space<unknown>> = new WeakMap();

/**
 * The proxy traps of a view. They always read through the space: the proxy's target is an array with a length of its
 * own.
 */
class Window<T> implements ProxyHandler<T[]> {
  readonly #space: Space<T>;

  constructor(space: Space<T>) {
    this.#space = space;
  }

  get(target: T[], key: string | symbol): unknown {
    if (typeof key === "string") {
      if (key === "length") return this.#space.length;
      const index = indexOf(key);
      if (index !== undefined)
        return index < this.#space.length ? this.#space.array[this.#space.offset + index] : undefined;
    } else if (key === inspect)
      return () => Array.from({ length: this.#space.length }, (_, i) => this.#space.array[this.#space.offset + i]);
    return Reflect.get(target, key);
  }

  set(_target: T[], key: string | symbol, value: T): boolean {
    const index = typeof key === "string" ? indexOf(key) : undefined;
    if (index === undefined) return key === "length" && (value as unknown) === this.#space.length;
    if (index >= this.#space.length) panicIndex(index, this.#space.length);
    this.#space.array[this.#space.offset + index] = value;
    return true;
  }

  has(target: T[], key: string | symbol): boolean {
    const index = typeof key === "string" ? indexOf(key) : undefined;
    return index === undefined ? Reflect.has(target, key) : index < this.#space.length;
  }

  /** Refuses: Go cannot delete an element, and there are no holes for `sort` to delete. */
  deleteProperty(): boolean {
    return false;
  }

  ownKeys(): string[] {
    return [...Array(this.#space.length).keys()].map(String).concat("length");
  }

  getOwnPropertyDescriptor(target: T[], key: string | symbol): PropertyDescriptor | undefined {
    if (key === "length") return { value: this.#space.length, writable: true, enumerable: false, configurable: false };
    if (!this.has(target, key)) return undefined;
    return { value: this.get(target, key), writable: true, enumerable: true, configurable: true };
  }
}

/** The method that Node's `util.inspect` calls, so that a view prints as an array. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

function indexOf(key: string): number | undefined {
  const first = key.charCodeAt(0);
  if (!(first >= 48 && first <= 57)) return undefined;
  const index = Number(key);
  return Number.isInteger(index) ? index : undefined;
}

/** Makes the array that is a window on a space. */
export function windowOn<T>(space: Space<T>): T[] {
  // The target only provides the methods of arrays. Its elements are never read or written.
  const view = new Proxy<T[]>([], new Window(space));
  spaces.set(view, space);
  return view;
}
