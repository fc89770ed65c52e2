import { sentinel } from "../../runtime/error-values.ts";
import { quote } from "./quote.ts";

/** The value is out of range for its type: `strconv.ErrRange`. */
export const errRange: Error = sentinel("value out of range");
/** The text does not have the right syntax: `strconv.ErrSyntax`. */
export const errSyntax: Error = sentinel("invalid syntax");

/**
 * What went wrong when a number was read. Mirrors Go's `strconv.NumError`; {@link errRange} or {@link errSyntax} is its
 * cause, so `errors.is(err, strconv.errRange)` tells.
 */
export class NumError extends Error {
  static {
    this.prototype.name = "NumError";
  }

  /** The function that failed, in Go's spelling: `Atoi`. */
  readonly func: string;
  /** The text that it was given. */
  readonly num: string;
  /** The reason. */
  readonly err: Error;

  constructor(func: string, num: string, err: Error) {
    super(`strconv.${func}: parsing ${quote(num)}: ${err.message}`, { cause: err });
    this.func = func;
    this.num = num;
    this.err = err;
  }
}
