/**
 * Races of one thread: what was read is no longer true after an await.
 */

import { chan, context, errors, go, gosched, mustReceive, sync } from "gocsp";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";
import { type Bug, Crew, io, must } from "./bug.ts";

export const races: readonly Bug[] = [
  {
    name: "check, then act, across an await",
    kind: "panic",
    program: async (repaired) => {
      let balance = 100;
      const mu = new sync.Mutex();
      const wg = new Crew();
      const withdraw = async (amount: number): Promise<void> => {
        using _ = repaired ? await mu.lock() : undefined;
        if (balance < amount) return;
        await io();
        balance -= amount;
      };
      wg.go(() => withdraw(80));
      wg.go(() => withdraw(80));
      await wg.wait();
      must(balance >= 0, `overdrawn: ${balance}`);
    },
  },
  {
    name: "an update is lost across an await",
    kind: "panic",
    program: async (repaired) => {
      let n = 0;
      const wg = new Crew();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          if (repaired) {
            await io();
            n++;
          } else {
            const seen = n;
            await io();
            n = seen + 1;
          }
        });
      }
      await wg.wait();
      must(n === 3, `counted ${n} of 3`);
    },
  },
  {
    name: "a lock is let go between reading and writing",
    kind: "panic",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      let n = 0;
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          await mu.lock();
          const seen = n;
          if (!repaired) {
            mu.unlock();
            await mu.lock();
          }
          n = seen + 1;
          mu.unlock();
        });
      }
      await wg.wait();
      must(n === 2, `counted ${n} of 2`);
    },
  },
  {
    name: "an order of four steps that nobody thought of",
    kind: "panic",
    program: async (repaired) => {
      let [a, b] = [0, 0];
      const isA = (n: number): boolean => a === n;
      const seen: string[] = [];
      const wg = new Crew();
      wg.go(async () => {
        await gosched();
        a = 1;
        await gosched();
        if (b === 1) seen.push("first");
        await gosched();
        a = repaired ? 1 : 2;
      });
      wg.go(async () => {
        if (isA(1)) {
          b = 1;
          await gosched();
          if (isA(2)) seen.push("second");
        }
      });
      await wg.wait();
      must(seen.length < 2, "both");
    },
  },
  {
    name: "two of a transfer's accounts are read between its halves",
    kind: "panic",
    program: async (repaired) => {
      const accounts = [100, 100] as [number, number];
      const [bank, first, second] = [new sync.Mutex(), new sync.Mutex(), new sync.Mutex()];
      const change = async (mu: sync.Mutex, i: 0 | 1, amount: number): Promise<void> => {
        using _ = await mu.lock();
        accounts[i] += amount;
      };
      const wg = new Crew();
      wg.go(async () => {
        using _ = repaired ? await bank.lock() : undefined;
        await change(first, 0, -10);
        await io();
        await change(second, 1, 10);
      });
      wg.go(async () => {
        using _ = repaired ? await bank.lock() : undefined;
        using _1 = await first.lock();
        using _2 = await second.lock();
        must(accounts[0] + accounts[1] === 200, `the bank has ${accounts[0] + accounts[1]}`);
      });
      await wg.wait();
    },
  },
  {
    name: "it is said to be ready before it is",
    kind: "panic",
    program: async (repaired) => {
      let [ready, data] = [false, 0];
      const wg = new Crew();
      wg.go(async () => {
        if (!repaired) ready = true;
        await io();
        data = 42;
        ready = true;
      });
      wg.go(async () => {
        await gosched();
        if (ready) must(data === 42, "ready without data");
      });
      await wg.wait();
    },
  },
  {
    name: "what is opened when it is first needed is opened twice",
    kind: "panic",
    program: async (repaired) => {
      let opened = 0;
      let connection: object | undefined;
      const once = new sync.Once();
      const open = async (): Promise<void> => {
        await io();
        opened++;
        connection = {};
      };
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (repaired) await once.do(open);
          else if (connection === undefined) await open();
        });
      }
      await wg.wait();
      must(opened === 1, `opened ${opened} times`);
    },
  },
  {
    name: "an old answer overwrites a new one",
    kind: "panic",
    program: async (repaired) => {
      let latest = 0;
      let shown = "";
      const wg = new Crew();
      const show = async (query: string): Promise<void> => {
        const own = ++latest;
        await io();
        if (!repaired || own === latest) shown = query;
      };
      let typed = "";
      for (const query of ["g", "go"]) {
        wg.go(() => {
          typed = query;
          return show(query);
        });
      }
      await wg.wait();
      must(shown === typed, `shows ${shown} for ${typed}`);
    },
  },
  {
    name: "a map is looked up and then stored in",
    kind: "panic",
    program: async (repaired) => {
      const sessions = new sync.Map<string, object>();
      const got: object[] = [];
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          const [known, ok] = sessions.load("a");
          if (ok) {
            got.push(known);
            return;
          }
          await io();
          if (repaired) got.push(sessions.loadOrStore("a", {})[0]);
          else {
            const made = {};
            sessions.store("a", made);
            got.push(made);
          }
        });
      }
      await wg.wait();
      must(got[0] === got[1], "two sessions");
    },
  },
  {
    name: "a pool counts its connections before it has opened them",
    kind: "panic",
    program: async (repaired) => {
      let [open, most] = [0, 0];
      const wg = new Crew();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          if (open >= 2) return;
          if (repaired) open++;
          await io();
          if (!repaired) open++;
          most = Math.max(most, open);
          await io();
          open--;
        });
      }
      await wg.wait();
      must(most <= 2, `${most} connections of 2`);
    },
  },
  {
    name: "two halves of a semaphore wait for the other half",
    kind: "deadlock",
    program: async (repaired) => {
      const memory = new semaphore.Weighted(2);
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (repaired) await memory.acquire(context.background(), 2);
          else {
            await memory.acquire(context.background());
            await memory.acquire(context.background());
          }
          memory.release(2);
        });
      }
      await wg.wait();
    },
  },
  {
    name: "an error on the way forgets to release a semaphore",
    kind: "deadlock",
    program: async (repaired) => {
      const slots = new semaphore.Weighted(1);
      let down = false;
      const wg = new Crew();
      const request = async (): Promise<void> => {
        await slots.acquire(context.background());
        if (down && !repaired) return;
        await io();
        slots.release();
      };
      wg.go(request);
      wg.go(async () => {
        down = true;
      });
      wg.go(request);
      await wg.wait();
    },
  },
  {
    name: "the first caller's context ends the flight of all",
    kind: "panic",
    program: async (repaired) => {
      const group = new singleflight.Group<string>();
      const [first, cancel] = context.withCancel(context.background());
      const load = (ctx: context.Context) => async (): Promise<string> => {
        await io();
        const own = repaired ? context.withoutCancel(ctx) : ctx;
        const err = own.err();
        if (err !== undefined) throw err;
        return "value";
      };
      const wg = new Crew();
      wg.go(() => errors.result(group.do("key", load(first))));
      wg.go(async () => cancel());
      wg.go(async () => {
        const [, err] = await errors.result(group.do("key", load(context.background())));
        must(err === undefined, "another caller was canceled");
      });
      await wg.wait();
    },
  },
  {
    name: "a flight asks for its own key",
    kind: "deadlock",
    program: async (repaired) => {
      const group = new singleflight.Group<number>();
      const parents = new Map([
        ["a", "b"],
        ["b", "a"],
      ]);
      const seen = new Set<string>();
      const depth = async (key: string, path: readonly string[]): Promise<number> => {
        if (repaired && path.includes(key)) return 0;
        const parent = parents.get(key) as string;
        const load = async (): Promise<number> => {
          await io();
          return seen.has(key) ? 0 : 1 + (await depth(parent, [...path, key]));
        };
        if (repaired && path.length > 0) return load();
        const [value] = await group.do(key, load);
        seen.add(key);
        return value;
      };
      const wg = new Crew();
      wg.go(() => depth("a", []));
      await wg.wait();
    },
  },
  {
    name: "what was forgotten by a singleflight comes back as an old value",
    kind: "panic",
    program: async (repaired) => {
      const group = new singleflight.Group<number>();
      let stored = 1;
      const cache = new Map<string, number>();
      let version = 0;
      const wg = new Crew();
      wg.go(async () => {
        const began = version;
        const [value] = await group.do("key", async () => {
          const read = stored;
          await io();
          return read;
        });
        if (!repaired || began === version) cache.set("key", value);
      });
      wg.go(async () => {
        stored = 2;
        version++;
        group.forget("key");
        cache.delete("key");
      });
      await wg.wait();
      must((cache.get("key") ?? 2) === 2, "an old value is in the cache");
    },
  },
  {
    name: "a context is asked before, and not after, the wait",
    kind: "panic",
    program: async (repaired) => {
      const [ctx, cancel] = context.withCancel(context.background());
      const mu = new sync.Mutex();
      let [canceled, wrote] = [false, false];
      const wg = new Crew();
      wg.go(async () => {
        if (!repaired && ctx.err() !== undefined) return;
        using _ = await mu.lock();
        if (repaired && ctx.err() !== undefined) return;
        must(!canceled, "wrote after the end");
        wrote = true;
      });
      wg.go(async () => {
        cancel();
        canceled = true;
      });
      await wg.wait();
      must(wrote || canceled, "neither");
    },
  },
  {
    name: "a goroutine listens to the parent's context, and only the child ends",
    kind: "leak",
    program: async (repaired) => {
      const parent = context.background();
      const [ctx, cancel] = context.withCancel(parent);
      const ready = chan<number>();
      go(async () => {
        await errors.result(ready.send(1, repaired ? ctx : parent));
      });
      go(async () => {
        await errors.result(ready.send(2, ctx));
      });
      await mustReceive(ready);
      cancel();
    },
  },
  {
    name: "work on an early return leaves its context open",
    kind: "leak",
    program: async (repaired) => {
      const [ctx, cancel] = context.withCancel(context.background());
      let failed = false;
      const wg = new Crew();
      go(() => ctx.done().receive());
      wg.go(async () => {
        failed = true;
      });
      wg.go(async () => {
        if (failed && !repaired) return;
        await io();
        cancel();
      });
      await wg.wait();
    },
  },
  {
    name: "two that are polite give way to each other without end",
    kind: "livelock",
    maxSteps: 400,
    program: async (repaired) => {
      const [a, b] = [new sync.Mutex(), new sync.Mutex()];
      const wg = new Crew();
      const polite = (mine: sync.Mutex, other: sync.Mutex) => async (): Promise<void> => {
        for (;;) {
          await mine.lock();
          await gosched();
          if (other.tryLock()) break;
          await gosched();
          mine.unlock();
          await gosched();
        }
        mine.unlock();
        other.unlock();
      };
      wg.go(polite(a, b));
      wg.go(repaired ? polite(a, b) : polite(b, a));
      await wg.wait();
    },
  },
];
