import { chan, context, go, select, time } from "gocsp";
import { mock } from "node:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

afterEach(() => {
  vi.useRealTimers();
});

// Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
type Fakes = NonNullable<Parameters<typeof vi.useFakeTimers>[0]>["toFake"];

const lists: { name: string; toFake: Fakes }[] = [
  { name: "the usual list", toFake: undefined },
  { name: "timeouts alone", toFake: ["setTimeout", "clearTimeout"] },
  { name: "timeouts and Date", toFake: ["setTimeout", "clearTimeout", "Date"] },
  { name: "timeouts and performance", toFake: ["setTimeout", "clearTimeout", "performance"] },
  { name: "timeouts, Date and performance", toFake: ["setTimeout", "clearTimeout", "Date", "performance"] },
  {
    name: "immediates and microtasks too",
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "queueMicrotask", "Date", "performance"],
  },
];

describe.each(lists)("with $name faked", ({ toFake }) => {
  const fake = (): void => {
    vi.useFakeTimers(toFake === undefined ? {} : { toFake });
  };
  // With a real clock beside fake timeouts, alarms that were set one after the other are due one after the other.
  const slack = toFake === undefined || toFake.includes("performance") ? 0 : 1 * time.second;

  test("everything that waits for a time waits for the fake one", async () => {
    fake();
    const log: string[] = [];
    const [ctx, cancel] = context.withTimeout(context.background(), 1 * time.hour);
    using _ = cancel;
    time.afterFunc(1 * time.hour, () => log.push("func"));
    go(async () => time.sleep(1 * time.hour).then(() => log.push("sleep")));
    go(async () => time.sleep(context.background(), 1 * time.hour).then(() => log.push("sleep(ctx)")));
    go(async () =>
      time
        .newTimer(1 * time.hour)
        .c.receive()
        .then(() => log.push("timer")),
    );
    go(async () =>
      ctx
        .done()
        .receive()
        .then(() => log.push("deadline")),
    );
    go(async () => {
      const op = await select({ late: time.after(1 * time.hour), never: chan() });
      log.push(op.case);
    });
    go(async () => {
      const ticker = time.newTicker(20 * time.minute);
      for (let n = 1; n <= 3; n++) {
        await ticker.c.receive();
        log.push(`tick ${n}`);
      }
      ticker.stop();
    });
    await settle();
    expect(log).toEqual([]);
    await vi.advanceTimersByTimeAsync(20 * time.minute);
    await settle();
    expect(log).toEqual(["tick 1"]);
    await vi.advanceTimersByTimeAsync(20 * time.minute);
    await settle();
    expect(log).toEqual(["tick 1", "tick 2"]);
    await vi.advanceTimersByTimeAsync(20 * time.minute + slack);
    await settle();
    const fired = ["deadline", "func", "late", "sleep", "sleep(ctx)", "tick 1", "tick 2", "tick 3", "timer"];
    expect(log.toSorted()).toEqual(fired);
    expect(ctx.err()).toBe(context.deadlineExceeded);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("one sleep after the other adds up to the fake time that passes", async () => {
    fake();
    let naps = 0;
    go(async () => {
      for (; naps < 50; naps++) await time.sleep(1 * time.minute);
    });
    await settle();
    for (let n = 1; n <= 50; n++) {
      expect(naps).toBe(n - 1);
      await vi.advanceTimersByTimeAsync(1 * time.minute);
      await settle();
    }
    expect(naps).toBe(50);
  });

  test("goroutines talk without the clock", async () => {
    fake();
    const ch = chan<number>();
    go(async () => {
      for (let i = 0; i < 5000; i++) await ch.send(i);
      ch.close();
    });
    let sum = 0;
    for await (const n of ch) sum += n;
    expect(sum).toBe((5000 * 4999) / 2);
  });
});

test("what was set before fake timers were installed stays in real time", async () => {
  const log: string[] = [];
  time.afterFunc(5, () => log.push("func"));
  const waiting = Promise.all([
    time.sleep(5),
    time.after(5).receive(),
    context.withTimeout(context.background(), 5)[0].done().receive(),
  ]);
  const unwatched = time.newTimer(5);
  vi.useFakeTimers();
  const fake = follow(time.sleep(5));
  await waiting;
  expect(unwatched.c.tryReceive()?.ok).toBe(true);
  expect(fake.state).toBe("waits");
  await vi.advanceTimersByTimeAsync(5);
  expect(fake.state).toBe("returned");
  await settle();
  expect(log).toEqual(["func"]);
});

test("a timer that is reset under fake timers moves over to them", async () => {
  const timers = { func: time.afterFunc(1 * time.hour, () => undefined), channel: time.newTimer(1 * time.hour) };
  const received = follow(timers.channel.c.receive());
  vi.useFakeTimers();
  for (const timer of Object.values(timers)) expect(timer.reset(10)).toBe(true);
  await vi.advanceTimersByTimeAsync(10);
  expect(received.state).toBe("returned");
  for (const timer of Object.values(timers)) expect(timer.stop()).toBe(false);
});

test("fake timers can be installed again and again, and real ones work in between", async () => {
  for (let round = 1; round <= 3; round++) {
    vi.useFakeTimers();
    const fake = follow(time.sleep(1 * time.hour));
    const left = follow(time.sleep(2 * time.hour));
    await vi.advanceTimersByTimeAsync(1 * time.hour);
    expect([fake.state, left.state]).toEqual(["returned", "waits"]);
    vi.useRealTimers();
    const before = performance.now();
    await time.sleep(3);
    expect(performance.now() - before).toBeGreaterThanOrEqual(3);
    expect(left.state).toBe("waits");
  }
});

test("a fake clock that starts in another century is as good", async () => {
  for (const now of [0, Date.UTC(1970, 0, 1, 0, 0, 1), Date.UTC(2999, 11, 31)]) {
    vi.useFakeTimers({ now });
    const received = follow(time.after(10).receive());
    await vi.advanceTimersByTimeAsync(10);
    expect(received.value).toEqual(new Date(now + 10));
    vi.useRealTimers();
  }
});

test("runAllTimers and advanceTimersToNextTimer find the alarms", async () => {
  vi.useFakeTimers();
  const log: number[] = [];
  for (const d of [30, 10, 20]) go(async () => time.sleep(d).then(() => log.push(d)));
  await settle();
  await vi.advanceTimersToNextTimerAsync();
  await settle();
  expect(log).toEqual([10]);
  await vi.runAllTimersAsync();
  await settle();
  expect(log).toEqual([10, 20, 30]);
});

/** Ways in which a test removes timeouts, and installs fakes again. */
const cleared: Record<
  string,
  { fake: () => void; clear: () => void; advance: (ms: number) => unknown; real: () => void }
> = {
  "vi.clearAllTimers": {
    fake: () => void vi.useFakeTimers(),
    clear: () => void vi.clearAllTimers(),
    advance: (ms) => vi.advanceTimersByTimeAsync(ms),
    real: () => void vi.useRealTimers(),
  },
  "vi.clearAllTimers, with timeouts alone": {
    fake: () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }),
    clear: () => void vi.clearAllTimers(),
    advance: (ms) => vi.advanceTimersByTimeAsync(ms),
    real: () => void vi.useRealTimers(),
  },
  "vi.useRealTimers and back": {
    fake: () => void vi.useFakeTimers(),
    clear: () => void vi.useRealTimers().useFakeTimers(),
    advance: (ms) => vi.advanceTimersByTimeAsync(ms),
    real: () => void vi.useRealTimers(),
  },
  "mock.timers.reset": {
    fake: () => mock.timers.enable({ apis: ["setTimeout", "Date"] }),
    clear: () => {
      mock.timers.reset();
      mock.timers.enable({ apis: ["setTimeout", "Date"] });
    },
    advance: (ms) => mock.timers.tick(ms),
    real: () => mock.timers.reset(),
  },
  "mock.timers.reset, with timeouts alone": {
    fake: () => mock.timers.enable({ apis: ["setTimeout"] }),
    clear: () => {
      mock.timers.reset();
      mock.timers.enable({ apis: ["setTimeout"] });
    },
    advance: (ms) => mock.timers.tick(ms),
    real: () => mock.timers.reset(),
  },
};

