// Lists in interfaces: of what they are shows in their elements.
import { main } from "gocsp";
import { asserted, at, deferringSync, toBytes } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

class Pt {
  x = 0;

  constructor(init?: Partial<Pt>) {
    Object.assign(this, init);
  }
}

function kind(v: unknown): string {
  if (Array.isArray(v) && (v.length === 0 || typeof v[0] === "string")) {
    const v1 = v as string[];
    return fmt.sprint("strings ", v1.length);
  } else if (Array.isArray(v) && (v.length === 0 || typeof v[0] === "number") || Array.isArray(v) && (v.length === 0 || typeof v[0] === "boolean")) {
    return "ints or bools";
  } else if (Array.isArray(v) && (v.length === 0 || v[0] instanceof Pt)) {
    const v1 = v as Pt[];
    return fmt.sprint("points ", at(v1, 0).x);
  } else if (v instanceof Uint8Array) {
    const v1 = v as Uint8Array;
    return "bytes";
  } else if (Array.isArray(v)) {
    const v1 = v as unknown[];
    return fmt.sprint("anything ", v1.length);
  } else {
    return fmt.sprintf("%T", v);
  }
}

main(() => {
  deferringSync((deferred) => {
    for (const v of [["a"], [1], [true], [new Pt({ x: 4 })], toBytes("b"), [undefined, 1], 5, "s"]) {
      console.log(kind(v));
    }
    const x: unknown = ["q"];
    const ok = Array.isArray(x) && (x.length === 0 || typeof x[0] === "number");
    if (!ok) {
      console.log("no ints");
    }
    const ok1 = Array.isArray(x) && (x.length === 0 || typeof x[0] === "string");
    const s = ok1 ? (x as string[]) : [];
    fmt.println(s, ok1);
    const ok2 = Array.isArray(x) && (x.length === 0 || typeof x[0] === "string");
    const v = ok2 ? (x as string[]) : [];
    if (ok2 && v.length === 1) {
      console.log(v[0]!);
    }
    deferred((recover) => {
      fmt.println(recover());
    });
    asserted<number[]>(x, (v) => Array.isArray(v) && (v.length === 0 || typeof v[0] === "number"), "[]int");
  });
});
