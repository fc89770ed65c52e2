/** The checks of testify, once for `assert` and once for `require`. */

import { isGoexit } from "../../runtime/goexit.ts";
import { as, is } from "../../errors/errors.ts";
import { sleep } from "../../time/sleep.ts";
import { deepEqual } from "../deep-equal.ts";
import { sprintf } from "../fmt/fmt.ts";
import { isZero } from "../equal.ts";
import { typeName, valueOf } from "../types.ts";
import { len } from "../append.ts";
import { type Boxed, unbox } from "../boxed.ts";
import { BoxedError } from "../variables.ts";

/** What a check reports to: a `testing.T`. */
export interface TestingT {
  errorf(template: string, ...args: unknown[]): void;
  failNow?(): never;
  helper?(): void;
}

type Message = unknown[];

/** Makes all checks. They report a failure through the given function, and return whether they hold. */
export function assertions(fails: (t: TestingT) => void): Assertions {
  return new Assertions(fails);
}

function plain(value: Ordered): number;
function plain(value: unknown): unknown;
function plain(value: unknown): unknown {
  return unbox(valueOf(value));
}

function show(value: unknown): string {
  return sprintf("%#v", value);
}

/** Values that have an order. Durations are boxed. */
export type Ordered = number | string | Boxed<number | string>;

function isNil(value: unknown): boolean {
  return plain(value) === undefined || plain(value) === null;
}

function lengthOf(value: unknown): number | undefined {
  const v = plain(value);
  if (typeof v === "string") return len(v);
  if (v instanceof BoxedError) return lengthOf(v.value);
  if (typeof v !== "object" || v === null) return undefined;
  const { length, size } = v as { length?: unknown; size?: unknown };
  return typeof length === "number" ? length : typeof size === "number" ? size : undefined;
}

function includes(container: unknown, part: unknown): boolean {
  const c = plain(container);
  const p = plain(part);
  if (typeof c === "string") return c.includes(String(p));
  if (c instanceof Map) return c.has(p);
  return Array.from(c as Iterable<unknown>).some((each) => deepEqual(plain(each), p));
}

function textOf(err: unknown): string {
  return err instanceof Error ? err.message : sprintf("%v", err);
}

/** Calls a function. Returns the thrown value in an object, or undefined if it did not throw. */
interface Thrown {
  readonly value: unknown;
}

/** What a check returns that calls a function: a promise if the function returns one. */
export type Checked<R> = [R] extends [never] ? boolean : R extends PromiseLike<unknown> ? Promise<boolean> : boolean;

/**
 * Calls a function, and then a check with what it has thrown: at once if the function does not wait, so that a check that
 * ends the test ends it there.
 */
function afterCall<R>(f: () => R, check: (thrown: Thrown | undefined) => boolean): Checked<R> {
  const caught = (value: unknown): boolean => {
    if (isGoexit(value)) throw value;
    return check({ value });
  };
  let result: unknown;
  try {
    result = f();
  } catch (value) {
    return caught(value) as Checked<R>;
  }
  if (!isThenable(result)) return check(undefined) as Checked<R>;
  return Promise.resolve(result)
    .then(
      () => undefined,
      (value: unknown): Thrown => ({ value }),
    )
    .then((thrown) => (thrown === undefined ? check(undefined) : caught(thrown.value))) as Checked<R>;
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value;
}

/** The checks of `github.com/stretchr/testify`. Each takes the test first, and a message or a format at the end. */
export class Assertions {
  readonly #fails: (t: TestingT) => void;

  constructor(fails: (t: TestingT) => void) {
    this.#fails = fails;
  }

