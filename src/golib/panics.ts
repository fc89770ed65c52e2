import { PanicError } from "../runtime/panic.ts";

/**
 * Throws Go's panic for an index: `runtime error: index out of range [5] with length 3`.
 *
 * @example
 * ```ts
 * const list = [1, 2, 3];
 * const third = list[2] ?? panicIndex(2, list.length);
 * console.log(third); // 3
 * ```
 */
export function panicIndex(index: number, length: number): never {
  const tail = index < 0 ? "" : ` with length ${length}`;
  throw new PanicError(`runtime error: index out of range [${index}]${tail}`);
}

/**
 * Throws Go's panic for the bounds of a slice expression. `limit` is what the upper bound must not exceed, and `what`
 * names it in Go's text: `length` for strings and arrays, `capacity` for slices.
 */
export function panicSlice(low: number, high: number, limit: number, what: "length" | "capacity"): never {
  let bounds: string;
  if (high < 0) bounds = `[:${high}]`;
  else if (high > limit) bounds = `[:${high}] with ${what} ${limit}`;
  else if (low < 0) bounds = `[${low}:]`;
  else bounds = `[${low}:${high}]`;
  throw new PanicError(`runtime error: slice bounds out of range ${bounds}`);
}

/** Throws Go's panic for the third bound of a slice expression, `s[low:high:max]`. */
export function panicSlice3(low: number, high: number, max: number, capacity: number): never {
  let bounds: string;
  if (max < 0) bounds = `[::${max}]`;
  else if (max > capacity) bounds = `[::${max}] with capacity ${capacity}`;
  else if (high < 0) bounds = `[:${high}:]`;
  else if (high > max) bounds = `[:${high}:${max}]`;
  else if (low < 0) bounds = `[${low}::]`;
  else bounds = `[${low}:${high}:]`;
  throw new PanicError(`runtime error: slice bounds out of range ${bounds}`);
}

/**
 * Throws Go's panic for the use of a nil pointer.
 *
 * @example
 * ```ts
 * const node: { value: number } | undefined = { value: 1 };
 * console.log((node ?? panicNil()).value); // 1
 * ```
 */
export function panicNil(): never {
  throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
}

/**
 * Returns the target of a pointer that may be nil, and panics as Go does if it is nil.
 *
 * @throws {@link PanicError} `runtime error: invalid memory address or nil pointer dereference`
 *
 * @example
 * ```ts
 * const node: { next?: { value: number } } = { next: { value: 7 } };
 * console.log(deref(node.next).value); // 7
 * ```
 */
export function deref<T>(pointer: T): NonNullable<T> {
  if (pointer === undefined || pointer === null) panicNil();
  return pointer;
}

/**
 * Returns the value of a result `[value, error]`, and throws the error if there is one: it turns Go's error values into
 * exceptions.
 *
 * @example
 * ```ts
 * console.log(must(strconv.atoi("42"))); // 42
 * ```
 */
export function must<T>([value, err]: readonly [T, Error | null | undefined]): T {
  if (err !== undefined && err !== null) throw err;
  return value;
}

/**
 * Returns `value` if `ok` is true, and panics as a type assertion `value.(target)` does in Go if it is not.
 *
 * @throws {@link PanicError} `interface conversion: interface {} is string, not int`
 *
 * @example
 * ```ts
 * const value: unknown = 7;
 * console.log(assertType(value as number, typeof value === "number", "int", "int")); // 7
 * ```
 */
export function assertType<T>(value: T, ok: boolean, target: string, actual: string, from = "interface {}"): T {
  if (ok) return value;
  const is = value === undefined || value === null ? "nil" : actual;
  throw new PanicError(`interface conversion: ${from} is ${is}, not ${target}`);
}
