import * as golib from "gocsp/golib";
import * as maps from "gocsp/golib/maps";
import * as reflect from "gocsp/golib/reflect";
import { describe } from "vitest";
import { replay, unwrap } from "./replay.ts";

/* The types of testdata/record/values.go. */

class Pair {
  static readonly goName = "main.Pair";
  static readonly goFields = ["A", "B"];
  a: number;
  b: string;

  constructor(a: number, b: string) {
    this.a = a;
    this.b = b;
  }
}

class Box {
  static readonly goName = "main.Box";
  static readonly goFields = ["V interface {}"];
  v: unknown;

  constructor(v: unknown) {
    this.v = v;
  }
}

/** A value that the recorder describes. */
type Described = Record<string, unknown>;

function make(described: Described): unknown {
  const [[kind, content]] = Object.entries(described) as [[string, unknown]];
  switch (kind) {
    case "float64":
      return golib.float64(unwrap(content) as number);
    case "nil":
      return undefined;
    case "Pair":
      return new Pair(...(content as [number, string]));
    case "Box":
      return new Box(make(content as Described));
    case "Duration":
      return golib.duration(content as number);
    case "[]any":
      return (content as Described[]).map(make);
    case "map":
      return new Map((content as [string, Described][]).map(([key, value]) => [key, make(value)]));
    default:
      return content;
  }
}

type Step = [name: string, key: Described, value?: number];

function keyMap(steps: Step[]): unknown[] {
  const map = new golib.KeyMap<unknown, number>();
  return steps.map(([name, key, value]) => {
    switch (name) {
      case "set":
        map.set(make(key), value as number);
        return undefined;
      case "get":
        return map.get(make(key));
      case "has":
        return map.has(make(key));
      case "delete":
        return map.delete(make(key));
      default:
        return map.size;
    }
  });
}

/** Calls what changes a list, and returns the list. */
function changed(list: number[], change: (list: number[]) => unknown): number[] {
  change(list);
  return list;
}

describe("values", () => {
  replay(
    "values.jsonl",
    "[B14]",
    {
      equal: (a: Described, b: Described) => golib.equal(make(a), make(b)),
      isZero: (value: Described) => golib.isZero(make(value)),
      typeName: (value: Described) => golib.typeName(make(value)),
      deepEqual: (a: Described, b: Described) => reflect.deepEqual(make(a), make(b)),
      KeyMap: keyMap,
      at: golib.at,
      put: (list: number[], i: number, value: number) => changed(list, (l) => golib.put(l, i, value)),
      slice: (list: number[], ...bounds: number[]) => golib.slice(list, ...bounds),
      view: (list: number[], ...bounds: number[]) => [...golib.view(list, ...bounds)],
      append: (list: number[], ...values: number[]) => golib.append(list, ...values),
      appendAll: (list: number[], values: number[]) => golib.appendAll(list, values),
      copyInto: (list: number[], values: number[], low: number, high: number) =>
        changed(list, (l) => golib.copyInto(l, values, low, high)),
      copy: (list: number[], values: number[]) => [golib.copy(list, values), list],
      make: (n: number) => golib.make(n, 0),
      makeBytes: (n: number, capacity: number) => {
        const bytes = golib.makeBytes(n, capacity);
        return [bytes, golib.cap(bytes)];
      },
      clear: (list: number[]) => changed(list, (l) => golib.clear(l, 0)),
      padded: (list: number[], length: number) => golib.padded(list, length, () => 0),
      len: golib.len,
      cap: golib.cap,
      mulRem: golib.mulRem,
      int: golib.int,
      int64: golib.int64,
      uint64: golib.uint64,
    },
    { several: ["copy", "makeBytes"] },
  );
});

describe("maps", () => {
  type Pairs = [key: number, value: string][];
  const sorted = (map: ReadonlyMap<number, string>): Pairs => [...map].sort(([a], [b]) => a - b);
  /** Calls what changes a map, and returns what is in it. */
  const after = (pairs: Pairs, change: (map: Map<number, string>) => unknown): Pairs => {
    const map = new Map(pairs);
    change(map);
    return sorted(map);
  };
  const fold = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

  replay("maps.jsonl", "[B15]", {
    keys: (pairs: Pairs) => [...maps.keys(new Map(pairs))].sort((a, b) => a - b),
    values: (pairs: Pairs) => [...maps.values(new Map(pairs))].sort(),
    all: (pairs: Pairs) => sorted(new Map(maps.all(new Map(pairs)))),
    collect: (pairs: Pairs) => sorted(maps.collect(pairs)),
    clone: (pairs: Pairs) => sorted(maps.clone(new Map(pairs))),
    equal: (a: Pairs, b: Pairs) => maps.equal(new Map(a), new Map(b)),
    equalFunc: (a: Pairs, b: Pairs) => maps.equalFunc(new Map(a), new Map(b), fold),
    copy: (pairs: Pairs, others: Pairs) => after(pairs, (map) => maps.copy(map, new Map(others))),
    insert: (pairs: Pairs, others: Pairs) => after(pairs, (map) => maps.insert(map, others)),
    deleteFunc: (pairs: Pairs) =>
      after(pairs, (map) => maps.deleteFunc(map, (key, value) => key % 2 === 0 || value === "")),
  });
});
