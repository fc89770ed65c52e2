import { type Chan, chan, context, go, gosched, nilChan, select, sync, time } from "gocsp";
import * as synctest from "gocsp/synctest";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

afterEach(() => void vi.useRealTimers());

const caught = async (f: () => unknown, options?: synctest.TestOptions): Promise<Error> =>
  synctest.test(f, options).then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error as Error,
  );

test("returns when every goroutine of the bubble has ended, with the result of f [V1]", async () => {
  const log: string[] = [];
  const result = await synctest.test(async () => {
    go(async () => {
      for (let n = 0; n < 5; n++) await gosched();
      log.push("goroutine");
    });
    log.push("f");
    return 42;
  });
  expect([result, log]).toEqual([42, ["f", "goroutine"]]);
});

test("goroutines started by timers and by afterFunc belong to the bubble [V2]", async () => {
  await synctest.test(async () => {
    const started = chan<string>(4);
    time.afterFunc(time.second, () => go(async () => started.send("afterFunc")));
    const [ctx, cancel] = context.withTimeout(context.background(), 2 * time.second);
    using _ = cancel;
    context.afterFunc(ctx, async () => {
      await time.sleep(time.second);
      await started.send("context");
    });
    expect(await started.receive()).toBe("afterFunc");
    expect(Date.now() - Date.UTC(2000, 0, 1)).toBe(1000);
    expect(await started.receive()).toBe("context");
    expect(Date.now() - Date.UTC(2000, 0, 1)).toBe(3000);
  });
});

test("the clock begins at 2000-01-01 UTC and stands still while any goroutine can run [V3]", async () => {
  await synctest.test(async () => {
    const started = [new Date().toISOString(), performance.now()];
    go(async () => {
      for (let n = 0; n < 1000; n++) await gosched();
    });
    for (let n = 0; n < 100; n++) await gosched();
    expect([new Date().toISOString(), performance.now()]).toEqual(started);
    expect(started[0]).toBe("2000-01-01T00:00:00.000Z");
  });
});

test("when all are durably blocked wait returns first, then time jumps, then it is a deadlock [V4]", async () => {
  const log: string[] = [];
  const error = await caught(async () => {
    go(async () => {
      await time.sleep(time.minute);
      log.push("slept");
      await chan().receive();
    });
    await synctest.wait();
    log.push("waited");
    await chan().receive();
  });
  expect(log).toEqual(["waited", "slept"]);
  expect(error).toBeInstanceOf(synctest.DeadlockError);
});

describe("time passes past", () => {
  const blocked: Record<string, () => Promise<unknown>> = {
    "a receive": () => chan().receive(),
    "a send": () => chan<number>().send(1),
    "a select": () => select({ a: chan(), b: chan() }),
    "a nil channel": () => nilChan().receive(),
    "an empty select": () => select({}),
    "a condition": async () => {
      const mu = new sync.Mutex();
      await mu.lock();
      await new sync.Cond(mu).wait();
    },
    "a WaitGroup": async () => {
      const wg = new sync.WaitGroup();
      wg.add(1);
      await wg.wait();
    },
    "a sleep": () => time.sleep(time.hour),
    // Unlike Go's.
    "a mutex": async () => {
      const mu = new sync.Mutex();
      await mu.lock();
      await mu.lock();
    },
    "another goroutine's promise": () => new Promise(() => undefined),
  };
  test.each(Object.entries(blocked))("%s [V5]", async (_, block) => {
    let slept = false;
    const error = await caught(
      async () => {
        go(block);
        await time.sleep(time.second);
        slept = true;
      },
      { patience: 0 },
    );
    expect(slept).toBe(true);
    expect(error.message).toMatch(/^deadlock: main bubble goroutine has exited but blocked goroutines remain\n/);
  });
});

test("sleeps take exactly their duration, fractions too [V6]", async () => {
  await synctest.test(async () => {
    for (const duration of [1, 1000, 4999.999999, 0.001, time.hour, 30 * 24 * time.hour]) {
      const start = performance.now();
      await time.sleep(duration);
      // To the last bits of a clock in milliseconds: a nanosecond is told apart up to some months.
      const error = Math.abs(performance.now() - start - duration);
      expect(error).toBeLessThanOrEqual(2 * Number.EPSILON * performance.now());
    }
  });
});

test("a timer that is read late yields its due time [V7]", async () => {
  await synctest.test(async () => {
    const start = Date.now();
    const late = time.after(time.second);
    await time.sleep(time.minute);
    expect((await late.receive())?.getTime()).toBe(start + time.second);
  });
});

