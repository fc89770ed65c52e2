/** Converts between error values, as in translated code, and thrown errors, as in the library. */
import { chan, type ReceiveChan } from "../chan/chan.ts";
import { result } from "../errors/result.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { PanicError } from "../runtime/panic.ts";

/**
 * Returns what a `catch` caught as an error: where Go looks at `err` after a call. Panics and the end of a goroutine are
 * no errors: they are rethrown.
 *
 * @throws The thrown value itself, if it is a {@link PanicError} or the end of the goroutine.
 *
 * @example
 * ```ts
 * try {
 *   await group.wait();
 * } catch (thrown) {
 *   const err = caughtError(thrown);
 *   console.log("failed:", err.message);
 * }
 * ```
 */
export function caughtError(thrown: unknown): Error {
  if (isGoexit(thrown) || thrown instanceof PanicError) throw thrown;
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/**
 * Turns a function that returns an error into one that throws it: for `errgroup` and similar packages.
 *
 * @throws The error that the function returned.
 *
 * @example
 * ```ts
 * await group.go(throwing(async () => new Error("no luck")));
 * ```
 */
export function throwing(f: () => Error | undefined | Promise<Error | undefined>): () => Promise<void> {
  return async () => {
    const err = await f();
    if (err !== undefined) throw err;
  };
}

/** The result that `singleflight` sends on its channels. */
export interface Flight<V> {
  readonly val: V;
  readonly err: Error | undefined;
  readonly shared: boolean;
}

interface Flights<V> {
  do(key: string, f: () => Promise<V>): Promise<readonly [value: V, shared: boolean]>;
}

/**
 * Calls `do` of a singleflight group with a function that returns a value and an error: `v, err, shared := g.Do(key, f)`.
 *
 * @throws {@link PanicError} as it was thrown.
 *
 * @example
 * ```ts
 * const flights = new singleflight.Group<number>();
 * const [value, err] = await flight(flights, "key", async () => [1, undefined]);
 * ```
 */
export async function flight<V>(
  group: Flights<V>,
  key: string,
  f: () => readonly [V, Error | undefined] | Promise<readonly [V, Error | undefined]>,
): Promise<[value: V, err: Error | undefined, shared: boolean]> {
  let value: V | undefined;
  const [answer, err] = await result(
    group.do(key, async () => {
      const [v, e] = await f();
      value = v;
      if (e !== undefined) throw e;
      return v;
    }),
  );
  return err === undefined ? [answer[0], undefined, answer[1]] : [value as V, err, false];
}

/**
 * Calls `doChan` of a singleflight group with a function that returns a value and an error: `ch := g.DoChan(key, f)`.
 *
 * @example
 * ```ts
 * const flights = new singleflight.Group<number>();
 * const result = await flightChan(flights, "key", async () => [1, undefined]).receive();
 * ```
 */
export function flightChan<V>(
  group: Flights<V>,
  key: string,
  f: () => readonly [V, Error | undefined] | Promise<readonly [V, Error | undefined]>,
): ReceiveChan<Flight<V>> {
  const results = chan<Flight<V>>(1);
  void flight(group, key, f).then(([val, err, shared]) => results.trySend({ val, err, shared }));
  return results;
}

/**
 * Finds an error in the tree of another one, and assigns it: Go's `errors.As(err, &target)`.
 *
 * @param test Tells whether an error is of the wanted type.
 * @param assign Receives the error that was found.
 *
 * @example
 * ```ts
 * let refused: PanicError | undefined;
 * if (asError(err, (e) => e instanceof PanicError, (e) => { refused = e as PanicError; })) console.log(refused);
 * ```
 */
export function asError(err: unknown, test: (err: unknown) => boolean, assign: (err: unknown) => void): boolean {
  const open: unknown[] = [err];
  for (let next = open.shift(); next !== undefined && next !== null; next = open.shift()) {
    if (test(next)) {
      assign(next);
      return true;
    }
    const { cause, errors } = next as { cause?: unknown; errors?: unknown };
    if (Array.isArray(errors)) open.unshift(...(errors as unknown[]));
    else if (cause !== undefined) open.unshift(cause);
  }
  return false;
}
