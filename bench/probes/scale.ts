// Measures how cost grows with number: node --expose-gc probes/scale.js <what> <n>. Prints nanoseconds per operation.
// go/scale.go does the same in Go, under the same names.
import { chan, context, go, select, time } from "gocsp";
import { numGoroutine } from "gocsp/runtime";

/** Sets something up with n of a kind, and returns the nanoseconds per operation. Nothing is left for the next run. */
type Experiment = (n: number) => Promise<number>;

/** The longest time without a turn of the event loop during operations that can be done once, in milliseconds. */
let blocked: number | undefined;

/** Operations where their number is free. */
const many = 20_000;

const experiments: Readonly<Record<string, Experiment>> = {
  "send to one of n receivers, who comes back": async (n) => {
    const ch = chan<number>();
    await park(n, async () => {
      while ((await ch.receive()) !== undefined);
    });
    const cost = await timedMany(n, async (ops) => {
      for (let i = 0; i < ops; i++) await ch.send(i);
    });
    ch.close();
    await ended();
    return cost;
  },

  "close a channel with n receivers": async (n) => {
    const ch = chan<number>();
    const all = chan<void>();
    let woken = 0;
    await park(n, async () => {
      await ch.receive();
      if (++woken === n) await all.send();
    });
    return timedOnce(n, async () => {
      ch.close();
      await all.receive();
    });
  },

  "make and cancel one of n children": async (n) => {
    const [parent] = context.withCancel(context.background());
    const children = Array.from({ length: n }, () => context.withCancel(parent));
    const cost = await timedMany(n, async (ops) => {
      for (let i = 0; i < ops; i++) context.withCancel(parent)[1]();
    });
    return children.length === n ? cost : NaN;
  },

  "cancel a tree of n contexts": async (n) => {
    const [parent, cancel] = context.withCancel(context.background());
    const children = Array.from({ length: n }, () => context.withCancel(parent)[0]);
    return timedOnce(n, async () => {
      cancel();
      if (children[n - 1]?.err() === undefined) throw new Error("not cancelled");
    });
  },

  "park on and leave one channel on which n wait": async (n) => {
    const crowded = chan<number>();
    await park(n, () => crowded.receive());
    const ch = chan<number>();
    const cost = await timedMany(n, async (ops) => {
      for (let i = 0; i < ops; i++) {
        void select({ ch, crowded });
        await ch.send(i);
      }
    });
    crowded.close();
    await ended();
    return cost;
  },

  "park on and leave one context that n watch": async (n) => {
    const [ctx] = context.withCancel(context.background());
    const never = chan<number>();
    await park(n, () => never.receive(ctx));
    const ch = chan<number>();
    const cost = await timedMany(n, async (ops) => {
      for (let i = 0; i < ops; i++) {
        void ch.receive(ctx);
        await ch.send(i);
      }
    });
    never.close();
    await ended();
    return cost;
  },

  "set and stop a deadline among n": async (n) => {
    const deadlines = Array.from({ length: n }, (_, i) => context.withTimeout(context.background(), time.hour + i));
    const cost = await timedMany(n, async (ops) => {
      for (let i = 0; i < ops; i++) context.withTimeout(context.background(), time.hour + (i % n))[1]();
    });
    for (const [, cancel] of deadlines) cancel();
    return cost;
  },
};

const [what = "", n = "10"] = process.argv.slice(2);
if (what === "--list") {
  process.stdout.write(JSON.stringify(Object.keys(experiments)));
} else {
  const perOp = await measured(experiments[what] ?? (() => Promise.resolve(NaN)), Number(n));
  process.stdout.write(JSON.stringify({ perOp, blocked }), () => process.exit(0));
}

/** Warms the code up on small numbers, and takes the median of several runs where they are short. */
async function measured(experiment: Experiment, n: number): Promise<number> {
  for (let i = 0; i < 250; i++) await experiment(Math.min(n, 1000) + (i % 3));
  const runs = Math.max(1, Math.min(101, Math.floor(100_000 / n)));
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push(await experiment(n));
  return middle(times);
}

function middle(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}

/** Starts n goroutines that wait. */
async function park(n: number, body: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < n; i++) go(body);
  // They begin in order, in portions between turns of the event loop: this one is the last.
  await new Promise<void>((resolve) => go(async () => resolve()));
  await turn();
}

/** Waits until no goroutine is left but this one. */
async function ended(): Promise<void> {
  while (numGoroutine() > 1) await turn();
}

/** Lets all pending work run. */
async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Times n operations that can only be done once. */
async function timedOnce(n: number, act: () => Promise<void>): Promise<number> {
  await settle(n);
  let longest = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(look);
  };
  let next = setImmediate(look);
  const perOp = await timed(n, act);
  blocked = Math.max(longest, performance.now() - last);
  clearImmediate(next);
  return perOp;
}

/**
 * Times operations that can be repeated. Where n is large there are few runs, or one, so this takes the median of
 * several times: the first may include compiling code again after the collection.
 */
async function timedMany(n: number, act: (ops: number) => Promise<void>): Promise<number> {
  await settle(n);
  const times: number[] = [];
  for (let i = 0; i < (isLarge(n) ? 5 : 1); i++) times.push(await timed(many, act));
  return middle(times);
}

async function timed(ops: number, act: (ops: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  await act(ops);
  return ((performance.now() - start) * 1e6) / ops;
}

function isLarge(n: number): boolean {
  return n >= 10_000;
}

/** The rest of a large set-up, such as collecting its garbage, is not a part of the operations. */
async function settle(n: number): Promise<void> {
  if (!isLarge(n)) return;
  globalThis.gc?.();
  await quiet();
}

/**
 * Waits until the engine's other threads have swept and compiled after the set-up: they share the one core, and
 * took up to four fifths of it. Go's `runtime.GC` returns only when all is swept.
 */
async function quiet(): Promise<void> {
  for (;;) {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { user, system } = process.cpuUsage(before);
    if (user + system < 1000) return;
  }
}
