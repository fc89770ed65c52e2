import type { WaitState } from "../runtime/hooks.ts";
import { type Site, track, visitQueue } from "../runtime/sites.ts";
import { serve, WaitQueue } from "../runtime/waiter.ts";

/** A queue of goroutines that the reports know, under one of Go's names for what they do. */
export class WaitingRoom implements Site {
  readonly queue: WaitQueue = new WaitQueue();
  readonly state: WaitState;
  tracked = false;

  constructor(state: WaitState) {
    this.state = state;
  }

  /** Returns the queue for someone who is about to wait. */
  open(): WaitQueue {
    if (!this.tracked) track(this);
    return this.queue;
  }

  isEmpty(): boolean {
    return this.queue.first === undefined;
  }

  /** Lets everybody go on who waits now. */
  serveAll(): void {
    for (let waiter = this.queue.first; waiter !== undefined; waiter = this.queue.first) serve(waiter, undefined, true);
  }

  isIdle(): boolean {
    return this.isEmpty();
  }

  forEachParked(visit: Parameters<Site["forEachParked"]>[0]): void {
    visitQueue(this.queue, this.state, visit);
  }
}
