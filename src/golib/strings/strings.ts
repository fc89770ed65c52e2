/**
 * Functions on strings. Mirrors Go's `strings` package: indexes count bytes of UTF-8, cases are converted character by
 * character, and white space is Unicode's.
 *
 * @module
 */

export { Builder } from "./builder.ts";
export {
  clone,
  map,
  newReplacer,
  repeat,
  replace,
  replaceAll,
  Replacer,
  titleWords as title,
  toLower,
  toTitle,
  toUpper,
  toValidUTF8,
} from "./change.ts";
export { newReader, Reader } from "./reader.ts";
export {
  compare,
  contains,
  containsAny,
  containsFunc,
  containsRune,
  count,
  cut,
  cutPrefix,
  cutSuffix,
  equalFold,
  hasPrefix,
  hasSuffix,
  index,
  indexAny,
  indexByte,
  indexFunc,
  indexRune,
  lastIndex,
  lastIndexAny,
  lastIndexByte,
  lastIndexFunc,
} from "./search.ts";
export {
  fields,
  fieldsFunc,
  fieldsFuncSeq,
  fieldsSeq,
  join,
  lines,
  split,
  splitAfter,
  splitAfterN,
  splitAfterSeq,
  splitN,
  splitSeq,
} from "./split.ts";
export {
  trim,
  trimFunc,
  trimLeft,
  trimLeftFunc,
  trimPrefix,
  trimRight,
  trimRightFunc,
  trimSpace,
  trimSuffix,
} from "./trim.ts";
