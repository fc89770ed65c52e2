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

type Pair = [key: number, place: number];
const byKey = (a: Pair, b: Pair): number => a[0] - b[0];
const byHalf = (a: number, b: number): number => Math.sign(Math.floor(a / 2) - Math.floor(b / 2));

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
      cmpLess: cmp.less,
      cmpOr: cmp.or,
      containsFunc: (list: number[]) => slices.containsFunc(list, even),
      equalFunc: (a: number[], b: number[]) => slices.equalFunc(a, b, (x, y) => byHalf(x, y) === 0),
      compareFunc: (a: number[], b: number[]) => slices.compareFunc(a, b, byHalf),
      compactFunc: (list: number[]) => slices.compactFunc(list, (x, y) => byHalf(x, y) === 0),
      isSortedFunc: (list: number[]) => slices.isSortedFunc(list, byHalf),
      minFunc: (list: Pair[]) => slices.minFunc(list, byKey),
      maxFunc: (list: Pair[]) => slices.maxFunc(list, byKey),
      sortFunc: (list: number[]) => changed(list, (l) => slices.sortFunc(l, (a, b) => b - a)),
      sortedFunc: (list: number[]) => slices.sortedFunc(list, (a, b) => b - a),
      sortedStableFunc: (list: Pair[]) => slices.sortedStableFunc(list, byKey),
      sort: (list: number[]) => changed(list, slices.sort),
      sorted: (list: number[]) => slices.sorted(list),
      binarySearchFunc: (list: Pair[], value: number) => slices.binarySearchFunc(list, value, ([key], n) => key - n),
      clone: slices.clone,
      clip: slices.clip,
      grow: slices.grow,
      collect: slices.collect,
      values: (list: number[]) => [...slices.values(list)],
      appendSeq: slices.appendSeq,
      all: (list: number[]) => [...slices.all(list)],
      backward: (list: number[]) => [...slices.backward(list)],
      minimum,
      maximum,
    },
    { several: ["binarySearch", "binarySearchFunc"] },
  );
});
