/**
 * The one function of Go's `reflect` package that needs no types at run time.
 *
 * @module
 */

export { deepEqual } from "../deep-equal.ts";
