/**
 * What Go's users test with sleeps and tolerances, here in bubbles and to the millisecond: delays, batches and ordered
 * workers as `rill` has them, and a pool of workers that end when they are idle, as `workerpool` has it. The tests of
 * workerpool itself, which use Go's synctest, are translated and run in `test/port/corpus.test.ts`.
 */

import { type Chan, chan, go, type ReceiveChan, select, sync, time } from "gocsp";
import * as synctest from "gocsp/synctest";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

function numbers(n: number, before: (i: number) => Promise<unknown> = async () => undefined): Chan<number> {
  const out = chan<number>();
  go(async () => {
    for (let i = 0; i < n; i++) {
      await before(i);
      await out.send(i);
    }
    out.close();
  });
  return out;
}

/** Passes each value on when `delay` has passed since it came. */
function delayed<T>(from: ReceiveChan<T>, delay: number): Chan<T> {
  const waiting = chan<readonly [value: T, due: Date]>(1000);
  const out = chan<T>();
  go(async () => {
    for await (const value of from) await waiting.send([value, new Date(time.now().getTime() + delay)]);
    waiting.close();
  });
  go(async () => {
    for await (const [value, due] of waiting) {
      await time.sleep(time.until(due));
      await out.send(value);
    }
    out.close();
  });
  return out;
}

/** Collects values until there are `size`, or until `timeout` has passed since the first. */
function batches<T>(from: ReceiveChan<T>, size: number, timeout: number): Chan<T[]> {
  const out = chan<T[]>();
  go(async () => {
    let batch: T[] = [];
    const timer = time.newTimer(timeout);
    timer.stop();
    for (;;) {
      const op = await select({ from, late: timer.c });
      if (op.case === "from" && op.ok) {
        if (batch.push(op.value) === 1) timer.reset(timeout);
        if (batch.length < size) continue;
      }
      timer.stop();
      if (batch.length > 0) await out.send(batch);
      batch = [];
      if (op.case === "from" && !op.ok) break;
    }
    out.close();
  });
  return out;
}

/** Calls `f` with up to `n` values at once, and yields the results in the order of the values. */
function orderedMap<A, B>(from: ReceiveChan<A>, n: number, f: (value: A) => Promise<B>): Chan<B> {
  const places = chan<Chan<B>>(n - 1);
  const out = chan<B>();
  go(async () => {
    for await (const value of from) {
      const place = chan<B>(1);
      await places.send(place);
      go(async () => place.send(await f(value)));
    }
    places.close();
  });
  go(async () => {
    for await (const place of places) await out.send((await place.receive()) as B);
    out.close();
  });
  return out;
}

async function timed<T>(from: ReceiveChan<T>): Promise<[value: T, at: number][]> {
  const got: [T, number][] = [];
  for await (const value of from) got.push([value, performance.now()]);
  return got;
}

