/**
 * Locks and conditions: forgotten, taken in two orders, taken twice, held while something else is waited for. Several are
 * kernels of bugs of real Go programs, by the descriptions in Tu and others, "Understanding real-world concurrency bugs in
 * Go" (2019), and in GoBench (2021).
 */

import { chan, go, gosched, select, send, sync } from "gocsp";
import { type Bug, Crew, io, must } from "./bug.ts";

export const locks: readonly Bug[] = [
  {
    name: "an early return forgets to unlock",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const wg = new Crew();
      let closed = false;
      wg.go(async () => {
        await mu.lock();
        if (closed) {
          if (repaired) mu.unlock();
          return;
        }
        mu.unlock();
      });
      wg.go(async () => {
        using _ = await mu.lock();
        closed = true;
      });
      await wg.wait();
      using _ = await mu.lock();
    },
  },
  {
    name: "two locks are taken in two orders",
    kind: "deadlock",
    program: async (repaired) => {
      const [a, b] = [new sync.Mutex(), new sync.Mutex()];
      const wg = new Crew();
      const both = async (x: sync.Mutex, y: sync.Mutex): Promise<void> => {
        using _1 = await x.lock();
        using _2 = await y.lock();
      };
      wg.go(() => both(a, b));
      wg.go(() => (repaired ? both(a, b) : both(b, a)));
      await wg.wait();
    },
  },
  {
    name: "three locks are taken in a circle",
    kind: "deadlock",
    program: async (repaired) => {
      const [a, b, c] = [new sync.Mutex(), new sync.Mutex(), new sync.Mutex()];
      const wg = new Crew();
      const both = async (x: sync.Mutex, y: sync.Mutex): Promise<void> => {
        using _1 = await x.lock();
        using _2 = await y.lock();
      };
      wg.go(() => both(a, b));
      wg.go(() => both(b, c));
      wg.go(() => (repaired ? both(a, c) : both(c, a)));
      await wg.wait();
    },
  },
  {
    name: "a reader locks again, and a writer waits between",
    kind: "deadlock",
    program: async (repaired) => {
      const rw = new sync.RWMutex();
      const wg = new Crew();
      const size = async (): Promise<number> => {
        using _ = repaired ? undefined : await rw.rLock();
        return 1;
      };
      wg.go(async () => {
        using _ = await rw.rLock();
        await size();
      });
      wg.go(async () => {
        using _ = await rw.lock();
      });
      await wg.wait();
    },
  },
  {
    name: "a reader makes itself a writer",
    kind: "deadlock",
    program: async (repaired) => {
      const rw = new sync.RWMutex();
      const cache = new Map<string, number>();
      const wg = new Crew();
      const get = async (key: string): Promise<void> => {
        await rw.rLock();
        if (cache.has(key)) return rw.rUnlock();
        if (repaired) rw.rUnlock();
        using _ = await rw.lock();
        cache.set(key, 1);
        if (!repaired) rw.rUnlock();
      };
      wg.go(() => get("a"));
      wg.go(() => get("a"));
      await wg.wait();
    },
  },
  {
    name: "a lock is held while a channel is waited for",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const ch = chan<number>();
      const wg = new Crew();
      wg.go(async () => {
        await mu.lock();
        if (repaired) mu.unlock();
        await ch.send(1);
        if (!repaired) mu.unlock();
      });
      wg.go(async () => {
        await mu.lock();
        mu.unlock();
        await ch.receive();
      });
      await wg.wait();
    },
  },
  {
    name: "stop holds the lock that the loop needs before it can see it",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const [tick, stop, stopped] = [chan<number>(1), chan(), chan()];
      tick.trySend(1);
      go(async () => {
        for (;;) {
          const op = await select({ tick, stop });
          if (op.case === "stop") return stopped.close();
          using _ = await mu.lock();
        }
      });
      await mu.lock();
      if (repaired) mu.unlock();
      stop.close();
      await stopped.receive();
      if (!repaired) mu.unlock();
    },
  },
  {
    name: "the processes of a monitor wait for its lock, and it for them",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const stop = chan();
      const wg = new Crew();
      wg.go(async () => {
        while (stop.tryReceive() === undefined) {
          await gosched();
          using _ = await mu.lock();
        }
      });
      wg.go(async () => {
        await mu.lock();
        if (repaired) mu.unlock();
        await stop.send(undefined);
        if (!repaired) mu.unlock();
      });
      await wg.wait();
    },
  },
  {
    name: "a signal comes before anybody waits for it",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const state = { ready: false };
      const wg = new Crew();
      wg.go(async () => {
        using _ = await mu.lock();
        if (repaired) while (!state.ready) await cond.wait();
        else await cond.wait();
      });
      wg.go(async () => {
        using _ = await mu.lock();
        state.ready = true;
        cond.signal();
      });
      await wg.wait();
    },
  },
  {
    name: "the predicate of a condition is changed without its lock",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const state = { ready: false };
      const wg = new Crew();
      wg.go(async () => {
        using _ = await mu.lock();
        while (!state.ready) {
          await io();
          await cond.wait();
        }
      });
      wg.go(async () => {
        using _ = repaired ? await mu.lock() : undefined;
        await io();
        state.ready = true;
        cond.signal();
      });
      await wg.wait();
    },
  },
  {
    name: "a condition is waited for with if, not while",
    kind: "panic",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const queue: number[] = [];
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          if (repaired) while (queue.length === 0) await cond.wait();
          else if (queue.length === 0) await cond.wait();
          must(queue.shift() !== undefined, "took from an empty queue");
        });
      }
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          queue.push(i);
          cond.broadcast();
        });
      }
      await wg.wait();
    },
  },
  {
    name: "one signal for two kinds of waiters wakes the wrong one",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      const queue: number[] = [];
      const wake = (): void => (repaired ? cond.broadcast() : cond.signal());
      const wg = new Crew();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          using _ = await mu.lock();
          while (queue.length === 1) await cond.wait();
          queue.push(i);
          wake();
        });
        wg.go(async () => {
          using _ = await mu.lock();
          while (queue.length === 0) await cond.wait();
          queue.pop();
          wake();
        });
      }
      await wg.wait();
    },
  },
  {
    name: "five philosophers take the left fork first",
    kind: "deadlock",
    program: async (repaired) => {
      const forks = Array.from({ length: 5 }, () => new sync.Mutex());
      const wg = new Crew();
      for (const [i, left] of forks.entries()) {
        const right = forks[(i + 1) % 5] as sync.Mutex;
        const [first, second] = repaired && i === 4 ? [right, left] : [left, right];
        wg.go(async () => {
          using _1 = await first.lock();
          using _2 = await second.lock();
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a callback under a lock wants the lock",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const listeners: (() => Promise<void>)[] = [];
      const wg = new Crew();
      const remove = async (): Promise<void> => {
        using _ = await mu.lock();
        listeners.length = 0;
      };
      wg.go(async () => {
        using _ = await mu.lock();
        listeners.push(remove);
      });
      wg.go(async () => {
        let due: (() => Promise<void>)[];
        {
          using _ = await mu.lock();
          due = [...listeners];
          if (!repaired) for (const listener of due) await listener();
        }
        if (repaired) for (const listener of due) await listener();
      });
      await wg.wait();
    },
  },
  {
    name: "the broadcaster holds its lock while it tells a watcher who has left",
    kind: "deadlock",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      const watchers = new Map([1, 2].map((id) => [id, { news: chan<number>(), left: chan() }]));
      const wg = new Crew();
      for (const [id, watcher] of watchers) {
        wg.go(async () => {
          await watcher.news.receive();
          if (repaired) watcher.left.close();
          using _ = await mu.lock();
          watchers.delete(id);
        });
      }
      wg.go(async () => {
        for (let n = 0; n < 2; n++) {
          using _ = await mu.lock();
          for (const { news, left } of watchers.values()) await select({ sent: send(news, n), left });
        }
      });
      await wg.wait();
    },
  },
  {
    name: "an entry is locked under the table's lock, and the table under the entry's",
    kind: "deadlock",
    program: async (repaired) => {
      const table = new sync.Mutex();
      const entry = new sync.Mutex();
      const entries = new Set(["a"]);
      const wg = new Crew();
      wg.go(async () => {
        using _1 = await table.lock();
        if (!entries.has("a")) return;
        using _2 = await entry.lock();
        await io();
      });
      wg.go(async () => {
        await entry.lock();
        await io();
        if (repaired) entry.unlock();
        await table.lock();
        entries.delete("a");
        table.unlock();
        if (!repaired) entry.unlock();
      });
      await wg.wait();
    },
  },
];