  #check(t: TestingT, holds: boolean, text: () => string, message: Message): boolean {
    if (holds) return true;
    const [first, ...rest] = message;
    const more =
      first === undefined ? "" : `\nMessages: ${typeof first === "string" ? sprintf(first, ...rest) : show(first)}`;
    t.errorf("%s", `Error: ${text()}${more}`);
    this.#fails(t);
    return false;
  }

  readonly fail = (t: TestingT, text: string, ...message: Message): boolean =>
    this.#check(t, false, () => text, message);

  readonly failNow = (t: TestingT, text: string, ...message: Message): boolean => {
    this.#check(t, false, () => text, message);
    return t.failNow?.() ?? false;
  };

  readonly equal = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.#check(
      t,
      deepEqual(plain(expected), plain(actual)),
      () => `Not equal: expected: ${show(expected)} actual: ${show(actual)}`,
      message,
    );

  readonly notEqual = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.#check(t, !deepEqual(plain(expected), plain(actual)), () => `Should not be: ${show(actual)}`, message);

  readonly equalValues = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.equal(t, expected, actual, ...message);

  readonly exactly = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.equal(t, expected, actual, ...message);

  readonly same = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.#check(t, expected === actual, () => `Not same: expected: ${show(expected)} actual: ${show(actual)}`, message);

  readonly notSame = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.#check(t, expected !== actual, () => `Expected and actual point to the same object: ${show(actual)}`, message);

  readonly nil = (t: TestingT, value: unknown, ...message: Message): boolean =>
    this.#check(t, isNil(value), () => `Expected nil, but got: ${show(value)}`, message);

  readonly notNil = (t: TestingT, value: unknown, ...message: Message): boolean =>
    this.#check(t, !isNil(value), () => "Expected value not to be nil.", message);

  readonly true = (t: TestingT, value: boolean, ...message: Message): boolean =>
    this.#check(t, value, () => "Should be true", message);

  readonly false = (t: TestingT, value: boolean, ...message: Message): boolean =>
    this.#check(t, !value, () => "Should be false", message);

  readonly zero = (t: TestingT, value: unknown, ...message: Message): boolean =>
    this.#check(t, isZero(plain(value)), () => `Should be zero, but was ${show(value)}`, message);

  readonly notZero = (t: TestingT, value: unknown, ...message: Message): boolean =>
    this.#check(t, !isZero(plain(value)), () => `Should not be zero, but was ${show(value)}`, message);

  readonly empty = (t: TestingT, value: unknown, ...message: Message): boolean =>
    this.#check(
      t,
      (lengthOf(value) ?? (isZero(plain(value)) ? 0 : 1)) === 0,
      () => `Should be empty, but was ${show(value)}`,
      message,
    );

  readonly notEmpty = (t: TestingT, value: unknown, ...message: Message): boolean =>
    this.#check(
      t,
      (lengthOf(value) ?? (isZero(plain(value)) ? 0 : 1)) !== 0,
      () => `Should NOT be empty, but was ${show(value)}`,
      message,
    );

  readonly len = (t: TestingT, value: unknown, length: number, ...message: Message): boolean =>
    this.#check(
      t,
      lengthOf(value) === length || (isNil(value) && length === 0),
      () => `${show(value)} should have ${length} item(s), but has ${lengthOf(value)}`,
      message,
    );

  readonly contains = (t: TestingT, container: unknown, part: unknown, ...message: Message): boolean =>
    this.#check(t, includes(container, part), () => `${show(container)} does not contain ${show(part)}`, message);

  readonly notContains = (t: TestingT, container: unknown, part: unknown, ...message: Message): boolean =>
    this.#check(t, !includes(container, part), () => `${show(container)} should not contain ${show(part)}`, message);

  readonly subset = (t: TestingT, list: unknown[], part: unknown[], ...message: Message): boolean =>
    this.#check(
      t,
      part.every((each) => includes(list, each)),
      () => `${show(list)} does not contain all of ${show(part)}`,
      message,
    );

  readonly elementsMatch = (t: TestingT, a: unknown[], b: unknown[], ...message: Message): boolean => {
    const left = [...(b ?? [])];
    const missing = (a ?? []).filter((each) => {
      const at = left.findIndex((other) => deepEqual(plain(each), plain(other)));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    return this.#check(
      t,
      missing.length === 0 && left.length === 0,
      () => `elements differ: extra in the first: ${show(missing)} extra in the second: ${show(left)}`,
      message,
    );
  };

  readonly error = (t: TestingT, err: unknown, ...message: Message): boolean =>
    this.#check(t, !isNil(err), () => "An error is expected but got nil.", message);

  readonly noError = (t: TestingT, err: unknown, ...message: Message): boolean =>
    this.#check(t, isNil(err), () => `Received unexpected error: ${textOf(err)}`, message);

  readonly errorIs = (t: TestingT, err: unknown, target: unknown, ...message: Message): boolean =>
    this.#check(
      t,
      is(err, target),
      () => `Target error should be in err chain: expected: ${textOf(target)} in: ${textOf(err)}`,
      message,
    );

  readonly notErrorIs = (t: TestingT, err: unknown, target: unknown, ...message: Message): boolean =>
    this.#check(t, !is(err, target), () => `Target error should not be in err chain: ${textOf(target)}`, message);

  /** Takes the class of the error instead of a pointer to a variable. */
  readonly errorAs = (
    t: TestingT,
    err: unknown,
    type: abstract new (...args: never[]) => unknown,
    ...message: Message
  ): boolean => this.#check(t, as(err, type) !== undefined, () => `Should be in error chain: ${type.name}`, message);

  readonly errorContains = (t: TestingT, err: unknown, part: string, ...message: Message): boolean =>
    this.#check(
      t,
      !isNil(err) && textOf(err).includes(part),
      () => `Error ${JSON.stringify(textOf(err))} does not contain ${JSON.stringify(part)}`,
      message,
    );

  readonly equalError = (t: TestingT, err: unknown, text: string, ...message: Message): boolean =>
    this.#check(
      t,
      !isNil(err) && textOf(err) === text,
      () => `Error message not equal: expected: ${JSON.stringify(text)} actual: ${JSON.stringify(textOf(err))}`,
      message,
    );

  /** Returns a promise if the function is async, as the checks below do. */
  readonly panics = <R>(t: TestingT, f: () => R, ...message: Message): Checked<R> =>
    afterCall(f, (thrown) => this.#check(t, thrown !== undefined, () => "func should panic", message));

  readonly notPanics = <R>(t: TestingT, f: () => R, ...message: Message): Checked<R> =>
    afterCall(f, (thrown) =>
      this.#check(t, thrown === undefined, () => `func should not panic, but: ${textOf(thrown?.value)}`, message),
    );

  readonly panicsWithValue = <R>(t: TestingT, expected: unknown, f: () => R, ...message: Message): Checked<R> =>
    afterCall(f, (thrown) => {
      const holds =
        thrown !== undefined && (deepEqual(plain(expected), plain(thrown.value)) || textOf(thrown.value) === expected);
      return this.#check(
        t,
        holds,
        () => `func should panic with ${show(expected)}, but: ${show(thrown?.value)}`,
        message,
      );
    });

  readonly panicsWithError = <R>(t: TestingT, text: string, f: () => R, ...message: Message): Checked<R> =>
    afterCall(f, (thrown) =>
      this.#check(
        t,
        thrown !== undefined && textOf(thrown.value) === text,
        () => `func should panic with error ${show(text)}, but: ${show(thrown?.value)}`,
        message,
      ),
    );

  readonly greater = (t: TestingT, a: Ordered, b: Ordered, ...message: Message): boolean =>
    this.#check(t, plain(a) > plain(b), () => `${show(a)} is not greater than ${show(b)}`, message);

  readonly greaterOrEqual = (t: TestingT, a: Ordered, b: Ordered, ...message: Message): boolean =>
    this.#check(t, plain(a) >= plain(b), () => `${show(a)} is not greater than or equal to ${show(b)}`, message);

  readonly less = (t: TestingT, a: Ordered, b: Ordered, ...message: Message): boolean =>
    this.#check(t, plain(a) < plain(b), () => `${show(a)} is not less than ${show(b)}`, message);

  readonly lessOrEqual = (t: TestingT, a: Ordered, b: Ordered, ...message: Message): boolean =>
    this.#check(t, plain(a) <= plain(b), () => `${show(a)} is not less than or equal to ${show(b)}`, message);

  readonly positive = (t: TestingT, a: number, ...message: Message): boolean =>
    this.#check(t, a > 0, () => `${show(a)} is not positive`, message);

  readonly negative = (t: TestingT, a: number, ...message: Message): boolean =>
    this.#check(t, a < 0, () => `${show(a)} is not negative`, message);

  readonly inDelta = (t: TestingT, a: number, b: number, delta: number, ...message: Message): boolean =>
    this.#check(
      t,
      Math.abs(a - b) <= delta,
      () => `Max difference between ${a} and ${b} allowed is ${delta}, but difference was ${a - b}`,
      message,
    );

  readonly inEpsilon = (t: TestingT, a: number, b: number, epsilon: number, ...message: Message): boolean =>
    this.#check(
      t,
      Math.abs(a - b) / Math.abs(a) <= epsilon,
      () => `Relative error is too high: ${epsilon} (expected) < ${Math.abs(a - b) / Math.abs(a)} (actual)`,
      message,
    );

  readonly withinDuration = (t: TestingT, a: Date, b: Date, delta: number, ...message: Message): boolean =>
    this.inDelta(t, a.getTime(), b.getTime(), delta, ...message);

  readonly isType = (t: TestingT, expected: unknown, actual: unknown, ...message: Message): boolean =>
    this.#check(
      t,
      typeName(expected) === typeName(actual),
      () => `Object expected to be of type ${typeName(expected)}, but was ${typeName(actual)}`,
      message,
    );

  readonly regexp = (t: TestingT, pattern: string | RegExp, text: unknown, ...message: Message): boolean =>
    this.#check(
      t,
      new RegExp(pattern, "u").test(sprintf("%v", text)),
      () => `Expect ${JSON.stringify(text)} to match ${JSON.stringify(String(pattern))}`,
      message,
    );

  /** Checks a condition every `tick` milliseconds until it holds, for at most `waitFor` milliseconds. */
  readonly eventually = async (
    t: TestingT,
    condition: () => unknown,
    waitFor: number,
    tick: number,
    ...message: Message
  ): Promise<boolean> => {
    for (let waited = 0; waited <= waitFor; waited += tick) {
      await sleep(tick);
      if ((await condition()) === true) return true;
    }
    return this.#check(t, false, () => "Condition never satisfied", message);
  };

  /** Checks a condition every `tick` milliseconds for `waitFor` milliseconds, and fails as soon as it holds. */
  readonly never = async (
    t: TestingT,
    condition: () => unknown,
    waitFor: number,
    tick: number,
    ...message: Message
  ): Promise<boolean> => {
    for (let waited = 0; waited <= waitFor; waited += tick) {
      await sleep(tick);
      if ((await condition()) === true) return this.#check(t, false, () => "Condition satisfied", message);
    }
    return true;
  };
}
