import { hooks, type WaitState } from "./hooks.ts";
import { afterTurn, endBurst, nextTick, owesTurnToWake } from "./turn.ts";

/**
 * What a goroutine is parked on: a single waiter, or a group of which one member will be served. Calling `resume` with
 * the result resumes the goroutine: it is a promise's resolve function, except in the waiter of a callback (see
 * {@link asCall}).
 */
export interface Parked {
  resume: (result: never) => void;
}

/** The form of a plain operation's result: that of `receive`, `receiveOk`, `next` or `send`. */
export type Shape = typeof asValue | typeof asPair | typeof asStep | typeof asNothing | typeof asCall;
export const asValue = 0;
export const asPair = 1;
export const asStep = 2;
export const asNothing = 3;
/** No goroutine waits here: `resume` is a callback, so reports must not probe it. */
export const asCall = 4;

/** Returns the result of a receive in the form that its caller gets. */
export function shaped(shape: Shape, value: unknown, ok: boolean): unknown {
  switch (shape) {
    case asValue:
      return value;
    case asPair:
      return [value, ok];
    case asStep:
      return { value, done: !ok };
    case asNothing:
    case asCall:
      return undefined;
  }
}

/**
 * One blocked operation in the queue of one channel. An operation on several channels has one waiter in each of their
 * queues, tied together by a {@link Group}.
 *
 * There are as many of these as there are parked goroutines, so every field counts: eight bytes each.
 */
export class Waiter implements Parked {
  /** The neighbours in the ring of `queue`; undefined when the waiter is in no queue. */
  next: Waiter | undefined;
  prev: Waiter | undefined;
  /** The queue that holds this waiter. It leaves exactly once: when it is served, or withdrawn by its group. */
  queue: WaitQueue | undefined;
  /** The value that a sender offers. */
  value: unknown;
  /** The group to which the waiter belongs. It is served in the waiter's place; `resume` is not used then. */
  readonly group: Group | undefined;
  readonly shape: Shape;
  /** To fail, it is called with a rejected promise: a second function for failures would cost each waiter 70 bytes. */
  resume!: (result: never) => void;

  constructor(shape: Shape, value: unknown, group: Group | undefined) {
    this.shape = shape;
    this.value = value;
    this.group = group;
  }
}

/**
 * An operation parked in several queues at once, of which exactly one serves it. The partner that finds one of its
 * waiters calls `serve` or `fail` in the same synchronous step in which it takes or gives the value, and the group
 * withdraws all its other waiters before that call returns: no queue ever holds a waiter that cannot be served.
 */
export interface Group extends Parked {
  /** The state of the goroutine, as reports print it. */
  readonly state: WaitState;
  /** The partner of `waiter` communicates: it gave `value`, or took the waiter's. */
  serve(waiter: Waiter, value: unknown, ok: boolean): void;
  /** The channel of `waiter` was closed while it waited to send. */
  fail(waiter: Waiter, make: () => unknown): void;
}

/** Called by a {@link WaitQueue} when its first waiter arrives and when its last one leaves. */
export interface Watched {
  watch(): void;
  unwatch(): void;
}

/**
 * Blocked operations in order of arrival, as a doubly linked ring: a waiter leaves from anywhere in O(1).
 *
 * Queues usually are old objects and waiters young ones, and each reference from old to young costs a write barrier. So
 * the queue has only one, to the first waiter; the last is the one before it in the ring.
 */
export class WaitQueue {
  first: Waiter | undefined;
  readonly #watched: Watched | undefined;

  constructor(watched?: Watched) {
    this.#watched = watched;
  }

  push(waiter: Waiter): void {
    const { first } = this;
    waiter.queue = this;
    if (first === undefined) {
      this.first = waiter.next = waiter.prev = waiter;
      this.#watched?.watch();
    } else {
      const last = first.prev as Waiter;
      waiter.prev = last;
      waiter.next = first;
      last.next = first.prev = waiter;
    }
  }

  remove(waiter: Waiter): void {
    const next = waiter.next as Waiter;
    const prev = waiter.prev as Waiter;
    // A served waiter must not keep its former neighbours alive.
    waiter.queue = waiter.next = waiter.prev = undefined;
    if (next === waiter) {
      this.first = undefined;
      this.#watched?.unwatch();
    } else {
      prev.next = next;
      next.prev = prev;
      if (this.first === waiter) this.first = next;
    }
  }
}

/** Counts the wakes, by which a report knows whether anything has changed since. */
export let wakes = 0;

/** Parks the calling goroutine: returns the promise that settles when `parked` is resumed. */
export function park<T>(parked: Parked, state: WaitState, on: object, value?: unknown): Promise<T> {
  endBurst();
  const promise = new Promise<T>((resolve) => (parked.resume = resolve));
  if (hooks !== undefined) hooks.park?.(parked, state, on, value);
  return promise;
}

/** Whether goroutines that are woken now resume one microtask later than usual. */
let delayed = false;

/** Resumes a parked goroutine with `result`, in a microtask of its own: never on the caller's stack. */
export function wake(parked: Parked, result: unknown): void {
  wakes++;
  if (hooks !== undefined) hooks.wake?.(parked, result);
  // Read now: a reused group may have another one by the time of the call.
  const { resume } = parked;
  if (owesTurnToWake()) afterTurn(resume, result as never, parked);
  else if (delayed) void nextTick().then(() => resume(result as never));
  else resume(result as never);
}

/**
 * Resumes a parked goroutine with the error that `make` makes. That is made in a reaction on which the goroutine waits
 * by then, so that its stack names the goroutine's own lines, not those of its waker.
 */
export function wakeThrowing(parked: Parked, make: () => unknown): void {
  const { resume } = parked;
  parked.resume = (): void =>
    resume(
      nextTick().then(() => {
        throw make();
      }) as never,
    );
  wake(parked, undefined);
}

/** Serves a waiter of a queue: withdraws and resumes it. */
export function serve(waiter: Waiter, value: unknown, ok: boolean): void {
  if (waiter.group !== undefined) {
    waiter.group.serve(waiter, value, ok);
  } else {
    waiter.queue?.remove(waiter);
    wake(waiter, shaped(waiter.shape, value, ok));
  }
}

/**
 * Serves a waiter as {@link serve} does, but resumes it one microtask later, so that its server runs ahead of it. All
 * waiters of a queue are served in the same way, so that they keep their order.
 */
export function serveDelayed(waiter: Waiter, value: unknown, ok: boolean): void {
  delayed = true;
  serve(waiter, value, ok);
  delayed = false;
}

/** Fails a sender of a queue: withdraws it, and its operation throws what `make` makes. */
export function fail(waiter: Waiter, make: () => unknown): void {
  if (waiter.group !== undefined) {
    waiter.group.fail(waiter, make);
  } else {
    waiter.queue?.remove(waiter);
    wakeThrowing(waiter, make);
  }
}
