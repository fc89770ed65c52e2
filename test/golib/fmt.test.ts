import { errors } from "gocsp";
import { Boxed, duration, typed } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as strings from "gocsp/golib/strings";
import { describe } from "vitest";
import { replay, unwrap } from "./replay.ts";

/* The types of testdata/record/fmt.go. */

class Point {
  static readonly goName = "main.Point";
  static readonly goFields = ["X", "Y"];
  x: number;
  y: number;

  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

class Labeled {
  static readonly goName = "main.Labeled";
  static readonly goFields = ["Label", "at", "Tags", "Next *main.Point"];
  label = "a b";
  at = new Point(5, 6);
  tags = ["x", "y\n"];
  next = undefined;
}

class Ratio {
  static readonly goName = "main.Ratio";
  static readonly goFields = ["Of float64", "P *float64"];
  of = 1e6;
  p = undefined;
}

class Celsius extends Boxed<number> {
  static override typeName = "main.Celsius";
  static override underlying = "float64";

  string(): string {
    return `${this.value.toFixed(1)}°C`;
  }
}

class Weekday extends Boxed<number> {
  static override typeName = "main.Weekday";

  string(): string {
    const names = ["Sunday", "Monday", "Tuesday"];
    const name = names[this.value];
    if (name === undefined) throw new Error(`runtime error: index out of range [${this.value}] with length 3`);
    return name;
  }
}

class Plain extends Boxed<number> {
  static override typeName = "main.Plain";
}

class Failure extends Error {
  static readonly goName = "main.Failure";
  readonly code = 3;

  error(): string {
    return `failure ${this.code}`;
  }
}

class Go {
  static readonly goName = "main.Go";
  static readonly goFields = ["A"];
  a = 1;

  goString(): string {
    return "main.Go!";
  }
}

class Shouter {
  static readonly goName = "main.Shouter";
  word = "hi";

  format(flags: fmt.Flags, verb: string): string {
    return fmt.sprintf("<%s %s %d %t>", verb, this.word.toUpperCase(), flags.width ?? 0, flags.width !== undefined);
  }
}

class Panics {
  static readonly goName = "main.Panics";

  string(): string {
    throw "no string";
  }
}

const inner = new Error("inner");
const named: Record<string, unknown> = {
  point: new Point(1, -2),
  "&point": typed(new Point(3, 4), "*main.Point"),
  labeled: new Labeled(),
  ratio: new Ratio(),
  celsius: new Celsius(20),
  weekday: new Weekday(1),
  badWeekday: new Weekday(7),
  plain: new Plain(5),
  failure: typed(new Failure(), "*main.Failure"),
  go: new Go(),
  shouter: new Shouter(),
  panics: new Panics(),
  error: new Error("plain error"),
  wrapped: new Error("outer: inner", { cause: inner }),
  joined: errors.join(new Error("one"), new Error("two")),
  duration: duration(1500),
  durations: typed([duration(1000), duration(1e-6)], "[]time.Duration"),
  map: new Map([
    ["b", 2],
    ["a", 1],
    ["é", 3],
  ]),
  intMap: new Map([
    [10, "x"],
    [-1, "y"],
    [2, ""],
  ]),
  boolMap: new Map([
    [true, 1],
    [false, 0],
  ]),
  structMap: new Map([
    [new Point(2, 1), "b"],
    [new Point(1, 9), "a"],
    [new Point(1, 2), "c"],
  ]),
  floatMap: new Map([
    [2.5, 1],
    [-Infinity, 2],
    [0.5, 3],
  ]),
  emptyMap: typed(new Map(), "map[string]int"),
  ints: [1, 2, 3],
  strings: ["a", "b c", ""],
  floats: [1, 2.5, 1e6],
  nested: [[1], [2, 3], typed([], "[]int")],
  bytes: Uint8Array.of(0x68, 0xc3, 0xa9, 0),
  noBytes: new Uint8Array(0),
  bools: [true, false],
  any: [1, "a", undefined, 2.5, true, [1]],
  errors: typed([new Error("e"), undefined], "[]error"),
  points: [new Point(1, 2)],
  array: typed([1, 2, 3], "[3]int"),
  nilSlice: typed(undefined, "[]int"),
  nilMap: typed(undefined, "map[string]int"),
  nilPoint: typed(undefined, "*main.Point"),
  nilError: undefined,
  nilBytes: typed(undefined, "[]byte"),
  "&slice": typed({ value: [1, 2] }, "*[]int"),
  "&map": typed({ value: new Map([["k", 1]]) }, "*map[string]int"),
  anonymous: { A: 1, B: "z" },
  empty: {},
  date: new Date(Date.UTC(2026, 10, 29, 1, 2, 3, 450)),
  inner,
  other: new Error("other"),
};

interface Written {
  readonly t?: string;
  readonly v?: unknown;
  readonly n?: string;
}

/** Makes the argument that the recorder describes. */
function operand(written: Written): unknown {
  if (written.n !== undefined) return named[written.n];
  const value = unwrap(written.v);
  return written.t === undefined ? value : typed(value, written.t);
}

const operands = (list: readonly Written[]): unknown[] => list.map(operand);

describe("fmt", () => {
  replay(
    "fmt.jsonl",
    "[B5]",
    {
      sprintf: (template: string, ...list: Written[]) => fmt.sprintf(template, ...operands(list)),
      sprint: (...list: Written[]) => fmt.sprint(...operands(list)),
      sprintln: (...list: Written[]) => fmt.sprintln(...operands(list)),
      fprintf: async (template: string, ...list: Written[]) => {
        const out = new strings.Builder();
        return [...(await fmt.fprintf(out, template, ...operands(list))), out.string()];
      },
      fprint: async (...list: Written[]) => {
        const out = new strings.Builder();
        return [...(await fmt.fprint(out, ...operands(list))), out.string()];
      },
      fprintln: async (...list: Written[]) => {
        const out = new strings.Builder();
        return [...(await fmt.fprintln(out, ...operands(list))), out.string()];
      },
      errorf: (template: string, ...list: Written[]) => {
        const err = fmt.errorf(template, ...operands(list));
        return [err.message, errors.is(err, inner), errors.is(err, named["other"]), errors.unwrap(err) === undefined];
      },
    },
    { several: ["errorf", "fprintf", "fprint", "fprintln"] },
  );
});
