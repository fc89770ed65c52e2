/**
 * Numbers and strings as text. Mirrors Go's `strconv` package; functions that can fail return `[value, error]`.
 *
 * Integers are numbers, which are exact up to 2^53; `parseInt64` and `parseUint64` return bigints.
 *
 * @module
 */

export { errRange, errSyntax, NumError } from "./errors.ts";
export { formatFloat, parseFloat } from "./float.ts";
export {
  atoi,
  formatBool,
  formatInt,
  formatUint,
  itoa,
  parseBool,
  parseInt,
  parseInt64,
  parseUint,
  parseUint64,
} from "./integer.ts";
export {
  canBackquote,
  isGraphic,
  isPrint,
  quote,
  quoteRune,
  quoteRuneToASCII,
  quoteToASCII,
  quoteToGraphic,
  unquote,
  unquoteChar,
} from "./quote.ts";
