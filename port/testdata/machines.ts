// A state machine, visitors, a parser, options, readers and writers, sorting.
import { errors, main } from "gocsp";
import {
  andNot64,
  append,
  asError,
  box,
  Boxed,
  byteAt,
  cap,
  copy,
  deferringSync,
  float64,
  fromBytes,
  has,
  len,
  nilMap,
  or64,
  panic,
  recovered,
  type Ref,
  rem,
  slice,
  toBytes,
  view,
  xor64,
} from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as io from "gocsp/golib/io";
import * as os from "gocsp/golib/os";
import * as sort from "gocsp/golib/sort";
import * as strings from "gocsp/golib/strings";

export type State = number;

/** A State in an interface: the value with its methods. */
class StateValue extends Boxed<State> {
  static override typeName = "main.State";

  override toString(): string {
    return stateString(this.value);
  }
}

export const idle = 0;
export const running = 1;
export const done = 2;

export function stateString(s: State): string {
  switch (s) {
    case idle:
      return "Idle";
    case running:
      return "Running";
  }
  return `State(${s})`;
}

export class Event {
  name = "";
  from: State[] = [];
  to: State = 0;

  constructor(init?: Partial<Event>) {
    Object.assign(this, init);
  }
}

export class Machine {
  cur: State = 0;
  trans: Map<State, Map<string, State>> = nilMap();
  hooks: Map<State, ((from: State, to: State) => Error | undefined)[]> = nilMap();
  log: string[] = [];

  constructor(init?: Partial<Machine>) {
    Object.assign(this, init);
  }

  on(s: State, f: (from: State, to: State) => Error | undefined): Machine {
    this.hooks.set(s, [...(this.hooks.get(s) ?? []), f]);
    return this;
  }

  fire(ev: string): Error | undefined {
    const to = this.trans.get(this.cur)?.get(ev) ?? 0;
    const ok = this.trans.get(this.cur)?.has(ev) === true;
    if (!ok) {
      return new TransErr({ from: this.cur, ev, err: errBad });
    }
    for (const [i, h] of (this.hooks.get(to) ?? []).entries()) {
      const err = h(this.cur, to);
      if (err !== undefined) {
        return fmt.errorf("hook %d: %w", i, err);
      }
    }
    this.cur = to;
    this.log.push(stateString(this.cur));
    return undefined;
  }
}

export const errBad = new Error("bad transition");

export class TransErr extends Error {
  from: State = 0;
  ev = "";
  err!: Error;

  constructor(init?: Partial<TransErr>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return fmt.sprintf("%v --%s--> ?: %v", box(StateValue, this.from), this.ev, this.err);
  }

  override get cause(): Error {
    return this.err;
  }
}

export function newMachine(...evs: Event[]): Machine {
  const m = new Machine({
    trans: new Map<State, Map<string, State>>(),
    hooks: new Map<State, ((arg0: State, arg1: State) => Error | undefined)[]>(),
  });
  for (const e of evs) {
    for (const f of e.from) {
      if (m.trans.get(f) === undefined) {
        m.trans.set(f, new Map<string, State>());
      }
      m.trans.get(f)!.set(e.name, e.to);
    }
  }
  return m;
}

export interface Visitor {
  visitNum(n: Num): number;
  visitBin(b: Bin): number;
}

export interface Expr {
  accept(v: Visitor): number;
}

export type Num = number;

export class Bin {
  op = 0;
  l!: Expr;
  r!: Expr;

  constructor(init?: Partial<Bin>) {
    Object.assign(this, init);
  }

  accept(v: Visitor): number {
    return v.visitBin(this);
  }
}

export function numAccept(n: Num, v: Visitor): number {
  return v.visitNum(n);
}

class Eval {
  depth = 0;

  constructor(init?: Partial<Eval>) {
    Object.assign(this, init);
  }

  visitNum(n: Num): number {
    return n;
  }

  visitBin(b: Bin): number {
    this.depth++;
    const l = b.l.accept(this);
    const r = b.r.accept(this);
    switch (b.op) {
      case 43 /* '+' */:
        return l + r;
      case 45 /* '-' */:
        return l - r;
      case 42 /* '*' */:
        return l * r;
      case 47 /* '/' */:
        return l / r;
    }
    panic(fmt.sprintf("op %c", b.op));
  }
}

