import { chan, context, errors, gosched, select, sync, time } from "gocsp";
import * as rate from "gocsp/rate";
import { gaveUp, type Program, same } from "./program.ts";

export const times: readonly Program[] = [
  {
    name: "time: stop says whether the function will run",
    slow: true,
    run: async () => {
      let calls = 0;
      const ran = chan<void>(2);
      const timer = time.afterFunc(time.second, () => {
        calls++;
        ran.trySend();
      });
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        await time.sleep(time.second);
      });
      wg.go(async () => {
        await gosched();
        const stopped = timer.stop();
        // One that has begun to run may be late.
        await (stopped ? time.sleep(2 * time.second) : ran.receive());
        same(calls, stopped ? 0 : 1, "calls in the end");
      });
      await wg.wait();
    },
  },
  {
    name: "time: nothing comes of a timer that was stopped or reset, and at most one value of one that was not",
    slow: true,
    run: async () => {
      const timer = time.newTimer(time.second);
      const wg = new sync.WaitGroup();
      let got = 0;
      wg.go(async () => {
        const op = await select({ tick: timer.c, late: time.after(5 * time.second) });
        if (op.case === "tick") got++;
      });
      wg.go(async () => {
        await gosched();
        timer.reset(2 * time.second);
        await gosched();
        timer.stop();
        same(timer.c.tryReceive(), undefined, "a value after the stop");
      });
      await wg.wait();
      same(got <= 1, true, "values");
    },
  },
  {
    name: "time: a ticker that was stopped is silent",
    slow: true,
    run: async () => {
      const ticker = time.newTicker(time.second);
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        await ticker.c.receive();
        ticker.stop();
        await time.sleep(3 * time.second);
        same(ticker.c.tryReceive(), undefined, "a tick after the stop");
      });
      wg.go(() => time.sleep(2 * time.second));
      await wg.wait();
    },
  },
  {
    name: "context: when cancel returns the tree has ended, with one cause, and functions run once",
    slow: true,
    run: async () => {
      const why = new Error("why");
      const [root, cancel] = context.withCancelCause(context.background());
      const [timed, cancelTimed] = context.withTimeout(root, time.second);
      const [leaf, cancelLeaf] = context.withCancel(timed);
      let calls = 0;
      const ran = chan<void>(2);
      const stop = context.afterFunc(leaf, () => {
        calls++;
        ran.trySend();
      });
      const wg = new sync.WaitGroup();
      wg.go(() => {
        cancel(why);
        same([root.err(), timed.err(), leaf.err()].every(Boolean), true, "ended");
      });
      wg.go(async () => {
        await leaf.done().receive();
        same(timed.err() === leaf.err() && context.cause(timed) === context.cause(leaf), true, "the causes");
      });
      let stopped = false;
      wg.go(async () => {
        await gosched();
        stopped = stop();
      });
      await wg.wait();
      cancelTimed();
      cancelLeaf();
      await (stopped ? time.sleep(time.second) : ran.receive());
      same(calls, stopped ? 0 : 1, "calls");
    },
  },
  {
    name: "context: children that are made while the parent ends have ended",
    run: async () => {
      const [parent, cancel] = context.withCancel(context.background());
      const wg = new sync.WaitGroup();
      wg.go(() => cancel());
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          const [child, cancelChild] = context.withCancel(parent);
          await child.done().receive();
          same(child.err() === parent.err(), true, "the error");
          cancelChild();
        });
      }
      await wg.wait();
    },
  },
  {
    name: "rate: no more than the burst and what has come since, also when waiters give up",
    slow: true,
    run: async () => {
      const limiter = new rate.Limiter(rate.every(time.second), 2);
      const begun = time.now();
      const [ctx, cancel] = context.withTimeout(context.background(), 1500);
      let events = 0;
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 4; i++) {
        wg.go(async () => {
          const own = i % 2 === 0 ? ctx : context.background();
          const [, err] = await errors.result(limiter.wait(own));
          if (err !== undefined) return;
          events++;
          same(events <= 2 + time.since(begun) / time.second + 1e-9, true, `${events} events`);
        });
      }
      await wg.wait();
      cancel();
      same(events >= 2, true, `${events} events`);
    },
  },
  {
    name: "context: an end that comes with a value loses neither",
    slow: true,
    run: async () => {
      const [ctx, cancel] = context.withTimeout(context.background(), time.second);
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        const late = await gaveUp(ctx, time.sleep(ctx, time.second));
        same(late, ctx.err() !== undefined && late, "gave up without an end");
      });
      wg.go(async () => {
        await gaveUp(ctx, time.sleep(ctx, 2 * time.second));
        same(ctx.err() !== undefined, true, "ended");
      });
      await wg.wait();
      cancel();
    },
  },
  {
    name: "rate: who gives up gives its token back",
    run: async () => {
      const limiter = new rate.Limiter(rate.every(time.second), 1);
      const begun = time.now();
      same(limiter.allow(), true, "the first");
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        await gaveUp(ctx, limiter.wait(ctx));
      });
      wg.go(() => cancel());
      await wg.wait();
      await limiter.wait(context.background());
      same(time.since(begun) <= time.second, true, "a token after a second");
    },
  },
];
