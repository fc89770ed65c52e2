/**
 * What Go's own tests of `internal/synctest` and `testing/synctest` (Go 1.26) ask, asked here. Each test has the name of
 * Go's in its title. Those that have no counterpart are in `declined`, with the reason. Where Go is installed, the last
 * test compares the names with Go's source.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Chan, chan, context, defer, go, gosched, select, sync, time } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const epoch = Date.UTC(2000, 0, 1);

const text = (error: unknown): string => (error as Error).message.split("\n")[0] as string;
const failure = async (f: () => unknown): Promise<string> => synctest.test(f).then(() => "nothing was thrown", text);

const declined: Record<string, string> = {
  TestMallocs: "a regression of Go's allocator; the same program as TestWait",
  TestTimerNondeterminism: "a bubble runs one order, always the same, so that a failure repeats; explore varies it",
  TestSleepNondeterminism: "as TestTimerNondeterminism",
  TestReflectFuncOf: "there is no reflect.FuncOf",
  TestWaitGroupMovedIntoBubble: "a WaitGroup is not refused elsewhere: V16",
  TestWaitGroupMovedOutOfBubble: "as TestWaitGroupMovedIntoBubble",
  TestWaitGroupMovedBetweenBubblesWithNonZeroCount: "as TestWaitGroupMovedIntoBubble",
  TestWaitGroupLinkerAllocated: "there is no linker; a WaitGroup of a module is TestWaitGroupHeapAllocated",
  TestError: "there is no T; a test runner that collects soft failures does so in a bubble as well",
  TestVerboseError: "as TestError",
  TestHelper: "there is no T, and so no T.Helper",
  TestDeadline: "there is no T: V17",
  TestParallel: "there is no T: V17",
  TestRun: "there is no T: V17",
  TestWeak: "a regression of Go's collector: weak pointers in a bubble",
};

describe("the clock", () => {
  test("starts at 2000-01-01, is the same in all goroutines, and moves with a sleep: TestNow, TestTime [V3]", async () => {
    await synctest.test(async () => {
      expect(Date.now()).toBe(epoch);
      const seen: number[] = [];
      go(() => void seen.push(Date.now()));
      await time.sleep(time.second);
      expect([...seen, Date.now()]).toEqual([epoch, epoch + 1000]);
      go(async () => {
        await time.sleep(time.nanosecond);
        seen.push(performance.now());
      });
      await time.sleep(2 * time.nanosecond);
      // A goroutine that was due earlier has run before.
      expect(seen[1]).toBeCloseTo(1000.000001, 6);
      expect(performance.now()).toBeCloseTo(1000.000002, 6);
    });
  });

  test("compares with times of the real world: TestMonotonicClock [V23]", async () => {
    const start = new Date();
    await synctest.test(async () => {
      await time.sleep(time.until(start));
      expect(time.now()).toEqual(start);
      await time.sleep(time.second);
      expect(time.since(start)).toBe(time.second);
      expect(time.now().getTime() - start.getTime()).toBe(1000);
    });
  });
});

describe("wait", () => {
  test("returns in a bubble of one: TestRunEmpty, TestSimpleWait, TestSuccess [V12]", async () => {
    await synctest.test(() => undefined);
    await synctest.test(() => synctest.wait());
  });

  test("returns when the others have ended: TestGoroutineWait, TestWait [V12]", async () => {
    await synctest.test(async () => {
      let done = false;
      go(() => void (done = true));
      await synctest.wait();
      expect(done).toBe(true);
    });
    await synctest.test(async () => {
      let done = false;
      const ch = chan<number>();
      const f = async (): Promise<void> => {
        const count = (await ch.receive()) as number;
        if (count === 0) {
          done = true;
        } else {
          go(f);
          await ch.send(count - 1);
        }
      };
      go(f);
      await ch.send(100);
      await synctest.wait();
      expect(done).toBe(true);
    });
  });

  test("comes after all that went before it: TestHappensBefore [V12]", async () => {
    const v = [0, 0];
    const both = (start: (f: () => unknown) => void, more?: () => Promise<unknown>): void => {
      for (const i of [0, 1]) {
        start(() => {
          (v[i] as number)++;
          return more?.();
        });
      }
    };
    const here = (want: number): void => {
      both((f) => void f());
      expect(v).toEqual([want, want]);
    };
    await synctest.test(async () => {
      here(1);
      both(go); // goroutines that end
      await synctest.wait();
      here(3);
      const first = chan();
      both(go, () => first.receive()); // goroutines that block
      await synctest.wait();
      here(5);
      first.close();
      both((f) => void time.afterFunc(0, f)); // timers that run
      await synctest.wait();
      here(7);
      const second = chan();
      both(
        (f) => void time.afterFunc(0, f),
        () => second.receive(),
      ); // timers that block
      await synctest.wait();
      here(9);
      second.close();
    });
    // What a bubble's grandchildren do comes before its end.
    await synctest.test(() => both((f) => go(() => go(f))));
    expect(v).toEqual([10, 10]);
  });
});

describe("timers", () => {
  test("read before and after they are due: TestTimerReadBeforeDeadline, TestTimerReadAfterDeadline [V7]", async () => {
    await synctest.test(async () => {
      const start = time.now();
      await time.newTimer(5 * time.second).c.receive();
      expect(time.since(start)).toBe(5 * time.second);
      const want = time.now().getTime() + 1000;
      const late = time.newTimer(time.second);
      await time.sleep(2 * time.second);
      expect((await late.c.receive())?.getTime()).toBe(want);
    });
  });

  test("that are reset: TestTimerReset [V6]", async () => {
    await synctest.test(async () => {
      const timer = time.newTimer(time.second);
      expect((await timer.c.receive())?.getTime()).toBe(epoch + 1000);
      timer.reset(2 * time.second);
      expect((await timer.c.receive())?.getTime()).toBe(epoch + 3000);
      timer.reset(3 * time.second);
      await time.sleep(time.second);
      timer.reset(3 * time.second);
      expect((await timer.c.receive())?.getTime()).toBe(epoch + 7000);
    });
  });

  test("their functions are the bubble's, and do not run after it: TestTimeAfter, TestTimerAfterBubbleExit [V2]", async () => {
    let i = 0;
    await synctest.test(async () => {
      time.afterFunc(time.second, () => {
        i++;
        go(async () => {
          await time.sleep(time.second);
          i++;
        });
      });
      await time.sleep(3 * time.second);
      await synctest.wait();
      expect(i).toBe(2);
      time.afterFunc(time.second, () => i++);
    });
    expect(i).toBe(2);
  });

  test("of no time, or in the past, are readable at once: TestTimerRunsImmediately, TestTimerRanInPast [V8]", async () => {
    await synctest.test(async () => {
      expect(time.newTimer(0).c.tryReceive()?.value?.getTime()).toBe(epoch);
      const past = time.newTimer(time.second);
      await time.sleep(2 * time.second);
      expect(past.c.tryReceive()?.value?.getTime()).toBe(epoch + 1000);
    });
  });

  test("afterFunc of no time runs while others poll: TestAfterFuncRunsImmediately [V8]", async () => {
    await synctest.test(async () => {
      const calls: number[] = [];
      time.afterFunc(0, () => calls.push(Date.now()));
      while (calls.length === 0) await gosched();
      expect(calls).toEqual([epoch]);
    });
  });

  test("reset to no time does not hang: TestTimerResetZeroDoNotHang [V8]", async () => {
    await synctest.test(async () => {
      const timer = time.newTimer(0);
      const [ctx, cancel] = context.withCancel(context.background());
      let fired = 0;
      go(async () => {
        while ((await select({ done: ctx.done(), timer: timer.c })).case !== "done") fired++;
      });
      await synctest.wait();
      timer.reset(0);
      await synctest.wait();
      cancel();
      await synctest.wait();
      expect(fired).toBe(2);
    });
  });
});

describe("from outside", () => {
  test("a timer is waited for in real time: TestTimerFromOutsideBubble [V5]", async () => {
    const timer = time.newTimer(10);
    await synctest.test(async () => {
      await timer.c.receive();
      expect(performance.now()).toBe(0);
    });
    expect(timer.stop()).toBe(false);
  });

  const never = chan();
  const cases: Record<
    string,
    [outside: (ch: Chan<number>) => unknown, inside: (ch: Chan<number>) => Promise<unknown>]
  > = {
    "receives until it is closed": [(ch) => ch.close(), (ch) => ch.receive()],
    "receives a value": [(ch) => ch.send(0), (ch) => ch.receive()],
    "sends a value": [(ch) => ch.receive(), (ch) => ch.send(0)],
    "selects among channels from outside": [(ch) => ch.close(), (ch) => select({ ch, never })],
    "selects among channels from both": [(ch) => ch.close(), (ch) => select({ ch, own: chan() })],
  };
  test.each(Object.entries(cases))("one %s: TestChannelFromOutsideBubble [V5]", async (_, [outside, inside]) => {
    const ch = chan<number>();
    let after = false;
    // Later than all that the bubble could do by itself.
    setTimeout(() => void outside(ch), 20);
    await synctest.test(async () => {
      // The clock stands still meanwhile.
      const timer = time.afterFunc(time.hour, () => (after = true));
      await inside(ch);
      timer.stop();
    });
    expect(after).toBe(false);
  });

  test("one that nobody outside uses is told, with its line: TestChannelFromOutsideBubble [V5]", async () => {
    const ch = chan<number>();
    const error: unknown = await synctest
      .test(
        async () => {
          const value = await ch.receive();
          return value;
        },
        { patience: 0 },
      )
      .catch((error: unknown) => error);
    expect((error as Error).message).toMatch(
      /^synctest: a goroutine waits for something outside the bubble, and it does not come\n\ngoroutine 1 \[chan receive\]:\n.*\n\t.*go\.test\.ts:\d+:\d+\n/,
    );
    const refused = await synctest.test(() => ch.receive(), { foreign: "error" }).then(() => "", text);
    expect(refused).toBe("synctest: a goroutine waits for something outside the bubble, and it does not come");
    const durable = await synctest.test(() => ch.receive(), { foreign: "durable" }).then(() => "", text);
    expect(durable).toBe("deadlock: all goroutines in bubble are blocked");
  });

  test("a WaitGroup that was added to is waited for in real time: TestWaitGroupOutOfBubble [V5]", async () => {
    const wg = new sync.WaitGroup();
    wg.add(1);
    let late = false;
    setTimeout(() => wg.done(), 1);
    await synctest.test(async () => {
      const timer = time.afterFunc(time.hour, () => (late = true));
      await wg.wait();
      timer.stop();
    });
    expect(late).toBe(false);
  });
});

describe("out of the bubble", () => {
  const uses: Record<string, [(ch: Chan<number>) => unknown, string]> = {
    receive: [(ch) => ch.receive(), "receive on synctest channel from outside bubble"],
    send: [(ch) => ch.send(1), "send on synctest channel from outside bubble"],
    close: [(ch) => ch.close(), "close of synctest channel from outside bubble"],
  };
  test.each(Object.entries(uses))(
    "a channel refuses to %s, outside and in another bubble: TestChannelMovedOutOfBubble [V15]",
    async (_, [use, want]) => {
      let ch!: Chan<number>;
      await synctest.test(() => void (ch = chan()));
      expect(await (async () => use(ch))().then(() => "", text)).toBe(want);
      expect(await failure(() => use(ch))).toBe(want);
    },
  );

  test("a timer is refused at its channel: TestTimerFromInsideBubble [V15]", async () => {
    let timer!: time.Timer;
    await synctest.test(() => void (timer = time.newTimer(time.second)));
    const received = (async () => timer.c.receive())();
    expect(await received.then(() => "", text)).toBe("receive on synctest channel from outside bubble");
  });
});

describe("deadlocks", () => {
  const all = "deadlock: all goroutines in bubble are blocked";
  const left = "deadlock: main bubble goroutine has exited but blocked goroutines remain";
  test("of the root, and of its child: TestDeadlockRoot, TestDeadlockChild [V11]", async () => {
    expect(await failure(() => select({}))).toBe(all);
    expect(await failure(() => go(() => select({})))).toBe(left);
  });

  test("of one that waits for a ticker after the root's end: TestDeadlockTicker [V10]", async () => {
    let ticks = 0;
    const ticking = async (): Promise<void> => {
      for await (const _ of time.tick(time.second)) ticks++;
    };
    expect([await failure(() => go(ticking)), ticks]).toEqual([left, 0]);
  });
});

test("conditions: TestCond [V21]", async () => {
  await synctest.test(async () => {
    const mu = new sync.Mutex();
    const cond = new sync.Cond(mu);
    const waiting = async (): Promise<void> => {
      using _ = await mu.lock();
      await cond.wait();
    };
    go(async () => {
      await time.sleep(1);
      await mu.withLock(() => cond.signal());
      await time.sleep(1);
      await mu.withLock(() => cond.broadcast());
    });
    await waiting();
    expect(performance.now()).toBe(1);
    let done = false;
    go(async () => {
      await waiting();
      done = true;
    });
    await waiting();
    await synctest.wait();
    expect([done, performance.now()]).toEqual([true, 2]);
  });
});

describe("iterators", () => {
  async function* every(duration: number): AsyncGenerator<number> {
    for (;;) {
      yield Date.now();
      await time.sleep(duration);
    }
  }
  const want = [epoch, epoch + 1000, epoch + 2000];

  test("that push: TestIteratorPush [V2]", async () => {
    await synctest.test(async () => {
      const got: number[] = [];
      go(async () => {
        for await (const now of every(time.second)) {
          got.push(now);
          if (got.length >= 3) break;
        }
      });
      await time.sleep(5 * time.second);
      await synctest.wait();
      expect(got).toEqual(want);
    });
  });

  test("that are pulled from: TestIteratorPull [V2]", async () => {
    await synctest.test(async () => {
      const got: number[] = [];
      go(async () => {
        const pulled = every(time.second);
        while (got.length < 3) got.push((await pulled.next()).value as number);
        await pulled.return(undefined);
      });
      await time.sleep(5 * time.second);
      await synctest.wait();
      expect(got).toEqual(want);
    });
  });
});

const modulesOwn = new sync.WaitGroup();

describe("a WaitGroup", () => {
  test("of the bubble lets time pass: TestWaitGroupInBubble [V5]", async () => {
    await synctest.test(async () => {
      const wg = new sync.WaitGroup();
      wg.add(1);
      go(async () => {
        await time.sleep(time.second);
        wg.done();
      });
      await wg.wait();
      expect(performance.now()).toBe(1000);
    });
  });

  test("is added to by many: TestWaitGroupRacingAdds [V5]", async () => {
    await synctest.test(async () => {
      const wg = new sync.WaitGroup();
      let ended = 0;
      for (let i = 0; i < 100; i++) wg.go(() => void ended++);
      await wg.wait();
      expect(ended).toBe(100);
    });
  });

  test("serves one bubble after another: TestWaitGroupDisassociateInWait, TestWaitGroupDisassociateInAdd [V5]", async () => {
    const wg = new sync.WaitGroup();
    await synctest.test(async () => {
      wg.add(1);
      wg.done();
      await wg.wait();
    });
    for (let bubble = 0; bubble < 2; bubble++) {
      await synctest.test(async () => {
        wg.add(1);
        let ended = false;
        go(async () => {
          await wg.wait();
          ended = true;
        });
        // It is this bubble's now: time passes.
        await synctest.sleep(time.hour);
        expect(ended).toBe(false);
        wg.done();
      });
    }
  });

  test("of a module: TestWaitGroupHeapAllocated [V5]", async () => {
    await synctest.test(async () => {
      modulesOwn.add(1);
      go(() => modulesOwn.wait());
      await synctest.wait();
      modulesOwn.done();
    });
  });

  test("in many bubbles at once: TestWaitGroupManyBubbles [V14]", async () => {
    let ended = 0;
    const bubble = (): Promise<void> =>
      synctest.test(async () => {
        const cancel = chan();
        const wg = new sync.WaitGroup();
        for (let i = 0; i < 100; i++) wg.go(() => cancel.receive());
        await synctest.wait();
        cancel.close();
        await wg.wait();
        ended++;
      });
    await Promise.all(Array.from({ length: 100 }, bubble));
    expect(ended).toBe(100);
  });
});

describe("the test itself", () => {
  test("fails with what f throws: TestFatal [V19]", async () => {
    await expect(
      synctest.test(() => {
        throw new Error("fatal");
      }),
    ).rejects.toThrow("fatal");
  });

  test("is skipped: what a runner throws for that comes out as it is: TestSkip, TestVerboseSkip [V19]", async () => {
    const skipped = { code: "SKIPPED" };
    const skip = (): never => {
      throw skipped as unknown as Error;
    };
    const thrown = (f: () => unknown): Promise<unknown> => synctest.test(f).catch((error: unknown) => error);
    expect(await thrown(skip)).toBe(skipped);
    expect(await thrown(() => go(skip))).toBe(skipped);
  });

  test("cleans up in the bubble, before it waits for the others: TestCleanup [V18]", async () => {
    let done = false;
    await synctest.test(() => {
      const ch = chan();
      using _ = defer(() => ch.close());
      go(async () => {
        await ch.receive();
        done = true;
      });
    });
    expect(done).toBe(true);
  });

  test("ends its context, and waits for those who watch it: TestContext [V20]", async () => {
    let state = "not started";
    await synctest.test(async () => {
      const [ctx, cancel] = context.withCancel(context.background());
      using _ = cancel;
      go(async () => {
        state = "waiting on context";
        await ctx.done().receive();
        state = "done";
      });
      await synctest.wait();
      expect(state).toBe("waiting on context");
    });
    expect(state).toBe("done");
  });
});

describe("the examples of Go's documentation", () => {
  test("a function that runs when its context ends: TestContextAfterFunc [V2]", async () => {
    await synctest.test(async () => {
      const [ctx, cancel] = context.withCancel(context.background());
      let called = false;
      context.afterFunc(ctx, () => (called = true));
      await synctest.wait();
      expect(called).toBe(false);
      cancel();
      await synctest.wait();
      expect(called).toBe(true);
    });
  });

  test("a context with a timeout, to the nanosecond: TestContextWithTimeout [V6]", async () => {
    await synctest.test(async () => {
      const timeout = 5 * time.second;
      const [ctx, cancel] = context.withTimeout(context.background(), timeout);
      using _ = cancel;
      await time.sleep(timeout - time.nanosecond);
      await synctest.wait();
      expect(ctx.err()).toBeUndefined();
      await time.sleep(time.nanosecond);
      await synctest.wait();
      expect(ctx.err()).toBe(context.deadlineExceeded);
    });
  });

  test("a client that sends its body when the server says so: TestHTTPTransport100Continue [V12]", async () => {
    // Over a pair of channels, as Go's is over a pipe in memory.
    await synctest.test(async () => {
      const [toServer, toClient] = [chan<string>(), chan<string>()];
      let status = "";
      go(async () => {
        await toServer.send("PUT / Expect: 100-continue");
        const answer = await select({ toClient, late: time.after(5 * time.second) });
        expect(answer.value).toBe("100 Continue");
        await toServer.send("request body");
        status = (await toClient.receive()) ?? "closed";
      });
      expect(await toServer.receive()).toBe("PUT / Expect: 100-continue");
      let body = "";
      go(async () => void (body = (await toServer.receive()) ?? "closed"));
      await synctest.wait();
      expect(body).toBe("");
      await toClient.send("100 Continue");
      await synctest.wait();
      expect(body).toBe("request body");
      await toClient.send("200 OK");
      await synctest.wait();
      expect([status, performance.now()]).toEqual(["200 OK", 0]);
    });
  });
});

const goroot = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout?.trim() ?? "";
const sources = [
  "internal/synctest/synctest_test.go",
  "testing/synctest/synctest_test.go",
  "testing/synctest/example_test.go",
];

test.skipIf(goroot === "" || !existsSync(join(goroot, "src", sources[0] as string)))(
  "every one of Go's tests is here, or declined with a reason, and not both",
  () => {
    const titles = readFileSync(import.meta.filename, "utf8").match(/"[^"\n]*\bTest\w+[^"\n]*\[V\d+\]"/g) ?? [];
    const here = new Set(titles.flatMap((title) => title.match(/\bTest[A-Z0-9]\w+/g)));
    const theirs = new Set<string>();
    for (const source of sources) {
      const code = readFileSync(join(goroot, "src", source), "utf8");
      for (const [, name] of code.matchAll(/^func (Test\w+)\(/gm)) theirs.add(name as string);
    }
    for (const name of theirs) expect([name, here.has(name) !== name in declined]).toEqual([name, true]);
  },
);
