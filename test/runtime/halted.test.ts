import { chan, defer, go, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";
import { halt, resume } from "../../src/runtime/turn.ts";
import { StandingClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();
afterEach(resume);

/** Returns what is logged until all microtasks have run. */
async function microtasks(): Promise<void> {
  for (let i = 0; i < 100; i++) await undefined;
}

test("no goroutine of a halted program resumes, and all do once the halt is undone [G30]", async () => {
  const log: string[] = [];
  const ch = chan<number>(2);
  go(async () => {
    log.push(`got ${await ch.receive()}`);
    await ch.send(2);
    log.push("sent");
  });
  await settle();
  halt();
  ch.trySend(1);
  go(() => log.push("started"));
  const slept = time.sleep(1).then(() => log.push("slept"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(log).toEqual([]);
  resume();
  await slept;
  expect(log.toSorted()).toEqual(["got 1", "sent", "slept", "started"]);
});

test("operations of a deferred call in a halted program proceed, for a panic that unwinds [G5] [G7]", async () => {
  const log: string[] = [];
  const ch = chan<number>(3);
  const goroutine = async (): Promise<void> => {
    await using _1 = defer(async () => {
      await ch.send(1);
      log.push("second");
    });
    await using _2 = defer(async () => {
      await ch.send(2);
      log.push("first");
    });
    halt();
  };
  const other = ch.send.bind(ch);
  const ended = goroutine();
  const frozen = other(3).then(() => log.push("other"));
  await microtasks();
  expect(log).toEqual(["first", "second"]);
  resume();
  await Promise.all([ended, frozen]);
  expect(log.at(-1)).toBe("other");
});

/** Counts what is asked of it. */
class CountingClock extends StandingClock {
  looks = 0;
  set = 0;

  override now(): number {
    this.looks++;
    return super.now();
  }

  override setTimeout(callback: () => void, delay: number): object {
    this.set++;
    return super.setTimeout(callback, delay);
  }
}

/** The turns of the event loop so far. */
function turns(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}

describe("alarms that are due in a halted program", () => {
  test("cost nothing while it waits for its output, and ring once when it goes on [G30]", async () => {
    const clock = new CountingClock();
    using _ = attach({ clock });
    const log: number[] = [];
    const sleeps = [5, 6, 6, 20].map((duration, i) => time.sleep(duration).then(() => log.push(i)));
    halt();
    clock.advance(10);
    await new Promise((done) => setImmediate(done));
    const before = { looks: clock.looks, set: clock.set, turns: turns() };
    await new Promise((done) => setTimeout(done, 100));
    // A turn for this timeout, and some of the test runner's.
    expect(turns() - before.turns).toBeLessThan(50);
    expect([clock.looks - before.looks, clock.set - before.set, clock.pending]).toEqual([0, 0, 0]);
    resume();
    await Promise.all(sleeps.slice(0, 3));
    expect(log).toEqual([0, 1, 2]);
    // One timeout for the alarm that is left, and one that was cleared for it at most.
    expect(clock.set - before.set).toBeLessThanOrEqual(2);
    expect(clock.pending).toBe(1);
    clock.advance(10);
    await Promise.all(sleeps);
    expect(log).toEqual([0, 1, 2, 3]);
  });

  test("do not ring if their fake timers were cleared, whichever others fired meanwhile [G30]", async () => {
    vi.useFakeTimers();
    try {
      const log: number[] = [];
      const sleep = (duration: number): Promise<unknown> => time.sleep(duration).then(() => log.push(duration));
      void sleep(10);
      vi.clearAllTimers();
      const sleeps = [20, 30].map(sleep);
      halt();
      vi.advanceTimersByTime(40);
      resume();
      await Promise.all(sleeps);
      expect(log).toEqual([20, 30]);
    } finally {
      vi.useRealTimers();
    }
  });
});
