import { panicIndex } from "./panics.ts";

/**
 * A pointer to a variable: Go's `*int` and similar types. A pointer to a struct is the object itself and needs none.
 *
 * Two pointers are equal if they are the same object.
 */
export interface Ref<T> {
  /** What the pointer points to: Go's `*p`. */
  value: T;
}

/**
 * Makes a variable that pointers can share: Go's `p := new(int)` or `v := 7; p := &v`.
 *
 * @example
 * ```ts
 * const count = ref(0);
 * const increment = (p: Ref<number>) => p.value++;
 * increment(count);
 * console.log(count.value); // 1
 * ```
 */
export function ref<T>(value: T): Ref<T> {
  return { value };
}

/** The pointers to the properties of an object: they live as long as it does. */
const pointers = new WeakMap<object, Map<PropertyKey, Ref<never>>>();

/**
 * Returns a pointer to a property: Go's `&x.field` or `&list[i]`. Pointers to the same property of the same object are
 * the same; one into a subslice that `view` made differs from one into the whole.
 *
 * @throws {@link PanicError} `runtime error: index out of range [5] with length 3`
 *
 * @example
 * ```ts
 * const stats = { hits: 1 };
 * const p = refTo(stats, "hits");
 * p.value += 2;
 * console.log(stats.hits); // 3
 * ```
 */
export function refTo<T extends object, K extends keyof T>(owner: T, key: K): Ref<T[K]> {
  if (typeof key === "number" && (Array.isArray(owner) || owner instanceof Uint8Array)) {
    const index: number = key;
    if (!(index >= 0 && index < owner.length)) panicIndex(index, owner.length);
  }
  let made = pointers.get(owner);
  if (made === undefined) pointers.set(owner, (made = new Map()));
  const known = made.get(key);
  if (known !== undefined) return known;
  const pointer: Ref<T[K]> = {
    get value() {
      return owner[key];
    },
    set value(value) {
      owner[key] = value;
    },
  };
  made.set(key, pointer as Ref<never>);
  return pointer;
}
