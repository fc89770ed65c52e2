// Method values, deferred builtins and divisions: what is evaluated where, and what panics.
import { chan, defer, main } from "gocsp";
import { asserted, at, byteAt, copy, deferringSync, div, nilMap, put, rem, slice } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

const x = new Uint8Array(10);

export class T {
  n = 0;

  constructor(init?: Partial<T>) {
    Object.assign(this, init);
  }

  add(k: number): number {
    this.n += k;
    return this.n;
  }

  get(): number {
    return this.n;
  }
}

let made = 0;

function newT(): T {
  made++;
  return new T({ n: made });
}

function try_(name: string, f: () => void): void {
  deferringSync((deferred) => {
    deferred((recover) => {
      fmt.println(name, recover());
    });
    f();
  });
}

function show(m: Map<number, boolean>): void {
  using _ = defer(fmt.println, "len", m.size);
  using _1 = defer(() => m.delete(1));
  const dst: number[] = new Array<number>(2).fill(0);
  using _2 = defer(() => {
    fmt.println(dst.slice());
  });
  const arg = dst;
  const arg1 = [1, 2];
  using _3 = defer(() => copy(arg, arg1));
  const ch = chan<number>();
  using _4 = defer(() => ch.close());
  using _5 = defer(() => m.clear());
}

function div_(a: number, b: number): number {
  return div(a, b);
}

function mod(a: number, b: number): number {
  return rem(a, b);
}

function div8(a: number, b: number): number {
  return (div(a, b) << 24) >> 24;
}

function div32(a: number, b: number): number {
  return div(a, b) | 0;
}

function udiv(a: number, b: number): number {
  return div(a, b);
}

function idx(list: number[], i: number): number {
  return at(list, i);
}

main(() => {
  const add = ((it) => (k: number) => it.add(k))(newT());
  add(1);
  fmt.println(add(2), made);
  const get = ((it) => () => it.get())(newT());
  fmt.println(get(), made);
  const fs: (() => number)[] = [((it) => () => it.get())(newT()), ((it) => () => it.get())(newT())];
  fmt.println(fs[0]!(), fs[1]!(), made);
  try_("byte", () => {
    console.log(at(x, 123));
  });
  try_("stmt", () => {
    put(x, 50, 1);
  });
  try_("cut", () => {
    fmt.println(slice(x, 5, 15));
  });
  try_("idx", () => {
    idx([1], 1);
  });
  try_("div", () => {
    div_(1, 0);
  });
  try_("mod", () => {
    mod(1, 0);
  });
  try_("udiv", () => {
    udiv(1, 0);
  });
  console.log(div8(-128, -1), div32(-2147483648, -1), div_(7, -2), mod(-7, 2));
  show(new Map<number, boolean>([[1, true], [2, true]]));
  try_("nilmap", () => {
    const m: Map<string, number> = nilMap();
    m.set("a", 1);
  });
  try_("nilptr", () => {
    let t: T | undefined;
    console.log(t!.n);
  });
  try_("nilfunc", () => {
    let f: (() => void) | undefined;
    f!();
  });
  try_("closed", () => {
    const c = chan<number>();
    c.close();
    c.close();
  });
  try_("makeneg", () => {
    const n = -1;
    new Array<number>(n).fill(0);
  });
  try_("conv", () => {
    const i: unknown = "s";
    asserted<number>(i, (v) => typeof v === "number", "int");
  });
  try_("arr", () => {
    const a: number[] = new Array<number>(3).fill(0);
    const i = 5;
    put(a, i % 8, 1);
  });
  try_("str", () => {
    const s = "abc";
    const i = 3;
    byteAt(s, i);
  });
  add(1);
  div_(1, 1);
  const text = (self: Error) => self.message;
  const oops = new Error("oops");
  const method = () => oops.message;
  fmt.println(text(oops), oops.message, method());
  let e: Error | undefined;
  try_("nilerr", () => {
    e!.message;
  });
});
