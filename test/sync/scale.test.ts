import { context, gosched } from "gocsp";
import { Cond, Mutex, Once, RWMutex, WaitGroup } from "gocsp/sync";
import { describe, expect, test, vi } from "vitest";
import { crowding, heapGrowth } from "../support/memory.ts";
import { cancelable } from "./log.ts";

// On a busy machine the measurements take long.
vi.setConfig({ testTimeout: 60_000 });

const many = 100_000;

describe("100,000 waiters come and go", () => {
  test("at a mutex, one after the other, without the stack growing", async () => {
    const mu = new Mutex();
    let held = 0;
    await mu.lock();
    const waiting = Array.from({ length: many }, async () => {
      await mu.lock();
      held++;
      mu.unlock();
    });
    mu.unlock();
    await Promise.all(waiting);
    expect([held, mu.tryLock()]).toEqual([many, true]);
  });

  test("at a RWMutex, all at once", async () => {
    const mu = new RWMutex();
    await mu.lock();
    const readers = Array.from({ length: many }, () => mu.rLock());
    mu.unlock();
    await Promise.all(readers);
    expect(mu.tryLock()).toBe(false);
    for (let i = 0; i < many; i++) mu.rUnlock();
    expect(mu.tryLock()).toBe(true);
  });

  test("behind a writer that gives up", async () => {
    const mu = new RWMutex();
    const [ctx, cancel] = cancelable();
    await mu.rLock();
    const writer = mu.lock(ctx);
    const readers = Array.from({ length: many }, () => mu.rLock());
    cancel();
    await expect(writer).rejects.toBe(context.canceled);
    await Promise.all(readers);
    for (let i = 0; i <= many; i++) mu.rUnlock();
    expect(mu.tryLock()).toBe(true);
  });

  test("at a WaitGroup and a Once", async () => {
    const wg = new WaitGroup();
    const once = new Once();
    wg.add(1);
    const waiting = Array.from({ length: many }, () => Promise.all([wg.wait(), once.do(() => wg.wait())]));
    wg.done();
    await Promise.all(waiting);
  });

  test("at a Cond", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const waiting = Array.from({ length: many }, async () => {
      await mu.lock();
      await cond.wait();
      mu.unlock();
    });
    while (!mu.tryLock()) await gosched();
    // Goroutines that do not wait yet would miss it.
    for (let turns = 0; turns < 3; turns++) {
      mu.unlock();
      await mu.lock();
    }
    cond.broadcast();
    mu.unlock();
    await Promise.all(waiting);
    expect(mu.tryLock()).toBe(true);
  });
});

function held<T extends Mutex | RWMutex>(
  mu: T,
  wait: (mu: T, ctx: context.Context) => Promise<unknown>,
): (ctx: context.Context) => Promise<unknown> {
  mu.tryLock();
  return (ctx) => wait(mu, ctx);
}

describe("time in proportion", () => {
  const parts = 64;
  // It should be 1, and is more while the machine is busy. Quadratic time would give almost 64.
  const linear = 12;

  test("to waiters for a mutex", async () => {
    const ratio = await crowding(500, parts, async (n) => {
      const mu = new Mutex();
      await mu.lock();
      const waiting = Array.from({ length: n }, async () => {
        await mu.lock();
        mu.unlock();
      });
      mu.unlock();
      await Promise.all(waiting);
    });
    expect(ratio).toBeLessThan(linear);
  });

  const givingUp: [name: string, wait: () => (ctx: context.Context) => Promise<unknown>][] = [
    ["Mutex.lock", () => held(new Mutex(), (mu, ctx) => mu.lock(ctx))],
    ["RWMutex.lock", () => held(new RWMutex(), (mu, ctx) => mu.lock(ctx))],
    ["RWMutex.rLock", () => held(new RWMutex(), (mu, ctx) => mu.rLock(ctx))],
  ];

  test.each(givingUp)("to waiters that give up, whatever their place in the queue: %s", async (_, make) => {
    const ratio = await crowding(250, parts, async (n) => {
      const wait = make();
      const contexts = Array.from({ length: n }, () => cancelable());
      const waiting = contexts.map(([ctx]) => wait(ctx).catch(() => undefined));
      for (let i = 0; i < n; i++) contexts[(i * 7919) % n]?.[1]();
      await Promise.all(waiting);
    });
    expect(ratio).toBeLessThan(linear);
  });

  test("to waiters that are signaled one by one", async () => {
    const ratio = await crowding(500, parts, async (n) => {
      const cond = new Cond({ lock: () => Promise.resolve(), unlock: () => undefined });
      const waiting = Array.from({ length: n }, () => cond.wait());
      for (let i = 0; i < n; i++) cond.signal();
      await Promise.all(waiting);
    });
    expect(ratio).toBeLessThan(linear);
  });
});

describe("nothing is retained", () => {
  test("by a lock after 100,000 waits that were given up", async () => {
    const [mu, rw, wg] = [new Mutex(), new RWMutex(), new WaitGroup()];
    const cond = new Cond({ lock: () => Promise.resolve(), unlock: () => undefined });
    await mu.lock();
    await rw.lock();
    wg.add(1);
    const waits = [
      (ctx: context.Context) => mu.lock(ctx),
      (ctx: context.Context) => rw.lock(ctx),
      (ctx: context.Context) => rw.rLock(ctx),
      (ctx: context.Context) => wg.wait(ctx),
      (ctx: context.Context) => cond.wait(ctx),
    ];
    const giveUp = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        for (const wait of waits) {
          const [ctx, cancel] = cancelable();
          const waiting = wait(ctx).catch(() => undefined);
          cancel();
          await waiting;
        }
      }
    };
    await giveUp(100);
    const grown = await heapGrowth(() => giveUp(many / waits.length));
    expect(grown).toBeLessThan(500_000);
    expect([mu.tryLock(), rw.tryLock()]).toEqual([false, false]);
  });

  test("by a context that lives on after 100,000 locks that were got", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    const use = async (times: number): Promise<void> => {
      await mu.lock();
      for (let i = 0; i < times; i++) {
        const waiting = mu.lock(ctx);
        mu.unlock();
        await waiting;
      }
      mu.unlock();
    };
    await use(100);
    const grown = await heapGrowth(() => use(many));
    expect(grown).toBeLessThan(500_000);
    cancel();
    expect(mu.tryLock()).toBe(true);
  });

  test("of 100,000 locks that had waiters", async () => {
    const grown = await heapGrowth(async () => {
      for (let i = 0; i < many; i++) {
        const mu = new Mutex();
        await mu.lock();
        const waiting = mu.lock();
        mu.unlock();
        await waiting;
      }
    });
    expect(grown).toBeLessThan(1_000_000);
  });
});
