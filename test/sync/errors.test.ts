import { Cond, Map, Mutex, Once, onceFunc, onceValue, onceValues, Pool, RWMutex, WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";

const locks: [name: string, make: () => { locked: Mutex | RWMutex; wait: (ctx: never) => Promise<unknown> }][] = [
  ["Mutex.lock", () => at(new Mutex(), (mu, ctx) => mu.lock(ctx))],
  ["RWMutex.lock", () => at(new RWMutex(), (mu, ctx) => mu.lock(ctx))],
  ["RWMutex.rLock", () => at(new RWMutex(), (mu, ctx) => mu.rLock(ctx))],
];

function at<T extends Mutex | RWMutex>(
  locked: T,
  wait: (mu: T, ctx: never) => Promise<unknown>,
): { locked: T; wait: (ctx: never) => Promise<unknown> } {
  return { locked, wait: (ctx) => wait(locked, ctx) };
}

describe.each<[context: unknown, printed: string]>([
  [null, "null"],
  [0, "0"],
  ["ctx", '"ctx"'],
  [{}, "Object"],
  [{ done: (): null => null }, "Object"],
  [() => 1, "function"],
])("a context that is %o", (ctx, printed) => {
  const text = `sync: the context must be a Context, got ${printed}`;

  test.each(locks)("%s refuses it, and the lock stays as it is", async (_, make) => {
    const { locked, wait } = make();
    await expect(wait(ctx as never)).rejects.toThrow(new TypeError(text));
    expect(locked.tryLock()).toBe(true);
    await expect(wait(ctx as never)).rejects.toThrow(new TypeError(text));
    locked.unlock();
    expect(locked.tryLock()).toBe(true);
    locked.unlock();
  });

  test("WaitGroup.wait refuses it, at zero and above", async () => {
    const wg = new WaitGroup();
    await expect(wg.wait(ctx as never)).rejects.toThrow(new TypeError(text));
    wg.add(1);
    await expect(wg.wait(ctx as never)).rejects.toThrow(new TypeError(text));
    wg.done();
  });

  test("Cond.wait refuses it, and the lock stays held", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    await expect(cond.wait(ctx as never)).rejects.toThrow(new TypeError(text));
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
  });
});

test("a context whose done is not a channel is refused", async () => {
  const ctx = { err: () => undefined, done: () => 7 };
  const text = "sync: done() of Object must return a channel, got 7";
  await expect(new Mutex().lock(ctx as never)).rejects.toThrow(new TypeError(text));
});

describe("WaitGroup", () => {
  test.each<[delta: unknown, printed: string]>([
    [0.5, "0.5"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
    ["1", '"1"'],
    [1n, "1"],
    [undefined, "undefined"],
    [{ valueOf: () => 1 }, "Object"],
  ])("add(%o) is refused, and adds nothing", async (delta, printed) => {
    const wg = new WaitGroup();
    const text = `WaitGroup.add: the delta must be an integer, got ${printed}`;
    expect(() => wg.add(delta as never)).toThrow(new TypeError(text));
    await wg.wait();
  });

  test.each<[f: unknown, printed: string]>([
    [undefined, "undefined"],
    [null, "null"],
    [3, "3"],
    [Promise.resolve(), "Promise"],
  ])("go(%o) is refused, and counts nothing", async (f, printed) => {
    const wg = new WaitGroup();
    expect(() => wg.go(f as never)).toThrow(new TypeError(`WaitGroup.go: ${printed} is not a function`));
    await wg.wait();
  });
});

test.each<[lock: unknown, printed: string]>([
  [undefined, "undefined"],
  [null, "null"],
  ["mu", '"mu"'],
  [{ lock: () => undefined }, "Object"],
  [Mutex, "function Mutex"],
])("new Cond(%o) is refused", (lock, printed) => {
  const text = `new Cond: the lock must have the methods lock and unlock, got ${printed}`;
  expect(() => new Cond(lock as never)).toThrow(new TypeError(text));
});

test.each<[f: unknown, printed: string]>([
  [undefined, "undefined"],
  [null, "null"],
  [Promise.resolve(), "Promise"],
])("%o is no function: withLock, once and the pool say so", async (f, printed) => {
  const mu = new Mutex();
  const text = (what: string): Error => new TypeError(`${what}: ${printed} is not a function`);
  await mu.lock();
  await expect(mu.withLock(f as never)).rejects.toThrow(text("withLock"));
  mu.unlock();
  await expect(new Once().do(f as never)).rejects.toThrow(text("Once.do"));
  expect(() => onceFunc(f as never)).toThrow(text("sync.onceFunc"));
  expect(() => onceValue(f as never)).toThrow(text("sync.onceValue"));
  expect(() => onceValues(f as never)).toThrow(text("sync.onceValues"));
  if (f !== undefined) expect(() => new Pool(f as never)).toThrow(text("new Pool"));
});

test("what range is given is a function", () => {
  const map = new Map<number, number>();
  map.store(1, 1);
  expect(() => map.range(4 as never)).toThrow(TypeError);
});
