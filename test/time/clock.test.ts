import { context, go, time } from "gocsp";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

afterEach(() => {
  vi.useRealTimers();
});

describe.each([+1 * time.hour, -1 * time.hour, -10_000 * 24 * time.hour])("when the wall clock jumps by %d", (jump) => {
  const begin = (): void => {
    // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  };

  test("durations are as long as ever [T38]", async () => {
    begin();
    const log: string[] = [];
    const ticker = time.newTicker(100);
    const [ctx, cancel] = context.withTimeout(context.background(), 100);
    using _ = cancel;
    time.afterFunc(100, () => log.push("func"));
    go(async () => time.sleep(100).then(() => log.push("sleep")));
    go(async () =>
      time
        .after(100)
        .receive()
        .then(() => log.push("after")),
    );
    go(async () => ticker.c.receive().then(() => log.push("tick")));
    go(async () =>
      ctx
        .done()
        .receive()
        .then(() => log.push("deadline")),
    );
    await settle();
    vi.setSystemTime(Date.now() + jump);
    await vi.advanceTimersByTimeAsync(99);
    expect(log).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(log.toSorted()).toEqual(["after", "deadline", "func", "sleep", "tick"]);
    ticker.stop();
  });

  test("timers without waiters expire after their duration [T38]", async () => {
    begin();
    const c = time.after(100);
    vi.setSystemTime(Date.now() + jump);
    await vi.advanceTimersByTimeAsync(99);
    expect(c.tryReceive()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(c.tryReceive()?.ok).toBe(true);
  });

  test("the values are times of the new wall clock, as when Go asks it at the delivery [T6] [T29] [T38]", async () => {
    begin();
    const ticker = time.newTicker(100);
    const timer = time.newTimer(100);
    vi.setSystemTime(Date.now() + jump);
    const start = Date.now();
    await vi.advanceTimersByTimeAsync(170);
    const values = [timer.c.tryReceive(), ticker.c.tryReceive()];
    await vi.advanceTimersByTimeAsync(100);
    values.push(ticker.c.tryReceive());
    expect(values.map((got) => (got?.value?.getTime() ?? Number.NaN) - start)).toEqual([100, 100, 200]);
    ticker.stop();
  });
});

test("in real time the value is not before the start plus the duration, nor after it was read [T6]", async () => {
  const start = Date.now();
  const values = await Promise.all([1, 2.5, 4].map(async (d) => [d, await time.after(d).receive()] as const));
  for (const [d, at] of values) {
    expect(at?.getTime()).toBeGreaterThanOrEqual(start + d);
    expect(at?.getTime()).toBeLessThanOrEqual(Date.now() + 1);
  }
});

test("a goroutine that never yields delays a timer, whose value is the due time nevertheless [T37] [J11]", async () => {
  const earliest = Date.now() + 5;
  const c = time.after(5);
  const latest = Date.now() + 5;
  const receiving = c.receive();
  const received = follow(receiving);
  let fired = false;
  time.afterFunc(1, () => (fired = true));
  const before = performance.now();
  while (performance.now() - before < 30);
  expect([fired, received.state]).toEqual([false, "waits"]);
  const at = (await receiving)?.getTime();
  expect(fired).toBe(true);
  expect(at).toBeGreaterThanOrEqual(earliest);
  // It is rounded up to whole milliseconds, and read 25 of them later at least.
  expect(at).toBeLessThanOrEqual(latest + 2);
});
