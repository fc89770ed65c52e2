import { context, go, gosched } from "gocsp";
import { Mutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { cancelable, Log } from "./log.ts";

expectNoGoroutinesLeft();

const background = context.background();

describe("lock(ctx)", () => {
  test("locks like lock while the context lives", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    using _ = cancel;
    {
      using _1 = await mu.lock(ctx);
      expect(mu.tryLock()).toBe(false);
      const next = mu.lock(background);
      mu.unlock();
      await next;
      const last = mu.lock(ctx);
      mu.unlock();
      await last;
    }
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("an ended context is checked first, even if the mutex is free", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    cancel();
    await expect(mu.lock(ctx)).rejects.toBe(context.canceled);
    expect(mu.tryLock()).toBe(true);
    await expect(mu.lock(ctx)).rejects.toBe(context.canceled);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("gives up when the context ends, and takes nothing, later or ever", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(mu.lock(ctx));
    await settle();
    expect(waiting.state).toBe("waits");
    cancel();
    // Its goroutine has not run since, but it has left the queue.
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    await settle();
    expect([waiting.state, waiting.error]).toEqual(["threw", context.canceled]);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("throws err(), not the cause; a deadline has an error of its own", async () => {
    const mu = new Mutex();
    await mu.lock();
    const [ctx, cancel] = context.withCancelCause(background);
    const waiting = follow(mu.lock(ctx));
    cancel(new Error("the cause"));
    await settle();
    expect(waiting.error).toBe(context.canceled);
    const [timed, stop] = context.withTimeout(background, 1);
    using _ = stop;
    await expect(mu.lock(timed)).rejects.toBe(context.deadlineExceeded);
    mu.unlock();
  });

  test("a waiter that gives up delays no other, before or behind it", async () => {
    const mu = new Mutex();
    const log = new Log();
    await mu.lock();
    const ends = Array.from({ length: 9 }, (_, i) => {
      const [ctx, cancel] = cancelable();
      const locking = i % 3 === 1 ? mu.lock() : mu.lock(ctx);
      log.follow(
        `${i}`,
        locking.then(async () => (await gosched(), mu.unlock())),
      );
      return cancel;
    });
    for (const i of [0, 3, 5, 8, 6]) ends[i]?.();
    await settle();
    expect(log.take().toSorted()).toEqual([0, 3, 5, 6, 8].map((i) => `${i}: context canceled`));
    mu.unlock();
    await settle();
    expect(log.take()).toEqual(["1", "2", "4", "7"]);
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("one context may end many waits, of several mutexes", async () => {
    const mutexes = [new Mutex(), new Mutex(), new Mutex()];
    for (const mu of mutexes) mu.tryLock();
    const [ctx, cancel] = cancelable();
    const waits = Array.from({ length: 30 }, (_, i) => follow((mutexes[i % 3] as Mutex).lock(ctx)));
    cancel();
    await settle();
    expect(new Set(waits.map(({ error }) => error))).toEqual(new Set([context.canceled]));
    for (const mu of mutexes) {
      mu.unlock();
      expect(mu.tryLock()).toBe(true);
      mu.unlock();
    }
  });
});

describe("when the hand-over and the end of the context coincide", () => {
  test("a lock that was given to a waiter is held, also if the context ends before its goroutine runs", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(mu.lock(ctx));
    const behind = follow(mu.lock());
    mu.unlock();
    cancel();
    await settle();
    expect([waiting.state, behind.state, mu.tryLock()]).toEqual(["returned", "waits", false]);
    mu.unlock();
    await settle();
    expect(behind.state).toBe("returned");
    mu.unlock();
  });

  test("a wait whose context ended has failed, and the lock goes to the next one", async () => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(mu.lock(ctx));
    const behind = follow(mu.lock());
    cancel();
    mu.unlock();
    await settle();
    expect([waiting.error, behind.state]).toEqual([context.canceled, "returned"]);
    mu.unlock();
  });

  test.each(["cancel first", "unlock first"])("so it is when a turn of the event loop is owed: %s", async (order) => {
    const mu = new Mutex();
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(mu.lock(ctx));
    const behind = follow(mu.lock());
    await settle();
    exhaust();
    if (order === "cancel first") cancel();
    mu.unlock();
    cancel();
    await settle();
    const held = order === "cancel first" ? ["threw", "returned"] : ["returned", "waits"];
    expect([waiting.state, behind.state, mu.tryLock()]).toEqual([...held, false]);
    mu.unlock();
    await settle();
    if (order === "unlock first") mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("a holder that cancels those behind it from within the unlock's own step loses nothing", async () => {
    const mu = new Mutex();
    let holders = 0;
    let most = 0;
    const contexts = Array.from({ length: 50 }, () => cancelable());
    for (const [i, [ctx]] of contexts.entries()) {
      go(async () => {
        try {
          using _ = await mu.lock(ctx);
          most = Math.max(most, ++holders);
          if (i % 2 === 0) contexts[i + 1]?.[1]();
          if (i % 3 === 0) await gosched();
          contexts[i]?.[1]();
          holders--;
        } catch (error) {
          if (error !== context.canceled) throw error;
        }
      });
    }
    await settle();
    expect([most, holders, mu.tryLock()]).toEqual([1, 0, true]);
    mu.unlock();
  });
});

describe("a context of one's own", () => {
  test("may unlock the mutex while it is asked", async () => {
    for (const question of [1, 2, 3]) {
      const mu = new Mutex();
      mu.tryLock();
      let asked = 0;
      const unlocks = {
        err: () => undefined,
        done: () => {
          if (++asked === question) mu.unlock();
          return null;
        },
      };
      const locking = follow(mu.lock(unlocks));
      if (asked < question) mu.unlock();
      await settle();
      expect([question, locking.state]).toEqual([question, "returned"]);
      mu.unlock();
    }
  });

  test("what it throws is what lock throws, and the mutex is as before", async () => {
    const mu = new Mutex();
    const failure = new Error("broken context");
    const fails = (): never => {
      throw failure;
    };
    await expect(mu.lock({ done: fails, err: () => undefined })).rejects.toBe(failure);
    expect(mu.tryLock()).toBe(true);
    await expect(mu.lock({ done: () => null, err: fails })).rejects.toBe(failure);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });
});
