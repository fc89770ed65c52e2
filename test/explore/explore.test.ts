import { chan, context, go, gosched, PanicError, type ReceiveChan, select, sync, time } from "gocsp";
import { explore, ExploreError, replay, Session } from "gocsp/explore";
import fc from "fast-check";
import { readFile } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { heapGrowth } from "../support/memory.ts";

expectNoGoroutinesLeft();

async function failureOf(f: () => unknown, options?: Parameters<typeof explore>[1]): Promise<ExploreError> {
  const error: unknown = await explore(f, options).catch((error: unknown) => error);
  if (error instanceof ExploreError) return error;
  throw new Error("no failure was found", { cause: error });
}

async function lostUpdate(): Promise<void> {
  let n = 0;
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 2; i++) {
    wg.go(async () => {
      const seen = n;
      await gosched();
      n = seen + 1;
    });
  }
  await wg.wait();
  if (n !== 2) throw new Error(`lost an update: ${n}`);
}

test("the first failure is thrown with its kind, its cause, a transcript and a token [O1]", async () => {
  const error = await failureOf(lostUpdate, { seed: 1 });
  expect(error.kind).toBe("panic");
  expect((error.cause as Error).message).toBe("lost an update: 1");
  expect(error.token).toMatch(/^1-stay-\d+x\d+-\w+$/);
  expect(error.message).toMatch(/^panic: Error: lost an update: 1 \(schedule \d+ of seed 1\)\n/);
  expect(error.message).toContain(`\n\ntoken: ${error.token}`);
  expect(error.transcript.map((line) => line.replace(/ {3}.*/, ""))).toEqual([
    "goroutine 1 begins to run",
    "goroutine 1 adds 1 to WaitGroup1",
    "goroutine 1 starts goroutine 2",
    "goroutine 1 adds 1 to WaitGroup1",
    "goroutine 1 starts goroutine 3",
    "goroutine 1 waits for WaitGroup1 (sync.WaitGroup.Wait)",
    "goroutine 2 begins to run",
    "goroutine 2 is interrupted",
    "goroutine 3 begins to run",
    "goroutine 3 adds -1 to WaitGroup1",
    "goroutine 3 ends",
    "goroutine 2 goes on",
    "goroutine 2 adds -1 to WaitGroup1",
    "goroutine 2 lets goroutine 1 go on",
    "goroutine 2 ends",
    "goroutine 1 goes on",
    "goroutine 1 panics: Error: lost an update: 1",
  ]);
  expect(error.transcript[2]).toMatch(/ {3}explore\.test\.ts:\d+:\d+$/);
});

test("replay repeats the failure of a token exactly [O2]", async () => {
  const first = await failureOf(lostUpdate);
  for (let i = 0; i < 3; i++) {
    const again: unknown = await replay(first.token, lostUpdate).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(ExploreError);
    expect((again as ExploreError).transcript.length).toBe(first.transcript.length);
    expect((again as ExploreError).message).toContain("lost an update: 1");
  }
});

test("the same seed explores the same schedules [O3]", async () => {
  const options = { seed: 42, strategy: "random" } as const;
  const [a, b] = [await failureOf(lostUpdate, options), await failureOf(lostUpdate, options)];
  expect([a.run, a.token]).toEqual([b.run, b.token]);
});

describe("a failure of the kind", () => {
  const programs: Record<string, () => Promise<void>> = {
    deadlock: async () => {
      const [a, b] = [new sync.Mutex(), new sync.Mutex()];
      const both = async (x: sync.Mutex, y: sync.Mutex): Promise<void> => {
        using _1 = await x.lock();
        using _2 = await y.lock();
      };
      const wg = new sync.WaitGroup();
      wg.go(() => both(a, b));
      wg.go(() => both(b, a));
      await wg.wait();
    },
    leak: async () => {
      const answer = chan<number>();
      go(() => answer.send(1));
      go(() => answer.send(2));
      await answer.receive();
    },
    panic: async () => {
      const ch = chan();
      go(() => ch.close());
      go(() => ch.close());
      await ch.receive();
      await gosched();
    },
    livelock: async () => {
      const stop = chan(1);
      go(async () => {
        while (stop.tryReceive() === undefined) await gosched();
      });
      while (stop.tryReceive() === undefined) await gosched();
    },
  };
  test.each(Object.entries(programs))("%s is found and told [O4]", async (kind, program) => {
    const error = await failureOf(program, { maxSteps: 500 });
    expect(error.kind).toBe(kind);
  });
});

