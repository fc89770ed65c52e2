import { go, type PanicError, select, time } from "gocsp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const at = (milliseconds: number): Date => new Date(milliseconds);

beforeEach(() => {
  // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a timer delivers one value, the time, when its duration is over [T5]", async () => {
  const timer = time.newTimer(100);
  const first = follow(timer.c.receive());
  await vi.advanceTimersByTimeAsync(99);
  expect(first.state).toBe("waits");
  await vi.advanceTimersByTimeAsync(1);
  expect(first).toEqual({ state: "returned", value: at(100) });
  const second = follow(timer.c.receive());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(second.state).toBe("waits");
});

test.each([0, -0, -1, -5000, -1e300, -Infinity])(
  "a timer of %d fires at once, with the present time [T5]",
  (duration) => {
    vi.setSystemTime(12_345);
    expect(time.newTimer(duration).c.tryReceive()).toEqual({ value: at(12_345), ok: true });
    expect(time.after(duration).tryReceive()).toEqual({ value: at(12_345), ok: true });
    const timer = time.newTimer(1000);
    expect(timer.reset(duration)).toBe(true);
    expect(timer.c.tryReceive()).toEqual({ value: at(12_345), ok: true });
  },
);

test("the value is the time at which the timer was due, however late it is read [T6]", async () => {
  const timer = time.newTimer(20);
  await vi.advanceTimersByTimeAsync(70_000);
  expect(timer.c.tryReceive()).toEqual({ value: at(20), ok: true });
});

test("a goroutine that was parked gets the due time as well [T6]", async () => {
  const received = follow(time.after(20).receiveOk());
  // One step of the clock: its timer runs late, as under load.
  vi.advanceTimersByTime(70_000);
  await settle();
  expect(received.value).toEqual([at(20), true]);
});

interface State {
  readonly name: string;
  readonly was: boolean;
  readonly make: () => Promise<time.Timer>;
}

/** Every state of a timer, and what stop and reset return in it. */
const states: State[] = [
  { name: "pending", was: true, make: async () => time.newTimer(100) },
  { name: "pending for ever", was: true, make: async () => time.newTimer(Infinity) },
  { name: "due at once, unread", was: true, make: async () => time.newTimer(0) },
  { name: "expired, unread", was: true, make: async () => expired() },
  { name: "expired, looked at, unread", was: true, make: async () => looked(await expired()) },
  { name: "expired and received", was: false, make: async () => read(await expired()) },
  { name: "expired and received by a parked goroutine", was: false, make: async () => parkedReceiver() },
  { name: "stopped while pending", was: false, make: async () => stopped(time.newTimer(100)) },
  { name: "stopped after it expired", was: false, make: async () => stopped(await expired()) },
  { name: "reset, pending", was: true, make: async () => restarted(time.newTimer(10), 100) },
  { name: "reset after it was received", was: true, make: async () => restarted(read(await expired()), 100) },
  { name: "reset after it was stopped", was: true, make: async () => restarted(stopped(time.newTimer(10)), 100) },
  { name: "reset to zero, unread", was: true, make: async () => restarted(time.newTimer(10), 0) },
];

async function expired(): Promise<time.Timer> {
  const timer = time.newTimer(10);
  await vi.advanceTimersByTimeAsync(50);
  return timer;
}

async function parkedReceiver(): Promise<time.Timer> {
  const timer = time.newTimer(10);
  const received = follow(timer.c.receive());
  await vi.advanceTimersByTimeAsync(50);
  expect(received.state).toBe("returned");
  return timer;
}

function looked(timer: time.Timer): time.Timer {
  expect([timer.c.length, timer.c.capacity]).toEqual([0, 0]);
  return timer;
}

function read(timer: time.Timer): time.Timer {
  expect(timer.c.tryReceive()?.ok).toBe(true);
  return timer;
}

function stopped(timer: time.Timer): time.Timer {
  timer.stop();
  return timer;
}

function restarted(timer: time.Timer, duration: number): time.Timer {
  timer.reset(duration);
  return timer;
}

