import { PanicError } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { background, free, states, taken } from "./tokens.ts";

expectNoGoroutinesLeft();

describe("tokens", () => {
  test("are all free at first, and acquire takes what is free at once [M1]", async () => {
    const sem = new semaphore.Weighted(5);
    expect(free(sem)).toBe(5);
    await sem.acquire(background, 3);
    expect(free(sem)).toBe(2);
    await sem.acquire(background);
    await sem.acquire(background, 1);
    expect(free(sem)).toBe(0);
    sem.release(5);
    expect(free(sem)).toBe(5);
  });

  test("that are not free are waited for [M1]", async () => {
    const sem = await taken(2, 1);
    const both = follow(sem.acquire(background, 2));
    await settle();
    expect(both.state).toBe("waits");
    sem.release(1);
    await settle();
    expect(both.state).toBe("returned");
    sem.release(2);
  });

  test("are taken in the same step in which acquire is called, not when it is awaited [M1]", async () => {
    const sem = new semaphore.Weighted(1);
    const acquired = sem.acquire(background, 1);
    expect(sem.tryAcquire(1)).toBe(false);
    await acquired;
  });

  test("go to the waiter in the step of the release: no other goroutine can take them [M1] [M2]", async () => {
    const sem = await taken(1, 1);
    const waiting = follow(sem.acquire(background, 1));
    sem.release(1);
    expect(sem.tryAcquire(1)).toBe(false);
    await settle();
    expect(waiting.state).toBe("returned");
  });

  test("none are needed for zero tokens, if no waiter is queued [M12]", async () => {
    await new semaphore.Weighted(0).acquire(background, 0);
    const sem = await taken(1, 1);
    await sem.acquire(background, 0);
    expect(sem.tryAcquire(0)).toBe(true);
  });

  test("an acquire of zero tokens queues behind the waiters [M12] [M3]", async () => {
    const sem = await taken(2, 1);
    const order: string[] = [];
    void sem.acquire(background, 2).then(() => order.push("two"));
    void sem.acquire(background, 0).then(() => order.push("none"));
    await settle();
    expect([order, sem.tryAcquire(0)]).toEqual([[], false]);
    sem.release(1);
    await settle();
    expect(order).toEqual(["two", "none"]);
  });
});

describe("first come, first served", () => {
  test("a small request waits behind a big one [M2]", async () => {
    const sem = await taken(10, 5);
    const big = follow(sem.acquire(background, 10));
    const small = follow(sem.acquire(background, 1));
    await settle();
    expect(states([big, small])).toEqual(["waits", "waits"]);
    sem.release(5);
    await settle();
    expect(states([big, small])).toEqual(["returned", "waits"]);
    sem.release(10);
    await settle();
    expect(small.state).toBe("returned");
  });

  test("a big request is not starved by small ones that come and go [M2]", async () => {
    const sem = await taken(3, 3);
    const big = follow(sem.acquire(background, 3));
    for (let i = 0; i < 3; i++) {
      void sem.acquire(background, 1);
      sem.release(1);
      await settle();
    }
    expect(big.state).toBe("returned");
    sem.release(3);
    await settle();
    expect(free(sem)).toBe(0);
  });

  test("tryAcquire takes only what is free, and nothing while a waiter is queued [M3]", async () => {
    const sem = await taken(5, 3);
    expect([sem.tryAcquire(3), sem.tryAcquire(2), sem.tryAcquire(1)]).toEqual([false, true, false]);
    sem.release(2);
    const waiting = follow(sem.acquire(background, 3));
    expect([sem.tryAcquire(2), sem.tryAcquire(1), sem.tryAcquire(0)]).toEqual([false, false, false]);
    sem.release(3);
    await settle();
    expect([waiting.state, sem.tryAcquire(2)]).toEqual(["returned", true]);
  });

  test("release lets in as many from the front as fit, and stops at the first that does not [M4]", async () => {
    const sem = await taken(8, 8);
    const waiting = [2, 3, 4, 1].map((n) => follow(sem.acquire(background, n)));
    sem.release(6);
    await settle();
    expect(states(waiting)).toEqual(["returned", "returned", "waits", "waits"]);
    sem.release(2);
    await settle();
    expect(states(waiting)).toEqual(["returned", "returned", "waits", "waits"]);
    sem.release(1);
    await settle();
    expect(states(waiting)).toEqual(["returned", "returned", "returned", "waits"]);
    sem.release(1);
    await settle();
    expect(waiting[3]?.state).toBe("returned");
  });

  test("readers that take one and a writer that takes all are a lock without starvation [M13]", async () => {
    const sem = new semaphore.Weighted(100);
    const log: string[] = [];
    const enter = async (name: string, n: number): Promise<void> => {
      await sem.acquire(background, n);
      log.push(name);
    };
    await enter("r1", 1);
    await enter("r2", 1);
    void enter("w", 100);
    void enter("r3", 1);
    void enter("r4", 1);
    await settle();
    sem.release(1);
    await settle();
    expect(log).toEqual(["r1", "r2"]);
    sem.release(1);
    await settle();
    expect(log).toEqual(["r1", "r2", "w"]);
    sem.release(100);
    await settle();
    expect(log).toEqual(["r1", "r2", "w", "r3", "r4"]);
  });
});

describe("misuse", () => {
  test("to release more than is held panics and leaves the count negative [M5]", async () => {
    const panic = new PanicError("semaphore: released more than held");
    const sem = new semaphore.Weighted(1);
    expect(() => sem.release(1)).toThrow(panic);
    expect(() => sem.release(0)).toThrow(panic);
    expect([sem.tryAcquire(2), sem.tryAcquire(1)]).toEqual([true, false]);
    const other = await taken(3, 2);
    expect(() => other.release(3)).toThrow(panic);
  });

  test.each([
    [-1, "-1"],
    [0.5, "0.5"],
    [Number.NaN, "NaN"],
    [Infinity, "Infinity"],
    ["1", '"1"'],
    [null, "null"],
  ] as [never, string][])("%s is no number of tokens", async (n, printed) => {
    const sem = new semaphore.Weighted(1);
    const refused = (what: string) =>
      new RangeError(`semaphore: the ${what} must be an integer of at least 0, got ${printed}`);
    expect(() => new semaphore.Weighted(n)).toThrow(refused("size"));
    expect(() => sem.tryAcquire(n)).toThrow(refused("number"));
    expect(() => sem.release(n)).toThrow(refused("number"));
    await expect(sem.acquire(background, n)).rejects.toThrow(refused("number"));
    expect(free(sem)).toBe(1);
  });

  test.each([
    [null, "null"],
    [{}, "Object"],
    [7, "7"],
    [new AbortController().signal, "AbortSignal"],
  ] as [never, string][])("%s is no context", async (ctx, printed) => {
    const sem = new semaphore.Weighted(1);
    await expect(sem.acquire(ctx, 1)).rejects.toThrow(
      new TypeError(`semaphore: the context must be a Context, got ${printed}`),
    );
    expect(free(sem)).toBe(1);
  });
});
