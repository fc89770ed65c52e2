import { context, go, gosched } from "gocsp";
import { Cond, Mutex, RWMutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { cancelable, Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("wait(ctx)", () => {
  test("waits like wait while the context lives", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const [ctx, cancel] = cancelable();
    using _ = cancel;
    await mu.lock();
    const waiting = cond.wait(ctx);
    await mu.lock();
    cond.signal();
    mu.unlock();
    await waiting;
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
  });

  test("an ended context is checked first, and the lock stays held throughout", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const [ctx, cancel] = cancelable();
    cancel();
    await mu.lock();
    const waiting = cond.wait(ctx);
    expect(mu.tryLock()).toBe(false);
    await expect(waiting).rejects.toBe(context.canceled);
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
  });

  test("gives up when the context ends, with the lock held again", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(cond.wait(ctx));
    await mu.lock();
    cancel();
    await settle();
    // The canceler holds the lock: as after a signal, the wait resumes only when it gets it.
    expect(waiting.state).toBe("waits");
    mu.unlock();
    await settle();
    expect([waiting.error, mu.tryLock()]).toEqual([context.canceled, false]);
    mu.unlock();
  });

  test("a waiter that gives up takes no signal", async () => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const log = new Log();
    const [ctx, cancel] = cancelable();
    const wait = (name: string, own?: context.Context): void =>
      go(async () => {
        await mu.lock();
        log.follow(
          name,
          cond.wait(own).finally(() => mu.unlock()),
        );
      });
    wait("a", ctx);
    wait("b");
    wait("c", ctx);
    wait("d");
    await settle();
    cancel();
    cond.signal();
    await settle();
    expect(log.take().toSorted()).toEqual(["a: context canceled", "b", "c: context canceled"]);
    cond.signal();
    await settle();
    expect(log.take()).toEqual(["d"]);
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test.each(["signal first", "cancel first"])("what happens first decides, and nothing is lost: %s", async (order) => {
    const mu = new Mutex();
    const cond = new Cond(mu);
    const [ctx, cancel] = cancelable();
    await mu.lock();
    const waiting = follow(cond.wait(ctx).finally(() => mu.unlock()));
    await mu.lock();
    const behind = follow(cond.wait().finally(() => mu.unlock()));
    await settle();
    if (order === "cancel first") cancel();
    cond.signal();
    cancel();
    await settle();
    expect([waiting.state, behind.state]).toEqual(
      order === "signal first" ? ["returned", "waits"] : ["threw", "returned"],
    );
    cond.broadcast();
    await settle();
    expect([behind.state, mu.tryLock()]).toEqual(["returned", true]);
    mu.unlock();
  });

  test("works over a RWMutex and its read side", async () => {
    const mu = new RWMutex();
    for (const l of [mu, mu.rLocker()]) {
      const cond = new Cond(l);
      const [ctx, cancel] = cancelable();
      await l.lock();
      const waiting = follow(cond.wait(ctx));
      cancel();
      await settle();
      expect([waiting.error, mu.tryLock()]).toEqual([context.canceled, false]);
      l.unlock();
      expect(mu.tryLock()).toBe(true);
      mu.unlock();
    }
  });

  test("a lock that fails to unlock leaves no waiter behind", async () => {
    const failure = new Error("not locked");
    const fails = (): never => {
      throw failure;
    };
    const cond = new Cond({ lock: () => Promise.resolve(), unlock: fails });
    const [ctx, cancel] = cancelable();
    await expect(cond.wait(ctx)).rejects.toBe(failure);
    // An uncaught error would end the program here.
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => void unhandled.push(error);
    const before = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", listener);
    cancel();
    await settle();
    process.removeListener("unhandledRejection", listener);
    for (const other of before) process.on("unhandledRejection", other);
    expect(unhandled).toEqual([]);
  });

  test("a bounded queue whose users give up at any time loses and doubles nothing", async () => {
    const mu = new Mutex();
    const [notEmpty, notFull] = [new Cond(mu), new Cond(mu)];
    const items: number[] = [];
    const [put, got]: [number[], number[]] = [[], []];
    const contexts = Array.from({ length: 200 }, () => cancelable());
    for (const [i, [ctx]] of contexts.entries()) {
      go(async () => {
        try {
          using _ = await mu.lock(ctx);
          if (i % 2 === 0) {
            while (items.length === 3) await notFull.wait(ctx);
            items.push(i);
            put.push(i);
            notEmpty.signal();
          } else {
            while (items.length === 0) await notEmpty.wait(ctx);
            got.push(items.shift() as number);
            notFull.signal();
          }
          await gosched();
        } catch (error) {
          if (error !== context.canceled) throw error;
          // A waiter that gave up has acquired the lock again, and must release it: `using` did.
        }
      });
      if (i % 5 === 4) contexts[i - 2]?.[1]();
      if (i % 7 === 6) await gosched();
    }
    await settle();
    for (const [, cancel] of contexts) cancel();
    await settle();
    expect([...got, ...items]).toEqual(put);
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });
});
