import { go, gosched } from "gocsp";
import { goexit } from "gocsp/runtime";
import { Mutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";
import { Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("withLock and using", () => {
  test("a caught exception between lock and unlock leaves it locked; withLock unlocks [Y7]", async () => {
    const mu = new Mutex();
    const failure = new Error("in between");
    const fails = (): never => {
      throw failure;
    };
    try {
      await mu.lock();
      fails();
    } catch {
      expect(mu.tryLock()).toBe(false);
    }
    mu.unlock();
    await expect(mu.withLock(fails)).rejects.toBe(failure);
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
    await expect(mu.withLock(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("withLock holds the lock until an async function is done, and yields its result [Y7]", async () => {
    const mu = new Mutex();
    const log = new Log();
    const work = async (name: string): Promise<string> => {
      log.add(`${name} begins`);
      await gosched();
      log.add(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      mu.withLock(() => work("a")),
      mu.withLock(() => work("b")),
      mu.withLock(() => 7),
    ]);
    expect(results).toEqual(["a", "b", 7]);
    expect(log.take()).toEqual(["a begins", "a ends", "b begins", "b ends"]);
    expect(mu.tryLock()).toBe(true);
    mu.unlock();
  });

  test("using unlocks at the end of the block, whichever way it is left [Y7]", async () => {
    const mu = new Mutex();
    const log = new Log();
    const leave = async (how: string): Promise<void> => {
      using _ = await mu.lock();
      log.add(`${how}: locked is ${!mu.tryLock()}`);
      if (how === "return") return;
      if (how === "throw") throw new Error("thrown");
      await gosched();
    };
    for (const how of ["end", "return", "throw"]) {
      await leave(how).catch((error: Error) => log.add(error.message));
      expect(mu.tryLock()).toBe(true);
      mu.unlock();
    }
    expect(log.take()).toEqual(["end: locked is true", "return: locked is true", "throw: locked is true", "thrown"]);
  });

  test("using serves goroutines that wait for each other's blocks [Y7]", async () => {
    const mu = new Mutex();
    const log = new Log();
    await Promise.all(
      ["a", "b", "c"].map(async (name) => {
        using _ = await mu.lock();
        log.add(`${name} in`);
        await gosched();
        log.add(`${name} out`);
      }),
    );
    expect(log.take()).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  test("both unlock on the way out of goexit [Y7]", async () => {
    const mu = new Mutex();
    const log = new Log();
    go(() =>
      mu.withLock(async () => {
        log.add("withLock");
        await gosched();
        goexit();
      }),
    );
    go(async () => {
      using _ = await mu.lock();
      log.add("using");
      goexit();
    });
    await settle();
    expect([log.take(), mu.tryLock()]).toEqual([["withLock", "using"], true]);
    mu.unlock();
  });
});
