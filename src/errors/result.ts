import { asError } from "../runtime/error-values.ts";
import { checkFunction, isThenable } from "../runtime/arguments.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { PanicError } from "../runtime/panic.ts";

/** A value or an error, as Go's functions return them. A check of `err` narrows the type of the value. */
export type Result<T> = readonly [value: T, err: undefined] | readonly [value: undefined, err: Error];

/**
 * Waits for a promise, or for what a function returns, and yields its value and its error as Go does: `v, err := f()`.
 * It catches what a function throws synchronously, too. A thrown value that is not an error becomes the `cause` of one.
 *
 * As in Go, a panic is not an error value: a {@link PanicError} and `goexit()` pass through.
 *
 * In a goroutine it discards an error, as Go does: `go(() => errors.result(wait()))`, where `go(wait)` would end the
 * program.
 *
 * @example
 * ```ts
 * const parse = async (text: string): Promise<number> => JSON.parse(text);
 * const [n, err] = await errors.result(parse("17"));
 * if (err !== undefined) throw err;
 * console.log(n + 1); // 18
 * ```
 */
export async function result<T>(work: PromiseLike<T> | (() => T | PromiseLike<T>)): Promise<Result<T>> {
  if (typeof work === "function") checkFunction("errors.result", work);
  try {
    return [await (typeof work === "function" ? work() : work), undefined];
  } catch (thrown) {
    return failed(thrown);
  }
}

/**
 * Calls a function that does not wait and returns its value and its error, as {@link result} does, without a promise.
 *
 * @throws TypeError `errors.resultSync: 42 is not a function`, `errors.resultSync: the function has returned a promise;
 * await errors.result instead`
 *
 * @example
 * ```ts
 * const [config, err] = errors.resultSync(() => JSON.parse("{"));
 * console.log(config, err instanceof SyntaxError); // undefined true
 * ```
 */
export function resultSync<T>(f: () => T): Result<T> {
  checkFunction("errors.resultSync", f);
  let value: T;
  try {
    value = f();
  } catch (thrown) {
    return failed(thrown);
  }
  if (isThenable(value)) {
    throw new TypeError("errors.resultSync: the function has returned a promise; await errors.result instead");
  }
  return [value, undefined];
}

function failed(thrown: unknown): Result<never> {
  if (isGoexit(thrown) || thrown instanceof PanicError) throw thrown;
  return [undefined, asError(thrown)];
}
