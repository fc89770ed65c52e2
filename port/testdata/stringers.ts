// Values print with the methods of their types, inside of structs, lists and maps too.
import { main, time } from "gocsp";
import { at, box, Boxed, BoxedError, boxError, Duration, duration, nilMap, toBytes, typed } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

export type Kind = number;

/** A Kind in an interface: the value with its methods. */
class KindValue extends Boxed<Kind> {
  static override typeName = "main.Kind";

  override toString(): string {
    return kindString(this.value);
  }
}

export const a = 0;
export const b = 1;

export function kindString(k: Kind): string {
  return at(["A", "B"], k);
}

export type Level = string;

export function levelString(l: Level): string {
  return "<" + l + ">";
}

export type Temp = number;

export type Code = number;

export function codeError(c: Code): string {
  return `code ${c}`;
}

export class Inner {
  k: Kind = 0;
  d = 0;
  static readonly goFields = ["K", "D time.Duration"];
  static readonly goTypes = () => ({ k: KindValue, d: Duration });

  constructor(init?: Partial<Inner>) {
    Object.assign(this, init);
  }
}

export class Rec {
  name = "";
  kind: Kind = 0;
  l: Level = "";
  t: Temp = 0;
  c: Code = 0;
  in = new Inner();
  p: Inner | undefined;
  list: Kind[] = [];
  m: Map<string, Kind> = nilMap();
  d = 0;
  f = 0;
  any!: unknown;
  err!: Error;
  arr: Kind[] = new Array<Kind>(2).fill(0);
  b: Uint8Array = new Uint8Array();
  f32 = 0;
  r = 0;
  fn: (() => void) | undefined;
  priv: Kind = 0;
  static readonly goFields = ["Name", "Kind", "L", "T float64", "C", "In", "P", "List", "M", "D time.Duration", "F float64", "Any", "Err", "Arr", "B", "F32 float32", "R", "Fn", "priv"];
  static readonly goTypes = () => ({
    kind: KindValue,
    l: LevelValue,
    c: CodeValue,
    list: [KindValue],
    m: [KindValue],
    d: Duration,
    arr: [KindValue],
  });

  constructor(init?: Partial<Rec>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Rec {
    return new Rec({ ...this, arr: this.arr.slice() });
  }
}

/** A Level in an interface: the value with its methods. */
class LevelValue extends Boxed<Level> {
  static override typeName = "main.Level";

  override toString(): string {
    return levelString(this.value);
  }
}

/** A Code in an interface: the value with its methods. */
class CodeValue extends BoxedError<Code> {
  static override typeName = "main.Code";

  override get message(): string {
    return codeError(this.value);
  }
}

main(() => {
  const r = new Rec({
    name: "n",
    kind: b,
    l: "hot",
    t: 1.5,
    c: 3,
    in: new Inner({ k: b, d: time.second }),
    list: [a, b],
    m: new Map<string, Kind>([["x", b]]),
    d: 1500 * time.millisecond,
    f: 2,
    any: box(KindValue, b),
    err: boxError(CodeValue, 4),
    arr: [b, a],
    b: toBytes("hi"),
    f32: 0.10000000149011612,
    r: 120 /* 'x' */,
    priv: b,
  });
  fmt.println(r.clone());
  fmt.printf("%v\n%+v\n", r.clone(), r.clone());
  fmt.println(r.list.map((v) => box(KindValue, v)), new Map(Array.from(r.m, ([k, v]) => [k, box(KindValue, v)])), r.arr.map((v) => box(KindValue, v)), new Map(Array.from(new Map<Kind, number>([[b, 1], [a, 2]]), ([k, v]) => [box(KindValue, k), v])), [new Inner({ k: a, d: time.nanosecond })], typed(new Inner({ k: b, d: 2 * time.nanosecond }), "*main.Inner"), [undefined]);
  fmt.println([time.nanosecond, time.hour].map((v) => duration(v)), new Map(Array.from(new Map<string, number>([["a", time.minute]]), ([k, v]) => [k, duration(v)])), ["a"].map((v) => box(LevelValue, v)), Array.from(Uint8Array.of(1), (v) => boxError(CodeValue, v)), [[a], [b]].map((v) => v.map((v) => box(KindValue, v))));
  fmt.printf("%v %d %s %q %x\n", [a, b].map((v) => box(KindValue, v)), [a, b].map((v) => box(KindValue, v)), [a].map((v) => box(KindValue, v)), ["q"].map((v) => box(LevelValue, v)), [b].map((v) => box(KindValue, v)));
  const s = fmt.sprint(r.in, box(KindValue, r.kind)) + fmt.sprintln("x", r.in);
  fmt.print(s);
  fmt.println(fmt.errorf("in %v: %w", r.in, r.err));
  const e: unknown = r.in;
  fmt.println(e);
});
