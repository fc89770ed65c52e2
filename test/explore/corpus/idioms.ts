/**
 * Bugs that everybody writes once: a sleep instead of a signal, a promise that nobody awaits, a lock made of promises,
 * something that is put back, or given back, while it is still in use.
 */

import { chan, context, go, mustReceive, select, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as semaphore from "gocsp/semaphore";
import { type Bug, Crew, io, must } from "./bug.ts";

export const idioms: readonly Bug[] = [
  {
    name: "a sleep is thought to be long enough",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      let ready = false;
      const done = chan();
      go(async () => {
        await io();
        await io();
        ready = true;
        done.close();
      });
      if (repaired) await done.receive();
      else await time.sleep(100);
      must(ready, "it is not ready");
    },
  },
  {
    name: "a variable of the module says whose request it is",
    kind: "panic",
    program: async (repaired) => {
      let current = "";
      const answers: string[] = [];
      const wg = new Crew();
      for (const user of ["a", "b"]) {
        wg.go(async () => {
          current = user;
          const own = user;
          await io();
          answers.push(repaired ? own : current);
        });
      }
      await wg.wait();
      must(answers.includes("a") && answers.includes("b"), `answers for ${answers.join()}`);
    },
  },
  {
    name: "a promise under a lock is not awaited",
    kind: "panic",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      let n = 0;
      const save = async (): Promise<void> => {
        const seen = n;
        await io();
        n = seen + 1;
      };
      const saved: Promise<void>[] = [];
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          const saving = save();
          saved.push(saving);
          if (repaired) await saving;
        });
      }
      await wg.wait();
      await Promise.all(saved);
      must(n === 2, `saved ${n} of 2`);
    },
  },
  {
    name: "two locks that are chains of promises are taken in two orders",
    kind: "deadlock",
    program: async (repaired) => {
      class Turns {
        #tail: Promise<void> = Promise.resolve();

        async in<T>(f: () => Promise<T>): Promise<T> {
          const before = this.#tail;
          let end!: () => void;
          this.#tail = new Promise((resolve) => (end = resolve));
          await before;
          try {
            return await f();
          } finally {
            end();
          }
        }
      }
      const [a, b] = [new Turns(), new Turns()];
      const both = (first: Turns, second: Turns): Promise<void> =>
        first.in(async () => {
          await io();
          await second.in(io);
        });
      const wg = new Crew();
      wg.go(() => both(a, b));
      wg.go(() => (repaired ? both(a, b) : both(b, a)));
      await wg.wait();
    },
  },
  {
    name: "a cycle that each path would see is waited for from two sides",
    kind: "deadlock",
    program: async (repaired) => {
      const needs: Readonly<Record<string, string>> = { a: "b", b: "a" };
      const shared = new Map<string, Promise<number>>();
      const load = (key: string, path: readonly string[], flights: Map<string, Promise<number>>): Promise<number> => {
        const known = flights.get(key);
        if (known !== undefined) return known;
        const flight = (async (): Promise<number> => {
          await io();
          const next = needs[key] as string;
          return path.includes(next) ? 1 : 1 + (await load(next, [...path, next], flights));
        })();
        flights.set(key, flight);
        return flight;
      };
      const wg = new Crew();
      for (const key of ["a", "b"]) {
        wg.go(async () => {
          const size = await load(key, [key], repaired ? new Map<string, Promise<number>>() : shared);
          must(size === 1 || size === 2, `a graph of ${size}`);
        });
      }
      await wg.wait();
    },
  },
  {
    name: "two that are made once need each other",
    kind: "deadlock",
    program: async (repaired) => {
      const [settings, log] = [new sync.Once(), new sync.Once()];
      const wg = new Crew();
      wg.go(() =>
        settings.do(async () => {
          await io();
          await log.do(io);
        }),
      );
      wg.go(async () => {
        if (repaired) await settings.do(io);
        await log.do(async () => {
          await io();
          if (!repaired) await settings.do(io);
        });
      });
      await wg.wait();
    },
  },
  {
    name: "a place is given back by a caller who gives up, while its work goes on",
    kind: "panic",
    program: async (repaired) => {
      const places = new semaphore.Weighted(1);
      const [canceled, cancel] = context.withCancel(context.background());
      let working = 0;
      const wg = new Crew();
      const request = async (ctx: context.Context): Promise<void> => {
        await places.acquire(context.background());
        const over = chan();
        go(async () => {
          must(++working === 1, "two work in one place");
          await io();
          working--;
          if (repaired) places.release();
          over.close();
        });
        await select({ over, done: ctx.done() });
        if (!repaired) places.release();
      };
      wg.go(() => request(canceled));
      wg.go(() => request(context.background()));
      wg.go(() => cancel());
      await wg.wait();
    },
  },
  {
    name: "a buffer is put back into its pool while it is still written",
    kind: "panic",
    program: async (repaired) => {
      const buffers = new sync.Pool(() => ({ text: "" }));
      const wg = new Crew();
      for (const text of ["one", "two"]) {
        wg.go(async () => {
          const buffer = buffers.get();
          buffer.text = text;
          if (!repaired) buffers.put(buffer);
          await io();
          must(buffer.text === text, `wrote ${buffer.text} for ${text}`);
          if (repaired) buffers.put(buffer);
        });
      }
      await wg.wait();
    },
  },
  {
    name: "the feeder of an iterator waits for a reader who has left its loop",
    kind: "leak",
    program: async (repaired) => {
      let enough = 2;
      async function* numbers(): AsyncGenerator<number> {
        const out = chan<number>();
        const [ctx, cancel] = context.withCancel(context.background());
        go(async () => {
          try {
            for (let n = 1; n <= 2; n++) await (repaired ? out.send(n, ctx) : out.send(n));
            out.close();
          } catch (error) {
            if (error !== context.canceled) throw error;
          }
        });
        try {
          for await (const n of out) yield n;
        } finally {
          cancel();
        }
      }
      const wg = new Crew();
      wg.go(async () => {
        for await (const n of numbers()) if (n >= enough) break;
      });
      wg.go(() => void (enough = 1));
      await wg.wait();
    },
  },
  {
    name: "a timer that has rung is set anew, and its function runs beside itself",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      const mu = new sync.Mutex();
      let saving = 0;
      const timer = time.afterFunc(time.second, async () => {
        using _ = repaired ? await mu.lock() : undefined;
        must(++saving === 1, "saves twice at once");
        await io();
        saving--;
      });
      await io();
      timer.reset(time.second);
      await time.sleep(time.minute);
    },
  },
  {
    name: "time is counted in ticks, of which a slow reader gets fewer",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      const begun = time.now();
      const ticker = time.newTicker(10);
      let [counted, passed] = [0, 0];
      for (let n = 0; n < 3; n++) {
        passed = time.sub(await mustReceive(ticker.c), begun);
        counted = repaired ? passed : counted + 10;
        await io();
      }
      ticker.stop();
      must(counted === passed, `counted ${counted} ms of ${passed}`);
    },
  },
  {
    name: "what was tried again after a timeout is done twice",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      const seen = new Set<string>();
      let paid = 0;
      const wg = new sync.WaitGroup();
      const pay = async (order: string): Promise<void> => {
        await io();
        if (repaired && seen.has(order)) return;
        seen.add(order);
        paid++;
      };
      const attempt = async (): Promise<boolean> => {
        const done = chan<void>(1);
        wg.go(async () => {
          await pay("an order");
          done.trySend();
        });
        return (await select({ done, late: time.after(time.second) })).case === "done";
      };
      if (!(await attempt())) await attempt();
      await wg.wait();
      must(paid === 1, `paid ${paid} times`);
    },
  },
  {
    name: "whether a value was swapped is not looked at",
    kind: "panic",
    program: async (repaired) => {
      const counters = new sync.Map<string, number>();
      counters.store("hits", 0);
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (;;) {
            const [seen = 0] = counters.load("hits");
            await io();
            const swapped = counters.compareAndSwap("hits", seen, seen + 1);
            if (swapped || !repaired) return;
          }
        });
      }
      await wg.wait();
      must(counters.load("hits")[0] === 2, `counted ${counters.load("hits")[0]}`);
    },
  },
  {
    name: "the same head is not the same list: it was taken, and put back",
    kind: "panic",
    program: async (repaired) => {
      const next = new Map<string, string | undefined>([
        ["a", "b"],
        ["b", "c"],
        ["c", undefined],
      ]);
      const free = { head: "a" as string | undefined, changes: 0 };
      const used = new Set<string>();
      const take = async (): Promise<string> => {
        for (;;) {
          const { head, changes } = free;
          if (head === undefined) throw new Error("none is free");
          const after = next.get(head);
          await io();
          if (free.head !== head || (repaired && free.changes !== changes)) continue;
          free.head = after;
          free.changes++;
          must(!used.has(head), `${head} is given out twice`);
          used.add(head);
          return head;
        }
      };
      const give = (block: string): void => {
        used.delete(block);
        next.set(block, free.head);
        free.head = block;
        free.changes++;
      };
      const wg = new Crew();
      wg.go(take);
      wg.go(async () => {
        const first = await take();
        await take();
        give(first);
        await io();
      });
      await wg.wait();
      if (free.head !== undefined) await take();
    },
  },
  {
    name: "who leaves and comes back is told twice by one who walks the list meanwhile",
    kind: "panic",
    program: async (repaired) => {
      const inboxes = new Map<string, string[]>([
        ["a", []],
        ["b", []],
      ]);
      const own = inboxes.get("a") as string[];
      const wg = new Crew();
      wg.go(async () => {
        const told = repaired ? Array.from(inboxes.values()) : inboxes.values();
        for (const inbox of told) {
          inbox.push("news");
          await io();
        }
      });
      wg.go(() => {
        inboxes.delete("a");
        inboxes.set("a", own);
      });
      await wg.wait();
      must(own.length <= 1, `told ${own.length} times`);
    },
  },
  {
    name: "a send is not awaited, and the channel is closed",
    kind: "panic",
    hosted: true,
    program: async (repaired) => {
      const out = chan<number>();
      const [senders, reader] = [new Crew(), new Crew()];
      for (const n of [1, 2]) {
        senders.go(async () => {
          const sent = out.send(n);
          if (repaired) await sent;
        });
      }
      reader.go(async () => {
        for await (const n of out) must(n > 0, "another number");
      });
      await senders.wait();
      out.close();
      await reader.wait();
    },
  },
  {
    name: "the second of two promises fails when nobody waits for it any more",
    kind: "panic",
    hosted: true,
    program: async (repaired) => {
      let down = false;
      const ask = async (times: number): Promise<void> => {
        for (let n = 0; n < times; n++) await io();
        if (down) throw new Error("the server is down");
      };
      const wg = new Crew();
      wg.go(async () => {
        const [first, second] = [ask(1), ask(2)];
        try {
          if (repaired) await Promise.all([first, second]);
          else {
            await first;
            await second;
          }
        } catch {
          // It is tried again later.
        }
      });
      wg.go(() => void (down = true));
      await wg.wait();
    },
  },
  {
    name: "the limit of a group is set when some of it work already",
    kind: "panic",
    program: async (repaired) => {
      const group = new errgroup.Group();
      group.setLimit(repaired ? 1 : 2);
      const wg = new Crew();
      wg.go(async () => {
        await group.go(io);
        await group.wait();
      });
      wg.go(() => {
        if (!repaired) group.setLimit(1);
      });
      await wg.wait();
    },
  },
];
