/**
 * What translated Go code needs and JavaScript lacks: Go's built-in functions, its integers, strings as bytes, slices
 * that share memory, maps with struct keys, and the texts of its panics. The subpaths `gocsp/golib/fmt`,
 * `gocsp/golib/strings` and so on mirror packages of Go's standard library, one each.
 *
 * How Go's values are represented:
 *
 * | Go | TypeScript |
 * | --- | --- |
 * | `int`, `int8` … `int64`, `uint8` … `uint64`, `rune`, `byte`, floats | `number`; a `bigint` is accepted wherever an integer is printed |
 * | `string` | `string`; indexes and lengths in bytes of UTF-8 come from the functions here |
 * | `[]T`, `[n]T` | `T[]`; nil is `undefined` or an empty array |
 * | `[]byte` | `Uint8Array`, whose subarrays share memory as Go's slices do |
 * | a slice whose sharing matters | {@link Slice} |
 * | `map[K]V` | `Map`; {@link KeyMap} where K is a struct, an array or an interface |
 * | `error` | `Error \| undefined`; an object with `error()` prints as one |
 * | `(T, error)` | `[T, Error \| undefined]` |
 * | `*T` of a struct | the object itself |
 * | `*int` and other pointers to variables | {@link Ref} |
 *
 * @module
 */

export { append, appendAll, type Appendable, cap, clear, copy, len, make, makeBytes } from "./append.ts";
export { at, put, type Sliceable, slice } from "./at.ts";
export { box, Boxed, Duration, duration, Float, float64, unbox } from "./boxed.ts";
export { equal, isZero, sameOrZero } from "./equal.ts";
export {
  and64,
  andNot64,
  div,
  int,
  int16,
  int32,
  int64,
  int8,
  maximum,
  minimum,
  orZero,
  mul32,
  mulRem,
  mulU32,
  or64,
  rem,
  shl64,
  shr64,
  uint16,
  uint32,
  uint64,
  uint8,
  unsigned,
  xor64,
} from "./integers.ts";
export { hashKey, KeyMap, nilMap, setEntry } from "./key-map.ts";
export { assertType, deref, must, panicIndex, panicNil } from "./panics.ts";
export { type Ref, ref, refTo } from "./ref.ts";
export { Slice, sliceOf } from "./slice.ts";
export { byteAt, fromBytes, fromRune, fromRunes, runes, substring, toBytes, toRunes } from "./text.ts";
export { type Typed, typed, typeName } from "./types.ts";
export {
  type Deferred,
  deferring,
  deferringSync,
  noPanic,
  Panic,
  panic,
  PortError,
  type Recover,
  recovered,
  type Unported,
  unported,
} from "./control.ts";
export { asError, caughtError, type Flight, flight, flightChan, throwing } from "./results.ts";
export { view } from "./view.ts";
export {
  asserted,
  assignMap,
  assignSlice,
  bound,
  BoxedError,
  boxError,
  cloneArray,
  copyInto,
  first,
  has,
  interned,
  Once,
  padded,
  refOf,
  zero,
} from "./variables.ts";
export { passing, pull, pull2, push, pushAll, pushing, type Pushing, seq } from "./iterators.ts";
