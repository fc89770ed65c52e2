// Measures one thing's memory in a process of its own: node --expose-gc probes/memory.js <what>. Prints the bytes of heap
// per thing, or what is retained in all after very many things that should be gone.
import { chan, context, go, select, time } from "gocsp";

const many = 100_000;
const never = chan<number>();
const channels = Array.from({ length: 8 }, () => chan<number>());
const [live] = context.withCancel(context.background());
/** Keeps the measured things alive: filled by index, so that it does not grow while they are counted. */
const kept: unknown[] = Array.from({ length: many + 1000 });
let keptCount = 0;

function keep(thing: unknown): void {
  kept[keptCount++] = thing;
}

function nothing(): void {
  // One handler for all.
}

/** Makes one thing, many times; the difference of the heap gives the bytes of one. */
const sizes: Readonly<Record<string, (i: number) => void>> = {
  channel: () => keep(chan<number>()),
  // The engine's own cost of a function that waits, and of a handler for its end.
  "a bare async function that awaits a bare promise": () =>
    void (async () => {
      await new Promise(keep);
    })(),
  "the same, with a handler for its end": () =>
    void (async () => {
      await new Promise(keep);
    })().then(nothing, nothing),
  // Each awaits. A function that only returned the promise would have ended, and have no frame.
  "parked receive": () =>
    go(async () => {
      await never.receive();
    }),
  "parked select of 2": () =>
    go(async () => {
      await select({ a: channels[0], b: channels[1] });
    }),
  "parked select of 8": () =>
    go(async () => {
      const [a, b, c, d, e, f, g, h] = channels;
      await select({ a, b, c, d, e, f, g, h });
    }),
  "parked receive(ctx)": () =>
    go(async () => {
      await never.receive(live);
    }),
  "context withCancel": () => keep(context.withCancel(context.background())),
  "context withCancel, done() used": () => {
    const pair = context.withCancel(context.background());
    pair[0].done();
    keep(pair);
  },
  "context child": () => keep(context.withCancel(live)),
  "context withTimeout": () => keep(context.withTimeout(context.background(), time.hour)),
  "context withValue": (i) => keep(context.withValue(live, "key", i)),
  "AbortController with signal": () => {
    const controller = new AbortController();
    keep([controller, controller.signal]);
  },
  "time.after": () => keep(time.after(time.hour)),
  "time.newTimer": () => keep(time.newTimer(time.hour)),
  "time.afterFunc": () => keep(time.afterFunc(time.hour, () => undefined)),
};

/** Does something a number of times; afterwards nothing should be retained. */
const leaks: Readonly<Record<string, readonly [times: number, act: (i: number) => unknown]>> = {
  "1e6 selects that lose on a quiet channel": [
    1_000_000,
    async (i) => {
      const ready = channels[i & 7];
      ready?.trySend(i);
      await select({ never, ready, default: true });
    },
  ],
  "1e6 selects that wait beside a quiet channel": [
    1_000_000,
    async (i) => {
      const ready = channels[i & 7];
      void select({ never, ready });
      await ready?.send(i);
    },
  ],
  "1e6 selects that a time.after loses": [
    1_000_000,
    async (i) => {
      const ready = channels[i & 7];
      void select({ ready, late: time.after(time.hour) });
      await ready?.send(i);
    },
  ],
  "1e6 cancelled timeouts": [
    1_000_000,
    () => {
      const [ctx, cancel] = context.withTimeout(live, time.hour);
      ctx.done();
      cancel();
    },
  ],
  "1e5 cancelled children": [
    100_000,
    () => {
      const [ctx, cancel] = context.withCancel(live);
      ctx.done();
      cancel();
    },
  ],
  "1e5 context.signal of one context": [100_000, () => context.signal(live).aborted],
  "1e5 AbortControllers of the host itself": [
    100_000,
    () => {
      const controller = new AbortController();
      controller.signal.addEventListener("abort", () => undefined);
      controller.abort();
    },
  ],
  "1e5 context.signal of cancelled children": [
    100_000,
    () => {
      const [ctx, cancel] = context.withCancel(live);
      context.signal(ctx);
      cancel();
    },
  ],
  "1e5 receive(ctx) on one context": [
    100_000,
    async (i) => {
      const ch = channels[i & 7];
      void ch?.receive(live);
      await ch?.send(i);
    },
  ],
};

const [what = ""] = process.argv.slice(2);
if (what === "--list") {
  process.stdout.write(JSON.stringify({ sizes: Object.keys(sizes), leaks: Object.keys(leaks) }));
} else {
  const bytes = what in sizes ? await sizeOf(what) : await leakOf(what);
  process.stdout.write(JSON.stringify({ bytes }), () => process.exit(0));
}

async function sizeOf(what: string): Promise<number> {
  const make = sizes[what];
  // Code and tables that are made once do not count.
  for (let i = 0; i < 1000; i++) make?.(i);
  const before = await heap();
  for (let i = 0; i < many; i++) make?.(i);
  const bytes = ((await heap()) - before) / many;
  return kept.length === 0 ? NaN : bytes;
}

async function leakOf(what: string): Promise<number> {
  const [times, act] = leaks[what] ?? [0, () => undefined];
  // Fills pools and tables first, the engine's too, which grow for a while; growth after that is a leak.
  for (let i = 0; i < Math.max(times, 500_000); i++) await act(i);
  const growths: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = await heap();
    for (let i = 0; i < times; i++) await act(i);
    growths.push((await heap()) - before);
  }
  // A leak grows in each round; in some rounds the engine compiles code again.
  return growths.toSorted((a, b) => a - b)[1] ?? NaN;
}

/** Returns the live bytes once all pending work has run. */
async function heap(): Promise<number> {
  // Goroutines begin in order, in portions between turns of the event loop: when this one does, all have begun, and have
  // parked in the same step.
  await new Promise<void>((resolve) => go(async () => resolve()));
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
