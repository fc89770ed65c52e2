// Printing, formats, runes and bytes, type switches.
import { type Chan, main, nilChan } from "gocsp";
import {
  at,
  box,
  Boxed,
  byteAt,
  copyInto,
  Float,
  float64,
  fromBytes,
  fromRune,
  fromRunes,
  has,
  len,
  nilMap,
  put,
  type Ref,
  runes,
  slice,
  substring,
  toBytes,
  toRunes,
  type Typed,
  typed,
  typeName,
  unbox,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as strings from "gocsp/golib/strings";
import * as utf8 from "gocsp/golib/utf8";

export type Celsius = number;

export type Name = string;

export function nameUpper(n: Name): string {
  return strings.toUpper(n);
}

function classify(v: unknown): string {
  if (v === undefined) {
    const x = v;
    return "nil";
  } else if (typeof v === "number") {
    const x = v;
    return fmt.sprint("int ", x + 1);
  } else if (typeName(v) === "int64") {
    const x = (v as Typed).value as number;
    return fmt.sprint("int64 ", typed(x, "int64"));
  } else if (v instanceof Float) {
    const x = (unbox(v) as number);
    return fmt.sprint("float64 ", float64(x));
  } else if (typeof v === "string") {
    const x = v;
    return "string " + x;
  } else if (v instanceof Uint8Array) {
    const x = v as Uint8Array;
    return "bytes " + fromBytes(x);
  } else if (typeof v === "boolean" || typeName(v) === "int32") {
    const x = v;
    return fmt.sprintf("bool/rune %v", x);
  } else if (v instanceof Error) {
    const x = v;
    return "error " + x.message;
  } else if (has(v, "toString")) {
    const x = v as { toString(): string };
    return "stringer " + x.toString();
  } else if (Array.isArray(v) && (v.length === 0 || typeof v[0] === "number")) {
    const x = v as number[];
    return fmt.sprint("ints ", x.length);
  } else if (v instanceof Map) {
    const x = v as Map<string, number>;
    return fmt.sprint("map ", x.get("a") ?? 0);
  } else if (typeof v === "function") {
    const x = v as () => number;
    return fmt.sprint("func ", x());
  } else if (v instanceof NameValue) {
    const x = (unbox(v) as Name);
    return "Name " + nameUpper(x);
  } else if (v instanceof CelsiusValue) {
    const x = (unbox(v) as number);
    return fmt.sprint("C ", float64(x));
  } else {
    const x = v;
    return fmt.sprintf("other %T", x);
  }
}

export class Str {
  s = "";
  static readonly goFields = ["s"];

  constructor(init?: Partial<Str>) {
    Object.assign(this, init);
  }

  toString(): string {
    return "<" + this.s + ">";
  }
}

/** A Celsius in an interface: the value with its methods. */
class CelsiusValue extends Boxed<Celsius> {
  static override typeName = "main.Celsius";
}

/** A Name in an interface: the value with its methods. */
class NameValue extends Boxed<Name> {
  static override typeName = "main.Name";

  upper(): string {
    return nameUpper(this.value);
  }
}

main(() => {
  const s = "héllo, 世界";
  fmt.println(len(s), utf8.runeCountInString(s), typed(byteAt(s, 1), "uint8"), substring(s, 0, 1), slice(toBytes(s), 0, 3), typed(at(toRunes(s), 1), "int32"));
  for (const [i, r] of runes(s)) {
    fmt.print(i, ":", fromRune(r), " ");
  }
  console.log();
  for (const [i] of runes("aé")) {
    fmt.print(i, " ");
  }
  console.log();
  for (let i = 0; i < len(s); i++) {
    fmt.print(typed(byteAt(s, i), "uint8"), " ");
  }
  console.log();
  let b: Uint8Array = toBytes("abc");
  put(b, 0, 88 /* 'X' */);
  b = Uint8Array.of(...b, ...toBytes("def"));
  fmt.println(fromBytes(b), b);
  const r = toRunes("añb");
  put(r, 1, 110 /* 'n' */);
  fmt.println(fromRunes(r), r.length, fromRune(at(r, 2)));
  console.log(s > "hello", true, true, true);
  const sb = new strings.Builder();
  for (let i = 0; i < 3; i++) {
    fmt.fprintf(sb, "%d-", i);
  }
  sb.writeByte(120 /* 'x' */);
  sb.writeRune(233 /* 'é' */);
  sb.writeString("end");
  fmt.println(sb.string(), sb.len());
  fmt.println(strings.split("a,b,c", ","), strings.fields("  a b  c "), strings.repeat("ab", 3), strings.index("chicken", "ken"), strings.lastIndex("go gopher", "go"));
  fmt.println(strings.title("hello"), strings.trimLeft("xxabc", "x"), strings.trimSuffix("a.go", ".go"), strings.replace("aaaa", "a", "b", 2), strings.toUpper("é"));
  fmt.println(strings.map((r: number): number => {
    if (r === 97 /* 'a' */) {
      return -1;
    }
    return r + 1;
  }, "banana"), strings.containsRune("abc", 98 /* 'b' */), strings.equalFold("Go", "GO"));
  const one = 1;
  for (const v of [
    undefined,
    1,
    typed(2, "int64"),
    float64(2),
    float64(2.5),
    "s",
    toBytes("b"),
    true,
    typed(114 /* 'r' */, "int32"),
    new Error("e"),
    new Str({ s: "q" }),
    [1],
    new Map<string, number>([["a", 3]]),
    box(NameValue, "n"),
    box(CelsiusValue, 3),
    typed(3, "uint"),
    typed(7, "int32"),
    typed(1, "float32"),
  ]) {
    console.log(classify(v));
  }
  fmt.printf("%v %+v %#v %T\n", new Str({ s: "a" }), new Str({ s: "b" }), new Str({ s: "c" }), new Str({ s: "d" }));
  fmt.printf("%q %v %s %x\n", "a\"b\n", ["a b", "c"], toBytes("hi"), "hi");
  fmt.printf("%5d|%-5d|%05d|%+d|%6.2f|%-8s|%8s|%t|%c|%U|%e|%g\n", 42, 42, 42, 42, float64(3.14159), "ab", "cd", true, typed(120 /* 'x' */, "int32"), typed(233 /* 'é' */, "int32"), float64(12345.678), float64(1e-10));
  class P {
    x = 0;
    y = 0;
    n: Ref<number> | undefined;
    m: Map<string, number> = nilMap();
    s: string[] = [];
    i: unknown;
    e: Error | undefined;
    static readonly goFields = ["X", "Y", "N", "M", "S", "I", "E"];

    constructor(init?: Partial<P>) {
      Object.assign(this, init);
    }
  }
  fmt.printf("%v %+v\n", new P({ x: 1 }), new P({ y: 2, m: new Map<string, number>([["b", 1], ["a", 2]]), s: ["q"], i: 5 }));
  fmt.printf("%#v\n", [1, 2]);
  fmt.printf("%v %v %v\n", [undefined], new Map<string, number[]>([["z", [1]], ["a", []]]));
  fmt.printf("%d %s\n", [1, 2], ["a", "b"]);
  fmt.printf("%!|%d|%s|%z\n", "str", 5, 3);
  fmt.printf("%d\n", 1, 2);
  fmt.printf("%d %d\n", 1);
  fmt.printf("%*d|%[2]d %[1]d|%v%%\n", 5, 42, 7);
  fmt.println(fmt.sprint("a", 1, 2, "b", "c", float64(3), undefined, typed(120 /* 'x' */, "int32")), fmt.sprintln("x", 1));
  let e: Error | undefined;
  let np: P | undefined;
  const ns: number[] = [];
  const nm: Map<string, number> = nilMap();
  let nf: (() => void) | undefined;
  const nc: Chan<number> = nilChan();
  let na: unknown;
  console.log(np === undefined, nf === undefined, nc === nilChan(), ns.length === 0, nm === nilMap(), e === undefined, ns.length, nm.size, nm.get("x") ?? 0, nc.capacity, na === undefined);
  const em = new Map<string, number>();
  console.log(em === nilMap());
  fmt.println(fromBytes(Uint8Array.of(104, 105)), "A", strings.compare("a", "b"));
  const multi = `raw
string \\n`;
  fmt.println(multi, len(multi));
  const bf: Uint8Array = new Uint8Array(4);
  const n = copyInto(bf, toBytes("héllo"), 0);
  fmt.println(n, bf.slice(), fromBytes(slice(bf, 0, n)));
});
