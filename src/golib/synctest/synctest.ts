/// <reference lib="esnext.disposable" preserve="true" />

/**
 * Tests in virtual time. Mirrors Go's `testing/synctest`: inside of `test` the clock stands still while anything can run,
 * and jumps to the next timer when everything waits.
 *
 * What counts are goroutines, channels and timers of this library; code that waits for the host (a socket, `fetch`) is
 * taken for blocked.
 *
 * @module
 */

import { attach } from "../../runtime/attach.ts";

interface Host {
  setImmediate?(f: () => void): unknown;
  setTimeout(f: () => void, delay: number): unknown;
}

const host = globalThis as unknown as Host;

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** Go's bubbles begin at this time. */
const midnight = Date.UTC(2000, 0, 1);

class Bubble {
  now = 0;
  /** Counts what happens: two turns of the event loop without a change mean that everything waits. */
  events = 0;
  /** How many wait in `wait`: time stands still for them. */
  waiters = 0;
  readonly alarms = new Map<number, Alarm>();
  readonly alive = new Set<number>();
  #last = 0;

  attach(): Disposable {
    const touch = (): void => void this.events++;
    return attach({
      spawn: (id) => {
        this.events++;
        this.alive.add(id);
      },
      end: (id) => {
        this.events++;
        this.alive.delete(id);
      },
      park: touch,
      wake: touch,
      close: touch,
      ring: touch,
      clock: {
        now: () => this.now,
        wall: () => midnight + this.now,
        setTimeout: (ring, delay) => {
          this.events++;
          this.alarms.set(++this.#last, { at: this.now + Math.max(0, delay), ring });
          return this.#last;
        },
        clearTimeout: (alarm) => {
          this.events++;
          this.alarms.delete(alarm as number);
        },
      },
    });
  }

  /** Waits until nothing more happens at this time. */
  async settled(): Promise<void> {
    for (let before = -1; before !== this.events;) {
      before = this.events;
      for (let turn = 0; turn < 2; turn++) await nextTurn();
    }
  }

  /** Rings the next alarm; false if there is none. */
  advance(): boolean {
    let next: [number, Alarm] | undefined;
    for (const entry of this.alarms) if (next === undefined || entry[1].at < next[1].at) next = entry;
    if (next === undefined) return false;
    this.alarms.delete(next[0]);
    this.now = next[1].at;
    this.events++;
    next[1].ring();
    return true;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (host.setImmediate === undefined) host.setTimeout(resolve, 0);
    else host.setImmediate(resolve);
  });
}

let current: Bubble | undefined;

/**
 * Runs `f` in virtual time, which begins at midnight UTC 2000-01-01, and waits until all goroutines that it has started
 * have ended. Mirrors Go's `synctest.Test`.
 *
 * @throws What `f` throws.
 * @throws Error `synctest.Test called from within a synctest bubble`
 * @throws Error `deadlock: all goroutines in bubble are blocked`, or `deadlock: main bubble goroutine has exited but blocked
 * goroutines remain`.
 *
 * @example
 * ```ts
 * await synctest.test(undefined, async () => {
 *   const start = time.now();
 *   await time.sleep(24 * time.hour);
 *   console.log(time.formatDuration(time.since(start))); // 24h0m0s
 * });
 * ```
 */
export async function test<T>(t: T, f: (t: T) => unknown): Promise<void> {
  if (current !== undefined) throw new Error("synctest.Test called from within a synctest bubble");
  const bubble = new Bubble();
  current = bubble;
  using _ = bubble.attach();
  let over = false;
  const body = (async () => {
    try {
      await f(t);
    } finally {
      over = true;
      bubble.events++;
    }
  })();
  // It is awaited below; until then a failure is no unhandled one.
  body.catch(() => undefined);
  try {
    for (;;) {
      await bubble.settled();
      if (over && bubble.alive.size === 0) break;
      if (bubble.waiters > 0) continue;
      if (bubble.advance()) continue;
      if (over) {
        await body;
        throw new Error("deadlock: main bubble goroutine has exited but blocked goroutines remain");
      }
      throw new Error("deadlock: all goroutines in bubble are blocked");
    }
    await body;
  } finally {
    current = undefined;
  }
}

/**
 * Waits until every other goroutine of the bubble waits for something. Mirrors Go's `synctest.Wait`.
 *
 * @throws Error `goroutine is not in a bubble`
 *
 * @example
 * ```ts
 * await synctest.test(undefined, async () => {
 *   let done = false;
 *   go(() => {
 *     done = true;
 *   });
 *   await synctest.wait();
 *   console.log(done); // true
 * });
 * ```
 */
export async function wait(): Promise<void> {
  const bubble = current;
  if (bubble === undefined) throw new Error("goroutine is not in a bubble");
  bubble.waiters++;
  try {
    await bubble.settled();
  } finally {
    bubble.waiters--;
    bubble.events++;
  }
}
