import * as heap from "gocsp/golib/heap";
import * as slices from "gocsp/golib/slices";
import * as sort from "gocsp/golib/sort";
import { describe } from "vitest";
import { replay } from "./replay.ts";

type Pair = [key: number, place: number];

/** Changes a copy, and returns it. */
function changed<T>(list: T[], change: (list: T[]) => void): T[] {
  const copy = list.slice();
  change(copy);
  return copy;
}

/** Returns what sorts pairs by their keys. */
const byKey = (list: Pair[]): sort.Interface => ({
  len: () => list.length,
  less: (i, j) => (list[i] as Pair)[0] < (list[j] as Pair)[0],
  swap: (i, j) => {
    [list[i], list[j]] = [list[j] as Pair, list[i] as Pair];
  },
});

/** Runs the steps on a heap, and returns them with their results. */
function heapSteps(list: number[], steps: [name: string, ...operands: number[]][]): number[] {
  const h: heap.Interface<number> = {
    len: () => list.length,
    less: (i, j) => (list[i] as number) < (list[j] as number),
    swap: (i, j) => {
      [list[i], list[j]] = [list[j] as number, list[i] as number];
    },
    push: (value) => void list.push(value),
    pop: () => list.pop() as number,
  };
  const check = (found: number, wanted: number | undefined): void => {
    if (found !== wanted) throw new Error(`${found} instead of ${wanted}`);
  };
  heap.init(h);
  for (const [name, first = 0, second = 0] of steps) {
    if (name === "push") heap.push(h, first);
    else if (name === "pop") check(heap.pop(h), first);
    else if (name === "remove") check(heap.remove(h, first), second);
    else {
      list[first] = second;
      heap.fix(h, first);
    }
  }
  return list;
}

describe("sort", () => {
  replay(
    "sort.jsonl",
    "[B6]",
    {
      sliceStable: (list: Pair[]) =>
        changed(list, (l) => sort.sliceStable(l, (i, j) => (l[i] as Pair)[0] < (l[j] as Pair)[0])),
      sortStableFunc: (list: Pair[]) => changed(list, (l) => slices.sortStableFunc(l, (a, b) => a[0] - b[0])),
      stable: (list: Pair[]) => changed(list, (l) => sort.stable(byKey(l))),
      slice: (list: Pair[]) =>
        changed(list, (l) => sort.slice(l, (i, j) => (l[i] as Pair)[0] < (l[j] as Pair)[0])).map(([key]) => key),
      sort: (list: Pair[]) => changed(list, (l) => sort.sort(byKey(l))).map(([key]) => key),
      ints: (list: number[]) => changed(list, sort.ints),
      strings: (list: string[]) => changed(list, sort.strings),
      float64s: (list: number[]) => changed(list, sort.float64s),
      intsAreSorted: sort.intsAreSorted,
      reverse: (list: number[]) => changed(list, (l) => sort.sort(sort.reverse(sort.intSlice(l)))),
      searchInts: sort.searchInts,
      searchFloat64s: sort.searchFloat64s,
      searchStrings: sort.searchStrings,
      search: (n: number, limit: number) => sort.search(n, (i) => i >= limit),
      sliceIsSorted: (list: number[]) => sort.sliceIsSorted(list, (i, j) => (list[i] as number) < (list[j] as number)),
      isSorted: (list: number[]) => sort.isSorted(sort.intSlice(list)),
      float64sAreSorted: sort.float64sAreSorted,
      stringsAreSorted: sort.stringsAreSorted,
      float64Slice: (list: number[]) => [sort.isSorted(sort.float64Slice(list)), sort.float64Slice(list).len()],
      stringSlice: (list: string[]) => [sort.isSorted(sort.stringSlice(list)), sort.stringSlice(list).len()],
      find: (list: number[], value: number) => sort.find(list.length, (i) => value - (list[i] as number)),
      heap: heapSteps,
    },
    { several: ["find", "float64Slice", "stringSlice"] },
  );
});
