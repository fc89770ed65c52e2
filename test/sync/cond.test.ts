import { go, gosched } from "gocsp";
import { Cond, Mutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";
import { Log } from "./log.ts";
import { waiters } from "./waiters.ts";

expectNoGoroutinesLeft();

describe("wait", () => {
  test("unlocks, waits for a signal, and locks again before it returns [Y34]", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const log = new Log();
    await mu.lock();
    log.follow("awake", cond.wait());
    await settle();
    expect([mu.tryLock(), log.take()]).toEqual([true, []]);
    cond.signal();
    await settle();
    // It has been woken, but the lock is ours.
    expect(log.take()).toEqual([]);
    mu.unlock();
    await settle();
    expect([log.take(), mu.tryLock()]).toEqual([["awake"], false]);
    mu.unlock();
  });

  test("the lock is released when wait is called, not when its promise is awaited [Y34]", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    await mu.lock();
    const waiting = cond.wait();
    expect(mu.tryLock()).toBe(true);
    cond.signal();
    mu.unlock();
    await waiting;
    mu.unlock();
  });

  test("no waiter wakes without a signal [Y34]", async () => {
    const cond = new Cond(new Mutex());
    const log = new Log();
    await waiters(cond, log, ["a", "b"]);
    for (let i = 0; i < 100; i++) {
      await cond.l.lock();
      await gosched();
      cond.l.unlock();
    }
    expect(log.take()).toEqual([]);
    cond.broadcast();
    await settle();
    expect(log.take()).toEqual(["a", "b"]);
  });

  test("a signal by a goroutine that takes the lock after the waiter is never missed [Y38]", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    for (let round = 0; round < 200; round++) {
      const state = { ready: false };
      const log = new Log();
      go(async () => {
        await mu.lock();
        for (let i = round % 4; i > 0; i--) await gosched();
        while (!state.ready) await cond.wait();
        log.add("awake");
        mu.unlock();
      });
      await gosched();
      for (let i = round % 3; i > 0; i--) await gosched();
      await mu.lock();
      state.ready = true;
      cond.signal();
      mu.unlock();
      await settle();
      expect(log.take()).toEqual(["awake"]);
    }
  });

  test("three goroutines that hand a value round see every step [Y38]", async () => {
    const cond = new Cond(new Mutex());
    const value = { x: 0 };
    let done = false;
    const step = async (from: number, to: number): Promise<void> => {
      await cond.l.lock();
      while (value.x !== from) await cond.wait();
      value.x = to;
      cond.broadcast();
      cond.l.unlock();
    };
    go(() => step(1, 2));
    go(() => step(2, 3));
    go(async () => {
      await step(3, 4);
      done = true;
    });
    await cond.l.lock();
    value.x = 1;
    cond.signal();
    cond.broadcast();
    cond.l.unlock();
    await settle();
    expect([value.x, done]).toEqual([4, true]);
  });
});

describe("signal", () => {
  test("wakes one waiter, the one that has waited longest [Y35]", async () => {
    const cond = new Cond(new Mutex());
    const log = new Log();
    const names = Array.from({ length: 100 }, (_, i) => `waiter ${i}`);
    await waiters(cond, log, names);
    for (const name of names) {
      cond.signal();
      await settle();
      expect(log.take()).toEqual([name]);
    }
    cond.signal();
    await settle();
    expect(log.take()).toEqual([]);
  });

  test("without waiters it is lost, and so is a broadcast [Y36]", async () => {
    const cond = new Cond(new Mutex());
    const log = new Log();
    cond.signal();
    cond.signal();
    cond.broadcast();
    await waiters(cond, log, ["a"]);
    expect(log.take()).toEqual([]);
    cond.signal();
    await settle();
    expect(log.take()).toEqual(["a"]);
  });

  test("signals in one step wake as many waiters [Y35]", async () => {
    const cond = new Cond(new Mutex());
    const log = new Log();
    await waiters(cond, log, ["a", "b", "c", "d"]);
    cond.signal();
    cond.signal();
    cond.signal();
    await settle();
    expect(log.take()).toEqual(["a", "b", "c"]);
    cond.signal();
    await settle();
    expect(log.take()).toEqual(["d"]);
  });

  test("one that arrives later cannot take the wakeup of an earlier one [Y41]", async () => {
    for (let round = 0; round < 50; round++) {
      const mu = new Mutex();
      const cond = new Cond(mu);
      const log = new Log();
      await waiters(cond, log, ["first"]);
      await mu.lock();
      cond.signal();
      // The second one waits before the first has run.
      log.follow("second", cond.wait());
      await settle();
      expect(log.take()).toEqual(["first"]);
      cond.broadcast();
      await settle();
      expect(log.take()).toEqual(["second"]);
      mu.unlock();
    }
  });
});

describe("broadcast", () => {
  test("wakes all waiters, each once, and none that come later [Y37]", async () => {
    const cond = new Cond(new Mutex());
    const log = new Log();
    const names = Array.from({ length: 50 }, (_, i) => `waiter ${i}`);
    await waiters(cond, log, names);
    await cond.l.lock();
    cond.broadcast();
    log.follow("late", cond.wait());
    await settle();
    expect(log.take()).toEqual(names);
    cond.broadcast();
    await settle();
    expect(log.take()).toEqual(["late"]);
    cond.l.unlock();
  });

  test("those it wakes get the lock one after the other [Y37]", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const log = new Log();
    for (const name of ["a", "b", "c"]) {
      go(async () => {
        await mu.lock();
        await cond.wait();
        log.add(`${name} in`);
        await gosched();
        log.add(`${name} out`);
        mu.unlock();
      });
    }
    await settle();
    cond.broadcast();
    await settle();
    expect(log.take()).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });
});
