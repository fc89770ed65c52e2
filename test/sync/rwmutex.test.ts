import { go, gosched } from "gocsp";
import { RWMutex, WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { free } from "./free.ts";
import { Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("readers and writers", () => {
  test("any number of readers or one writer [Y8]", async () => {
    const mu = new RWMutex();
    expect(free(mu)).toBe("free");
    await mu.rLock();
    await mu.rLock();
    expect(free(mu)).toBe("for readers");
    expect(mu.tryRLock()).toBe(true);
    const writer = follow(mu.lock());
    mu.rUnlock();
    mu.rUnlock();
    await settle();
    expect(writer.state).toBe("waits");
    mu.rUnlock();
    await settle();
    expect([writer.state, free(mu)]).toEqual(["returned", "no"]);
    mu.unlock();
    expect(free(mu)).toBe("free");
  });

  test("tryLock fails under readers and under a writer, tryRLock only under a writer [Y8]", () => {
    const mu = new RWMutex();
    expect([mu.tryRLock(), mu.tryRLock(), mu.tryLock()]).toEqual([true, true, false]);
    mu.rUnlock();
    expect(mu.tryLock()).toBe(false);
    mu.rUnlock();
    expect([mu.tryLock(), mu.tryLock(), mu.tryRLock()]).toEqual([true, false, false]);
    mu.unlock();
    expect(free(mu)).toBe("free");
  });

  test("all readers are in at the same time [Y8]", async () => {
    const mu = new RWMutex();
    const inside = new WaitGroup();
    const wg = new WaitGroup();
    inside.add(10);
    for (let i = 0; i < 10; i++) {
      wg.go(async () => {
        using _ = await mu.rLock();
        inside.done();
        await inside.wait();
      });
    }
    await wg.wait();
    expect(free(mu)).toBe("free");
  });

  test("writers exclude everybody across their waits, readers only writers [Y8]", async () => {
    const mu = new RWMutex();
    const wg = new WaitGroup();
    let [readers, writers, wrong, mostReaders] = [0, 0, 0, 0];
    for (let g = 0; g < 12; g++) {
      wg.go(async () => {
        for (let i = 0; i < 200; i++) {
          if ((g + i) % 5 === 0) {
            await mu.lock();
            if (++writers > 1 || readers > 0) wrong++;
            if (i % 2 === 0) await gosched();
            writers--;
            mu.unlock();
          } else {
            await mu.rLock();
            mostReaders = Math.max(mostReaders, ++readers);
            if (writers > 0) wrong++;
            if (i % 3 === 0) await gosched();
            readers--;
            mu.rUnlock();
          }
        }
      });
    }
    await wg.wait();
    expect([wrong, readers, writers, mostReaders > 1]).toEqual([0, 0, 0, true]);
  });
});

describe("which lock waits for which", () => {
  test("a waiting writer keeps new readers out [Y9]", async () => {
    const mu = new RWMutex();
    const log = new Log();
    await mu.rLock();
    log.follow("writer", mu.lock());
    log.follow("new reader", mu.rLock());
    await settle();
    expect([mu.tryRLock(), mu.tryLock(), log.take()]).toEqual([false, false, []]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer"]);
    mu.unlock();
    await settle();
    expect(log.take()).toEqual(["new reader"]);
    mu.rUnlock();
  });

  test("so read locks are not reentrant: with a writer in between the second one waits for the first [Y9]", async () => {
    const mu = new RWMutex();
    const log = new Log();
    go(async () => {
      await mu.rLock();
      await gosched();
      await mu.rLock();
      log.add("read again");
      mu.rUnlock();
    });
    await gosched();
    go(async () => {
      await mu.lock();
      log.add("written");
      mu.unlock();
    });
    await settle();
    expect(log.take()).toEqual([]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["written", "read again"]);
  });

  test("a waiting writer waits only for the readers present when it came [Y10]", async () => {
    const mu = new RWMutex();
    const log = new Log();
    await mu.rLock();
    await mu.rLock();
    log.follow("writer", mu.lock());
    for (let i = 0; i < 5; i++) log.follow(`reader ${i}`, mu.rLock());
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual([]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer"]);
    mu.unlock();
    for (let i = 0; i < 5; i++) mu.rUnlock();
    expect(free(mu)).toBe("free");
  });

  test("at the unlock all readers that have queued up enter before the next writer [Y11]", async () => {
    const mu = new RWMutex();
    const log = new Log();
    await mu.lock();
    log.follow("writer 1", mu.lock());
    for (let i = 0; i < 3; i++) log.follow(`reader ${i}`, mu.rLock());
    log.follow("writer 2", mu.lock());
    mu.unlock();
    // The readers are in, but none has run: it is the writers' turn after them, not a newcomer's.
    expect([mu.tryLock(), mu.tryRLock()]).toEqual([false, false]);
    log.follow("late reader", mu.rLock());
    await settle();
    expect(log.take()).toEqual(["reader 0", "reader 1", "reader 2"]);
    mu.rUnlock();
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual([]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer 1"]);
    mu.unlock();
    await settle();
    expect(log.take()).toEqual(["late reader"]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer 2"]);
    mu.unlock();
    expect(free(mu)).toBe("free");
  });

  test("writers among themselves get it in the order in which they came [Y12]", async () => {
    const mu = new RWMutex();
    const log = new Log();
    await mu.rLock();
    for (let i = 0; i < 4; i++) {
      go(async () => {
        await mu.lock();
        log.add(`in ${i}`);
        await gosched();
        log.add(`out ${i}`);
        mu.unlock();
      });
    }
    await settle();
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual([0, 1, 2, 3].flatMap((i) => [`in ${i}`, `out ${i}`]));
  });

  test("neither readers nor writers starve the others [Y11]", async () => {
    const mu = new RWMutex();
    const got = { readers: 0, writers: 0 };
    const run = { stop: false };
    for (let g = 0; g < 4; g++) {
      go(async () => {
        while (!run.stop) {
          await mu.rLock();
          got.readers++;
          await gosched();
          mu.rUnlock();
        }
      });
      go(async () => {
        while (!run.stop) {
          await mu.lock();
          got.writers++;
          await gosched();
          mu.unlock();
        }
      });
    }
    while (got.readers < 100 || got.writers < 100) await gosched();
    run.stop = true;
    await settle();
    expect(free(mu)).toBe("free");
  });
});
