import { PanicError } from "../runtime/panic.ts";

// Go pushes, a loop here pulls: an iterator of Go (iter.Seq) is an iterable that is made from a generator.

/** A generator whose yield expressions tell whether to go on, as Go's `yield` does. */
export type Pushing<T, R = unknown> = Generator<T, R, boolean>;

/**
 * Makes an iterable from a generator function, which can be iterated many times: Go's `iter.Seq`.
 *
 * @example
 * ```ts
 * const digits = seq(function* () {
 *   yield 1;
 *   yield 2;
 * });
 * console.log([...digits], [...digits]); // [ 1, 2 ] [ 1, 2 ]
 * ```
 */
export function seq<T>(generate: () => Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: generate };
}

/**
 * Makes an iterable from a generator function whose yield expressions tell whether to go on: an `iter.Seq` of Go that does
 * something when its `yield` returns false, or hands its `yield` on. Where the loop is left the generator goes on with
 * false, to its end.
 *
 * Unlike in Go it does so too if the body of the loop throws.
 *
 * @throws {@link PanicError} `runtime error: range function continued iteration after function for loop body returned false`
 *
 * @example
 * ```ts
 * const numbers = pushing(function* (): Generator<number, void, boolean> {
 *   let n = 1;
 *   while (yield n) n++;
 *   console.log("stopped at", n); // stopped at 3
 * });
 * for (const n of numbers) if (n === 3) break;
 * ```
 */
export function pushing<T>(generate: () => Pushing<T>): Iterable<T> {
  return {
    [Symbol.iterator]() {
      const generator = generate();
      let hasBegun = false;
      return {
        next() {
          hasBegun = true;
          const { done, value } = generator.next(true);
          return done === true ? { done, value: undefined } : { done: false, value };
        },
        return() {
          if (hasBegun) refuse(generator);
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** Tells a generator that nobody wants more. */
function refuse(generator: Pushing<unknown>): void {
  if (generator.next(false).done === true) return;
  generator.return(undefined);
  throw new PanicError("runtime error: range function continued iteration after function for loop body returned false");
}

/**
 * Calls a function with what a generator yields, and has the yield expressions return what it returns: Go's call of an
 * iterator with a function of its own. Returns what the generator returns.
 *
 * @example
 * ```ts
 * function* walk(): Generator<string, boolean, boolean> {
 *   return (yield "left") && (yield "right");
 * }
 * console.log(push(walk(), (side) => side !== "left")); // false
 * ```
 */
export function push<T, R>(generator: Pushing<T, R>, yielded: (value: T) => boolean): R {
  let result = generator.next(true);
  while (result.done !== true) result = generator.next(yielded(result.value));
  return result.value;
}

/**
 * Calls a function with the values of an iterable until it returns false: Go's `seq(yield)`.
 *
 * @example
 * ```ts
 * pushAll([1, 2, 3], (n) => {
 *   console.log(n); // 1 2
 *   return n < 2;
 * });
 * ```
 */
export function pushAll<T>(values: Iterable<T>, yielded: (value: T) => boolean): void {
  for (const value of values) if (!yielded(value)) return;
}

/**
 * Yields the values of an iterable until one is refused: Go's `seq(yield)` inside of an iterator.
 *
 * @example
 * ```ts
 * const twice = pushing(function* (): Generator<number, void, boolean> {
 *   yield* passing([1, 2]);
 *   yield* passing([1, 2]);
 * });
 * console.log([...twice]); // [ 1, 2, 1, 2 ]
 * ```
 */
export function* passing<T>(values: Iterable<T>): Pushing<T, void> {
  for (const value of values) if (!(yield value)) return;
}

/**
 * Returns a function for the next value of an iterable, and one that gives the rest up. Mirrors Go's `iter.Pull`: the next
 * value comes with true, and `none` with false when there is no other.
 *
 * @example
 * ```ts
 * const [next, stop] = pull([7, 8], 0);
 * console.log(next(), next(), next()); // [ 7, true ] [ 8, true ] [ 0, false ]
 * stop();
 * ```
 */
export function pull<T>(values: Iterable<T>, none: T): [next: () => [value: T, ok: boolean], stop: () => void] {
  const [next, stop] = puller(values);
  return [() => next() ?? [none, false], stop];
}

/**
 * Returns a function for the next pair of an iterable, and one that gives the rest up. Mirrors Go's `iter.Pull2`.
 *
 * @example
 * ```ts
 * const [next, stop] = pull2(new Map([["a", 1]]), "", 0);
 * console.log(next(), next()); // [ 'a', 1, true ] [ '', 0, false ]
 * stop();
 * ```
 */
export function pull2<K, V>(
  values: Iterable<readonly [K, V]>,
  noKey: K,
  noValue: V,
): [next: () => [key: K, value: V, ok: boolean], stop: () => void] {
  const [next, stop] = puller(values);
  return [
    () => {
      const found = next();
      return found === undefined ? [noKey, noValue, false] : [found[0][0], found[0][1], true];
    },
    stop,
  ];
}

function puller<T>(values: Iterable<T>): [next: () => [value: T, ok: true] | undefined, stop: () => void] {
  // It begins when the first value is asked for, and is given up once.
  let iterator: Iterator<T> | undefined;
  let isOver = false;
  return [
    () => {
      if (isOver) return undefined;
      iterator ??= values[Symbol.iterator]();
      const { done, value } = iterator.next();
      if (done !== true) return [value, true];
      isOver = true;
      return undefined;
    },
    () => {
      if (isOver) return;
      isOver = true;
      iterator?.return?.();
    },
  ];
}