test("each goroutine of a deadlock is told with its line and where it was started [O5]", async () => {
  const error = await failureOf(async () => {
    const ch = chan<number>();
    go(async function worker() {
      await ch.send(1);
    });
    await chan().receive();
  });
  expect(error.message).toMatch(/goroutine 1 \[chan receive\]:\n.*\n\t.*explore\.test\.ts:\d+:\d+\n/);
  expect(error.message).toMatch(
    /goroutine 2 \[chan send\]:\nworker\(\.\.\.\)\n\t.*explore\.test\.ts:\d+:\d+\ncreated by .*\n\t.*explore\.test\.ts:\d+:\d+\n/,
  );
});

test("all says whether there are no other schedules [O6]", async () => {
  const orders = new Set<string>();
  const two = async (): Promise<void> => {
    const ch = chan<string>(2);
    go(() => ch.send("a"));
    go(() => ch.send("b"));
    orders.add(`${await ch.receive()}${await ch.receive()}`);
  };
  const whole = await explore.all(two);
  expect([whole.exhausted, [...orders].sort()]).toEqual([true, ["ab", "ba"]]);
  expect(whole.runs).toBeGreaterThan(2);
  const part = await explore.all(two, { runs: 3 });
  expect([part.exhausted, part.runs]).toEqual([false, 3]);
  const bounded = await explore(two, { strategy: "bounded:0" });
  expect([bounded.exhausted, bounded.runs]).toEqual([false, 1]);
});

test("time passes only when nobody can go on, but with slow at any moment [O7]", async () => {
  const program = async (): Promise<void> => {
    const answer = chan<number>(1);
    go(async () => {
      await gosched();
      await answer.send(1);
    });
    const op = await select({ answer, late: time.after(time.second) });
    if (op.case === "late") throw new Error("too late");
  };
  await explore(program);
  expect((await failureOf(program, { slow: true })).token).toContain("-stay.slow-");
  const error = await failureOf(program, { slow: true });
  await expect(replay(error.token, program)).rejects.toThrow("too late");
});

test("with slow a timer becomes due although nobody waits for it [O7]", async () => {
  const timers: Record<string, () => { readonly c: ReceiveChan<Date> }> = {
    after: () => ({ c: time.after(time.second) }),
    ticker: () => time.newTicker(time.second),
    reset: () => {
      const timer = time.newTimer(time.hour);
      timer.reset(time.second);
      return timer;
    },
  };
  for (const make of Object.values(timers)) {
    const program = async (): Promise<void> => {
      const { c } = make();
      await gosched(); // work
      expect(c.tryReceive()).toBeUndefined();
    };
    await explore(program);
    expect((await failureOf(program, { slow: true })).token).toContain("-stay.slow-");
  }
  // A ticker that is late has lost ticks; one that was stopped has none.
  const seen = new Set<string>();
  await explore(
    async () => {
      const ticker = time.newTicker(time.second);
      for (let n = 0; n < 3; n++) await gosched();
      const first = ticker.c.tryReceive() !== undefined;
      ticker.stop();
      await gosched();
      seen.add(`${first} ${ticker.c.tryReceive() !== undefined} ${performance.now()}`);
    },
    { slow: true },
  );
  const times = Array.from({ length: 8 }, (_, n) => `true false ${1000 * (n + 1)}`);
  expect([...seen].sort()).toEqual(["false false 0", ...times]);
});

test("with slow too the host's timers call back in their order, and before later alarms [O7]", async () => {
  const { exhausted } = await explore(
    async () => {
      const calls: number[] = [];
      setTimeout(() => calls.push(20), 20);
      setTimeout(() => calls.push(10), 10);
      go(gosched);
      await time.sleep(time.second);
      expect(calls).toEqual([10, 20]);
    },
    { slow: true, runs: 20_000 },
  );
  expect(exhausted).toBe(true);
});

test("with slow no time passes for a timer that was stopped, whether or not the host has turned since [O7]", async () => {
  const session = new Session(
    async () => {
      const answer = chan<number>();
      go(() => answer.send(1));
      const timer = time.newTimer(time.second);
      await select({ answer, late: timer.c });
      timer.stop();
      await gosched();
    },
    { slow: true },
  );
  await session.start();
  const seen: boolean[] = [];
  while (session.outcome === undefined) {
    seen.push(session.choices.some(({ why }) => why === "time"));
    await session.step(0);
  }
  // Before it is started, while it is waited for, and after it was stopped.
  expect([seen.includes(true), seen.at(-1)]).toEqual([true, false]);
});

test("goroutines that sleep when f has returned are late, and no leak; those that wait are [O8]", async () => {
  let slept = 0;
  const { runs } = await explore(() =>
    go(async () => {
      await time.sleep(time.hour);
      slept++;
    }),
  );
  expect(slept).toBe(runs + 1); // the last one shows that the program repeats itself
  const left = (): void => go(() => chan().receive());
  expect((await failureOf(left)).kind).toBe("leak");
  await explore(left, { leaks: false });
});

