/**
 * The error with the method and the URL of a request. Mirrors the part of Go's `net/url` that its HTTP client returns.
 */

import { describe } from "../runtime/arguments.ts";
import { safely } from "../runtime/error-values.ts";

/** The methods of the wrapped error that {@link UrlError} calls, as Go does. */
interface NetError {
  timeout?(): boolean;
  temporary?(): boolean;
}

/**
 * The error of `http.fetch` when it gets no answer: `Get "http://localhost:8080/": context deadline exceeded`. Mirrors
 * Go's `*url.Error`. Exported as `http.url.Error`.
 *
 * `errors.is` and `errors.as` look inside: use `errors.is(err, context.canceled)`. A password in the URL is not shown.
 *
 * @example
 * ```ts
 * const err = await http.fetch(ctx, url).catch((err: unknown) => err);
 * const failed = errors.as(err, http.url.Error);
 * if (failed?.timeout()) console.log(`${failed.url} is too slow`);
 * ```
 */
class UrlError extends globalThis.Error {
  static {
    this.prototype.name = "url.Error";
  }

  /** The method, in Go's spelling: `Get`. */
  readonly op: string;
  /** The URL, without its password. */
  readonly url: string;
  /** Why it failed: the context's cause, or what the host's `fetch` has thrown. */
  readonly err: unknown;

  /** Wraps an error. `op` and `url` precede its text. */
  constructor(op: string, url: string, err: unknown) {
    const shown = withoutPassword(url);
    super(`${op} ${JSON.stringify(shown)}: ${textOf(err)}`, { cause: err });
    this.op = op;
    this.url = shown;
    this.err = err;
  }

  /**
   * Returns the wrapped error. Mirrors Go's `Error.Unwrap`.
   *
   * @example
   * ```ts
   * console.log(new http.url.Error("Get", "http://a/", context.canceled).unwrap() === context.canceled); // true
   * ```
   */
  unwrap(): unknown {
    return this.err;
  }

  /**
   * Tells whether a deadline has passed. Mirrors Go's `Error.Timeout`.
   *
   * @example
   * ```ts
   * console.log(new http.url.Error("Get", "http://a/", context.deadlineExceeded).timeout()); // true
   * ```
   */
  timeout(): boolean {
    return asked(this.err, "timeout");
  }

  /**
   * Tells whether another attempt may succeed, according to the wrapped error. Mirrors Go's `Error.Temporary`.
   *
   * @example
   * ```ts
   * console.log(new http.url.Error("Get", "http://a/", context.canceled).temporary()); // false
   * ```
   */
  temporary(): boolean {
    return asked(this.err, "temporary");
  }
}

export { UrlError as Error };

function asked(err: unknown, question: keyof NetError): boolean {
  const { [question]: answer } = Object(err) as NetError;
  return typeof answer === "function" && answer.call(err);
}

/** Replaces the password of a URL by `***`, as Go does. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:@]*):[^/?#]*@/i, "$1:***@");
}

/** Returns the text of an error. For Node's `fetch failed` the reason is in its cause. */
function textOf(err: unknown): string {
  return safely(() => {
    const { message, cause } = Object(err) as Partial<globalThis.Error>;
    const inner = message === "fetch failed" ? messageOf(cause) : "";
    return inner || messageOf(err) || describe(err);
  }, "an error that throws when it is looked at");
}

function messageOf(err: unknown): string {
  const { message, errors, code } = Object(err) as { message?: unknown; errors?: unknown; code?: unknown };
  if (typeof message === "string" && message !== "") return message;
  // Several addresses were tried, and all failed.
  if (Array.isArray(errors) && errors.length > 0) return messageOf(errors[0]);
  return typeof code === "string" ? code : "";
}
