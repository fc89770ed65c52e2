// Generic structs have the methods of what they embed, also through an interface.
import { main } from "gocsp";
import { has, nilMap, zero } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";

export class Base<T> {
  v: T = zero<T>();

  constructor(init?: Partial<Base<T>>) {
    Object.assign(this, init);
  }

  get(): T {
    return this.v;
  }

  set(v: T): void {
    this.v = v;
  }

  describe(): string {
    return fmt.sprint("base ", this.v);
  }
}

export class Plain {
  name_ = "";

  constructor(init?: Partial<Plain>) {
    Object.assign(this, init);
  }

  name(): string {
    return this.name_;
  }
}

export interface Getter<T> {
  get(): T;
  set(arg: T): void;
}

export interface Namer {
  name(): string;
}

export class Box<K, V> {
  base = new Base<V>();
  plain!: Plain;
  // mu: no section of this mutex waits, so nobody needs it here.
  m: Map<K, V> = nilMap();

  constructor(init?: Partial<Box<K, V>>) {
    Object.assign(this, init);
  }

  describe(): string {
    return this.base.describe();
  }

  get(): V {
    return this.base.get();
  }

  name(): string {
    return this.plain.name();
  }

  set(v: V): void {
    return this.base.set(v);
  }
}

export class Pair<T> {
  base!: Base<T>;
  other: T = zero<T>();

  constructor(init?: Partial<Pair<T>>) {
    Object.assign(this, init);
  }

  describe(): string {
    return this.base.describe();
  }

  get(): T {
    return this.base.get();
  }

  set(v: T): void {
    return this.base.set(v);
  }
}

function use<T>(g: Getter<T>, v: T): T {
  const old = g.get();
  g.set(v);
  return old;
}

export class Locked<K, V> {
  // RWMutex: no section of this mutex waits, so nobody needs it here.
  m: Map<K, V> = nilMap();

  constructor(init?: Partial<Locked<K, V>>) {
    Object.assign(this, init);
  }

  put(k: K, v: V): void {
    if (this.m === nilMap()) {
      this.m = new Map<K, V>();
    }
    this.m.set(k, v);
  }
}

export class Wrapped<T> {
  getter!: Getter<T>;

  constructor(init?: Partial<Wrapped<T>>) {
    Object.assign(this, init);
  }

  get(): T {
    return this.getter.get();
  }

  set(arg0: T): void {
    return this.getter.set(arg0);
  }
}

main(() => {
  const b = new Box<string, number>({ base: new Base<number>({ v: 1 }), plain: new Plain({ name_: "n" }) });
  fmt.println(use<number>(b, 5) ?? 0, b.base.get(), b.base.describe());
  const n: Namer = b;
  console.log(n.name());
  const p = new Pair<string>({ base: new Base<string>({ v: "x" }), other: "y" });
  fmt.println(use<string>(p, "z") ?? "", p.base.get(), p.base.v);
  const w = new Wrapped<number>({ getter: b });
  fmt.println(use<number>(w, 6) ?? 0, w.getter.get() ?? 0, b.base.v);
  const l = new Locked<string, number>();
  l.put("a", 1);
  console.log(l.m.size);
  const s = has(b, "describe") ? (b as { describe(): string }) : undefined;
  const ok = s !== undefined;
  if (ok) {
    console.log(s.describe());
  }
});
