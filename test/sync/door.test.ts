import { context, go, gosched } from "gocsp";
import { attach } from "gocsp/runtime";
import { Cond, Mutex, Once, RWMutex, WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";
import { cancelable } from "./log.ts";

expectNoGoroutinesLeft();

/** Every way to wait: begins the wait, and returns what ends it. */
const waits: [name: string, state: string, begin: (ctx?: context.Context) => Promise<() => void>][] = [
  [
    "Mutex.lock",
    "sync.Mutex.Lock",
    async (ctx) => {
      const mu = new Mutex();
      await mu.lock();
      void mu.lock(ctx).catch(() => undefined);
      return () => mu.unlock();
    },
  ],
  [
    "RWMutex.lock",
    "sync.RWMutex.Lock",
    async (ctx) => {
      const mu = new RWMutex();
      await mu.rLock();
      void mu.lock(ctx).catch(() => undefined);
      return () => mu.rUnlock();
    },
  ],
  [
    "RWMutex.rLock",
    "sync.RWMutex.RLock",
    async (ctx) => {
      const mu = new RWMutex();
      await mu.lock();
      void mu.rLock(ctx).catch(() => undefined);
      return () => mu.unlock();
    },
  ],
  [
    "WaitGroup.wait",
    "sync.WaitGroup.Wait",
    async (ctx) => {
      const wg = new WaitGroup();
      wg.add(1);
      void wg.wait(ctx).catch(() => undefined);
      return () => wg.done();
    },
  ],
  [
    "Cond.wait",
    "sync.Cond.Wait",
    async (ctx) => {
      const cond = new Cond(new Mutex());
      await cond.l.lock();
      void cond.wait(ctx).catch(() => undefined);
      return () => cond.signal();
    },
  ],
];

describe.each(waits)("%s", (_, state, begin) => {
  const cases: [how: string, ctx: (() => context.Context) | undefined][] = [
    ["without a context", undefined],
    ["with one that never ends", () => context.background()],
    ["with one that lives", () => cancelable()[0]],
  ];

  test.each(cases)("%s the runtime sees one park under Go's name and one wake", async (_, ctx) => {
    const parks = new Map<object, string>();
    const woken: (string | undefined)[] = [];
    using _1 = attach({
      park: (operation, state) => void parks.set(operation, state),
      wake: (operation) => woken.push(parks.get(operation)),
    });
    const end = await begin(ctx?.());
    expect([[...parks.values()], woken]).toEqual([[state], []]);
    end();
    await settle();
    expect([[...parks.values()], woken]).toEqual([[state], [state]]);
  });

  test("so it does when the wait is given up", async () => {
    const log: string[] = [];
    using _ = attach({ park: (_, state) => void log.push(state), wake: () => void log.push("wake") });
    const [ctx, cancel] = cancelable();
    const end = await begin(ctx);
    cancel();
    expect(log).toEqual([state, "wake"]);
    end();
    await settle();
    expect(log).toEqual([state, "wake"]);
  });
});

describe("goroutines that never pause let timers fire [J12]", () => {
  const loops: [name: string, loop: (run: { stop: boolean }) => Promise<void>][] = [
    [
      "readers and writers",
      async (run) => {
        const mu = new RWMutex();
        go(async () => {
          while (!run.stop) {
            using _ = await mu.lock();
            await Promise.resolve();
          }
        });
        while (!run.stop) {
          using _ = await mu.rLock();
          await Promise.resolve();
        }
      },
    ],
    [
      "an endless row of WaitGroups",
      async (run) => {
        while (!run.stop) {
          const wg = new WaitGroup();
          wg.go(() => undefined);
          await wg.wait();
        }
      },
    ],
    [
      "a Cond that is signaled to and fro",
      async (run) => {
        const cond = new Cond(new Mutex());
        const turn = { of: 0 };
        const play = async (me: number): Promise<void> => {
          await cond.l.lock();
          while (!run.stop) {
            while (turn.of !== me && !run.stop) await cond.wait();
            turn.of = 1 - me;
            cond.broadcast();
          }
          cond.l.unlock();
        };
        go(play, 0);
        await play(1);
      },
    ],
    [
      "a Once that is done",
      async (run) => {
        const once = new Once();
        while (!run.stop) await once.do(() => undefined);
      },
    ],
    [
      "contexts that have ended",
      async (run) => {
        const mu = new Mutex();
        const [ctx, cancel] = cancelable();
        cancel();
        while (!run.stop) await mu.lock(ctx).catch(() => undefined);
      },
    ],
    [
      "tryLock first",
      async (run) => {
        const mu = new Mutex();
        const use = async (): Promise<void> => {
          while (!run.stop) {
            if (!mu.tryLock()) await mu.lock();
            await gosched();
            mu.unlock();
          }
        };
        go(use);
        await use();
      },
    ],
  ];

  test.each(loops)("%s", async (_, loop) => {
    const run = { stop: false };
    setTimeout(() => (run.stop = true), 5);
    await loop(run);
    await settle();
    expect(run.stop).toBe(true);
  });
});
