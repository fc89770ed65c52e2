/**
 * Goroutines, groups and timers: who is left behind, who is counted too late, what still comes after an end.
 */

import { chan, context, go, gosched, mustReceive, select, send, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import { type Bug, Crew, io, must } from "./bug.ts";

export const lifetimes: readonly Bug[] = [
  {
    name: "the sender is forgotten when its receiver gives up",
    kind: "leak",
    slow: true,
    program: async (repaired) => {
      const answer = chan<number>(repaired ? 1 : 0);
      go(async () => {
        await time.sleep(900);
        await answer.send(1);
      });
      await select({ answer, late: time.after(1000) });
    },
  },
  {
    name: "the senders of a pipeline are left when its reader has enough",
    kind: "leak",
    program: async (repaired) => {
      const done = chan();
      const numbers = chan<number>();
      for (let i = 0; i < 3; i++) {
        go(async () => {
          await io();
          await select({ sent: send(numbers, i), done });
        });
      }
      await numbers.receive();
      if (repaired) done.close();
      else if (numbers.length === 0) await gosched();
    },
  },
  {
    name: "the first error ends the reading, and the other workers cannot send",
    kind: "leak",
    program: async (repaired) => {
      const results = chan<Error | undefined>(repaired ? 3 : 0);
      for (let i = 0; i < 3; i++) {
        go(async () => {
          await io();
          await results.send(i === 2 ? new Error("failed") : undefined);
        });
      }
      for (let i = 0; i < 3; i++) if ((await results.receive()) !== undefined) return;
    },
  },
  {
    name: "a worker that has sent its error sends its result as well",
    kind: "leak",
    program: async (repaired) => {
      const results = chan<string>();
      let broken = false;
      go(async () => {
        await io();
        broken = true;
      });
      go(async () => {
        if (broken) {
          await results.send("error");
          if (repaired) return;
        }
        await results.send("result");
      });
      await results.receive();
    },
  },
  {
    name: "a WaitGroup is added to in the goroutine",
    kind: "panic",
    program: async (repaired) => {
      const wg = new Crew();
      let done = 0;
      for (let i = 0; i < 2; i++) {
        if (repaired) wg.add(1);
        go(async () => {
          if (!repaired) wg.add(1);
          await io();
          done++;
          wg.done();
        });
      }
      await gosched();
      await wg.wait();
      must(done === 2, `waited for ${done} of 2`);
    },
  },
  {
    name: "a WaitGroup is waited for where only some were added",
    kind: "deadlock",
    program: async (repaired) => {
      const wg = new Crew();
      const turns = chan<number>(2);
      wg.add(2);
      for (let i = 0; i < 2; i++) {
        go(async () => {
          await turns.send(i);
          wg.done();
        });
        if (!repaired && turns.length === 0) await wg.wait();
      }
      await wg.wait();
    },
  },
  {
    name: "a WaitGroup is used again while somebody still waits",
    kind: "panic",
    program: async (repaired) => {
      const wg = new Crew();
      const rounds: number[] = [];
      let round = 1;
      wg.add(1);
      const waiter = new Crew();
      waiter.go(async () => {
        await wg.wait();
        await gosched();
        rounds.push(round);
      });
      wg.done();
      if (repaired) await waiter.wait();
      await gosched();
      round = 2;
      await waiter.wait();
      must(rounds[0] === 1, "the waiter saw the next round");
    },
  },
  {
    name: "a tick comes after the stop",
    kind: "panic",
    program: async (repaired) => {
      const mu = new sync.Mutex();
      let stopped = false;
      const [tick, stop] = [chan<number>(1), chan()];
      const wg = new Crew();
      wg.go(async () => {
        for (;;) {
          const op = await select({ tick, stop });
          if (op.case === "stop") return;
          using _ = await mu.lock();
          if (repaired && stopped) return;
          must(!stopped, "ticked after the stop");
        }
      });
      wg.go(async () => {
        await tick.send(1);
        using _ = await mu.lock();
        stopped = true;
        stop.close();
      });
      await wg.wait();
    },
  },
  {
    name: "a timer that was stopped has fired already",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      let late = 0;
      let answered = false;
      const timer = time.afterFunc(time.second, () => late++);
      const answer = chan<number>();
      go(async () => {
        await io();
        await answer.send(1);
      });
      await answer.receive();
      const stopped = timer.stop();
      answered = repaired ? stopped : true;
      must(!(answered && late > 0), "answered and timed out");
    },
  },
  {
    name: "an idle timer fires in the middle of work",
    kind: "panic",
    slow: true,
    program: async (repaired) => {
      let [busy, closed] = [false, false];
      const idle = time.afterFunc(time.second, () => {
        if (repaired && busy) return;
        closed = true;
      });
      const requests = chan<number>();
      go(() => requests.send(1));
      await requests.receive();
      if (repaired && closed) return;
      busy = true;
      await io();
      must(!closed, "closed while it works");
      busy = false;
      idle.stop();
    },
  },
  {
    name: "stop waits for a loop that waits for somebody to read",
    kind: "deadlock",
    program: async (repaired) => {
      const [events, stop, stopped] = [chan<number>(), chan(), chan()];
      go(async () => {
        for (let n = 0; ; n++) {
          const op = await select({
            stop,
            sent: repaired ? send(events, n) : undefined,
            default: repaired ? undefined : true,
          });
          if (op.case === "stop") return stopped.close();
          if (!repaired) await events.send(n);
        }
      });
      await events.receive();
      stop.close();
      await stopped.receive();
    },
  },
  {
    name: "shutting down waits for requests that wait for what is shut down",
    kind: "deadlock",
    program: async (repaired) => {
      const requests = new Crew();
      const jobs = chan<number>();
      const quit = chan();
      const worker = new Crew();
      worker.go(async () => {
        while ((await select({ jobs, quit })).case === "jobs") await io();
      });
      requests.go(async () => {
        await select({ sent: send(jobs, 1), quit: repaired ? quit : undefined });
      });
      quit.close();
      await worker.wait();
      await requests.wait();
    },
  },
  {
    name: "what others wait for is set up after they were started",
    kind: "panic",
    program: async (repaired) => {
      const service: { start?: () => number } = {};
      const wg = new Crew();
      const setUp = async (): Promise<void> => {
        await io();
        service.start = () => 1;
      };
      if (repaired) await setUp();
      wg.go(async () => {
        await gosched();
        must(service.start?.() === 1, "it is not set up");
      });
      if (!repaired) await setUp();
      await wg.wait();
    },
  },
  {
    name: "an errgroup with a limit starts goroutines from its own goroutines",
    kind: "deadlock",
    program: async (repaired) => {
      const group = new errgroup.Group();
      const inner = repaired ? new errgroup.Group() : group;
      group.setLimit(2);
      for (let i = 0; i < 2; i++) {
        await group.go(async () => {
          await io();
          await inner.go(io);
        });
      }
      await group.wait();
      if (repaired) await inner.wait();
    },
  },
  {
    name: "the goroutines of an errgroup send to a reader who has left with the first error",
    kind: "deadlock",
    program: async (repaired) => {
      const [group, ctx] = errgroup.withContext(context.background());
      const out = chan<number>();
      await group.go(async () => {
        for (let n = 0; n < 2; n++) await (repaired ? out.send(n, ctx) : out.send(n));
      });
      await group.go(async () => {
        await out.receive();
        await io();
        if (out.length === 0) throw new Error("the reader has had enough");
      });
      const error: unknown = await group.wait().catch((error: unknown) => error);
      must(error instanceof Error, "no error");
    },
  },
  {
    name: "a result is read before the group has ended",
    kind: "panic",
    program: async (repaired) => {
      const group = new errgroup.Group();
      const parts: number[] = [];
      const done = chan(2);
      for (const part of [1, 2]) {
        await group.go(async () => {
          await done.send(undefined);
          await io();
          parts.push(part);
        });
      }
      await done.receive();
      await done.receive();
      if (repaired) await group.wait();
      const { length } = parts;
      await group.wait();
      must(length === 2, `read ${length} of 2 parts`);
    },
  },
  {
    name: "the queue of a subscriber who is too slow ends the publisher",
    kind: "leak",
    program: async (repaired) => {
      const [fast, slow] = [chan<number>(4), chan<number>(1)];
      const enough = chan();
      go(async () => {
        for (let n = 0; n < 3; n++) {
          await fast.send(n);
          await select({ sent: send(slow, n), enough: repaired ? enough : undefined });
        }
      });
      await mustReceive(fast);
      await mustReceive(slow);
      enough.close();
    },
  },
];
