import { context, go, gosched } from "gocsp";
import { RWMutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { cancelable, Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("an ended context", () => {
  test("is checked first, even if the lock is free", async () => {
    const mu = new RWMutex();
    const [ctx, cancel] = cancelable();
    cancel();
    await expect(mu.lock(ctx)).rejects.toBe(context.canceled);
    await expect(mu.rLock(ctx)).rejects.toBe(context.canceled);
    expect(mu.tryLock()).toBe(true);
    await expect(mu.lock(ctx)).rejects.toBe(context.canceled);
    await expect(mu.rLock(ctx)).rejects.toBe(context.canceled);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("changes nothing for locks that are held already", async () => {
    const mu = new RWMutex();
    const [ctx, cancel] = cancelable();
    await mu.rLock(ctx);
    await mu.rLock(context.background());
    cancel();
    await settle();
    expect([mu.tryLock(), mu.tryRLock()]).toEqual([false, true]);
    for (let i = 0; i < 3; i++) mu.rUnlock();
  });
});

describe("a writer that gives up", () => {
  test("admits the readers that it kept out, in the same step", async () => {
    const mu = new RWMutex();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    await mu.rLock();
    log.follow("writer", mu.lock(ctx));
    log.follow("reader 1", mu.rLock());
    log.follow("reader 2", mu.rLock());
    await settle();
    expect(log.take()).toEqual([]);
    cancel();
    mu.rUnlock();
    // Only the two readers can have it now.
    expect([mu.tryLock(), mu.tryRLock()]).toEqual([false, true]);
    await settle();
    expect(log.take().toSorted()).toEqual(["reader 1", "reader 2", "writer: context canceled"]);
    for (let i = 0; i < 3; i++) mu.rUnlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("lets them in before a writer that comes later in the same step", async () => {
    const mu = new RWMutex();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    await mu.rLock();
    log.follow("writer 1", mu.lock(ctx));
    log.follow("reader", mu.rLock());
    cancel();
    log.follow("writer 2", mu.lock());
    await settle();
    expect(log.take().toSorted()).toEqual(["reader", "writer 1: context canceled"]);
    mu.rUnlock();
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer 2"]);
    mu.unlock();
  });

  test("leaves them out while another writer waits, or one holds the lock", async () => {
    const mu = new RWMutex();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    await mu.rLock();
    log.follow("writer 1", mu.lock(ctx));
    log.follow("writer 2", mu.lock());
    log.follow("reader", mu.rLock());
    cancel();
    await settle();
    expect(log.take()).toEqual(["writer 1: context canceled"]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer 2"]);
    const [ctx3, cancel3] = cancelable();
    log.follow("writer 3", mu.lock(ctx3));
    await settle();
    cancel3();
    await settle();
    expect(log.take()).toEqual(["writer 3: context canceled"]);
    mu.unlock();
    await settle();
    expect(log.take()).toEqual(["reader"]);
    mu.rUnlock();
  });

  test("lets them in also when a turn of the event loop is owed", async () => {
    const mu = new RWMutex();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    await mu.rLock();
    log.follow("writer", mu.lock(ctx));
    log.follow("reader", mu.rLock());
    exhaust();
    cancel();
    mu.rUnlock();
    expect(mu.tryLock()).toBe(false);
    await settle();
    expect(log.take().toSorted()).toEqual(["reader", "writer: context canceled"]);
    mu.rUnlock();
  });

  test("with the readers behind it in the same context leaves no lock held without its holder knowing", async () => {
    const mu = new RWMutex();
    const [ctx, cancel] = cancelable();
    await mu.rLock();
    const writer = follow(mu.lock(ctx));
    const readers = [follow(mu.rLock(ctx)), follow(mu.rLock(ctx))];
    cancel();
    mu.rUnlock();
    await settle();
    expect(writer.error).toBe(context.canceled);
    // Each reader either got in before its own wait ended, or gave up; a lock that was acquired must be released.
    for (const { state, error } of readers) {
      if (state === "returned") mu.rUnlock();
      else expect(error).toBe(context.canceled);
    }
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });
});

describe("a reader that gives up", () => {
  test("enters neither now nor later, and delays no other waiter", async () => {
    const mu = new RWMutex();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    log.follow("reader 1", mu.rLock(ctx));
    log.follow("reader 2", mu.rLock());
    log.follow("writer", mu.lock());
    cancel();
    mu.unlock();
    await settle();
    expect(log.take().toSorted()).toEqual(["reader 1: context canceled", "reader 2"]);
    mu.rUnlock();
    await settle();
    expect(log.take()).toEqual(["writer"]);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("as the last one before the unlock leaves the next writer its turn", async () => {
    const mu = new RWMutex();
    const log = new Log();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    log.follow("reader", mu.rLock(ctx));
    log.follow("writer", mu.lock());
    cancel();
    mu.unlock();
    await settle();
    expect(log.take().toSorted()).toEqual(["reader: context canceled", "writer"]);
    mu.unlock();
  });
});

describe("when the hand-over and the end of the context coincide", () => {
  test.each(["lock", "rLock"] as const)("a lock that was given to a waiter is held: %s", async (kind) => {
    const mu = new RWMutex();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(mu[kind](ctx));
    mu.unlock();
    cancel();
    await settle();
    expect([waiting.state, mu.tryLock(), mu.tryRLock()]).toEqual(["returned", false, kind === "rLock"]);
    if (kind === "rLock") for (let i = 0; i < 2; i++) mu.rUnlock();
    else mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test.each(["lock", "rLock"] as const)("a wait whose context ended has failed: %s", async (kind) => {
    const mu = new RWMutex();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(mu[kind](ctx));
    cancel();
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    await settle();
    expect(waiting.error).toBe(context.canceled);
    mu.unlock();
  });

  test("goroutines that cancel each other while they come and go keep the lock right", async () => {
    const mu = new RWMutex();
    let [readers, writers, wrong, ended] = [0, 0, 0, 0];
    const contexts = Array.from({ length: 120 }, () => cancelable());
    for (const [i, [ctx]] of contexts.entries()) {
      go(async () => {
        try {
          if (i % 3 === 0) {
            using _ = await mu.lock(ctx);
            if (++writers > 1 || readers > 0) wrong++;
            contexts[i + 3]?.[1]();
            await gosched();
            writers--;
          } else {
            using _ = await mu.rLock(ctx);
            readers++;
            if (writers > 0) wrong++;
            contexts[i + 7]?.[1]();
            await gosched();
            readers--;
          }
        } catch (error) {
          if (error !== context.canceled) throw error;
          ended++;
        }
      });
    }
    await settle();
    expect([wrong, readers, writers, mu.tryLock()]).toEqual([0, 0, 0, true]);
    expect(ended).toBeGreaterThan(0);
    mu.unlock();
  });
});

test.each(["lock", "rLock"] as const)("a context of one's own may unlock while it is asked: %s", async (kind) => {
  const mu = new RWMutex();
  for (const question of [1, 2]) {
    mu.tryLock();
    let asked = 0;
    const done = (): null => {
      if (++asked === question) mu.unlock();
      return null;
    };
    const locking = follow(mu[kind]({ err: () => undefined, done }));
    if (asked < question) mu.unlock();
    await settle();
    expect([question, locking.state]).toEqual([question, "returned"]);
    if (kind === "lock") mu.unlock();
    else mu.rUnlock();
  }
});
