/** Makes one batch of what comes while others are on their way: batches grow with the load, latency does not. */

import { go } from "../runtime/goroutine.ts";

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (result: O | Promise<O>) => void;
  readonly reject: (error: unknown) => void;
}

/** How a {@link Coalescer} makes batches. */
export interface Batching<I> {
  /** How many items a batch may have. */
  readonly most: number;
  /** How many batches may be on their way; items keep their order with one only, which is the default. */
  readonly lanes?: number;
  /** How much an item weighs; a batch has no more than `heaviest` unless a single item has. */
  readonly weigh?: (item: I) => number;
  readonly heaviest?: number;
}

/** Runs batches, as many at a time as there are lanes. */
export class Coalescer<I, O> {
  #queue: Waiting<I, O>[] = [];
  #running = 0;
  readonly #run: (items: I[]) => Promise<readonly (O | Promise<O>)[]>;
  readonly #batching: Batching<I>;

  /** `run` returns a result for each item, or the promise of one; what it throws is everybody's error. */
  constructor(run: (items: I[]) => Promise<readonly (O | Promise<O>)[]>, batching: Batching<I>) {
    this.#run = run;
    this.#batching = batching;
  }

  /** Adds an item to the next batch. */
  add(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (this.#running === (this.#batching.lanes ?? 1)) return;
      this.#running++;
      go(() => this.#flush());
    });
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, firstBatch(this.#queue, this.#batching));
      try {
        const results = await this.#run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => resolve(results[i] as O | Promise<O>));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running--;
  }
}

/** Tells how many of those that wait make the next batch. */
function firstBatch<I>(
  queue: readonly { readonly item: I }[],
  { most, weigh, heaviest = Infinity }: Batching<I>,
): number {
  if (weigh === undefined) return most;
  let sum = 0;
  for (let n = 0; n < Math.min(queue.length, most); n++) {
    sum += weigh((queue[n] as { readonly item: I }).item);
    if (sum > heaviest && n > 0) return n;
  }
  return most;
}

/** Cuts a list into batches. */
export function inBatches<I>(items: readonly I[], batching: Batching<I>): I[][] {
  const batches: I[][] = [];
  const rest = items.map((item) => ({ item }));
  while (rest.length > 0) {
    batches.push(rest.splice(0, firstBatch(rest, batching)).map(({ item }) => item));
  }
  return batches;
}