test("a zero timer is readable at once, and a zero afterFunc need not wait for the bubble to block [V8]", async () => {
  await synctest.test(async () => {
    expect(time.newTimer(0).c.tryReceive()?.ok).toBe(true);
    const calls: number[] = [];
    time.afterFunc(0, () => calls.push(0));
    for (let n = 0; n < 100; n++) await gosched();
    expect(calls).toEqual([0]);
  });
});

test("timers that are due at the same instant all fire, in any order [V9]", async () => {
  await synctest.test(async () => {
    const fired = new Set<number>();
    for (let n = 0; n < 10; n++) time.afterFunc(time.second, () => fired.add(n));
    await time.sleep(time.second);
    await synctest.wait();
    expect(fired.size).toBe(10);
  });
});

test("time stops when f has returned: who waits for a timer then is a deadlock [V10]", async () => {
  let fired = false;
  await synctest.test(() => void time.afterFunc(time.second, () => (fired = true)));
  expect(fired).toBe(false);
  const error = await caught(() => go(() => time.sleep(time.second)));
  expect(error.message).toMatch(
    /^deadlock: main bubble goroutine has exited but blocked goroutines remain\n\ngoroutine 2 \[sleep\]:\n/,
  );
});

test("a deadlock names each goroutine's state, its line and where it was started [V11]", async () => {
  const never = chan<number>();
  const error = await caught(async () => {
    const mine: Chan<number> = chan();
    go(async function sender() {
      await mine.send(1);
    });
    const mu = new sync.Mutex();
    await mu.lock();
    await mu.lock();
  });
  expect(never.length).toBe(0);
  expect(error.message).toMatch(
    /^deadlock: all goroutines in bubble are blocked\n\ngoroutine 1 \[sync\.Mutex\.Lock\]:\n.*\n\t.*bubble\.test\.ts:\d+:\d+\n/,
  );
  expect(error.message).toMatch(
    /\ngoroutine 2 \[chan send\]:\nsender\(\.\.\.\)\n\t.*bubble\.test\.ts:\d+:\d+\ncreated by .*\n\t.*bubble\.test\.ts:\d+:\d+\n/,
  );
  expect((error as synctest.DeadlockError).goroutines).toEqual([
    { number: 1, state: "sync.Mutex.Lock" },
    { number: 2, state: "chan send" },
  ]);
});

test("wait returns when all others are blocked or gone and what is due has happened [V12]", async () => {
  await synctest.test(async () => {
    const log: string[] = [];
    const [ctx, cancel] = context.withCancel(context.background());
    context.afterFunc(ctx, async () => {
      await gosched();
      log.push("afterFunc");
    });
    cancel();
    time.afterFunc(0, () => log.push("timer"));
    await synctest.wait();
    expect(log.sort()).toEqual(["afterFunc", "timer"]);
  });
});

test("wait outside a bubble, and two at once, are refused [V13]", async () => {
  expect(() => synctest.wait()).toThrow("goroutine is not in a bubble");
  await expect(synctest.sleep(1)).rejects.toThrow("goroutine is not in a bubble");
  await expect(synctest.external(Promise.resolve())).rejects.toThrow("goroutine is not in a bubble");
  const error = await caught(async () => {
    go(() => synctest.wait());
    go(() => synctest.wait());
    await time.sleep(1);
  });
  expect(error.message).toBe("wait already in progress");
});

test("a bubble inside a bubble is refused [V14]", async () => {
  const error = await caught(() => synctest.test(() => undefined));
  expect(error.message).toBe("synctest.Run called from within a synctest bubble");
});

test("a bubble's channel cannot be used from outside, neither during nor after it [V15]", async () => {
  let kept!: Chan<number>;
  const outside: unknown[] = [];
  const use = async (): Promise<void> => {
    const uses = [
      () => kept.send(1),
      () => kept.trySend(1),
      () => kept.receive(),
      () => kept.tryReceive(),
      () => select({ kept }),
      () => kept.close(),
    ];
    for (const one of uses) {
      try {
        await one();
        outside.push("allowed");
      } catch (error) {
        outside.push((error as Error).message);
      }
    }
  };
  let during!: () => void;
  const asked = new Promise<void>((resolve) => (during = resolve));
  const using = asked.then(use);
  await synctest.test(
    async () => {
      kept = chan<number>(3);
      during();
      await synctest.external(using);
    },
    { foreign: "wait" },
  );
  await use();
  const texts = ["send", "send", "receive", "receive", "select", "close"].map(
    (operation) => `${operation} ${operation === "close" ? "of" : "on"} synctest channel from outside bubble`,
  );
  expect(outside).toEqual([...texts, ...texts]);
});

