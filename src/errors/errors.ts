/**
 * Errors that wrap others. Mirrors Go's `errors` package: what Go's `Unwrap` returns is `cause` here, and the errors of
 * an `AggregateError`. And errors as values, for code that comes from Go: `v, err := f()`.
 *
 * @module
 */

import { checkFunction } from "../runtime/arguments.ts";
import { isError } from "../runtime/error-values.ts";

export { result, type Result, resultSync } from "./result.ts";

/**
 * Tells whether `err`, or an error that it wraps, is `target`. Mirrors Go's `errors.Is`: it looks at the error itself,
 * then at its `cause`, at each of the `errors` of an AggregateError, and at both errors of a SuppressedError, which a
 * deferred call that throws leaves behind. An error with a method `is(target)` matches if that returns true, too.
 *
 * @example
 * ```ts
 * const failed = new Error("loading the page", { cause: context.canceled });
 * console.log(errors.is(failed, context.canceled)); // true
 * ```
 */
export function is(err: unknown, target: unknown): boolean {
  if (target === undefined || target === null) return err === undefined || err === null;
  return find(err, (wrapped) => wrapped === target || claims(wrapped, target)) !== undefined;
}

/**
 * Returns the first of `err` and the errors that it wraps which is an instance of a class; undefined if there is none.
 * Mirrors Go's `errors.As`. Instead of a class it takes a function that recognizes the error: for errors without a
 * class, where Go has an interface, and for those whose class differs between realms.
 *
 * @throws TypeError `errors.as: 42 is not a function`
 *
 * @example
 * ```ts
 * const refused = errors.as(err, PanicError);
 * if (refused !== undefined) console.log(refused.message);
 *
 * const hasCode = (e: unknown): e is { code: string } => typeof (e as { code?: unknown }).code === "string";
 * if (errors.as(err, hasCode)?.code === "ENOENT") console.log("no such file");
 * ```
 */
export function as<T>(err: unknown, recognize: (err: unknown) => err is T): T | undefined;
export function as(err: unknown, recognize: (err: unknown) => boolean): unknown;
export function as<T>(err: unknown, type: abstract new (...args: never[]) => T): T | undefined;
export function as(err: unknown, wanted: Wanted): unknown {
  checkFunction("errors.as", wanted);
  return find(err, isClass(wanted) ? (wrapped) => wrapped instanceof wanted : (wrapped) => wanted(wrapped));
}

type Class = abstract new (...args: never[]) => unknown;
type Wanted = Class | ((err: unknown) => boolean);

/** Tells whether a function is a class; also one compiled to a function, if it has methods or a base class. */
function isClass(f: Wanted): f is Class {
  const described = Object.getOwnPropertyDescriptor(f, "prototype");
  if (described === undefined) return false;
  // The prototype of a class is not writable. That of a plain function is, and it is an empty object.
  const prototype = described.value as object | null;
  return (
    described.writable === false ||
    (isObject(prototype) &&
      (Object.getOwnPropertyNames(prototype).length > 1 ||
        Object.getPrototypeOf(Object.getPrototypeOf(prototype) ?? prototype) !== null))
  );
}

/**
 * Returns what `err` wraps: its `cause`, if that is an object. Mirrors Go's `errors.Unwrap`; like it, it does not look
 * into joined errors.
 *
 * @example
 * ```ts
 * const inner = new Error("inner");
 * console.log(errors.unwrap(new Error("outer", { cause: inner })) === inner); // true
 * ```
 */
export function unwrap(err: unknown): unknown {
  return isObject(err) && isObject(err["cause"]) ? err["cause"] : undefined;
}

/**
 * Wraps several errors in one, whose message has a line for each; undefined and null are left out. Returns undefined if
 * nothing is left. Mirrors Go's `errors.Join`.
 *
 * @example
 * ```ts
 * const failure = errors.join(closeError, flushError);
 * if (failure !== undefined) throw failure;
 * ```
 */
export function join(...errs: (Error | null | undefined)[]): AggregateError | undefined {
  const given = errs.filter((err) => err !== undefined && err !== null);
  if (given.length === 0) return undefined;
  return new AggregateError(given, given.map((err) => err.message).join("\n"));
}

/**
 * Makes an error from a template, and wraps the errors in it, which print as their messages. Mirrors Go's
 * `fmt.Errorf("…: %w", err)`. {@link is} and {@link as} find the wrapped errors, {@link unwrap} does if there is one.
 * To mention an error without wrapping it, as `%v` does, put its `message` there.
 *
 * @throws TypeError `errors.errorf: write a template: errors.errorf\`reading ${name}: ${err}\``
 *
 * @example
 * ```ts
 * const failed = errors.errorf`loading page ${7}: ${context.canceled}`;
 * console.log(failed.message, errors.is(failed, context.canceled)); // loading page 7: context canceled true
 * ```
 */
export function errorf(text: TemplateStringsArray, ...values: unknown[]): Error {
  if (!Array.isArray((text as Partial<TemplateStringsArray> | undefined)?.raw)) {
    throw new TypeError("errors.errorf: write a template: errors.errorf`reading ${name}: ${err}`");
  }
  const wrapped = values.filter(isError);
  const message = text.reduce((before, part, i) => before + shown(values[i - 1]) + part);
  return wrapped.length > 1
    ? new AggregateError(wrapped, message)
    : new Error(message, wrapped.length === 1 ? { cause: wrapped[0] } : {});
}

function shown(value: unknown): string {
  return isError(value) ? value.message : String(value);
}

/** Searches an error and all that it wraps, depth first as Go does, and returns the first that passes the test. */
function find(err: unknown, test: (err: unknown) => boolean): unknown {
  const seen = new Set<unknown>();
  const open = [err];
  while (open.length > 0) {
    const next = open.pop();
    if (next === undefined || next === null || seen.has(next)) continue;
    if (test(next)) return next;
    seen.add(next);
    if (!isObject(next)) continue;
    // A stack: the one pushed last is looked at first.
    const joined: unknown[] = Array.isArray(next["errors"]) ? [...(next["errors"] as unknown[])] : [];
    if (next["name"] === "SuppressedError") joined.push(next["error"], next["suppressed"]);
    for (let i = joined.length - 1; i >= 0; i--) open.push(joined[i]);
    open.push(next["cause"]);
  }
  return undefined;
}

function claims(err: unknown, target: unknown): boolean {
  return (
    isObject(err) &&
    typeof err["is"] === "function" &&
    (err as unknown as { is(target: unknown): unknown }).is(target) === true
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
