// Variants that make the same operations slower: node probes/variants.js <index>. Prints its nanoseconds per operation.
import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { type Chan, chan, go, select } from "gocsp";

const n = 100_000;

/** Sends what `make` makes from one goroutine to another. */
async function stream<T>(capacity: number, make: (i: number) => T): Promise<void> {
  const ch = chan<T>(capacity);
  go(async () => {
    for (let i = 0; i < n; i++) await ch.send(make(i));
  });
  for (let i = 0; i < n; i++) await ch.receive();
}

class Point {
  readonly x: number;

  constructor(x: number) {
    this.x = x;
  }
}

const kinds = [(i: number) => i, (i: number) => `${i}`, (i: number) => new Point(i), () => undefined, () => [1]];

/** A channel always ready, and the cases of a select over it and others, each time with other names. */
const ready = chan<number>(1);
const quiet = Array.from({ length: 7 }, () => chan<number>());
const shapes: (() => Record<string, Chan<number> | undefined>)[] = [
  () => ({ ready, a: quiet[0] }),
  () => ({ b: quiet[0], ready }),
  () => ({ ready, c: quiet[0], d: quiet[1] }),
  () => ({ e: quiet[0], ready, f: quiet[1] }),
  () => ({ g: quiet[0], h: quiet[1], ready }),
  () => ({ i: quiet[0], ready, j: quiet[2] }),
  () => ({ k: quiet[3], l: quiet[2], ready }),
  () => ({ ready, m: quiet[3] }),
];

async function selects(used: typeof shapes): Promise<void> {
  for (let i = 0; i < n; i++) {
    ready.trySend(i);
    await select((used[i % used.length] as () => Record<string, Chan<number>>)());
  }
}

const variants: readonly [name: string, run: () => Promise<void>][] = [
  ["unbuffered stream of numbers", () => stream(0, (i) => i)],
  ["of objects of one class", () => stream(0, (i) => new Point(i))],
  ["of five kinds of values in turn", () => stream(0, (i) => kinds[i % kinds.length]?.(i))],
  ["inside AsyncLocalStorage.run", () => new AsyncLocalStorage().run({}, () => stream(0, (i) => i))],
  ["under an async hook", hooked],
  ["buffered(128) stream of numbers", () => stream(128, (i) => i)],
  ["of objects of one class", () => stream(128, (i) => new Point(i))],
  ["of five kinds of values in turn", () => stream(128, (i) => kinds[i % kinds.length]?.(i))],
  ["select of 2, one ready, one shape of cases", () => selects(shapes.slice(0, 1))],
  ["in a program with eight shapes of two or three cases", () => selects(shapes)],
  ["close a channel on which a thousand wait, per goroutine", closeMany],
];

async function closeMany(): Promise<void> {
  for (let i = 0; i < n; i += 1000) {
    const ch = chan<never>();
    const ended = chan<void>(1000);
    for (let j = 0; j < 1000; j++) {
      go(async () => {
        await ch.receive();
        ended.trySend();
      });
    }
    const begun = chan<void>();
    go(async () => begun.send());
    await begun.receive();
    ch.close();
    for (let j = 0; j < 1000; j++) await ended.receive();
  }
}

async function hooked(): Promise<void> {
  const hook = createHook({ init: () => undefined }).enable();
  await stream(0, (i) => i);
  hook.disable();
}

const [index = ""] = process.argv.slice(2);
if (index === "--list") {
  process.stdout.write(JSON.stringify(variants.map(([name]) => name)));
} else {
  const run = variants[Number(index)]?.[1] ?? (() => Promise.resolve());
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    await run();
    times.push(((performance.now() - start) / n) * 1e6);
  }
  const perOp = times.sort((a, b) => a - b)[7];
  process.stdout.write(JSON.stringify({ perOp }), () => process.exit(0));
}
