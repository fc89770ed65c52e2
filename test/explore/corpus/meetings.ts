/**
 * Bugs where Go's ways meet the language's own: promises that are shared, AbortSignals, generators, events, and what the
 * packages ask of their callers.
 */

import { chan, type Chan, context, errors, go, select, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as rate from "gocsp/rate";
import * as singleflight from "gocsp/singleflight";
import { type Bug, Crew, io, must } from "./bug.ts";

export const meetings: readonly Bug[] = [
  {
    name: "a cached promise that failed is dropped by all who shared it, also when it is another one by then",
    kind: "panic",
    program: async (repaired) => {
      let cached: Promise<number> | undefined;
      let opened = 0;
      const open = async (): Promise<number> => {
        const attempt = ++opened;
        await io();
        if (attempt === 1) throw new Error("refused");
        return attempt;
      };
      const held = new Set<number>();
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (;;) {
            const mine = (cached ??= open());
            try {
              held.add(await mine);
              return;
            } catch {
              await io(); // it is logged
              if (!repaired || cached === mine) cached = undefined;
            }
          }
        });
      }
      await wg.wait();
      must(held.size === 1, `${held.size} connections are open`);
    },
  },
  {
    name: "a once whose first call fails leaves the others without what it should have made",
    kind: "panic",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const once = new sync.Once();
      let tries = 0;
      const made: number[] = [];
      const make = async (): Promise<void> => {
        const attempt = ++tries;
        await io();
        if (attempt === 1) return;
        made.push(attempt);
      };
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (repaired) {
            using _ = await mu.lock();
            while (made.length === 0) await make();
          } else {
            await once.do(make);
          }
          must(made.length > 0, "there is none");
        });
      }
      await wg.wait();
    },
  },
  {
    name: "two channels are filled in two orders by those who empty each other's",
    kind: "deadlock",
    program: async (repaired) => {
      const [a, b] = [chan<void>(1), chan<void>(1)];
      const both = async (first: Chan<void>, second: Chan<void>): Promise<void> => {
        await first.send();
        await io();
        await second.send();
        await second.receive();
        await first.receive();
      };
      const wg = new Crew();
      wg.go(() => both(a, b));
      wg.go(() => (repaired ? both(a, b) : both(b, a)));
      await wg.wait();
    },
  },
  {
    name: "an event comes between the look and the listening",
    kind: "deadlock",
    program: async (repaired) => {
      const socket = Object.assign(new EventTarget(), { drained: false });
      const listen = (told: Chan<void>): void => {
        socket.addEventListener("drain", () => void told.trySend(), { once: true });
      };
      const wg = new Crew();
      wg.go(async () => {
        const told = chan<void>(1);
        if (repaired) listen(told);
        if (socket.drained) return;
        await io();
        if (!repaired) listen(told);
        await told.receive();
      });
      wg.go(() => {
        socket.drained = true;
        socket.dispatchEvent(new Event("drain"));
      });
      await wg.wait();
    },
  },
  {
    name: "a signal that was aborted already calls no listener",
    kind: "deadlock",
    program: async (repaired) => {
      const controller = new AbortController();
      const wg = new Crew();
      wg.go(async () => {
        await io();
        const ended = chan<void>();
        const { signal } = controller;
        if (repaired && signal.aborted) return;
        signal.addEventListener("abort", () => ended.close(), { once: true });
        await ended.receive();
      });
      wg.go(() => controller.abort());
      await wg.wait();
    },
  },
  {
    name: "a generator that is left with its lock keeps it",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      async function* rows(): AsyncGenerator<number> {
        await mu.lock();
        try {
          for (let n = 0; n < 3; n++) {
            await io();
            yield n;
          }
        } finally {
          mu.unlock();
        }
      }
      const wg = new Crew();
      let wanted = 1;
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          const all = rows();
          const { value } = await all.next();
          must(value === 0, "another row");
          const enough = wanted-- > 0;
          // `for await` would do this by itself.
          if (enough && repaired) await all.return(undefined);
          if (!enough) for await (const _ of all);
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a lock that lost a race against a timeout is got later by nobody",
    kind: "deadlock",
    slow: true,
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (repaired) {
            const [ctx, cancel] = context.withTimeout(context.background(), 10);
            using _ = cancel;
            const error: unknown = await mu.lock(ctx).then(
              () => undefined,
              (error: unknown) => error,
            );
            if (error !== undefined) return;
          } else {
            const late = time.sleep(10).then(() => "late");
            if ((await Promise.race([mu.lock(), late])) === "late") return;
          }
          await io();
          mu.unlock();
        });
      }
      await wg.wait();
      await mu.lock();
    },
  },
  {
    name: "the first failure of Promise.all is answered while the others still work",
    kind: "panic",
    program: async (repaired) => {
      let open = true;
      const wg = new Crew();
      const part = async (fails: boolean): Promise<void> => {
        await io();
        if (fails) throw new Error("refused");
        await io();
        must(open, "works on what is closed");
      };
      const failed: unknown[] = [];
      const parts = [part(true), part(false)];
      if (repaired) {
        for (const result of await Promise.allSettled(parts))
          if (result.status === "rejected") failed.push(result.reason);
      } else {
        const left = parts.map((one) => one.catch((error: unknown) => failed.push(error)));
        await Promise.all(parts).catch(() => undefined);
        open = false;
        await Promise.all(left);
      }
      must(failed.length === 1, `failed: ${failed.map(String).join()}`);
      await wg.wait();
    },
  },
  {
    name: "a reservation that nobody waits for is not given back",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      const limiter = new rate.Limiter(1, 1);
      const [ctx, cancel] = context.withCancel(context.background());
      limiter.allow();
      const wg = new Crew();
      wg.go(async () => {
        const reservation = limiter.reserve();
        const op = await select({ late: time.after(reservation.delay()), done: ctx.done() });
        if (op.case === "done" && repaired) reservation.cancel();
      });
      wg.go(() => cancel());
      await wg.wait();
      const next = limiter.reserve();
      must(next.delay() <= time.second, `the next waits for ${next.delay()} ms`);
    },
  },
  {
    name: "a flight that is forgotten while it flies is flown twice at once",
    kind: "panic",
    program: async (repaired) => {
      const group = new singleflight.Group<number>();
      let flying = 0;
      const fetch = (): Promise<unknown> =>
        group.do("key", async () => {
          must(++flying === 1, "two at once ask the server");
          await io();
          flying--;
          return 1;
        });
      const wg = new Crew();
      wg.go(async () => {
        await fetch();
        // After the answer, not while others wait for it.
        if (repaired) group.forget("key");
      });
      wg.go(fetch);
      wg.go(() => {
        if (!repaired) group.forget("key");
      });
      await wg.wait();
    },
  },
  {
    name: "an errgroup's wait is called by one of its own goroutines",
    kind: "deadlock",
    program: async (repaired) => {
      const group = new errgroup.Group();
      await group.go(async () => {
        await io();
      });
      await group.go(async () => {
        await io();
        if (!repaired) await group.wait();
      });
      await group.wait();
    },
  },
  {
    name: "the context of an errgroup is used after its wait has ended it",
    kind: "panic",
    program: async (repaired) => {
      const parent = context.background();
      const [group, ctx] = errgroup.withContext(parent);
      const answer = chan<number>(1);
      await group.go(() => answer.send(1));
      await group.wait();
      const used = repaired ? parent : ctx;
      await io();
      const got = await answer.receive(used).catch((error: unknown) => error);
      must(got === 1 && used.err() === undefined, `got ${String(got)}`);
    },
  },
  {
    name: "a child is added to a parent that has ended, and nobody ends it",
    kind: "leak",
    program: async (repaired) => {
      const children = new Set<Chan<void>>();
      let ended = false;
      const wg = new Crew();
      wg.go(async () => {
        if (!repaired && ended) return;
        await io();
        if (repaired && ended) return;
        const quit = chan<void>();
        children.add(quit);
        go(() => quit.receive());
      });
      wg.go(() => {
        ended = true;
        for (const quit of children) quit.close();
        children.clear();
      });
      await wg.wait();
    },
  },
  {
    name: "a heartbeat is stopped before the last work is done",
    kind: "panic",
    program: async (repaired) => {
      let expires = 30;
      const began = time.now();
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new Crew();
      wg.go(async () => {
        await time.sleep(20);
        if (!repaired) cancel();
        await time.sleep(40);
        must(time.since(began) <= expires, "somebody else has the lease");
        cancel();
      });
      wg.go(async () => {
        while (ctx.err() === undefined) {
          expires = time.since(began) + 30;
          await select({ tick: time.after(10), done: ctx.done() });
        }
      });
      await wg.wait();
    },
  },
  {
    name: "the error that came first is overwritten by the one that it caused",
    kind: "panic",
    program: async (repaired) => {
      const [ctx, cancel] = context.withCancelCause(context.background());
      const cause = new Error("disk full");
      let result: Error | undefined;
      const wg = new Crew();
      wg.go(async () => {
        await io();
        cancel(cause);
        if (repaired) result ??= cause;
        else result = cause;
      });
      wg.go(async () => {
        await ctx.done().receive();
        if (repaired) result ??= context.cause(ctx);
        else result = ctx.err();
      });
      await wg.wait();
      must(errors.is(result, cause), String(result));
    },
  },
  {
    name: "a closed channel is ready for ever for one who waits for the other to end",
    kind: "livelock",
    maxSteps: 2000,
    program: async (repaired) => {
      let x: Chan<number> | undefined = chan<number>(1);
      let y: Chan<number> | undefined = chan<number>(1);
      const wg = new Crew();
      for (const out of [x, y]) {
        wg.go(async () => {
          await out.send(1);
          out.close();
        });
      }
      while (x !== undefined || y !== undefined) {
        const op = await select({ x, y });
        if (op.ok) continue;
        if (op.case === "x") x = undefined;
        else if (repaired) y = undefined;
      }
      await wg.wait();
    },
  },
];