describe.each(states)("a timer that is $name", ({ was, make }) => {
  test(`is stopped with ${was}, then with false [T7]`, async () => {
    const timer = await make();
    expect([timer.stop(), timer.stop()]).toEqual([was, false]);
  });

  test("delivers nothing after stop, no stale value either, and its channel stays open [T7] [T8] [T15]", async () => {
    const timer = await make();
    timer.stop();
    expect(timer.c.tryReceive()).toBeUndefined();
    const received = follow(timer.c.receiveOk());
    await vi.advanceTimersByTimeAsync(100_000);
    expect(received.state).toBe("waits");
    expect(vi.getTimerCount()).toBe(0);
  });

  test(`is reset with ${was}, and delivers the new expiry alone [T10] [T11]`, async () => {
    const timer = await make();
    const now = Date.now();
    expect(timer.reset(30)).toBe(was);
    expect(timer.c.tryReceive()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(29);
    expect(timer.c.tryReceive()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(timer.c.tryReceive()).toEqual({ value: at(now + 30), ok: true });
    expect(timer.c.tryReceive()).toBeUndefined();
    expect(timer.stop()).toBe(false);
  });
});

test("a timer's channel shows no length and no capacity [T9]", async () => {
  const timer = time.newTimer(10);
  const shown: number[][] = [];
  const show = () => shown.push([timer.c.length, timer.c.capacity]);
  show();
  await vi.advanceTimersByTimeAsync(10);
  show();
  timer.c.tryReceive();
  show();
  expect(shown).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

test("a timer can be moved earlier and later any number of times while a goroutine waits [T12]", async () => {
  const timer = time.newTimer(1000);
  const received = follow(timer.c.receive());
  for (const duration of [2000, 500, 5000, 100, 2 ** 40, 7, 300]) expect(timer.reset(duration)).toBe(true);
  await vi.advanceTimersByTimeAsync(299);
  expect(received.state).toBe("waits");
  await vi.advanceTimersByTimeAsync(1);
  expect(received.value).toEqual(at(300));
});

test("a parked goroutine waits through stop and is woken by the expiry of a later reset [T13]", async () => {
  const timer = time.newTimer(10);
  const received = follow(timer.c.receive());
  expect(timer.stop()).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(received.state).toBe("waits");
  expect(timer.reset(50)).toBe(false);
  await vi.advanceTimersByTimeAsync(50);
  expect(received.value).toEqual(at(1050));
});

test("of two timers in a select, stop tells whether the loser's value can still come [T14]", async () => {
  for (const late of [true, false]) {
    const timers = { a: time.newTimer(10), b: time.newTimer(10) };
    if (late) await vi.advanceTimersByTimeAsync(20);
    const selecting = select({ a: timers.a.c, b: timers.b.c });
    await vi.advanceTimersByTimeAsync(20);
    const winner = (await selecting).case;
    const loser = winner === "a" ? timers.b : timers.a;
    expect(timers[winner].stop()).toBe(false);
    expect(loser.stop()).toBe(true);
    expect(loser.c.tryReceive()).toBeUndefined();
  }
});

test("a timer whose value was dropped delivers the next one, as often as that happens [T8] [T14]", async () => {
  for (const drop of ["stop", "reset"]) {
    const timers = { a: time.newTimer(10), b: time.newTimer(10) };
    for (let round = 0; round < 3; round++) {
      await vi.advanceTimersByTimeAsync(20);
      const winner = (await select({ a: timers.a.c, b: timers.b.c })).case;
      const loser = winner === "a" ? timers.b : timers.a;
      if (drop === "stop") loser.stop();
      for (const timer of [timers.a, timers.b]) timer.reset(10);
      expect([timers.a.c.tryReceive(), timers.b.c.tryReceive()]).toEqual([undefined, undefined]);
    }
    await vi.advanceTimersByTimeAsync(10);
    expect([timers.a.c.tryReceive()?.ok, timers.b.c.tryReceive()?.ok]).toEqual([true, true]);
  }
});

test("a zero Timer can be neither stopped nor reset, and its channel is nil [T16]", async () => {
  const timer = new time.Timer();
  const panic = (message: string) => expect.objectContaining<Partial<PanicError>>({ name: "PanicError", message });
  expect(() => timer.stop()).toThrow(panic("time: Stop called on uninitialized Timer"));
  expect(() => timer.reset(1)).toThrow(panic("time: Reset called on uninitialized Timer"));
  const received = follow(timer.c.receive());
  await vi.advanceTimersByTimeAsync(1000);
  expect(received.state).toBe("waits");
});

test("an expired timer has one value only, in the new way, whatever was pending before [T17]", async () => {
  const timer = time.newTimer(10);
  await vi.advanceTimersByTimeAsync(10);
  timer.reset(20);
  await vi.advanceTimersByTimeAsync(20);
  expect([timer.c.tryReceive(), timer.c.tryReceive()]).toEqual([{ value: at(30), ok: true }, undefined]);
});

test("after is the channel of a timer [T19]", async () => {
  const c = time.after(40);
  const received = follow(c.receiveOk());
  await vi.advanceTimersByTimeAsync(40);
  expect(received.value).toEqual([at(40), true]);
  expect([c.length, c.capacity]).toEqual([0, 0]);
});

test("every value of a timer that many wait for goes to one of them, first come first served [T34]", async () => {
  const timer = time.newTimer(10);
  const log: string[] = [];
  for (const name of ["a", "b", "c"]) {
    go(async () => {
      const date = await timer.c.receive();
      log.push(`${name} ${date?.getTime()}`);
    });
  }
  for (const reset of [5, 5, 5]) {
    await vi.advanceTimersByTimeAsync(100);
    timer.reset(reset);
  }
  expect(log).toEqual(["a 10", "b 105", "c 205"]);
});
