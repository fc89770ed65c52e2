/**
 * What translated Go needs and JavaScript lacks: Go's built-in functions, its integers, strings as bytes, slices that
 * share memory, maps with struct keys, and the texts of its panics. The subpaths `gocsp/golib/fmt`,
 * `gocsp/golib/strings` and so on mirror packages of Go's standard library, one each.
 *
 * How Go's values look here:
 *
 * | Go | TypeScript |
 * | --- | --- |
 * | `int`, `int8` … `int64`, `uint8` … `uint64`, `rune`, `byte`, floats | `number`; a `bigint` is accepted wherever an integer is printed |
 * | `string` | `string`; indexes and lengths in bytes of UTF-8 come from the functions here |
 * | `[]T`, `[n]T` | `T[]`; nil is `undefined` or an empty array |
 * | `[]byte` | `Uint8Array`, whose subarrays share memory as Go's slices do |
 * | a slice whose sharing matters | {@link Slice} |
 * | `map[K]V` | `Map`; {@link ValueMap} where K is a struct, an array or an interface |
 * | `error` | `Error \| undefined`; an object with `error()` prints as one |
 * | `(T, error)` | `[T, Error \| undefined]` |
 * | `*T` of a struct | the object itself |
 * | `*int` and other pointers to variables | {@link Pointer} |
 *
 * @module
 */

export { append, appendAll, type Appendable, cap, clear, copy, len, makeBytes, makeSlice } from "./append.ts";
export { at, put, type Sliceable, slice } from "./at.ts";
export { equal, isZero } from "./equal.ts";
export {
  and,
  andNot,
  div,
  int,
  int16,
  int32,
  int64,
  int8,
  maximum,
  minimum,
  mul32,
  mulU32,
  or,
  rem,
  shl,
  shr,
  uint16,
  uint32,
  uint64,
  uint8,
  xor,
} from "./integers.ts";
export { type Hashable, hashKey, setIn, ValueMap } from "./maps.ts";
export { assertType, deref, must, panicIndex, panicNil, panicSlice } from "./panics.ts";
export { type Pointer, pointerTo, ref } from "./pointer.ts";
export { Slice, sliceOf } from "./slice.ts";
export { byteAt, bytesOf, runesOf, rangeString, stringOf, stringOfRune, stringOfRunes, utf8Length } from "./text.ts";
export { registerType, type Typed, typed, type TypeInfo, typeName } from "./types.ts";
