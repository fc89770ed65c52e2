import type { Clock } from "gocsp/runtime";
import { settle } from "./settle.ts";

/** A clock that stands still until the test moves it; its timeouts fire then, or never if it is lazy. */
export class StandingClock implements Clock {
  protected readonly timeouts = new Map<object, { at: number; callback: () => void }>();
  protected time = 0;
  readonly #lazy: boolean;
  readonly #wall: number;

  constructor({ lazy = false, wall = 0 }: { lazy?: boolean; wall?: number } = {}) {
    this.#lazy = lazy;
    this.#wall = wall;
  }

  now(): number {
    return this.time;
  }

  wall(): number {
    return this.#wall + this.time;
  }

  setTimeout(callback: () => void, delay: number): object {
    const timeout = {};
    this.timeouts.set(timeout, { at: this.time + delay, callback });
    return timeout;
  }

  clearTimeout(timeout: unknown): void {
    this.timeouts.delete(timeout as object);
  }

  /** How many timeouts are set. */
  get pending(): number {
    return this.timeouts.size;
  }

  /** Moves by `duration` at once. */
  advance(duration: number): void {
    this.time += duration;
    if (this.#lazy) return;
    for (const [timeout, { at, callback }] of this.timeouts) {
      if (at <= this.time && this.timeouts.delete(timeout)) callback();
    }
  }
}

/**
 * A clock that also advances like real time: from one timeout to the next. A bubble of `synctest` is simpler, but its
 * timers are never late, and it goes on by itself where these tests look at what has not happened yet.
 */
export class VirtualClock extends StandingClock {
  /** Moves by `duration`, and lets the goroutines run at every stop. */
  async pass(duration: number): Promise<void> {
    const end = this.time + duration;
    for (;;) {
      await settle();
      const [next] = [...this.timeouts].toSorted(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > end) break;
      this.timeouts.delete(next[0]);
      this.time = next[1].at;
      next[1].callback();
    }
    this.time = end;
    await settle();
  }
}
