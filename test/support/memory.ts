import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { turn } from "./settle.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Collects garbage until no more is freed: objects of a first collection may hold weak references of their own. */
export async function collect(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await turn();
    gc();
  }
}

/** Collects garbage once, and lets finalizers run. */
export async function collectOnce(): Promise<void> {
  await turn();
  gc();
  for (let i = 0; i < 3; i++) await turn();
}

/** Returns how many bytes the heap has grown during `run`, not counting garbage. */
export async function heapGrowth(run: () => unknown): Promise<number> {
  await collect();
  const before = process.memoryUsage().heapUsed;
  await run();
  await collect();
  return process.memoryUsage().heapUsed - before;
}

/**
 * Tells which of these objects are still reachable. The references must be the caller's only hold on them. A compiler
 * that works in the background may hold one of them for a while, so the remaining ones are checked again a few times.
 */
export async function survivors(references: ReadonlyMap<string, WeakRef<object>>): Promise<string[]> {
  let left = [...references];
  for (let round = 0; round === 0 || (round < 10 && left.length > 0); round++) {
    await collect();
    left = left.filter(([, reference]) => reference.deref() !== undefined);
  }
  return left.map(([name]) => name);
}

/**
 * Returns how much longer `run(parts * n)` takes than `parts` times `run(n)`: about 1 if its time is in proportion to
 * n, about `parts` if in proportion to the square. Both do the same amount of work otherwise. The best of a few rounds
 * counts, so that a pause of the machine does not.
 */
export async function crowding(n: number, parts: number, run: (n: number) => Promise<void>): Promise<number> {
  let apart = Infinity;
  let together = Infinity;
  for (let round = 0; round < 3 && !(together < 3 * apart); round++) {
    apart = Math.min(
      apart,
      await time(async () => {
        for (let i = 0; i < parts; i++) await run(n);
      }),
    );
    together = Math.min(together, await time(() => run(parts * n)));
  }
  return together / apart;
}

async function time(run: () => Promise<void>): Promise<number> {
  gc();
  const before = performance.now();
  await run();
  return performance.now() - before;
}