class Parser {
  s = "";
  pos = 0;

  constructor(init?: Partial<Parser>) {
    Object.assign(this, init);
  }

  peek(): number {
    if (this.pos < len(this.s)) {
      return byteAt(this.s, this.pos);
    }
    return 0;
  }

  expr(): Expr {
    let l: Expr = this.term();
    while (this.peek() === 43 /* '+' */ || this.peek() === 45 /* '-' */) {
      const op = this.peek();
      this.pos++;
      l = new Bin({ op, l, r: this.term() });
    }
    return l;
  }

  term(): Expr {
    let l: Expr = this.factor();
    while (this.peek() === 42 /* '*' */ || this.peek() === 47 /* '/' */) {
      const op = byteAt(this.s, this.pos);
      this.pos++;
      l = new Bin({ op, l, r: this.factor() });
    }
    return l;
  }

  factor(): Expr {
    if (this.peek() === 40 /* '(' */) {
      this.pos++;
      const e = this.expr();
      this.pos++;
      return e;
    }
    let n = 0;
    for (let c = this.peek(); c >= 48 /* '0' */ && c <= 57 /* '9' */; c = this.peek()) {
      n = n * 10 + (c - 48 /* '0' */ & 0xff);
      this.pos++;
    }
    return box(NumValue, n);
  }
}

type Option = (arg: Config) => void;

class Config {
  name = "";
  retries = 0;
  tags: Map<string, string> = nilMap();
  static readonly goFields = ["name", "retries", "tags"];

  constructor(init?: Partial<Config>) {
    Object.assign(this, init);
  }

  /** A copy, as an assignment makes it in Go. */
  clone(): Config {
    return new Config(this);
  }
}

export function withName(n: string): Option {
  return (c: Config) => {
    c.name = n;
  };
}

export function withRetries(n: number): Option {
  return (c: Config) => {
    c.retries = n;
  };
}

function build(...opts: Option[]): Config {
  const c = new Config({ name: "def", retries: 1, tags: new Map<string, string>() });
  for (const o of opts) {
    o(c);
  }
  return c.clone();
}

class Upper {
  r!: io.Reader;

  constructor(init?: Partial<Upper>) {
    Object.assign(this, init);
  }

  async read(p: Uint8Array): Promise<[number, Error | undefined]> {
    const [n, err] = await this.r.read(p);
    copy(p, toBytes(strings.toUpper(fromBytes(slice(p, 0, n)))));
    return [n, err];
  }
}

class CountW {
  n = 0;

  constructor(init?: Partial<CountW>) {
    Object.assign(this, init);
  }

  write(p: Uint8Array): [number, Error | undefined] {
    this.n += p.length;
    return [p.length, undefined];
  }
}

type People = ({ name: string; age: number })[];

function wordFreq(s: string): string[] {
  const m = new Map<string, number>();
  for (const w of strings.fields(strings.toLower(s))) {
    const key = strings.trim(w, ".,");
    m.set(key, (m.get(key) ?? 0) + 1);
  }
  const ks: string[] = [];
  for (const k of m.keys()) {
    ks.push(k);
  }
  sort.slice(ks, (i: number, j: number): boolean => {
    if ((m.get(ks[i]!) ?? 0) !== (m.get(ks[j]!) ?? 0)) {
      return (m.get(ks[i]!) ?? 0) > (m.get(ks[j]!) ?? 0);
    }
    return ks[i]! < ks[j]!;
  });
  for (const [i, k] of ks.entries()) {
    ks[i] = `${k}=${m.get(k) ?? 0}`;
  }
  return ks;
}

/** A Num in an interface: the value with its methods. */
class NumValue extends Boxed<Num> {
  static override typeName = "main.Num";

  accept(v: Visitor): number {
    return numAccept(this.value, v);
  }
}

