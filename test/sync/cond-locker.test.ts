import { Cond, type Locker, Mutex, RWMutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";
import { Log } from "./log.ts";
import { waiters } from "./waiters.ts";

expectNoGoroutinesLeft();

describe("the lock", () => {
  test("need not be held for signal and broadcast [Y39]", async () => {
    const cond = new Cond(new Mutex());
    const log = new Log();
    await waiters(cond, log, ["a", "b", "c"]);
    cond.signal();
    await settle();
    await cond.l.lock();
    cond.signal();
    cond.l.unlock();
    await settle();
    cond.broadcast();
    await settle();
    expect(log.take()).toEqual(["a", "b", "c"]);
  });

  test("may be any Locker: a RWMutex, its read side, one of the user's [Y39]", async () => {
    const log = new Log();
    const own: Locker = {
      lock: () => Promise.resolve(log.add("lock")),
      unlock: () => log.add("unlock"),
    };
    const rw = new RWMutex();
    for (const locker of [rw, rw.rLocker(), own]) {
      const cond = new Cond(locker);
      expect(cond.l).toBe(locker);
      await waiters(cond, log, ["awake"]);
      cond.signal();
      await settle();
      cond.broadcast();
    }
    expect(log.take()).toEqual(["awake", "awake", "lock", "unlock", "lock", "awake", "unlock"]);
    expect(rw.tryLock()).toBe(true);
    rw.unlock();
  });

  test("may signal while it unlocks: the waiter is registered by then [Y38]", async () => {
    const cond: Cond = new Cond({ lock: () => Promise.resolve(), unlock: () => cond.signal() });
    await cond.wait();
  });

  test("that fails to unlock is the caller's error [Y39]", async () => {
    const failure = new Error("not locked");
    const cond = new Cond({
      lock: () => Promise.resolve(),
      unlock: () => {
        throw failure;
      },
    });
    await expect(cond.wait()).rejects.toBe(failure);
  });
});

test("a copy is not a Cond: the private state is not copied [Y40]", async () => {
  const cond = new Cond(new Mutex());
  const copy = Object.assign(Object.create(Cond.prototype) as Cond, cond);
  for (const use of [() => copy.signal(), () => copy.broadcast()]) expect(use).toThrow(TypeError);
  await copy.l.lock();
  await expect(copy.wait()).rejects.toThrow(TypeError);
});
