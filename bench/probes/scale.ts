// Measures how cost grows with number: node --expose-gc probes/scale.js <what> <n>. Prints nanoseconds per operation.
import { chan, context, go, time } from "gocsp";

/** Sets something up with n of a kind, and returns the nanoseconds per operation. */
type Experiment = (n: number) => Promise<number>;

/** Operations where their number is free. */
const many = 20_000;
const never = chan<number>();

const experiments: Readonly<Record<string, Experiment>> = {
  "send to one of n receivers, who comes back": async (n) => {
    const ch = chan<number>();
    await park(n, async () => {
      for (;;) await ch.receive();
    });
    return timed(many, async (ops) => {
      for (let i = 0; i < ops; i++) await ch.send(i);
    });
  },

  "close a channel with n receivers": async (n) => {
    const ch = chan<number>();
    const all = chan<void>();
    let woken = 0;
    await park(n, async () => {
      await ch.receive();
      if (++woken === n) await all.send();
    });
    return timed(n, async () => {
      ch.close();
      await all.receive();
    });
  },

  "make and cancel one of n children": async (n) => {
    const [parent] = context.withCancel(context.background());
    const children = Array.from({ length: n }, () => context.withCancel(parent));
    const cost = await timed(many, async (ops) => {
      for (let i = 0; i < ops; i++) context.withCancel(parent)[1]();
    });
    return children.length === n ? cost : NaN;
  },

  "cancel a tree of n contexts": async (n) => {
    const [parent, cancel] = context.withCancel(context.background());
    const children = Array.from({ length: n }, () => context.withCancel(parent)[0]);
    return timed(n, async () => {
      cancel();
      if (children[n - 1]?.err() === undefined) throw new Error("not cancelled");
    });
  },

  "park on and leave one context that n watch": async (n) => {
    const [ctx] = context.withCancel(context.background());
    await park(n, () => never.receive(ctx));
    const ch = chan<number>();
    return timed(many, async (ops) => {
      for (let i = 0; i < ops; i++) {
        void ch.receive(ctx);
        await ch.send(i);
      }
    });
  },

  "set and stop a deadline among n": async (n) => {
    const deadlines = Array.from({ length: n }, (_, i) => context.withTimeout(context.background(), time.hour + i));
    const cost = await timed(many, async (ops) => {
      for (let i = 0; i < ops; i++) context.withTimeout(context.background(), time.hour + (i % n))[1]();
    });
    return deadlines.length === n ? cost : NaN;
  },
};

const [what = "", n = "10"] = process.argv.slice(2);
const large = Number(n) > 10_000;
if (what === "--list") {
  process.stdout.write(JSON.stringify(Object.keys(experiments)));
} else {
  const perOp = await measured(experiments[what] ?? (() => Promise.resolve(NaN)), Number(n));
  process.stdout.write(JSON.stringify({ perOp }), () => process.exit(0));
}

/** Warms the code up on small numbers, and takes the median of several runs where they are short. */
async function measured(experiment: Experiment, n: number): Promise<number> {
  for (let i = 0; i < 50; i++) await experiment(Math.min(n, 1000) + (i % 3));
  const runs = Math.max(1, Math.min(101, Math.floor(100_000 / n)));
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push(await experiment(n));
  return times.sort((a, b) => a - b)[runs >> 1] ?? NaN;
}

/** Starts n goroutines that wait. */
async function park(n: number, body: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < n; i++) go(body);
  // They begin in order, in portions between turns of the event loop: this one is the last.
  await new Promise<void>((resolve) => go(async () => resolve()));
  await turn();
}

/** Lets everything happen that can. */
async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function timed(ops: number, act: (ops: number) => Promise<void>): Promise<number> {
  // The rest of the set-up, such as collecting its garbage, is no part of the operations.
  if (large) globalThis.gc?.();
  if (large) await turn();
  const start = performance.now();
  await act(ops);
  return ((performance.now() - start) * 1e6) / ops;
}
