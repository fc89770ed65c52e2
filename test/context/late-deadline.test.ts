/** Deadlines that pass while the event loop is busy, at every moment at which they could be noticed. */

import { chan, type Context, context, errors, go, gosched, select, send, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as rate from "gocsp/rate";
import * as semaphore from "gocsp/semaphore";
import * as signal from "gocsp/signal";
import * as singleflight from "gocsp/singleflight";
import { describe, expect, test, vi } from "vitest";
import { lateDeadlines, type LateRun } from "../support/late-deadline.ts";
import { settle } from "../support/settle.ts";
import { expectNothingLeft } from "./contexts.ts";

expectNothingLeft();
vi.setConfig({ testTimeout: 120_000 });

/** Waits for an operation that may end with its context, and tells whether it has succeeded. */
async function succeeds(run: LateRun, operation: Promise<unknown>): Promise<boolean> {
  const [, err] = await errors.result(operation);
  if (err === undefined) return true;
  expect(err).toBe(context.deadlineExceeded);
  expect(run.passed).toBe(true);
  return false;
}

/** Waits until all of the goroutines are done, whatever happens to the contexts. */
async function all(...goroutines: (() => Promise<void>)[]): Promise<void> {
  const wg = new sync.WaitGroup();
  for (const f of goroutines) wg.go(f);
  await wg.wait();
}

/** Ways to derive what an operation waits with from the context that has the deadline. */
const derivations: [name: string, derive: (ctx: Context) => Context][] = [
  ["itself", (ctx) => ctx],
  ["a child", (ctx) => context.withCancel(context.withValue(ctx, "k", 1))[0]],
  ["an embedding one", (ctx) => new context.Embedded(ctx)],
  ["a child with a later deadline", (ctx) => context.withTimeout(ctx, 3_600_000)[0]],
];

describe.each(derivations)("with %s", (_, derive) => {
  const late = async (scenario: (run: LateRun, ctx: () => Context) => Promise<void>): Promise<void> => {
    const reads = await lateDeadlines((run) => scenario(run, () => derive(run.deadline())));
    expect(reads).toBeGreaterThan(0);
  };

  test("a Mutex is held by one at a time and free at the end [X71]", () =>
    late(async (run, deadline) => {
      const mu = new sync.Mutex();
      const ctx = deadline();
      let holders = 0;
      run.check(() => expect(holders).toBeLessThanOrEqual(1));
      const hold = async (locked: Promise<unknown>): Promise<void> => {
        if (!(await succeeds(run, locked))) return;
        holders++;
        await gosched();
        ctx.err();
        holders--;
        mu.unlock();
      };
      await all(
        () => hold(mu.lock()),
        () => hold(mu.lock(ctx)),
        () => hold(mu.lock(ctx)),
        () => hold(mu.lock()),
      );
      expect(mu.tryLock()).toBe(true);
    }));

  test("an RWMutex keeps readers and writers apart and is free at the end [X71]", () =>
    late(async (run, deadline) => {
      const rw = new sync.RWMutex();
      const ctx = deadline();
      let readers = 0;
      let writers = 0;
      run.check(() => expect(writers === 0 || (writers === 1 && readers === 0)).toBe(true));
      const read = async (locked: Promise<unknown>): Promise<void> => {
        if (!(await succeeds(run, locked))) return;
        readers++;
        await gosched();
        readers--;
        rw.rUnlock();
      };
      const write = async (locked: Promise<unknown>): Promise<void> => {
        if (!(await succeeds(run, locked))) return;
        writers++;
        await gosched();
        ctx.err();
        writers--;
        rw.unlock();
      };
      await all(
        () => read(rw.rLock()),
        () => write(rw.lock(ctx)),
        () => read(rw.rLock()),
        () => read(rw.rLock(ctx)),
        () => write(rw.lock(ctx)),
        () => write(rw.lock()),
      );
      expect(rw.tryLock()).toBe(true);
    }));

  test("a WaitGroup and a Cond resume the remaining waiters, with the lock held [X71]", () =>
    late(async (run, deadline) => {
      const wg = new sync.WaitGroup();
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      let ready = false;
      wg.add(1);
      const ctx = deadline();
      const waitForIt = async (ctx?: Context): Promise<void> => {
        await mu.lock();
        for (;;) {
          if (ready || !(await succeeds(run, cond.wait(ctx)))) break;
        }
        expect(mu.tryLock()).toBe(false);
        mu.unlock();
      };
      await all(
        async () => void (await succeeds(run, wg.wait(ctx))),
        async () => wg.wait(),
        () => waitForIt(ctx),
        () => waitForIt(),
        async () => {
          await gosched();
          using _ = await mu.lock();
          ready = true;
          cond.broadcast();
          wg.done();
        },
      );
      expect(mu.tryLock()).toBe(true);
    }));

  test("a semaphore keeps its tokens together [X71]", () =>
    late(async (run, deadline) => {
      const sem = new semaphore.Weighted(3);
      const ctx = deadline();
      let taken = 0;
      run.check(() => expect(taken).toBeLessThanOrEqual(3));
      const use = async (ctx: Context, n: number): Promise<void> => {
        if (!(await succeeds(run, sem.acquire(ctx, n)))) return;
        taken += n;
        await gosched();
        taken -= n;
        sem.release(n);
      };
      const background = context.background();
      await all(
        () => use(background, 2),
        () => use(ctx, 3),
        () => use(background, 1),
        () => use(ctx, 1),
        () => use(background, 3),
      );
      expect(sem.tryAcquire(3)).toBe(true);
    }));

  test("a channel loses no value and no sender [X71]", () =>
    late(async (run, deadline) => {
      const ch = chan<number>();
      const ctx = deadline();
      let sent = 0;
      let received = 0;
      await all(
        async () => {
          for (let i = 0; i < 4; i++) {
            if (await succeeds(run, ch.send(i, ctx))) sent++;
          }
          const op = await select({ sent: send(ch, 4), done: ctx.done(), late: time.after(1) });
          if (op.case === "sent") sent++;
          ch.close();
        },
        async () => {
          for (let i = 0; i < 2; i++) {
            const [, err] = await errors.result(ch.receiveOk(ctx).then(([, ok]) => (received += Number(ok))));
            if (err !== undefined) break;
          }
          for await (const _ of ch) received++;
        },
      );
      expect(received).toBe(sent);
    }));

  test("a limiter gets back the tokens of a wait that gave up [X71]", () =>
    late(async (run, deadline) => {
      const limiter = new rate.Limiter(100, 1);
      const ctx = deadline();
      let granted = 0;
      for (let i = 0; i < 3; i++) {
        const [, err] = await errors.result(limiter.wait(ctx));
        if (err === undefined) granted++;
        else
          expect([context.deadlineExceeded.message, "rate: Wait(n=1) would exceed context deadline"]).toContain(
            err.message,
          );
      }
      expect(granted === 3 || run.passed).toBe(true);
      expect(limiter.tokens()).toBeGreaterThanOrEqual(-0.001);
    }));

  test("a group ends once, with its first error, and its context with it [X71]", () =>
    late(async (run, deadline) => {
      const [group, ctx] = errgroup.withContext(deadline());
      group.setLimit(2);
      let active = 0;
      run.check(() => expect(active).toBeLessThanOrEqual(2));
      for (let i = 0; i < 4; i++) {
        await group.go(async () => {
          active++;
          try {
            await time.sleep(ctx, i === 2 ? 2 : 1);
            ctx.err();
          } finally {
            active--;
          }
        });
      }
      await succeeds(run, group.wait());
      expect([active, ctx.err() !== undefined, group.tryGo(() => undefined)]).toEqual([0, true, true]);
      await group.wait().catch(() => undefined);
    }));

  test("a shared call settles for all waiters, whichever gives up [X71]", () =>
    late(async (run, deadline) => {
      const group = new singleflight.Group<number>();
      const ctx = deadline();
      let calls = 0;
      const f = async (): Promise<number> => {
        calls++;
        await errors.result(time.sleep(ctx, 1));
        return 7;
      };
      await all(
        async () => expect(await group.do("key", f)).toContain(7),
        async () => expect((await group.doResult("key", f)).val).toBe(7),
        async () => {
          const op = await select({ result: group.doChan("key", f), done: ctx.done() });
          if (op.case === "result") expect(op.value?.val).toBe(7);
          else expect(run.passed).toBe(true);
        },
      );
      expect(calls).toBeLessThanOrEqual(3);
    }));

  test("a context of signals ends once, and stop leaves no listener [X71]", () =>
    late(async (run, deadline) => {
      const [ctx, stop] = signal.notifyContext(deadline(), "SIGUSR2");
      const f = vi.fn();
      context.onEnd(ctx, f);
      await errors.result(time.sleep(ctx, 1));
      stop();
      stop();
      expect(f).toHaveBeenCalledOnce();
      expect([context.canceled, context.deadlineExceeded]).toContain(ctx.err());
      await settle();
      expect(process.listenerCount("SIGUSR2")).toBe(0);
      expect(run.passed || ctx.err() === context.canceled).toBe(true);
    }));

  test("stop of onEnd never calls the function, and that of afterFunc tells whether it prevented the call [X71]", () =>
    late(async (run, deadline) => {
      const ctx = deadline();
      const log: string[] = [];
      const stopEnd = context.onEnd(ctx, () => log.push("onEnd"));
      const stopAfter = context.afterFunc(ctx, () => void log.push("afterFunc"));
      const controller = context.signal(ctx);
      await gosched();
      const called = log.includes("onEnd");
      expect(stopEnd()).toBe(!called);
      expect(log.includes("onEnd")).toBe(called);
      const prevented = stopAfter();
      await settle();
      expect([log.includes("onEnd"), log.includes("afterFunc")]).toEqual([called, !prevented]);
      if (!prevented) expect(controller.aborted).toBe(true);
      expect(run.passed || (prevented && !called)).toBe(true);
    }));
});

test("a watcher is called once, whichever watcher of the same context looks at it [X71]", async () => {
  await lateDeadlines(async (run) => {
    const ctx = run.deadline();
    const calls = [0, 0, 0];
    const stops: (() => boolean)[] = [];
    for (let i = 0; i < 3; i++) {
      stops.push(
        context.onEnd(ctx, () => {
          calls[i]!++;
          ctx.err();
          stops[(i + 1) % 3]?.();
          context.withCancel(ctx);
        }),
      );
    }
    go(async () => void (await errors.result(time.sleep(ctx, 1))));
    await time.sleep(2);
    ctx.err();
    for (const stop of stops) stop();
    await settle();
    expect(calls.every((n) => n <= 1)).toBe(true);
    expect(calls.some((n) => n === 1) || !run.passed || ctx.err() !== undefined).toBe(true);
  });
});
