// Errors as exceptions, with --throw: what is plain in Go throws, the rest keeps its form.
import { chan, errors, go, main, time } from "gocsp";
import { asError, caughtError, nilMap, panic, recovered } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as os from "gocsp/golib/os";
import * as strconv from "gocsp/golib/strconv";

const errEmpty = new Error("empty");
const errClosed = new Error("closed");

/** parse is plain: the other result is zero beside an error. */
function parse(s: string): number {
  if (s === "") {
    throw errEmpty;
  }
  const [n, err] = strconv.atoi(s);
  if (err !== undefined) {
    throw fmt.errorf("parse: %w", err);
  }
  return n;
}

/** clamp returns a value beside its error, so both stay values. */
function clamp(n: number): [number, Error | undefined] {
  if (n > 100) {
    return [100, new Error(`${n} is too big`)];
  }
  return [n, undefined];
}

function sum(...list: string[]): number {
  let total = 0;
  for (const [i, s] of list.entries()) {
    let n: number;
    try {
      n = parse(s);
    } catch (thrown) {
      const err = caughtError(thrown);
      throw fmt.errorf("element %d: %w", i, err);
    }
    total += n;
  }
  return total;
}

/** double passes the error on as it is. */
function double(s: string): number {
  const n = parse(s);
  return 2 * n;
}

function minmax(a: string, b: string): [number, number] {
  const x = parse(a);
  const y = parse(b);
  return [Math.min(x, y), Math.max(x, y)];
}

function spread(a: string, b: string): number {
  const [lo, hi] = minmax(a, b);
  return hi - lo;
}

function check(s: string): void {
  parse(s);
  if (s === "13") {
    throw new Unlucky({ n: 13 });
  }
}

function checkAll(list: string[]): void {
  for (const s of list) {
    try {
      check(s);
    } catch (thrown) {
      const err = caughtError(thrown);
      if (errors.is(err, errEmpty)) {
        continue;
      }
      throw err;
    }
  }
  check("7");
}

class Unlucky extends Error {
  n = 0;

  constructor(init?: Partial<Unlucky>) {
    super();
    Object.assign(this, init);
  }

  override get message(): string {
    return "unlucky: " + strconv.itoa(this.n);
  }
}

/** An interface's method has one form for all types. */
interface Store {
  get(key: string): string;
  close(): void;
}

class Memory {
  data: Map<string, string> = nilMap();
  closed = false;

  constructor(init?: Partial<Memory>) {
    Object.assign(this, init);
  }

  get(key: string): string {
    if (this.closed) {
      throw errClosed;
    }
    const v = this.data.get(key) ?? "";
    const ok = this.data.has(key);
    if (!ok) {
      throw new Error(`no ${key}`);
    }
    return v;
  }

  close(): void {
    if (this.closed) {
      throw errClosed;
    }
    this.closed = true;
  }
}

class Counting {
  store!: Store;
  gets = 0;

  constructor(init?: Partial<Counting>) {
    Object.assign(this, init);
  }

  get(key: string): string {
    this.gets++;
    return this.store.get(key);
  }

  close(): void {
    return this.store.close();
  }
}

function lookUp(s: Store, key: string): string {
  let v: string;
  try {
    v = s.get(key);
  } catch (thrown) {
    const err = caughtError(thrown);
    throw fmt.errorf("look up: %w", err);
  }
  return v + "!";
}

/** retry calls a function value: these throw too. */
function retry(times: number, f: () => void): void {
  let err: Error | undefined;
  for (let i = 0; i < times; i++) {
    [, err] = errors.resultSync(() => f());
    if (err === undefined) {
      return;
    }
  }
  if (err !== undefined) {
    throw err;
  }
}

async function later<T>(d: number, f: () => T): Promise<T> {
  await time.sleep(d);
  const v = f();
  return v;
}

/** safely recovers: a thrown error would look like a panic to it. */
function safely(f: () => void): Error | undefined {
  let err = undefined as Error | undefined;
  try {
    err = errors.resultSync(() => f())[1];
    return err;
  } catch (thrown) {
    const r = recovered(thrown);
    err = fmt.errorf("panic: %v", r);
  }
  return err;
}

function must(s: string): number {
  const [n = 0, err] = errors.resultSync(() => parse(s));
  if (err !== undefined) {
    panic(err);
  }
  return n;
}

function tidy(s: Store): void {
  let err: Error | undefined;
  [, err] = errors.resultSync(() => s.get("a"));
  if (err !== undefined) {
    throw err;
  }
  s.close();
}

function classify(s: string): string {
  const [, err] = errors.resultSync(() => check(s));
  let u: Unlucky | undefined;
  if (err === undefined) {
    return "fine";
  } else if (errors.is(err, errEmpty)) {
    return "empty";
  } else if (asError(err, (e) => e instanceof Unlucky, (e) => { u = e as Unlucky; })) {
    return "unlucky " + strconv.itoa(u!.n);
  } else {
    return err.message;
  }
}

main(async () => {
  let [n = 0, err] = errors.resultSync(() => sum("1", "2"));
  fmt.println(n, err);
  [n = 0, err] = errors.resultSync(() => sum("1", ""));
  fmt.println(n, err, errors.is(err, errEmpty));
  const [n1 = 0, err1] = errors.resultSync(() => double("x"));
  if (err1 !== undefined) {
    fmt.println("double:", n1, err1);
  }
  fmt.println(...clamp(300));
  const [d = 0, err2] = errors.resultSync(() => spread("3", "10"));
  if (err2 === undefined) {
    fmt.println("spread", d);
  }
  fmt.println(errors.resultSync(() => checkAll(["1", "", "2"]))[1], errors.resultSync(() => checkAll(["13", "1"]))[1]);
  for (const s of ["1", "", "13", "x"]) {
    console.log(classify(s));
  }

  const m = new Memory({ data: new Map<string, string>([["a", "b"]]) });
  const c = new Counting({ store: m });
  let v: string;
  [v = "", err] = errors.resultSync(() => lookUp(c, "a"));
  fmt.println(v, err, c.gets);
  [, err] = errors.resultSync(() => lookUp(c, "z"));
  fmt.println(err);
  fmt.println(errors.resultSync(() => tidy(c))[1], errors.resultSync(() => tidy(c))[1]);
  errors.resultSync(() => c.store.close());
  errors.resultSync(() => c.store.close());

  let calls = 0;
  [, err] = errors.resultSync(() => retry(3, (): void => {
    calls++;
    if (calls < 3) {
      throw errEmpty;
    }
  }));
  fmt.println(calls, err, errors.resultSync(() => retry(2, (): void => {
    throw errClosed;
  }))[1]);
  let s: string;
  [s = "", err] = await errors.result(later(time.millisecond, () => "late"));
  fmt.println(s, err);
  [, err] = await errors.result(later(time.millisecond, () => parse("")));
  fmt.println(err);

  fmt.println(safely((): void => {
    throw errClosed;
  }));
  fmt.println(safely(() => check(strconv.itoa(must("?")))));
  const errs = chan<Error | undefined>(1);
  go(async () => await errs.send(errors.resultSync(() => check("13"))[1]));
  fmt.println(await errs.receive());
  const [, err3] = errors.resultSync(() => checkAll([]));
  if (err3 !== undefined) {
    console.log("not reached");
    os.exit(1);
  }
});