main(async () => {
  const m = newMachine(new Event({ name: "start", from: [idle], to: running }), new Event({ name: "stop", from: [running, idle], to: done }));
  m.on(done, (f: State, t: State): Error | undefined => {
    fmt.println("hook", box(StateValue, f), box(StateValue, t));
    return undefined;
  });
  fmt.println(m.fire("start"), box(StateValue, m.cur));
  let err: Error | undefined = m.fire("start");
  let te: TransErr | undefined;
  fmt.println(err, errors.is(err, errBad), asError(err, (e) => e instanceof TransErr, (e) => { te = e as TransErr; }));
  fmt.println(box(StateValue, te!.from), te!.ev);
  fmt.println(m.fire("stop"), m.log, box(StateValue, 7));
  const m2 = newMachine(new Event({ name: "x", from: [idle], to: done })).on(done, (f: State, t: State) => errBad);
  err = m2.fire("x");
  fmt.println(err, errors.is(err, errBad), box(StateValue, m2.cur));
  const e = new Eval();
  const p = new Parser({ s: "(1+2)*3-8/4" });
  fmt.println(float64(p.expr().accept(e)), e.depth);
  fmt.printf("%+v\n", build(withName("n"), withRetries(3)));
  const r = new Upper({ r: strings.newReader("hello reader") });
  let b: Uint8Array;
  [b, err] = await io.readAll(r);
  fmt.println(fromBytes(b), err);
  const cw = new CountW();
  let n: number;
  [n, err] = await io.copy(io.multiWriter(cw, os.stdout), strings.newReader("copy me\n"));
  fmt.println(n, err, cw.n);
  const ps: People = [{ name: "Al", age: 3 }, { name: "Bo", age: 2 }];
  sort.slice(ps, (i: number, j: number) => ps[i]!.age < ps[j]!.age);
  fmt.println(ps);
  fmt.println(wordFreq("The cat. the dog, a cat the"));
  const w: io.Writer = cw;
  const ok = has(w, "read");
  if (!ok) {
    console.log("no reader");
  }
  await fmt.fprintf(w, "%d", 12345);
  console.log(cw.n);
  console.log(strings.map((r: number): number => {
    if (r >= 97 /* 'a' */ && r <= 122 /* 'z' */) {
      return 97 /* 'a' */ + (r - 97 /* 'a' */ + 13) % 26;
    } else if (r >= 65 /* 'A' */ && r <= 90 /* 'Z' */) {
      return 65 /* 'A' */ + (r - 65 /* 'A' */ + 13) % 26;
    }
    return r;
  }, "Hello, World"));
  type Kv = { k: string; v: number };
  const kvs: ({ k: string; v: number })[] = [{ k: "a", v: 1 }, { k: "b", v: 2 }];
  for (const i of kvs.keys()) {
    kvs[i]!.v *= 2;
  }
  fmt.println(kvs);
  let x = 10;
  let y = 3;
  [x, y] = [y, rem(x, y)];
  x = xor64(x, y);
  y = andNot64(y, 1);
  x = or64(x, 8);
  fmt.println(x, y, or64(x * 2 ** 2, y), Math.trunc(-x / 2), -x % 3, 0, 0);
  const arr: number[] = new Array<number>(5).fill(0);
  let sl = view(arr, 1, 4);
  [sl[0], sl[2]] = [7, 9];
  fmt.println(arr.slice(), sl.length, cap(sl));
  sl = append(sl, 11);
  fmt.println(arr.slice(), sl);
  sl = append(sl, 12);
  sl[0] = 100;
  fmt.println(arr.slice(), sl);
  (() => {
    deferringSync((deferred) => {
      deferred((recover) => {
        fmt.println("rec:", recover());
      });
      let ip: Ref<number> | undefined;
      console.log(ip!.value);
    });
  })();
  (() => {
    try {
      const mm: Map<string, Map<string, number>> = nilMap();
      mm.get("a")?.get("b") ?? 0;
      panic(io.errUnexpectedEOF);
    } catch (thrown) {
      const r = recovered(thrown);
      const err = r instanceof Error ? (r as Error) : undefined;
      const ok = err !== undefined;
      fmt.println(ok, err);
    }
  })();
});
