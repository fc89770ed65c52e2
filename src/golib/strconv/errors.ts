import { sentinel } from "../../runtime/error-values.ts";
import { quote } from "./quote.ts";

/** The value is out of range for its type: `strconv.ErrRange`. */
export const errRange: Error = sentinel("value out of range");
/** The text does not have the right syntax: `strconv.ErrSyntax`. */
export const errSyntax: Error = sentinel("invalid syntax");

/**
 * An error of parsing a number. Mirrors Go's `strconv.NumError`; its cause is {@link errRange} or {@link errSyntax},
 * which `errors.is(err, strconv.errRange)` finds.
 */
export class NumError extends Error {
  static {
    this.prototype.name = "NumError";
  }

  /** The function that failed, in Go's spelling: `Atoi`. */
  readonly func: string;
  /** The input of the function. */
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