describe("rill's tests", () => {
  test("each value is late by the delay, whoever is slow [V6]", async () => {
    await synctest.test(async () => {
      const all = await timed(delayed(numbers(5), 5 * time.second));
      expect(all).toEqual([0, 1, 2, 3, 4].map((value) => [value, 5000]));
    });
    await synctest.test(async () => {
      const slowly = numbers(5, () => time.sleep(time.second));
      expect(await timed(delayed(slowly, 5 * time.second))).toEqual([0, 1, 2, 3, 4].map((n) => [n, 6000 + n * 1000]));
    });
    await synctest.test(async () => {
      const got: number[] = [];
      for await (const _ of delayed(numbers(3), 5 * time.second)) {
        got.push(performance.now());
        await time.sleep(2 * time.second);
      }
      expect(got).toEqual([5000, 7000, 9000]);
    });
  });

  test("a batch is full, or as old as its first value may be, or the last one [V7]", async () => {
    await synctest.test(async () => {
      const pauses = [0, 0, 0, 0, 0, 1000, 300, 300, 0];
      const from = numbers(9, (i) => time.sleep(pauses[i] as number));
      expect(await timed(batches(from, 4, 500))).toEqual([
        [[0, 1, 2, 3], 0],
        [[4], 500],
        [[5, 6], 1500],
        [[7, 8], 1600],
      ]);
    });
  });

  test("results come in the order of the values, and n are worked on at once [V4]", async () => {
    await synctest.test(async () => {
      let [active, most] = [0, 0];
      const results = orderedMap(numbers(6), 3, async (n) => {
        most = Math.max(most, ++active);
        await time.sleep((6 - n) * time.second);
        active--;
        return n * n;
      });
      const got = await timed(results);
      expect(got.map(([value]) => value)).toEqual([0, 1, 4, 9, 16, 25]);
      expect(most).toBeGreaterThanOrEqual(3);
      expect(performance.now()).toBe(9000);
    });
  });

  test("what hangs in Go's tests is a failure with its place here [V11]", async () => {
    const merged = synctest.test(async () => {
      const out = chan<number>();
      const wg = new sync.WaitGroup();
      for (const input of [numbers(2), chan<number>()]) {
        wg.go(async () => {
          for await (const value of input) await out.send(value);
        });
      }
      go(async () => {
        await wg.wait();
        out.close();
      });
      const got: number[] = [];
      for await (const value of out) got.push(value);
      return got;
    });
    await expect(merged).rejects.toThrow(
      /^deadlock: all goroutines in bubble are blocked\n\ngoroutine 1 \[chan receive\]/,
    );
  });
});

/** A pool of at most `size` workers, each of which ends when it has been idle for a time. */
class WorkerPool {
  readonly #idle: number;
  readonly #free: sync.Mutex = new sync.Mutex();
  readonly #tasks = chan<() => Promise<unknown>>();
  readonly #size: number;
  readonly #workers = new sync.WaitGroup();
  running = 0;

  constructor(size: number, idle: number) {
    this.#size = size;
    this.#idle = idle;
  }

  async submit(task: () => Promise<unknown>): Promise<void> {
    using _ = await this.#free.lock();
    if (this.#tasks.trySend(task)) return;
    if (this.running < this.#size) {
      this.running++;
      this.#workers.go(() => this.#work(task));
    } else {
      await this.#tasks.send(task);
    }
  }

  async stopWait(): Promise<void> {
    this.#tasks.close();
    await this.#workers.wait();
  }

  async #work(first: () => Promise<unknown>): Promise<void> {
    let task: (() => Promise<unknown>) | undefined = first;
    while (task !== undefined) {
      await task();
      const op = await select({ task: this.#tasks, idle: time.after(this.#idle) });
      task = op.case === "task" ? op.value : undefined;
    }
    this.running--;
  }
}

describe("workerpool's tests", () => {
  test("no more than its size work at once, and tasks wait in turn [V4]", async () => {
    await synctest.test(async () => {
      const pool = new WorkerPool(3, time.second);
      const ends: number[] = [];
      for (let i = 0; i < 7; i++) {
        await pool.submit(async () => {
          await time.sleep(10);
          ends.push(performance.now());
        });
      }
      await pool.stopWait();
      expect(ends).toEqual([10, 10, 10, 20, 20, 20, 30]);
    });
  });

  test("workers that have been idle for their time end, and come again with work [V6]", async () => {
    await synctest.test(async () => {
      const pool = new WorkerPool(2, 2 * time.second);
      const slow = (): Promise<void> => time.sleep(time.second);
      await pool.submit(slow);
      await pool.submit(slow);
      await synctest.sleep(2999);
      expect(pool.running).toBe(2);
      await synctest.sleep(1);
      expect(pool.running).toBe(0);
      await pool.submit(slow);
      expect(pool.running).toBe(1);
      await pool.stopWait();
      expect(performance.now()).toBe(4000);
    });
  });

  test("a worker that is left at the end fails the test [V10]", async () => {
    const left = synctest.test(async () => {
      const pool = new WorkerPool(1, time.hour);
      await pool.submit(() => time.sleep(time.second));
      await time.sleep(time.minute);
    });
    await expect(left).rejects.toThrow(/^deadlock: main bubble goroutine has exited but blocked goroutines remain/);
  });
});
