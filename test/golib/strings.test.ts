import * as strings from "gocsp/golib/strings";
import * as unicode from "gocsp/golib/unicode";
import { describe } from "vitest";
import { replay } from "./replay.ts";

/** The functions that the recorder passes as arguments, by their names in the file. */
const tests: Record<string, (rune: number) => boolean> = {
  isLetter: unicode.isLetter,
  isDigit: unicode.isDigit,
  isSpace: unicode.isSpace,
  isUpper: unicode.isUpper,
  even: (rune) => rune % 2 === 0,
};
const mappings: Record<string, (rune: number) => number> = {
  next: (rune) => rune + 1,
  drop: (rune) => (rune % 3 === 0 ? -1 : rune),
  upper: unicode.toUpper,
};

type Test = (rune: number) => boolean;
const testOf = (name: string): Test => tests[name] as Test;

describe("strings", () => {
  replay(
    "strings.jsonl",
    "[B1]",
    {
      contains: strings.contains,
      containsAny: strings.containsAny,
      containsRune: strings.containsRune,
      hasPrefix: strings.hasPrefix,
      hasSuffix: strings.hasSuffix,
      index: strings.index,
      lastIndex: strings.lastIndex,
      indexAny: strings.indexAny,
      lastIndexAny: strings.lastIndexAny,
      indexByte: strings.indexByte,
      lastIndexByte: strings.lastIndexByte,
      indexRune: strings.indexRune,
      count: strings.count,
      compare: strings.compare,
      equalFold: strings.equalFold,
      cut: strings.cut,
      cutPrefix: strings.cutPrefix,
      cutSuffix: strings.cutSuffix,
      split: strings.split,
      splitN: strings.splitN,
      splitAfter: strings.splitAfter,
      splitAfterN: strings.splitAfterN,
      splitSeq: (text: string, separator: string) => [...strings.splitSeq(text, separator)],
      splitAfterSeq: (text: string, separator: string) => [...strings.splitAfterSeq(text, separator)],
      lines: (text: string) => [...strings.lines(text)],
      fields: strings.fields,
      fieldsSeq: (text: string) => [...strings.fieldsSeq(text)],
      join: strings.join,
      trim: strings.trim,
      trimLeft: strings.trimLeft,
      trimRight: strings.trimRight,
      trimSpace: strings.trimSpace,
      trimPrefix: strings.trimPrefix,
      trimSuffix: strings.trimSuffix,
      replace: strings.replace,
      replaceAll: strings.replaceAll,
      repeat: strings.repeat,
      toUpper: strings.toUpper,
      toLower: strings.toLower,
      toTitle: strings.toTitle,
      title: strings.title,
      clone: strings.clone,
      toValidUTF8: strings.toValidUTF8,
      containsFunc: (text: string, name: string) => strings.containsFunc(text, testOf(name)),
      indexFunc: (text: string, name: string) => strings.indexFunc(text, testOf(name)),
      lastIndexFunc: (text: string, name: string) => strings.lastIndexFunc(text, testOf(name)),
      fieldsFunc: (text: string, name: string) => strings.fieldsFunc(text, testOf(name)),
      fieldsFuncSeq: (text: string, name: string) => [...strings.fieldsFuncSeq(text, testOf(name))],
      trimFunc: (text: string, name: string) => strings.trimFunc(text, testOf(name)),
      trimLeftFunc: (text: string, name: string) => strings.trimLeftFunc(text, testOf(name)),
      trimRightFunc: (text: string, name: string) => strings.trimRightFunc(text, testOf(name)),
      map: (name: string, text: string) => strings.map(mappings[name] as (rune: number) => number, text),
      replacer: (pairs: string[], text: string) => strings.newReplacer(...pairs).replace(text),
    },
    { several: ["cut", "cutPrefix", "cutSuffix"] },
  );
});
