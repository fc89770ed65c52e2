import { chan, type Chan, context, go, gosched, select, selectList, send, sync } from "gocsp";
import { gaveUp, type Program, same } from "./program.ts";

/** Sends the numbers from `from` to `from + 2`. */
async function sendThree(ch: Chan<number>, from: number): Promise<void> {
  for (let n = from; n < from + 3; n++) await ch.send(n);
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function everyValueOnce(capacity: number) {
  return async (): Promise<void> => {
    const ch = chan<number>(capacity);
    const got: number[][] = [[], []];
    const [senders, receivers] = [new sync.WaitGroup(), new sync.WaitGroup()];
    senders.go(sendThree, ch, 0);
    senders.go(sendThree, ch, 10);
    for (const own of got) {
      receivers.go(async () => {
        for await (const value of ch) own.push(value);
      });
    }
    await senders.wait();
    ch.close();
    await receivers.wait();
    same(sorted(got.flat()), [0, 1, 2, 10, 11, 12], "values");
    for (const own of got) {
      for (const sent of [own.filter((n) => n < 10), own.filter((n) => n >= 10)]) {
        same(sent, sorted(sent), "the order of one sender");
      }
    }
  };
}

function nothingIsLostToAnEnd(capacity: number) {
  return async (): Promise<void> => {
    const ch = chan<number>(capacity);
    const [ctx, cancel] = context.withCancel(context.background());
    const [sent, got] = [new Set<number>(), new Set<number>()];
    const wg = new sync.WaitGroup();
    for (let n = 0; n < 3; n++) {
      wg.go(async () => {
        if (!(await gaveUp(ctx, ch.send(n, ctx)))) sent.add(n);
      });
    }
    for (let n = 0; n < 2; n++) {
      wg.go(async () => {
        const received = ch.receive(ctx).then((value) => got.add(value as number));
        await gaveUp(ctx, received);
      });
    }
    wg.go(async () => {
      await gosched();
      cancel();
    });
    await wg.wait();
    for (let left = ch.tryReceive(); left !== undefined; left = ch.tryReceive()) got.add(left.value as number);
    same(sorted([...got]), sorted([...sent]), "what was received, and what was sent");
  };
}

export const channels: readonly Program[] = [
  { name: "chan: every value comes once, in its sender's order, unbuffered", run: everyValueOnce(0) },
  { name: "chan: every value comes once, in its sender's order, buffered", run: everyValueOnce(2) },
  { name: "chan: nothing is lost to the end of a context, unbuffered", run: nothingIsLostToAnEnd(0) },
  { name: "chan: nothing is lost to the end of a context, buffered", run: nothingIsLostToAnEnd(1) },
  {
    name: "chan: close wakes all receivers, and panics all senders",
    run: async () => {
      const [full, empty] = [chan<number>(1), chan<number>()];
      full.trySend(0);
      let [ended, panicked] = [0, 0];
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          if (!(await empty.receiveOk())[1]) ended++;
        });
        wg.go(async () => {
          await full.send(i).catch(() => panicked++);
        });
      }
      wg.go(() => empty.close());
      wg.go(() => full.close());
      await wg.wait();
      same([ended, panicked, full.length], [2, 2, 1], "receivers, senders, what is in the buffer");
    },
  },
  {
    name: "select: two selects on the same channels exchange every value once",
    run: async () => {
      const [a, b] = [chan<number>(), chan<number>(1)];
      const [sent, got] = [[] as number[], [] as number[]];
      const wg = new sync.WaitGroup();
      for (let from = 0; from < 20; from += 10) {
        wg.go(async () => {
          for (let n = from; n < from + 2; n++) {
            await select({ a: send(a, n), b: send(b, n) });
            sent.push(n);
          }
        });
        wg.go(async () => {
          for (let n = 0; n < 2; n++) got.push((await select({ a, b })).value as number);
        });
      }
      await wg.wait();
      same(sorted(got), sorted(sent), "what was received, and what was sent");
    },
  },
  {
    name: "select: the losers are withdrawn before anybody else goes on",
    run: async () => {
      const [a, b] = [chan<number>(), chan<number>()];
      const wg = new sync.WaitGroup();
      let chosen = "";
      wg.go(async () => {
        chosen = (await select({ a, b })).case;
      });
      const tried: string[] = [];
      for (const [name, ch] of [
        ["a", a],
        ["b", b],
      ] as const) {
        wg.go(() => {
          if (ch.trySend(1)) tried.push(name);
        });
      }
      wg.go(async () => {
        await gosched();
        await gosched();
        // Whoever comes to a select that has been served must not find it.
        if (tried.length === 0) await select({ a: send(a, 1), b: send(b, 1) });
      });
      await wg.wait();
      same(tried.length <= 1 && (tried[0] ?? chosen) === chosen, true, "one partner");
    },
  },
  {
    name: "select: a list with contexts and both directions leaves nothing behind",
    run: async () => {
      const [ctx, cancel] = context.withCancel(context.background());
      const [a, b] = [chan<number>(), chan<number>()];
      let [sent, got] = [0, 0];
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          for (let n = 0; n < 2; n++) {
            const { index } = await selectList([a, send(b, i), ctx.done()]);
            if (index === 2) return;
            if (index === 0) got++;
            else sent++;
          }
        });
        wg.go(async () => {
          for (let n = 0; n < 2; n++) {
            const { index } = await selectList([send(a, i), b, ctx.done()]);
            if (index === 2) return;
            if (index === 0) sent++;
            else got++;
          }
        });
      }
      wg.go(async () => {
        await gosched();
        await gosched();
        cancel();
      });
      await wg.wait();
      same(sent, got, "sent and received");
      same([a.trySend(1), b.tryReceive()], [false, undefined], "nobody is left");
    },
  },
  {
    name: "select: with a default never waits, and takes what is there",
    run: async () => {
      const ch = chan<number>(1);
      let got = 0;
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        for (let i = 0; i < 3; i++) if ((await select({ ch, default: true })).case === "ch") got++;
      });
      let sent = 0;
      wg.go(async () => {
        for (let i = 0; i < 2; i++) {
          if ((await select({ sent: send(ch, i), default: true })).case === "sent") sent++;
        }
      });
      await wg.wait();
      same(got + ch.length, sent, "what came, and what was sent");
    },
  },
  {
    name: "go: goexit and panics of others leave channels whole",
    run: async () => {
      const ch = chan<number>(1);
      const done = chan();
      go(async () => {
        await ch.send(1);
        done.close();
      });
      await done.receive();
      same(ch.length, 1, "the buffer");
    },
  },
];
