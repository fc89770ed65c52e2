import { chan, context, go, select, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";

expectNoGoroutinesLeft();

const newYear = Date.UTC(2000, 0, 1);

test("sleeps, timers, tickers, functions and deadlines run on the attached clock alone [J19]", async () => {
  const clock = new VirtualClock({ wall: newYear });
  using _ = attach({ clock });
  const log: string[] = [];
  const note = (what: string) => void log.push(`${what} at ${clock.now()}`);
  const [ctx, cancel] = context.withTimeout(context.background(), 3 * time.hour);
  using _1 = cancel;
  go(async () => time.sleep(1 * time.hour).then(() => note("sleep")));
  go(async () => time.sleep(context.background(), 2 * time.hour).then(() => note("sleep(ctx)")));
  go(async () =>
    ctx
      .done()
      .receive()
      .then(() => note("deadline")),
  );
  go(async () => select({ late: time.after(4 * time.hour), never: chan() }).then(() => note("select")));
  time.afterFunc(5 * time.hour, () => note("func"));
  go(async () => {
    const ticker = time.newTicker(2.5 * time.hour);
    for (let n = 1; n <= 2; n++) note(`tick ${(await ticker.c.receive())?.toISOString()}`);
  });
  await clock.pass(1 * time.hour - 1);
  expect(log).toEqual([]);
  await clock.pass(10 * time.hour);
  expect(log).toEqual([
    "sleep at 3600000",
    "sleep(ctx) at 7200000",
    "tick 2000-01-01T02:30:00.000Z at 9000000",
    "deadline at 10800000",
    "select at 14400000",
    "func at 18000000",
    "tick 2000-01-01T05:00:00.000Z at 18000000",
  ]);
  expect(ctx.err()).toBe(context.deadlineExceeded);
  expect(clock.pending).toBe(0);
});

test("timers without waiters expire on it, and values are its wall times [J19] [T6]", async () => {
  const clock = new VirtualClock({ wall: newYear });
  using _ = attach({ clock });
  const timer = time.newTimer(1 * time.minute);
  const ticker = time.newTicker(1 * time.minute);
  await clock.pass(2.5 * time.minute);
  expect(timer.c.tryReceive()).toEqual({ value: new Date(newYear + 60_000), ok: true });
  expect(ticker.c.tryReceive()).toEqual({ value: new Date(newYear + 60_000), ok: true });
  const next = follow(ticker.c.receive());
  await clock.pass(0.5 * time.minute);
  expect(next.value).toEqual(new Date(newYear + 180_000));
  ticker.stop();
});

test("a deadline that is asked for its error knows the virtual time [J19]", async () => {
  const clock = new VirtualClock({ wall: newYear });
  using _ = attach({ clock });
  const [ctx, cancel] = context.withTimeout(context.background(), 1 * time.minute);
  using _1 = cancel;
  await clock.pass(59_999);
  expect(ctx.err()).toBeUndefined();
  await clock.pass(1);
  expect(ctx.err()).toBe(context.deadlineExceeded);
});

test("deadlines are dates of its wall clock [J19]", async () => {
  const clock = new VirtualClock({ wall: newYear });
  using _ = attach({ clock });
  const [timeout, cancel] = context.withTimeout(context.background(), 1 * time.minute);
  expect(timeout.deadline()).toEqual(new Date(newYear + 60_000));
  const [dated, cancel1] = context.withDeadline(context.background(), new Date(newYear + 60_000));
  await clock.pass(59_999);
  expect([timeout.err(), dated.err()]).toEqual([undefined, undefined]);
  await clock.pass(1);
  expect([timeout.err(), dated.err()]).toEqual([context.deadlineExceeded, context.deadlineExceeded]);
  cancel();
  cancel1();
});

test("delays beyond those of host timers are passed on in parts that a host can count [J17] [Z10]", async () => {
  const delays: number[] = [];
  const clock = new (class extends VirtualClock {
    override setTimeout(callback: () => void, delay: number): object {
      delays.push(delay);
      return super.setTimeout(callback, delay);
    }
  })();
  using _ = attach({ clock });
  const year = 365 * 24 * time.hour;
  const sleeping = follow(time.sleep(year));
  await clock.pass(year - 1);
  expect(sleeping.state).toBe("waits");
  await clock.pass(1);
  expect(sleeping.state).toBe("returned");
  expect(Math.max(...delays)).toBe(2 ** 31 - 1);
});

describe("when it is detached", () => {
  test("new alarms run in real time, and those set before stay on the clock [J19]", async () => {
    const clock = new VirtualClock({ wall: newYear });
    const attached = attach({ clock });
    const before = follow(time.sleep(1 * time.hour));
    const timer = time.newTimer(1 * time.hour);
    attached[Symbol.dispose]();
    await time.sleep(1);
    expect([before.state, timer.c.tryReceive()]).toEqual(["waits", undefined]);
    await clock.pass(1 * time.hour);
    expect([before.state, timer.c.tryReceive()?.value]).toEqual(["returned", new Date(newYear + 3_600_000)]);
  });

  test("a timer that is reset moves over to real time, and back [J19]", async () => {
    const clock = new VirtualClock({ wall: newYear });
    const attached = attach({ clock });
    const timer = time.newTimer(1 * time.hour);
    attached[Symbol.dispose]();
    expect(timer.reset(1)).toBe(true);
    await timer.c.receive();
    using _ = attach({ clock });
    expect(timer.reset(1 * time.hour)).toBe(false);
    const received = follow(timer.c.receive());
    await clock.pass(1 * time.hour);
    expect(received.state).toBe("returned");
  });
});

test("two clocks one after the other do not know each other [J19]", async () => {
  const clocks = [new VirtualClock(), new VirtualClock({ wall: 1e12 })];
  const sleepers = clocks.map((clock) => {
    using _ = attach({ clock });
    return follow(time.after(1000).receive());
  });
  await clocks[1]?.pass(1000);
  expect(sleepers.map(({ state }) => state)).toEqual(["waits", "returned"]);
  await clocks[0]?.pass(1000);
  expect(sleepers.map(({ value }) => value?.getTime())).toEqual([1000, 1e12 + 1000]);
});