test("a failed assertion comes out with its own stack [V19]", async () => {
  const error = await caught(async () => {
    go(async () => {
      await time.sleep(time.hour);
      expect(1).toBe(2);
    });
    await time.sleep(2 * time.hour);
  });
  expect(error.message).toContain("expected 1 to be 2");
  expect(error.stack).toContain("bubble.test.ts");
});

test("a promise of the bubble that nobody handles ends it as an error does [V19]", async () => {
  const told: unknown[] = [];
  const listen = (reason: unknown): void => void told.push(reason);
  process.on("unhandledRejection", listen);
  const error = await caught(async () => {
    const ch = chan<number>();
    void ch.send(1);
    await time.sleep(time.second);
    ch.close();
    await time.sleep(time.second);
  });
  expect([error.message, told]).toEqual(["send on closed channel", []]);
  process.off("unhandledRejection", listen);
});

test("signal and broadcast work on the bubble's time [V21]", async () => {
  await synctest.test(async () => {
    const mu = new sync.Mutex();
    const cond = new sync.Cond(mu);
    const woken: number[] = [];
    for (let n = 0; n < 3; n++) {
      go(async () => {
        using _ = await mu.lock();
        await cond.wait();
        woken.push(performance.now());
      });
    }
    await time.sleep(time.second);
    cond.signal();
    await time.sleep(time.second);
    cond.broadcast();
    await synctest.wait();
    expect(woken).toEqual([1000, 2000, 2000]);
  });
});

test("sleep sleeps and then waits [V22]", async () => {
  await synctest.test(async () => {
    let done = 0;
    go(async () => {
      await time.sleep(time.second);
      await gosched();
      done = performance.now();
    });
    await synctest.sleep(time.second);
    expect(done).toBe(1000);
  });
});

test("sleeping until a time of the real world jumps there [V23]", async () => {
  const real = new Date(Date.UTC(2026, 0, 1));
  await synctest.test(async () => {
    await time.sleep(real.getTime() - Date.now());
    expect(new Date()).toEqual(real);
    expect(new Date()).toBeInstanceOf(Date);
  });
});

test("the host's own timers follow the bubble's clock [V24]", async () => {
  const before = Date.now();
  await synctest.test(async () => {
    const log: [string, number][] = [];
    const note = (what: string): void => void log.push([what, performance.now()]);
    setTimeout(note, 2000, "timeout");
    const interval = setInterval(() => note("interval"), 1500);
    setImmediate(note, "immediate");
    clearTimeout(setTimeout(note, 1, "cleared"));
    AbortSignal.timeout(2500).addEventListener("abort", (event) =>
      note(((event.target as AbortSignal).reason as Error).name),
    );
    await new Promise((resolve) => setTimeout(resolve, 3100));
    clearInterval(interval);
    expect(log).toEqual([
      ["immediate", 0],
      ["interval", 1500],
      ["timeout", 2000],
      ["TimeoutError", 2500],
      ["interval", 3000],
    ]);
  });
  expect(Date.now()).toBeGreaterThanOrEqual(before);
});

test("under fake timers too [V24]", async () => {
  vi.useFakeTimers();
  await synctest.test(async () => {
    await time.sleep(time.hour);
    expect(Date.now()).toBe(Date.UTC(2000, 0, 1, 1));
  });
});

describe("concurrent bubbles take turns", () => {
  for (let n = 0; n < 3; n++) {
    test.concurrent(`bubble ${n}`, async () => {
      await synctest.test(async () => {
        await time.sleep(time.hour);
        expect(performance.now()).toBe(3_600_000);
      });
    });
  }
});

test("bad options are refused", async () => {
  await expect(synctest.test(42 as never)).rejects.toThrow("synctest.test: 42 is not a function");
  await expect(synctest.test(() => 1, { foreign: "no" as never })).rejects.toThrow(
    'synctest.test: foreign must be auto, wait, error or durable, got "no"',
  );
  await expect(synctest.test(() => 1, { patience: -1 })).rejects.toThrow(
    "synctest.test: patience must be at least 0 milliseconds, got -1",
  );
});
