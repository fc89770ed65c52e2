import { defer, go, gosched } from "gocsp";
import { goexit, PanicError } from "gocsp/runtime";
import { WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { Log } from "./log.ts";

expectNoGoroutinesLeft();

const negative = "sync: negative WaitGroup counter";

describe("wait", () => {
  test("returns at once while the counter is zero, also of a new WaitGroup [Y17]", async () => {
    const wg = new WaitGroup();
    await wg.wait();
    wg.add(1);
    wg.done();
    await wg.wait();
  });

  test("waits until the counter is zero, and all waiters resume together [Y17]", async () => {
    const wg = new WaitGroup();
    const log = new Log();
    wg.add(2);
    for (let i = 0; i < 3; i++) log.follow(`waiter ${i}`, wg.wait());
    await settle();
    wg.done();
    await settle();
    expect(log.take()).toEqual([]);
    wg.done();
    await settle();
    expect(log.take()).toEqual(["waiter 0", "waiter 1", "waiter 2"]);
  });

  test("what the members did is there when it returns [Y17]", async () => {
    const wg = new WaitGroup();
    const results: number[] = [];
    for (let i = 0; i < 16; i++) {
      wg.add(1);
      go(async () => {
        using _ = defer(() => wg.done());
        for (let waits = i % 5; waits > 0; waits--) await gosched();
        results.push(i);
      });
    }
    await wg.wait();
    expect(results.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  test("the waiters do not run inside done [Y24]", async () => {
    const wg = new WaitGroup();
    const log = new Log();
    wg.add(1);
    log.follow("waiter", wg.wait());
    wg.done();
    log.add("after done");
    await settle();
    expect(log.take()).toEqual(["after done", "waiter"]);
  });

  test("it is usable again once wait has returned: the same barrier works in 8 rounds [Y21]", async () => {
    const [in_, out] = [new WaitGroup(), new WaitGroup()];
    for (let round = 0; round < 8; round++) {
      let exited = 0;
      in_.add(16);
      out.add(16);
      for (let i = 0; i < 16; i++) {
        go(async () => {
          in_.done();
          await in_.wait();
          exited++;
          out.done();
        });
      }
      await in_.wait();
      await out.wait();
      expect(exited).toBe(16);
    }
  });
});

describe("add and done", () => {
  test("the counter may go up and down by any amount while it is positive [Y19]", async () => {
    const wg = new WaitGroup();
    wg.add(5);
    wg.add(-2);
    wg.add(0);
    wg.done();
    const waiting = follow(wg.wait());
    wg.add(3);
    wg.add(-4);
    await settle();
    expect(waiting.state).toBe("waits");
    wg.add(-1);
    await settle();
    expect(waiting.state).toBe("returned");
    wg.add(0);
    await wg.wait();
  });

  test("members may add more members while the counter is positive [Y22]", async () => {
    const wg = new WaitGroup();
    let members = 0;
    const member = (depth: number): void => {
      members++;
      for (let i = 0; i < depth; i++) {
        wg.add(1);
        go(async () => {
          await gosched();
          member(depth - 1);
          wg.done();
        });
      }
    };
    wg.add(1);
    go(() => (member(5), wg.done()));
    await wg.wait();
    expect(members).toBe(1 + 5 + 20 + 60 + 120 + 120);
  });

  test("a negative counter panics [Y18]", async () => {
    expect(() => new WaitGroup().done()).toThrow(new PanicError(negative));
    expect(() => new WaitGroup().add(-1)).toThrow(new PanicError(negative));
    const wg = new WaitGroup();
    wg.add(1);
    expect(() => wg.add(-2)).toThrow(new PanicError(negative));
    // As in Go, the counter has changed nevertheless.
    const waiting = follow(wg.wait());
    await settle();
    expect(waiting.state).toBe("waits");
    wg.add(1);
    await settle();
    expect(waiting.state).toBe("returned");
  });

  test("a counter above Go's 32 bits counts as negative [Y18]", () => {
    const wg = new WaitGroup();
    wg.add(2 ** 31 - 1);
    expect(() => wg.add(1)).toThrow(new PanicError(negative));
    expect(() => new WaitGroup().add(2 ** 31)).toThrow(new PanicError(negative));
    expect(() => new WaitGroup().add(2 ** 60)).toThrow(new PanicError(negative));
  });

  test("a reuse before the waiters have run is allowed: their wait was over at zero [Y20]", async () => {
    const wg = new WaitGroup();
    const log = new Log();
    wg.add(1);
    log.follow("first", wg.wait());
    wg.done();
    wg.add(1);
    log.follow("second", wg.wait());
    await settle();
    expect(log.take()).toEqual(["first"]);
    wg.done();
    await settle();
    expect(log.take()).toEqual(["second"]);
  });
});

describe("go", () => {
  test("counts a goroutine from the call on until it has returned [Y23]", async () => {
    const wg = new WaitGroup();
    const log = new Log();
    wg.go(async (name: string) => {
      log.add(`${name} begins`);
      await gosched();
      log.add(`${name} ends`);
    }, "async");
    wg.go(() => log.add("plain"));
    log.add("started");
    await wg.wait();
    log.add("waited");
    const events = log.take();
    expect([events[0], events.at(-1), events.length]).toEqual(["started", "waited", 5]);
  });

  test("the result of f is discarded, and only a promise is waited for [Y23]", async () => {
    const wg = new WaitGroup();
    for (const result of [7, undefined, null, "text", Promise.resolve(1), {}]) wg.go(() => result);
    await wg.wait();
  });

  test("goexit in f counts as done [Y23]", async () => {
    const wg = new WaitGroup();
    const log = new Log();
    wg.go(async () => {
      using _ = defer(() => log.add("deferred"));
      await gosched();
      goexit();
    });
    wg.go(() => goexit());
    await wg.wait();
    expect(log.take()).toEqual(["deferred"]);
  });

  test("it mixes with add, done and members that start members [Y22] [Y23]", async () => {
    const wg = new WaitGroup();
    let done = 0;
    wg.add(1);
    wg.go(async () => {
      await gosched();
      wg.go(async () => {
        await gosched();
        done++;
        wg.done();
      });
      done++;
    });
    await wg.wait();
    expect(done).toBe(2);
  });
});
