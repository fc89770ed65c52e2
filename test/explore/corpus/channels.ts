/**
 * Channels: closed twice, sent on when closed, full, without a partner, asked when nobody is there.
 */

import { chan, type Chan, go, gosched, mustReceive, select, send, sync } from "gocsp";
import { type Bug, Crew, io, must } from "./bug.ts";

export const channels: readonly Bug[] = [
  {
    name: "a channel is closed twice, because both looked before",
    kind: "panic",
    program: async (repaired) => {
      const done = chan();
      const once = new sync.Once();
      let closed = false;
      const wg = new Crew();
      const stop = async (): Promise<void> => {
        if (repaired) return once.do(() => done.close());
        if (closed) return;
        await io();
        closed = true;
        done.close();
      };
      wg.go(stop);
      wg.go(stop);
      await wg.wait();
    },
  },
  {
    name: "one sends while another closes",
    kind: "panic",
    program: async (repaired) => {
      const ch = chan<number>(4);
      const senders = new Crew();
      const wg = new Crew();
      for (let i = 0; i < 2; i++) senders.go(() => ch.send(i));
      wg.go(async () => {
        if (repaired) await senders.wait();
        else await gosched();
        ch.close();
      });
      await wg.wait();
      await senders.wait();
    },
  },
  {
    name: "the first of two producers that is done closes the channel",
    kind: "panic",
    program: async (repaired) => {
      const out = chan<number>(8);
      let left = 2;
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (let n = 0; n < 2; n++) await out.send(n);
          left--;
          if (left === (repaired ? 0 : 1)) out.close();
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a room that was seen in a channel is taken when it is used",
    kind: "deadlock",
    program: async (repaired) => {
      const ch = chan<number>(1);
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (repaired) {
            ch.trySend(i);
            return;
          }
          if (ch.length === ch.capacity) return;
          await io();
          await ch.send(i);
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a notification that nobody waits for yet is dropped",
    kind: "deadlock",
    program: async (repaired) => {
      const wake = chan<true>(repaired ? 1 : 0);
      const work: number[] = [];
      const wg = new Crew();
      wg.go(async () => {
        while (work.length === 0) {
          await io();
          await wake.receive();
        }
      });
      wg.go(async () => {
        work.push(1);
        await select({ told: send(wake, true), default: true });
      });
      await wg.wait();
    },
  },
  {
    name: "two event loops fill each other's queue",
    kind: "deadlock",
    program: async (repaired) => {
      const [a, b] = [chan<number>(1), chan<number>(1)];
      const wg = new Crew();
      const loop = (input: Chan<number>, output: Chan<number>) => async (): Promise<void> => {
        for (let sent = 0, received = 0; sent < 3 || received < 3;) {
          if (repaired) {
            const op = await select({
              input: received < 3 ? input : undefined,
              sent: sent < 3 ? send(output, sent) : undefined,
            });
            if (op.case === "sent") sent++;
            else received++;
          } else {
            if (sent < 3) await output.send(sent++);
            if (sent >= 3 || sent > received + 1) {
              received++;
              await input.receive();
            }
          }
        }
      };
      wg.go(loop(a, b));
      wg.go(loop(b, a));
      await wg.wait();
    },
  },
  {
    name: "an answer comes to who asked another question",
    kind: "panic",
    program: async (repaired) => {
      const shared = chan<number>();
      const questions = chan<{ n: number; answer: Chan<number> }>();
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        go(async () => {
          for await (const { n, answer } of questions) {
            await io();
            await answer.send(n * n);
          }
        });
      }
      for (const n of [2, 3]) {
        wg.go(async () => {
          const answer = repaired ? chan<number>() : shared;
          await questions.send({ n, answer });
          must((await mustReceive(answer)) === n * n, "the square of another number");
        });
      }
      await wg.wait();
      questions.close();
    },
  },
  {
    name: "two workers write results in the order in which they are done",
    kind: "panic",
    program: async (repaired) => {
      const [jobs, results] = [chan<number>(3), chan<number>(3)];
      for (let n = 0; n < 3; n++) jobs.trySend(n);
      jobs.close();
      const sorted: number[] = [];
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for await (const n of jobs) {
            await io();
            if (repaired) sorted[n] = n;
            else await results.send(n);
          }
        });
      }
      await wg.wait();
      if (!repaired) while (results.length > 0) sorted.push(await mustReceive(results));
      must(sorted.join() === "0,1,2", `out of order: ${sorted.join()}`);
    },
  },
  {
    name: "a quit loses against work that is ready as well",
    kind: "panic",
    program: async (repaired) => {
      const [work, quit] = [chan<number>(1), chan()];
      let quitting = false;
      const wg = new Crew();
      wg.go(async () => {
        for (;;) {
          const op = await select({ work, quit });
          if (op.case === "quit") return;
          if (repaired && quit.tryReceive() !== undefined) return;
          must(!quitting, "worked after the quit");
        }
      });
      wg.go(async () => {
        await work.send(1);
        quitting = true;
        quit.close();
      });
      await wg.wait();
    },
  },
  {
    name: "a fan-in ends with its first input",
    kind: "panic",
    program: async (repaired) => {
      const inputs = [chan<number>(2), chan<number>(2)] as const;
      const out = chan<number>(4);
      for (const input of inputs) {
        input.trySend(1);
        input.trySend(1);
        input.close();
      }
      const [a, b] = inputs;
      const open: { a: Chan<number> | undefined; b: Chan<number> | undefined } = { a, b };
      while (open.a !== undefined || open.b !== undefined) {
        const op = await select(open);
        if (op.ok) await out.send(1);
        else if (repaired) open[op.case] = undefined;
        else break;
      }
      must(out.length === 4, `lost ${4 - out.length} values`);
    },
  },
  {
    name: "the queue looks empty while an item is given back",
    kind: "panic",
    program: async (repaired) => {
      const queue = chan<number>(2);
      queue.trySend(1);
      let open = 1;
      let done = 0;
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (let tries = 0; repaired ? open > 0 : tries === 0 || queue.length > 0; tries++) {
            const job = queue.tryReceive();
            if (job === undefined) {
              await gosched();
              continue;
            }
            await io();
            if (job.value === 1) await queue.send(0);
            else {
              done++;
              open--;
            }
            if (!repaired && i === 0) return;
          }
        });
      }
      await wg.wait();
      must(done === 1, "an item was left");
    },
  },
  {
    name: "a barrier is used again before all have left it",
    kind: "deadlock",
    program: async (repaired) => {
      const gates = [chan<true>(2), chan<true>(2)];
      let arrived = 0;
      const wg = new Crew();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (let round = 0; round < 2; round++) {
            const gate = gates[repaired ? round : 0] as Chan<true>;
            if (++arrived === 2) {
              arrived = 0;
              await gate.send(true);
              await gate.send(true);
            }
            await gate.receive();
            must(repaired || arrived < 2, "passed twice");
          }
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a producer counts on room for all errors",
    kind: "deadlock",
    program: async (repaired) => {
      const tasks = 3;
      const errors = chan<string>(repaired ? tasks : tasks - 1);
      const failed = [false, false, false];
      const wg = new Crew();
      for (let i = 0; i < tasks; i++) {
        wg.go(async () => {
          // Fails only if it comes first or another has failed before.
          if (failed.slice(0, i).every(Boolean)) {
            failed[i] = true;
            await errors.send(`task ${i}`);
          }
        });
      }
      await wg.wait();
    },
  },
  {
    name: "a token that came first is given back to a full bucket",
    kind: "deadlock",
    program: async (repaired) => {
      const tokens = chan<true>(1);
      const wg = new Crew();
      tokens.trySend(true);
      wg.go(async () => {
        await tokens.receive();
        await io();
        if (repaired) tokens.trySend(true);
        else await tokens.send(true);
      });
      // Refills what it finds empty.
      wg.go(async () => {
        await gosched();
        tokens.trySend(true);
      });
      await wg.wait();
    },
  },
];
