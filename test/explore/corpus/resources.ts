/**
 * Bugs around the rest of the library and of the language: upgrades of locks, flights, reservations, stop functions,
 * late answers, hand-written pools and queues, and `+=` across an await.
 */

import { chan, type Chan, context, errors, go, gosched, select, send, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";
import { type Bug, Crew, io, must } from "./bug.ts";

export const resources: readonly Bug[] = [
  {
    name: "what was seen under a read lock is believed under the write lock that follows",
    kind: "panic",
    program: async (repaired) => {
      const rw = new sync.RWMutex();
      let value: number | undefined;
      let made = 0;
      const get = async (): Promise<number> => {
        await rw.rLock();
        const known = value;
        rw.rUnlock();
        if (known !== undefined) return known;
        using _ = await rw.lock();
        if (repaired && value !== undefined) return value;
        value = ++made;
        return value;
      };
      const wg = new Crew();
      wg.go(get);
      wg.go(get);
      await wg.wait();
      must(made === 1, `made ${made} times`);
    },
  },
  {
    name: "the end of a queue is signaled to one of those who wait",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const items: number[] = [];
      const queue = { closed: false };
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          while (items.length === 0 && !queue.closed) await cond.wait();
          items.pop();
        });
      }
      wg.go(async () => {
        using _ = await mu.lock();
        queue.closed = true;
        if (repaired) cond.broadcast();
        else cond.signal();
      });
      await wg.wait();
    },
  },
  {
    name: "two batches count in one WaitGroup, so one waits for both, or for a part of itself",
    kind: "deadlock",
    program: async (repaired) => {
      const shared = new sync.WaitGroup();
      const first = chan<number>(1);
      const batch = async (work: () => unknown, after: () => unknown): Promise<void> => {
        const own = repaired ? new sync.WaitGroup() : shared;
        own.go(work);
        await own.wait();
        await after();
      };
      const wg = new Crew();
      wg.go(() => batch(gosched, () => first.send(1)));
      wg.go(() => batch(() => first.receive(), gosched));
      await wg.wait();
    },
  },
  {
    name: "who did not get a semaphore's tokens gives them back all the same",
    kind: "panic",
    program: async (repaired) => {
      const tokens = new semaphore.Weighted(2);
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          let got = false;
          try {
            await tokens.acquire(ctx, 2);
            got = true;
            await io();
          } catch (error) {
            if (error !== context.canceled) throw error;
          } finally {
            if (got || !repaired) tokens.release(2);
          }
        });
      }
      wg.go(() => cancel());
      await wg.wait();
    },
  },
  {
    name: "a stop that comes too late is taken for a cleanup that is over",
    kind: "panic",
    program: async (repaired) => {
      const [ctx, cancel] = context.withCancel(context.background());
      let open = true;
      const cleaned = chan<void>(1);
      const stop = context.afterFunc(ctx, async () => {
        await io();
        must(open, "cleaned up what is closed");
        cleaned.trySend();
      });
      const wg = new Crew();
      wg.go(() => cancel());
      wg.go(async () => {
        await io();
        if (!stop() && repaired) await cleaned.receive();
        open = false;
        await io();
      });
      await wg.wait();
      await time.sleep(1);
    },
  },
  {
    name: "a channel is looked at, and closed after a log line was written",
    kind: "panic",
    program: async (repaired) => {
      const done = chan();
      const once = new sync.Once();
      const stop = async (): Promise<void> => {
        if (repaired) return once.do(() => done.close());
        if (done.tryReceive() !== undefined) return;
        await io();
        done.close();
      };
      const wg = new Crew();
      wg.go(stop);
      wg.go(stop);
      await wg.wait();
    },
  },
  {
    name: "work that found the group full is forgotten",
    kind: "panic",
    program: async (repaired) => {
      const group = new errgroup.Group();
      group.setLimit(1);
      let done = 0;
      const work = async (): Promise<void> => {
        await io();
        done++;
      };
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (repaired) await group.go(work);
          else group.tryGo(work);
        });
      }
      await wg.wait();
      await group.wait();
      must(done === 2, `${done} done`);
    },
  },
  {
    name: "the value of a flight is changed by one of those who share it",
    kind: "panic",
    program: async (repaired) => {
      const flights = new singleflight.Group<string[]>();
      const wg = new Crew();
      for (const user of ["a", "b"]) {
        wg.go(async () => {
          const [shared] = await flights.do("list", async () => {
            await io();
            return [];
          });
          const list = repaired ? [...shared] : shared;
          list.push(user);
          await io();
          must(list.length === 1, list.join());
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a timer that was stopped too late is drained although its value was taken",
    kind: "deadlock",
    slow: true,
    program: async (repaired) => {
      const timer = time.newTimer(time.second);
      const data = chan<number>();
      const wg = new Crew();
      wg.go(async () => {
        for (;;) {
          const op = await select({ data, timeout: timer.c });
          if (op.case === "timeout") continue;
          // As everybody did before Go 1.23.
          if (!timer.stop() && !repaired) await timer.c.receive();
          return;
        }
      });
      wg.go(async () => {
        await io();
        await data.send(1);
      });
      await wg.wait();
    },
  },
  {
    name: "a first attempt that was canceled counts as the only one",
    kind: "panic",
    program: async (repaired) => {
      const once = new sync.Once();
      const mu = new sync.Mutex();
      let connection: string | undefined;
      const [ctx, cancel] = context.withCancel(context.background());
      const open = async (own: context.Context): Promise<void> => {
        await io();
        if (own.err() === undefined) connection = "open";
      };
      const get = async (own: context.Context): Promise<void> => {
        if (repaired) {
          using _ = await mu.lock();
          if (connection === undefined) await open(own);
        } else {
          await once.do(() => open(own));
        }
        if (own.err() === undefined) must(connection !== undefined, "there is no connection");
      };
      const wg = new Crew();
      wg.go(() => get(ctx));
      wg.go(() => get(context.background()));
      wg.go(() => cancel());
      await wg.wait();
    },
  },
  {
    name: "an answer is sent to who does not wait for it any more",
    kind: "deadlock",
    program: async (repaired) => {
      const questions = chan<Chan<number>>();
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new Crew();
      wg.go(async () => {
        for await (const answer of questions) {
          await io();
          await answer.send(42);
        }
      });
      wg.go(async () => {
        const answer = chan<number>(repaired ? 1 : 0);
        await questions.send(answer);
        await errors.result(answer.receive(ctx));
        questions.close();
      });
      wg.go(() => cancel());
      await wg.wait();
    },
  },
  {
    name: "the ends of two inputs are counted in one order only",
    kind: "deadlock",
    program: async (repaired) => {
      const [a, b] = [chan<number>(), chan<number>()];
      const wg = new Crew();
      wg.go(async () => {
        let [left, right]: (Chan<number> | null)[] = [a, b];
        for (let open = 2; open > 0;) {
          const op = await select({ left, right });
          if (op.ok) continue;
          if (op.case === "left") left = null;
          else right = null;
          if (repaired || op.case === "right" || right === null) open--;
        }
      });
      wg.go(() => a.close());
      wg.go(() => b.close());
      await wg.wait();
    },
  },
  {
    name: "a slot is taken for a task and given back only by one that succeeds",
    kind: "deadlock",
    program: async (repaired) => {
      const slots = chan<void>(1);
      let failing = false;
      const task = async (): Promise<void> => {
        await slots.send();
        try {
          if (failing) throw new Error("failed");
          await io();
          await slots.receive();
        } catch {
          if (repaired) await slots.receive();
        }
      };
      const wg = new Crew();
      wg.go(task);
      wg.go(task);
      wg.go(() => void (failing = true));
      wg.go(() => void (failing = false));
      await wg.wait();
      failing = false;
      await task();
    },
  },
  {
    name: "a subscriber who leaves closes what the publisher has just looked up",
    kind: "panic",
    program: async (repaired) => {
      const subscribers = new Set<Chan<string>>();
      const left = new WeakSet<Chan<string>>();
      const inbox = chan<string>(2);
      subscribers.add(inbox);
      const wg = new Crew();
      wg.go(async () => {
        for (const subscriber of Array.from(subscribers)) {
          await io();
          if (!left.has(subscriber)) await subscriber.send("news");
        }
      });
      wg.go(async () => {
        subscribers.delete(inbox);
        if (repaired) left.add(inbox);
        else inbox.close();
        await io();
      });
      await wg.wait();
    },
  },
  {
    name: "what has expired is deleted after somebody has renewed it",
    kind: "panic",
    program: async (repaired) => {
      const entries = new Map([["k", { until: 0 }]]);
      const mu = new sync.Mutex();
      const wg = new Crew();
      wg.go(async () => {
        const entry = entries.get("k");
        if (entry === undefined || entry.until > 1) return;
        using _ = await mu.lock();
        if (!repaired || entries.get("k") === entry) entries.delete("k");
      });
      wg.go(async () => {
        using _ = await mu.lock();
        entries.set("k", { until: 2 });
      });
      await wg.wait();
      must(entries.has("k"), "the renewed entry is gone");
    },
  },
  {
    name: "total += await is read before the wait",
    kind: "panic",
    program: async (repaired) => {
      let total = 0;
      const price = async (n: number): Promise<number> => {
        await io();
        return n;
      };
      const wg = new Crew();
      for (const n of [1, 2]) {
        wg.go(async () => {
          if (repaired) {
            const own = await price(n);
            total += own;
          } else {
            total += await price(n);
          }
        });
      }
      await wg.wait();
      must(total === 3, `total ${total}`);
    },
  },
  {
    name: "workers are told to quit, and waited for, while one offers a result",
    kind: "deadlock",
    program: async (repaired) => {
      const results = chan<number>();
      const quit = chan();
      const wg = new Crew();
      wg.go(async () => {
        for (;;) {
          if (repaired) {
            if ((await select({ quit, sent: send(results, 1) })).case === "quit") return;
          } else {
            if ((await select({ quit, default: true })).case === "quit") return;
            await results.send(1);
          }
        }
      });
      await results.receive();
      quit.close();
      await wg.wait();
    },
  },
  {
    name: "two tokens go round in a ring of three without room",
    kind: "deadlock",
    program: async (repaired) => {
      const ring = [0, 1, 2].map(() => chan<number>(repaired ? 1 : 0));
      const wg = new Crew();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          const [from, to] = [ring[i] as Chan<number>, ring[(i + 1) % 3] as Chan<number>];
          for (let round = 0; round < 2; round++) await to.send((await from.receive()) as number);
        });
      }
      for (let i = 0; i < 2; i++) wg.go(() => (ring[i] as Chan<number>).send(i));
      await wg.wait();
    },
  },
  {
    name: "the cancel of the attempt before ends the next one",
    kind: "panic",
    program: async (repaired) => {
      let cancel: () => void = () => undefined;
      let finished = 0;
      const attempt = async (): Promise<void> => {
        const [ctx, own] = context.withCancel(context.background());
        cancel = own;
        await io();
        if (ctx.err() === undefined) finished++;
        if (repaired) own();
        else cancel();
      };
      const wg = new Crew();
      wg.go(attempt);
      wg.go(attempt);
      await wg.wait();
      must(finished === 2, `${finished} finished`);
    },
  },
  {
    name: "room is made in a full queue, and taken by another producer",
    kind: "deadlock",
    program: async (repaired) => {
      const latest = chan<number>(1);
      const publish = async (n: number): Promise<void> => {
        if (repaired) {
          while (!latest.trySend(n)) latest.tryReceive();
        } else {
          latest.tryReceive();
          await io();
          await latest.send(n);
        }
      };
      const wg = new Crew();
      for (let n = 0; n < 2; n++) {
        wg.go(async () => {
          await io();
          await publish(n);
        });
      }
      wg.go(() => publish(3));
      await wg.wait();
      await latest.receive();
    },
  },
  {
    name: "what is left in the queue when the end is seen is dropped",
    kind: "panic",
    program: async (repaired) => {
      const [data, done] = [chan<number>(2), chan()];
      let got = 0;
      const wg = new Crew();
      wg.go(async () => {
        for (;;) {
          const op = await select({ data, done });
          if (op.case === "data") {
            got++;
            continue;
          }
          if (!repaired) return;
          while (data.tryReceive() !== undefined) got++;
          return;
        }
      });
      wg.go(async () => {
        await data.send(1);
        await data.send(2);
        done.close();
      });
      await wg.wait();
      must(got === 2, `${got} got`);
    },
  },
  {
    name: "a connection is handed to a waiter who has given up",
    kind: "deadlock",
    program: async (repaired) => {
      const waiting: Chan<string>[] = [];
      let free: string | undefined = "connection";
      const give = (connection: string): void => {
        const next = waiting.shift();
        if (next === undefined) free = connection;
        else next.trySend(connection);
      };
      const take = async (ctx: context.Context): Promise<string | undefined> => {
        if (free !== undefined) {
          const own = free;
          free = undefined;
          return own;
        }
        const place = chan<string>(1);
        waiting.push(place);
        const [got, err] = await errors.result(place.receive(ctx));
        if (err === undefined) return got;
        const at = waiting.indexOf(place);
        if (at >= 0) waiting.splice(at, 1);
        const late = place.tryReceive();
        if (late?.value !== undefined && repaired) give(late.value);
        return undefined;
      };
      const [ctx, cancel] = context.withCancel(context.background());
      const wg = new Crew();
      for (const own of [context.background(), ctx]) {
        wg.go(async () => {
          const connection = await take(own);
          if (connection === undefined) return;
          await io();
          give(connection);
        });
      }
      wg.go(() => cancel());
      await wg.wait();
      must((await take(context.background())) !== undefined, "no connection");
    },
  },
  {
    name: "a reader waits for a writer whom its own lock keeps out",
    kind: "deadlock",
    program: async (repaired) => {
      const rw = new sync.RWMutex();
      let fresh = false;
      const wg = new Crew();
      const refresh = async (): Promise<void> => {
        using _ = await rw.lock();
        fresh = true;
      };
      wg.go(async () => {
        await rw.rLock();
        const stale = !fresh;
        if (repaired) rw.rUnlock();
        if (stale) {
          const own = new sync.WaitGroup();
          own.go(refresh);
          await own.wait();
        }
        if (!repaired) rw.rUnlock();
      });
      wg.go(refresh);
      await wg.wait();
    },
  },
  {
    name: "a worker stops reading at the first value that is good enough, and its sender has more",
    kind: "leak",
    program: async (repaired) => {
      const [ctx, cancel] = context.withCancel(context.background());
      const values = chan<number>();
      let threshold = 3;
      go(async () => {
        for (let n = 1; n <= 3; n++) {
          const [, err] = await errors.result(repaired ? values.send(n, ctx) : values.send(n));
          if (err !== undefined) return;
        }
        values.close();
      });
      go(() => void (threshold = 2));
      for await (const value of values) if (value >= threshold) break;
      cancel();
    },
  },
  {
    name: "one tries again and again for a lock whose holder waits for it to be done",
    kind: "livelock",
    maxSteps: 2000,
    program: async (repaired) => {
      const [a, b] = [new sync.Mutex(), new sync.Mutex()];
      const done = chan();
      const wg = new Crew();
      wg.go(async () => {
        for (;;) {
          await a.lock();
          if (b.tryLock()) break;
          a.unlock();
          await gosched();
        }
        b.unlock();
        a.unlock();
        done.close();
      });
      wg.go(async () => {
        await b.lock();
        if (repaired) b.unlock();
        await done.receive();
        if (!repaired) b.unlock();
      });
      await wg.wait();
    },
  },
];
