import type { WaitState } from "./hooks.ts";
import { type Site, track } from "./sites.ts";
import { oneThread } from "./symbols.ts";
import { asValue, park, serve, Waiter, WaitQueue } from "./waiter.ts";

/** A tracked queue of parked goroutines, with Go's name for what they wait for. */
export class WaitList implements Site {
  readonly queue: WaitQueue = new WaitQueue();
  readonly state: WaitState;
  /** The lock or counter that the list belongs to, for the hooks. */
  readonly owner: object;
  thread: symbol = oneThread;

  constructor(state: WaitState, owner: object) {
    this.state = state;
    this.owner = owner;
  }

  /** Adds a waiter whose goroutine is about to park. */
  push(waiter: Waiter): void {
    track(this);
    this.queue.push(waiter);
  }

  /** Parks the caller, and returns the value with which it is served. `offer` is the waiter's value, for its server. */
  wait(offer?: unknown): Promise<unknown> {
    const waiter = new Waiter(asValue, offer, undefined);
    this.push(waiter);
    return park(waiter, this.state, this.owner, offer);
  }

  isEmpty(): boolean {
    return this.queue.first === undefined;
  }

  /** Serves all waiters. */
  serveAll(): void {
    for (let waiter = this.queue.first; waiter !== undefined; waiter = this.queue.first) serve(waiter, undefined, true);
  }

  queues(): ReturnType<Site["queues"]> {
    return [[this.queue, this.state]];
  }
}
