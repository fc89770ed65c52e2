import type { Clock } from "../runtime/hooks.ts";

/** A callback for a time. */
export interface Timeout {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  /** Whether the clock moves on its account. One that is not held fires only if time passes for another. */
  held: boolean;
}

/** The wall time at which each run begins, as in Go: midnight UTC, 2000-01-01. */
const beginning = Date.UTC(2000, 0, 1);

/** A clock that stands still until it is told to move to its next timeout. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  /** Few as a rule: all alarms of the runtime share one. */
  readonly #timeouts = new Set<Timeout>();

  now(): number {
    return this.#now;
  }

  wall(): number {
    return beginning + this.#now;
  }

  setTimeout(callback: () => void, delay: number): Timeout {
    const timeout: Timeout = { at: this.#now + Math.max(delay, 0), order: this.#order++, callback, held: true };
    this.#timeouts.add(timeout);
    return timeout;
  }

  clearTimeout(timeout: unknown): void {
    this.#timeouts.delete(timeout as Timeout);
  }

  /** When the next timeout is due; Infinity if no timeout is held. */
  get due(): number {
    for (const { held } of this.#timeouts) if (held) return this.#next()?.at ?? Infinity;
    return Infinity;
  }

  /** Moves to a time at which nothing rings. */
  pass(to: number): void {
    this.#now = Math.max(this.#now, to);
  }

  /** Moves to the next timeout and calls it. */
  advance(): void {
    const next = this.#next();
    if (next === undefined) return;
    this.#timeouts.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
  }

  #next(): Timeout | undefined {
    let first: Timeout | undefined;
    for (const timeout of this.#timeouts) {
      if (first === undefined || timeout.at < first.at || (timeout.at === first.at && timeout.order < first.order)) {
        first = timeout;
      }
    }
    return first;
  }
}
