import { go, gosched, sync, time } from "gocsp";
import { Mutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { Log } from "./log.ts";

expectNoGoroutinesLeft();

test("the root's sync is the same package as gocsp/sync", () => {
  expect(sync.Mutex).toBe(Mutex);
});

describe("lock and unlock", () => {
  test("a new mutex is unlocked, and a second lock waits for the unlock [Y1]", async () => {
    const mu = new Mutex();
    const first = follow(mu.lock());
    const second = follow(mu.lock());
    await settle();
    expect([first.state, second.state]).toEqual(["returned", "waits"]);
    mu.unlock();
    await settle();
    expect(second.state).toBe("returned");
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("it is not reentrant: its holder waits for itself until another goroutine unlocks [Y1]", async () => {
    const mu = new Mutex();
    const log = new Log();
    go(async () => {
      await mu.lock();
      log.add("locked");
      await mu.lock();
      log.add("locked again");
      mu.unlock();
    });
    await settle();
    expect(log.take()).toEqual(["locked"]);
    mu.unlock();
    await settle();
    expect(log.take()).toEqual(["locked again"]);
  });

  test("the lock is taken when lock is called, not when its promise is awaited [Y1]", async () => {
    const mu = new Mutex();
    const locking = mu.lock();
    expect(mu.tryLock()).toBe(false);
    await locking;
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("it is taken at once even if the goroutine must let the event loop turn before it resumes [Y1]", async () => {
    const mu = new Mutex();
    exhaust();
    const locking = follow(mu.lock());
    expect(mu.tryLock()).toBe(false);
    await gosched();
    await settle();
    expect(locking.state).toBe("returned");
    mu.unlock();
  });

  test("anyone may unlock it [Y4]", async () => {
    const mu = new Mutex();
    await mu.lock();
    go(() => mu.unlock());
    await mu.lock();
    go(async () => {
      await gosched();
      mu.unlock();
    });
    await mu.lock();
    mu.unlock();
  });

  test("many goroutines keep a counter right across their waits [Y1]", async () => {
    const mu = new Mutex();
    const wg = new sync.WaitGroup();
    let count = 0;
    for (let g = 0; g < 10; g++) {
      wg.go(async () => {
        for (let i = 0; i < 1000; i++) {
          if (i % 3 === 0 && mu.tryLock()) {
            mu.unlock();
            await gosched();
          }
          await mu.lock();
          const seen = count;
          if (i % 7 === 0) await gosched();
          count = seen + 1;
          mu.unlock();
        }
      });
    }
    await wg.wait();
    expect(count).toBe(10_000);
  });
});

describe("tryLock", () => {
  test("succeeds exactly if the mutex is unlocked, and never waits [Y2]", async () => {
    const mu = new Mutex();
    expect([mu.tryLock(), mu.tryLock()]).toEqual([true, false]);
    mu.unlock();
    await mu.lock();
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("fails while the mutex is handed to a waiter, also before that one has run [Y2]", async () => {
    const mu = new Mutex();
    mu.tryLock();
    const waiting = follow(mu.lock());
    mu.unlock();
    expect([waiting.state, mu.tryLock()]).toEqual(["waits", false]);
    await settle();
    expect([waiting.state, mu.tryLock()]).toEqual(["returned", false]);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });
});

describe("the order of waiters", () => {
  test("waiters get it in the order of arrival [Y5]", async () => {
    const mu = new Mutex();
    const log = new Log();
    await mu.lock();
    for (let i = 0; i < 5; i++) {
      go(async () => {
        await mu.lock();
        log.add(`locked by ${i}`);
        await gosched();
        log.add(`unlocked by ${i}`);
        mu.unlock();
      });
    }
    await settle();
    mu.unlock();
    await settle();
    expect(log.take()).toEqual([0, 1, 2, 3, 4].flatMap((i) => [`locked by ${i}`, `unlocked by ${i}`]));
  });

  test("a goroutine that unlocks and locks again queues behind the waiters [Y5]", async () => {
    const mu = new Mutex();
    const log = new Log();
    await mu.lock();
    log.follow("waiter", mu.lock());
    mu.unlock();
    log.follow("again", mu.lock());
    log.follow("late", mu.lock());
    for (let i = 0; i < 3; i++) {
      await settle();
      mu.unlock();
    }
    expect(log.take()).toEqual(["waiter", "again", "late"]);
  });

  test("a tight loop of lock and unlock starves no waiter [Y6]", async () => {
    const mu = new Mutex();
    const run = { stop: false };
    let turns = 0;
    for (const greedy of [0, 1, 2]) {
      go(async () => {
        while (!run.stop) {
          if (greedy === 0 || !mu.tryLock()) await mu.lock();
          turns++;
          mu.unlock();
          // Without any wait in the loop no other goroutine would ever run [J11].
          if (greedy > 0) await gosched();
        }
      });
    }
    for (let i = 0; i < 10; i++) {
      await time.sleep(0.1);
      await mu.lock();
      await time.sleep(0.1);
      mu.unlock();
    }
    run.stop = true;
    await settle();
    expect(turns).toBeGreaterThan(0);
  });

  test("goroutines that contend for it endlessly let timers fire [J12]", async () => {
    const mu = new Mutex();
    const run = { stop: false };
    setTimeout(() => (run.stop = true), 5);
    for (let g = 0; g < 3; g++) {
      go(async () => {
        while (!run.stop) {
          if (g === 0 || !mu.tryLock()) await mu.lock();
          await Promise.resolve();
          mu.unlock();
        }
      });
    }
    while (!run.stop) {
      await mu.lock();
      mu.unlock();
    }
    await settle();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });
});

test("a copy is not a mutex: the private state is not copied [Y16]", async () => {
  const used = new Mutex();
  await used.lock();
  const copy = Object.assign(Object.create(Mutex.prototype) as Mutex, used);
  expect(() => copy.tryLock()).toThrow(TypeError);
  expect(() => copy.unlock()).toThrow(TypeError);
  expect(used.tryLock()).toBe(false);
  used.unlock();
});