test("a program that does not repeat itself is told so [O9]", async () => {
  let runs = 0;
  const program = async (): Promise<void> => {
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 3 + (runs++ % 2); i++) wg.go(gosched);
    await wg.wait();
  };
  await expect(explore(program)).rejects.toThrow(
    /^explore: the program does not repeat itself: .* at choice \d+, after .*explore\.test\.ts:\d+:\d+\. /,
  );
  // One that has a single schedule in its first run, and more later, is not said to have been exhausted.
  let later = false;
  const second = async (): Promise<void> => {
    if (later) for (let i = 0; i < 2; i++) go(gosched);
    later = true;
    await gosched();
  };
  await expect(explore(second)).rejects.toThrow(/^explore: the program does not repeat itself: /);
});

test("a promise on a chain of the host's ticks, such as a stream's, comes before time passes [O10]", async () => {
  const read = async (): Promise<number> => {
    let size = 0;
    const parts = Readable.from(Array.from({ length: 50 }, (_, i) => String(i)));
    await pipeline(parts, new PassThrough(), async (source: AsyncIterable<Buffer>) => {
      for await (const part of source) size += part.length;
    });
    return size;
  };
  const { exhausted } = await explore(async () => {
    const sizes = chan<number>();
    go(async () => sizes.send(await read()));
    const op = await select({ sizes, late: time.after(1) });
    expect(op.value).toBe(90);
  });
  expect(exhausted).toBe(true);
});

test("a report tells where each goroutine was started, however many were started before [O5]", async () => {
  await explore(
    async () => {
      for (let i = 0; i < 200; i++) go(() => undefined);
      await gosched();
    },
    { runs: 20 },
  );
  const { message } = await failureOf(() => go(() => chan().receive()));
  expect(message).toMatch(/\ngoroutine 2 \[chan receive\]:\n(.*\n){0,2}created by .*\n\t.*explore\.test\.ts:\d+:\d+\n/);
});

test("a goroutine that awaits the world outside is told, with the place of its latest operation [O10]", async () => {
  const program = async (): Promise<void> => {
    await gosched();
    await readFile(import.meta.filename);
  };
  await expect(explore(program)).rejects.toThrow(
    /^explore: goroutine 1 awaits the world outside .*; its latest operation was at .*explore\.test\.ts:\d+:\d+\. /,
  );
  await expect(explore(() => go(() => readFile(import.meta.filename)))).rejects.toThrow(
    /^explore: goroutine 2 awaits the world outside .*; it was started at .*explore\.test\.ts:\d+:\d+\. /,
  );
});

describe("a token", () => {
  const refused: Record<string, [token: string, text: string]> = {
    "that is none": ["what?", 'explore.replay: "what?" is not a token'],
    "of another version": [
      "9-stay-1x1-abc",
      'explore.replay: the token "9-stay-1x1-abc" is of version 9, this is version 1',
    ],
    "of another order": ["1-fifo-1x1-abc", 'explore.replay: the token "1-fifo-1x1-abc" has an unknown order, "fifo"'],
    "that is damaged": ["1-stay-1x-abc", 'explore.replay: "1-stay-1x-abc" is not a token'],
    "of another program": [
      "1-stay-5x3-abc",
      "explore.replay: the token is of another program, or of another state of this one",
    ],
  };
  test.each(Object.entries(refused))("%s is refused [O11]", async (_, [token, text]) => {
    await expect(replay(token, lostUpdate)).rejects.toThrow(text);
  });
});

test("bad options are refused [O12]", async () => {
  await expect(explore(42 as never)).rejects.toThrow("explore: 42 is not a function");
  await expect(explore(lostUpdate, { runs: -1 })).rejects.toThrow(
    "explore: the number of runs must be an integer of at least 0, got -1",
  );
  await expect(explore(lostUpdate, { seed: 0.5 })).rejects.toThrow("explore: the seed must be an integer, got 0.5");
  await expect(explore.once(lostUpdate, Number.NaN)).rejects.toThrow(
    "explore.once: the seed must be an integer, got NaN",
  );
  await expect(explore(lostUpdate, { strategy: "pct" as never })).rejects.toThrow(
    'explore: there is no strategy "pct"',
  );
});

test("an exploration inside another one is refused [O13]", async () => {
  const error = await failureOf(() => explore(lostUpdate), { runs: 1 });
  expect(error.message).toContain("explore: called from within a run of explore");
});

