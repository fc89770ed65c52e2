// gocsp: select, in its form with an object of cases and in the reusable one.
import { type Chan, chan, context, go, select, selector, send, time } from "gocsp";
import type { Runs } from "../../harness/subject.ts";

const hour = 1 * time.hour;

export const selects: Runs = {
  "select-ready/object": async (n) => {
    const never = chan<number>();
    return fromBuffer(n, (ready) => select({ ready, never }));
  },

  "select-ready/selector": async (n) => {
    const never = chan<number>();
    const ready = chan<number>(1000);
    const turn = selector({ ready, never });
    let sum = 0;
    for (let i = 0; i < n; i += 1000) {
      for (let j = 0; j < 1000; j++) ready.trySend(i + j);
      for (let j = 0; j < 1000; j++) sum += (await turn.select()).value ?? 0;
    }
    return sum;
  },

  "select-ready/try": async (n) => {
    const never = chan<number>();
    const ready = chan<number>(1000);
    const turn = selector({ ready, never });
    let sum = 0;
    for (let i = 0; i < n; i += 1000) {
      for (let j = 0; j < 1000; j++) ready.trySend(i + j);
      for (let j = 0; j < 1000; j++) sum += (turn.trySelect() ?? (await turn.select())).value ?? 0;
    }
    return sum;
  },

  "select-blocked/object": async (n) => {
    const never = chan<number>();
    return exchange(n, (ch) => () => select({ ch, never }));
  },

  "select-blocked/selector": async (n) => {
    const never = chan<number>();
    return exchange(n, (ch) => {
      const turn = selector({ ch, never });
      return () => turn.select();
    });
  },

  "stream-ctx/object": async (n) => {
    const [ctx, cancel] = context.withCancel(context.background());
    const ch = chan<number>();
    go(async () => {
      for (let i = 0; i < n; i++) {
        const op = await select({ done: ctx.done(), sent: send(ch, i) });
        if (op.case === "done") return;
      }
    });
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const op = await select({ done: ctx.done(), ch });
      if (op.case === "done") break;
      sum += op.value ?? 0;
    }
    cancel();
    return sum;
  },

  "stream-ctx/selector": async (n) => {
    const [ctx, cancel] = context.withCancel(context.background());
    const ch = chan<number>();
    go(async () => {
      const sent = send(ch, 0);
      const turn = selector({ done: ctx.done(), sent });
      for (let i = 0; i < n; i++) {
        sent.value = i;
        const op = turn.trySelect() ?? (await turn.select());
        if (op.case === "done") return;
      }
    });
    const turn = selector({ done: ctx.done(), ch });
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const op = turn.trySelect() ?? (await turn.select());
      if (op.case === "done") break;
      sum += op.value ?? 0;
    }
    cancel();
    return sum;
  },

  "stream-ctx/ctx": async (n) => {
    const [ctx, cancel] = context.withCancel(context.background());
    const ch = chan<number>();
    go(async () => {
      for (let i = 0; i < n; i++) await ch.send(i, ctx);
    });
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (await ch.receive(ctx)) ?? 0;
    cancel();
    return sum;
  },

  after: async (n) => fromBuffer(n, (ready) => select({ ready, late: time.after(hour) })),

  "after-blocked": async (n) => exchange(n, (ch) => () => select({ ch, late: time.after(hour) })),
};

interface Result {
  readonly value: unknown;
}

/** Fills a buffer and empties it with `take`, a thousand at a time. */
async function fromBuffer(n: number, take: (ready: Chan<number>) => Promise<Result>): Promise<number> {
  const ready = chan<number>(1000);
  let sum = 0;
  for (let i = 0; i < n; i += 1000) {
    for (let j = 0; j < 1000; j++) ready.trySend(i + j);
    for (let j = 0; j < 1000; j++) sum += (await take(ready)).value as number;
  }
  return sum;
}

/** Two goroutines send a counter back and forth; each has to wait in every receive. */
async function exchange(n: number, receiver: (ch: Chan<number>) => () => Promise<Result>): Promise<number> {
  const ping = chan<number>();
  const pong = chan<number>();
  go(async () => {
    const receive = receiver(ping);
    for (let i = 0; i < n; i += 2) await pong.send(((await receive()).value as number) + 1);
  });
  const receive = receiver(pong);
  let sum = 0;
  for (let i = 0; i < n; i += 2) {
    await ping.send(i);
    // The other end's receives count too: i there, i + 1 here.
    sum += i + ((await receive()).value as number);
  }
  return sum;
}
