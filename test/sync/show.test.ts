import { serialize } from "node:v8";
import { inspect } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { chan, context, go, nilChan, send, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as rate from "gocsp/rate";
import { selector } from "gocsp/select";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

/** Expects a text from everything that prints objects. */
function expectPrinted(object: { toString(): string }, text: string): void {
  expect(object.toString()).toBe(text);
  expect(inspect(object)).toBe(text);
  expect(inspect({ object })).toBe(`{ object: ${text} }`);
  expect(JSON.stringify({ object })).toBe(JSON.stringify({ object: text }));
}

test("locks print their state [Y50]", async () => {
  const mu = new sync.Mutex();
  expectPrinted(mu, "Mutex(unlocked)");
  mu.tryLock();
  expectPrinted(mu, "Mutex(locked)");
  const rw = new sync.RWMutex();
  expectPrinted(rw, "RWMutex(unlocked)");
  await rw.rLock();
  await rw.rLock();
  expectPrinted(rw, "RWMutex(2 reading)");
  rw.rUnlock();
  expectPrinted(rw, "RWMutex(1 reading)");
  rw.rUnlock();
  await rw.lock();
  expectPrinted(rw, "RWMutex(locked)");
  const cond = new sync.Cond(mu);
  expectPrinted(cond, "Cond(idle)");
  go(async () => {
    await cond.wait();
  });
  await settle();
  expectPrinted(cond, "Cond(waiting)");
  cond.signal();
  await settle();
  expectPrinted(cond, "Cond(idle)");
});

test("counters, onces and maps print their state [Y50]", async () => {
  const wg = new sync.WaitGroup();
  wg.add(3);
  expectPrinted(wg, "WaitGroup(3)");
  const once = new sync.Once();
  expectPrinted(once, "Once(new)");
  let finish = (): void => undefined;
  const doing = once.do(() => new Promise<void>((resolve) => (finish = resolve)));
  expectPrinted(once, "Once(running)");
  finish();
  await doing;
  expectPrinted(once, "Once(done)");
  const map = new sync.Map<string, string>();
  map.store("password", "secret");
  expectPrinted(map, "Map(1)");
});

test("the packages above print theirs [Y50]", async () => {
  const sem = new semaphore.Weighted(10);
  sem.tryAcquire(3);
  expectPrinted(sem, "Weighted(3/10)");
  expectPrinted(new rate.Limiter(10, 5), "Limiter(10/s, burst 5)");
  const sometimes = new rate.Sometimes({ first: 1 });
  sometimes.do(() => undefined);
  expectPrinted(sometimes, "Sometimes(1)");
  const flights = new singleflight.Group<number>();
  const flying = flights.do("key", () => time.sleep(1).then(() => 1));
  expectPrinted(flights, "Group(1 in flight)");
  await flying;
  const group = new errgroup.Group();
  void group.go(async () => {
    await time.sleep(1);
    throw new Error("failed");
  });
  expectPrinted(group, "Group(WaitGroup(1))");
  await group.wait().catch(() => undefined);
  expectPrinted(group, "Group(WaitGroup(0), failed)");
});

const key = context.key<string>("key");

test.each([
  ["a channel", chan<number>(1)],
  ["the nil channel", nilChan()],
  ["a timer", time.newTimer(time.hour)],
  ["a ticker", time.newTicker(time.hour)],
  ["a send", send(chan<number>(), 1)],
  ["a reusable select", selector({ ch: chan() })],
  ["the background context", context.background()],
  ["a context that can be canceled", context.withCancel(context.background())[0]],
  ["its cancel function", context.withCancel(context.background())[1]],
  ["a context with a deadline", context.withTimeout(context.background(), time.hour)[0]],
  ["a context with a value", context.withValue(context.todo(), key, "secret")],
  ["a context without cancel", context.withoutCancel(context.background())],
  ["a mutex", new sync.Mutex()],
  ["an RWMutex", new sync.RWMutex()],
  ["a WaitGroup", new sync.WaitGroup()],
  ["a Once", new sync.Once()],
  ["a Cond", new sync.Cond(new sync.Mutex())],
  ["a Pool", new sync.Pool<unknown>()],
  ["a sync.Map", new sync.Map()],
  ["a semaphore", new semaphore.Weighted(1)],
  ["a limiter", new rate.Limiter(1, 1)],
  ["a Sometimes", new rate.Sometimes({})],
  ["a singleflight group", new singleflight.Group()],
  ["an errgroup", new errgroup.Group()],
])("%s cannot be cloned or posted: a copy would be broken [Y51]", (_, object) => {
  const { port1, port2 } = new MessageChannel();
  const failure = expect.objectContaining({ name: "DataCloneError" });
  expect(() => structuredClone(object)).toThrow(failure);
  expect(() => structuredClone({ nested: [object] })).toThrow(failure);
  expect(() => port1.postMessage(object)).toThrow(failure);
  expect(() => serialize(object)).toThrow();
  port1.close();
  port2.close();
});

test("the error says why [Y51]", () => {
  expect(() => structuredClone(chan())).toThrow("it belongs to one thread");
  expect(() => structuredClone(context.background())).toThrow("it belongs to one thread");
});