describe.each(Object.keys(cleared))("after %s", (name) => {
  const { fake, clear, advance, real } = cleared[name] as (typeof cleared)[string];

  test.each([500, 1000, 5000, 60_000])(
    "alarms that are set later ring, whatever was set for %d ms before [Z10]",
    async (before) => {
      fake();
      try {
        // Some with waiters, some that were stopped, some without waiters.
        void time.sleep(before);
        time.newTimer(before).stop();
        context.withTimeout(context.background(), before)[1]();
        const [old] = context.withTimeout(context.background(), before);
        void old;
        await settle();
        clear();
        const log: string[] = [];
        time.afterFunc(1000, () => log.push("func"));
        void time.sleep(1000).then(() => log.push("sleep"));
        void time
          .after(1000)
          .receive()
          .then(() => log.push("after"));
        const [ctx] = context.withTimeout(context.background(), 1000);
        context.afterFunc(ctx, () => log.push("deadline"));
        await settle();
        await advance(900);
        await settle();
        expect(log).toEqual([]);
        await advance(1200);
        await settle();
        expect(log.toSorted()).toEqual(["after", "deadline", "func", "sleep"]);
        clear();
        void time.sleep(10).then(() => log.push("again"));
        await advance(11);
        await settle();
        expect(log).toContain("again");
      } finally {
        real();
      }
    },
  );
});