test("once runs a program under one schedule, for properties over programs and schedules [O14]", async () => {
  const sum = async (values: readonly number[], seed: number): Promise<number> =>
    explore.once(async () => {
      const ch = chan<number>();
      for (const value of values) go(() => ch.send(value));
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += (await ch.receive()) as number;
      return sum;
    }, seed);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(100), { maxLength: 5 }), fc.integer(), async (values, seed) => {
      expect(await sum(values, seed)).toBe(values.reduce((a, b) => a + b, 0));
    }),
  );
  const lost = await fc.check(fc.asyncProperty(fc.integer(), (seed) => explore.once(lostUpdate, seed)));
  expect(lost.failed).toBe(true);
});

test("explorations leave no goroutine, timer or channel's guard behind [O15]", async () => {
  const kept = chan<number>(1);
  await explore(
    async () => {
      const [ctx, cancel] = context.withTimeout(context.background(), time.hour);
      go(() => time.sleep(ctx, 2 * time.hour).catch(() => undefined));
      await time.sleep(1);
      cancel();
      kept.trySend(1);
      kept.tryReceive();
    },
    { runs: 20 },
  );
  expect(kept.trySend(2)).toBe(true);
});

test("runs keep no memory, not even of goroutines that they leave behind [O15]", async () => {
  const runs = 2000;
  const program = async (): Promise<void> => {
    const held = Array.from({ length: 1250 }, () => 0); // 10 kB
    const [mu, never] = [new sync.Mutex(), chan<number[]>()];
    await mu.lock();
    go(() => never.send(held));
    go(async () => {
      await mu.lock();
      held.pop();
    });
    await gosched();
  };
  // The first runs compile what all share.
  await explore(program, { runs: 50, strategy: "random", leaks: false });
  const grown = await heapGrowth(() => explore(program, { runs, strategy: "random", leaks: false }));
  expect(grown).toBeLessThan((runs * 10_000) / 10);
});

describe("a promise that is rejected and that nobody handles is a panic:", () => {
  const programs: Record<string, () => Promise<void>> = {
    "an operation that is not awaited": async () => {
      const ch = chan<number>();
      void ch.send(1);
      await gosched();
      ch.close();
    },
    "one of a goroutine that has ended": async () => {
      const failing = async (): Promise<void> => {
        await gosched();
        throw new PanicError("send on closed channel");
      };
      go(() => void failing());
      await gosched();
    },
    "one that was made in a callback": async () => {
      setTimeout(() => void Promise.reject(new PanicError("send on closed channel")), 1);
      await time.sleep(2);
    },
  };
  test.each(Object.entries(programs))("%s [O23]", async (_, program) => {
    const told: unknown[] = [];
    const listen = (reason: unknown): void => void told.push(reason);
    process.on("unhandledRejection", listen);
    const before = process.rawListeners("unhandledRejection");
    const error = await failureOf(program);
    expect([error.kind, (error.cause as Error).message]).toEqual(["panic", "send on closed channel"]);
    expect(error.transcript.at(-1)).toMatch(
      /^a promise( of goroutine [12])? is rejected, and nobody handles it: PanicError: send on closed channel$/,
    );
    await expect(replay(error.token, program)).rejects.toThrow("send on closed channel");
    // Nobody else is told of it, and all listen as before.
    expect([told, process.rawListeners("unhandledRejection")]).toEqual([[], before]);
    process.off("unhandledRejection", listen);
  });

  test("but not one that is handled later in the run [O23]", async () => {
    const { runs } = await explore(async () => {
      const failed = Promise.reject(new Error("refused"));
      for (let n = 0; n < 3; n++) await gosched();
      await expect(failed).rejects.toThrow("refused");
    });
    expect(runs).toBe(1);
  });
});

test("a goroutine that can go on does not wait for ever behind others that poll [O18]", async () => {
  const result = await explore(
    async () => {
      const state = { done: false };
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          while (!state.done) await gosched();
        });
      }
      wg.go(() => void (state.done = true));
      await wg.wait();
    },
    { runs: 2000, seed: 3 },
  );
  expect(result.runs).toBe(2000);
});

test("the token of a run without end is short, and says the same again [O4]", async () => {
  const program = async (): Promise<void> => {
    const wg = new sync.WaitGroup();
    for (let i = 0; i < 2; i++) {
      wg.go(async () => {
        for (;;) await gosched();
      });
    }
    await wg.wait();
  };
  const error = await failureOf(program, { strategy: "random" });
  expect(error.kind).toBe("livelock");
  expect(error.token.length).toBeLessThan(40);
  await expect(replay("1-stay-1x1,0x1*400-1", program)).rejects.toThrow("the token is of another program");
  await expect(replay("1-stay-1x1,0x1*99999999-1", program)).rejects.toThrow("is not a token");
});
