/**
 * Errors that wrap others. Mirrors Go's `errors` package: what Go's `Unwrap` returns is `cause` here, and the errors of
 * an `AggregateError`.
 *
 * @module
 */

/**
 * Tells whether `err`, or an error that it wraps, is `target`. Mirrors Go's `errors.Is`: it looks at the error itself,
 * then at its `cause`, at each of the `errors` of an AggregateError, and at both of a SuppressedError, which a deferred
 * call that throws leaves behind. An error may have a method `is(target)` with an opinion of its own.
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
 * Returns `err`, or the first error that it wraps, which is an instance of `type`; undefined if there is none. Mirrors
 * Go's `errors.As`.
 *
 * @example
 * ```ts
 * const refused = errors.as(err, PanicError);
 * if (refused !== undefined) console.log(refused.message);
 * ```
 */
export function as<T>(err: unknown, type: abstract new (...args: never[]) => T): T | undefined {
  return find(err, (wrapped) => wrapped instanceof type) as T | undefined;
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

/** Goes through an error and all that it wraps, depth first as Go does, and returns the first that passes the test. */
function find(err: unknown, test: (err: unknown) => boolean): unknown {
  const seen = new Set<unknown>();
  const open = [err];
  while (open.length > 0) {
    const next = open.pop();
    if (next === undefined || next === null || seen.has(next)) continue;
    if (test(next)) return next;
    seen.add(next);
    if (!isObject(next)) continue;
    // The last one pushed is looked at first.
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
