/** Makes one batch of what comes while another is on its way: batches grow with the load, latency does not. */

import { go } from "../runtime/goroutine.ts";

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs batches, one at a time. */
export class Coalescer<I, O> {
  #queue: Waiting<I, O>[] = [];
  #isRunning = false;
  readonly #run: (items: I[]) => Promise<readonly O[]>;
  readonly #most: number;

  /** `run` returns a result for each item; what it throws is everybody's error. */
  constructor(run: (items: I[]) => Promise<readonly O[]>, most: number) {
    this.#run = run;
    this.#most = most;
  }

  /** Adds an item to the next batch. */
  add(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      go(() => this.#flush());
    });
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#most);
      try {
        const results = await this.#run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => resolve(results[i] as O));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isRunning = false;
  }
}
