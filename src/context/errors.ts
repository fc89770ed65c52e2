/** The two errors with which contexts end. */

/** Identifies the two errors across several copies of this library in one program. */
const kind: unique symbol = Symbol.for("gocsp.context.error") as never;

/**
 * The class of {@link canceled} and {@link deadlineExceeded}. The `name` is that of the web's APIs, for code that
 * checks for `AbortError` or `TimeoutError`.
 */
class ContextError extends Error {
  readonly [kind]: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
    this[kind] = message;
    // The error is shared: a stack of the place where it was made would mislead.
    this.stack = `${name}: ${message}`;
  }

  /** Recognizes the same error of another copy of this library; `errors.is` calls this. */
  is(target: unknown): boolean {
    return (target as { [kind]?: string } | null | undefined)?.[kind] === this[kind];
  }
}

class DeadlineExceededError extends ContextError {
  timeout(): boolean {
    return true;
  }

  temporary(): boolean {
    return true;
  }
}

/**
 * The error of a context that was canceled: `context canceled`. Mirrors Go's `context.Canceled`. Compare with `===` or
 * `errors.is`.
 *
 * @example
 * ```ts
 * if (ctx.err() === context.canceled) return;
 * ```
 */
export const canceled: Error = new ContextError("AbortError", "context canceled");

/**
 * The error of a context whose deadline has passed: `context deadline exceeded`. Mirrors Go's
 * `context.DeadlineExceeded`, whose `Timeout()` and `Temporary()` are true. Compare with `===` or `errors.is`.
 *
 * @example
 * ```ts
 * if (errors.is(err, context.deadlineExceeded)) console.log("too late");
 * ```
 */
export const deadlineExceeded: Error & { timeout(): boolean; temporary(): boolean } = new DeadlineExceededError(
  "TimeoutError",
  "context deadline exceeded",
);
