import { go } from "gocsp";
import { Cond, RWMutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { free } from "./free.ts";
import { Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("owners", () => {
  test("read and write locks may be released by another goroutine [Y15]", async () => {
    const mu = new RWMutex();
    await mu.rLock();
    await mu.rLock();
    go(() => (mu.rUnlock(), mu.rUnlock()));
    await mu.lock();
    go(() => mu.unlock());
    await mu.lock();
    mu.unlock();
    expect(free(mu)).toBe("free");
  });

  test("using releases the kind of lock that was taken [Y8]", async () => {
    const mu = new RWMutex();
    {
      using _ = await mu.rLock();
      using _1 = await mu.rLock();
      expect(free(mu)).toBe("for readers");
    }
    expect(free(mu)).toBe("free");
    {
      using _ = await mu.lock();
      expect(free(mu)).toBe("no");
    }
    expect(free(mu)).toBe("free");
  });
});

describe("rLocker", () => {
  test("its lock and unlock are rLock and rUnlock [Y14]", async () => {
    const mu = new RWMutex();
    const read = mu.rLocker();
    await mu.lock();
    const reading = follow(read.lock());
    await settle();
    expect(reading.state).toBe("waits");
    mu.unlock();
    await settle();
    expect([reading.state, free(mu)]).toEqual(["returned", "for readers"]);
    const writing = follow(mu.lock());
    await settle();
    expect(writing.state).toBe("waits");
    read.unlock();
    await settle();
    expect(writing.state).toBe("returned");
    mu.unlock();
    expect(mu.rLocker()).toBe(read);
  });

  test("a Cond over it lets several readers wait while others read [Y14] [Y39]", async () => {
    const mu = new RWMutex();
    const cond = new Cond(mu.rLocker());
    const state = { ready: false };
    const log = new Log();
    for (let i = 0; i < 3; i++) {
      go(async () => {
        await cond.l.lock();
        while (!state.ready) await cond.wait();
        log.add(`reader ${i}, ${free(mu)}`);
        cond.l.unlock();
      });
    }
    await settle();
    expect(free(mu)).toBe("free");
    await mu.lock();
    state.ready = true;
    cond.broadcast();
    await settle();
    expect(log.take()).toEqual([]);
    mu.unlock();
    await settle();
    expect(log.take().length).toBe(3);
    expect(free(mu)).toBe("free");
  });
});
