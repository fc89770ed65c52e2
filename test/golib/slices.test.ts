import { maximum, minimum } from "gocsp/golib";
import * as cmp from "gocsp/golib/cmp";
import * as slices from "gocsp/golib/slices";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";

const even = (n: number): boolean => n % 2 === 0;

function changed<T>(list: T[], change: (list: T[]) => void): T[] {
  const copy = list.slice();
  change(copy);
  return copy;
}

describe("slices", () => {
  test("a function that tells which of two is less sorts as one that compares, and equal elements stay in order [B6]", () => {
    const list = ["pear", "fig", "apple", "kiwi", "date"];
    slices.sortStableFunc(
      list,
      slices.byLess((a, b) => a.length < b.length),
    );
    expect(list).toEqual(["fig", "pear", "kiwi", "date", "apple"]);
  });

  replay(
    "slices.jsonl",
    "[B6]",
    {
      equal: slices.equal,
      compare: slices.compare,
      equalFloats: slices.equal,
      index: slices.index,
      contains: slices.contains,
      indexFunc: (list: number[]) => slices.indexFunc(list, even),
      deleteFunc: (list: number[]) => slices.deleteFunc(list, even),
      insert: slices.insert,
      delete: slices.delete,
      replace: slices.replace,
      compact: slices.compact,
      reverse: (list: number[]) => changed(list, slices.reverse),
      binarySearch: slices.binarySearch,
      isSorted: slices.isSorted,
      min: slices.min,
      max: slices.max,
      minFloats: slices.min,
      maxFloats: slices.max,
      minTexts: slices.min,
      sortFloats: (list: number[]) => changed(list, slices.sort),
      sortTexts: (list: string[]) => changed(list, slices.sort),
      chunk: (list: number[], size: number) => slices.collect(slices.chunk(list, size)),
      concat: slices.concat,
      repeat: slices.repeat,
      cmpCompare: cmp.compare,
      minimum,
      maximum,
    },
    { several: ["binarySearch"] },
  );
});
