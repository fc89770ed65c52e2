/**
 * Drains: ways to be called back when no microtask is left. All that runs between two calls belongs to the one goroutine
 * that was resumed before. To count microtasks instead would be inexact, and no faster.
 */

/** Calls `next` once after all microtasks, those that come meanwhile included. */
export type Drain = (next: () => void) => void;

interface Port {
  addEventListener(type: "message", listener: () => void): void;
  start(): void;
  postMessage(message: unknown): void;
  unref?(): void;
}

interface Host {
  process?: { nextTick?(callback: () => void): void };
  setImmediate?(callback: () => void): unknown;
  setTimeout(callback: () => void, delay: number): unknown;
  MessageChannel?: new () => { port1: Port; port2: Port };
}

// Captured before any fake timers, and before the globals of a bubble.
const { process, setImmediate, setTimeout, MessageChannel } = globalThis as unknown as Host;

/** The timeouts of the world outside. */
export const hostSetTimeout: Host["setTimeout"] = (callback, delay) => setTimeout(callback, delay);

/** Whether {@link turn} is asking the host for a turn at this moment: nobody else is. */
export let turning = false;

/** One turn of the event loop: timers and I/O happen. */
export const turn: Drain =
  setImmediate !== undefined
    ? (next) => {
        turning = true;
        setImmediate(next);
        turning = false;
      }
    : MessageChannel !== undefined
      ? messages(new MessageChannel(), 1)
      : (next) => void setTimeout(next, 0);

/** As quick as the host can. No timers and no I/O happen, so {@link turn} has to be used now and then. */
export const quick: Drain =
  process?.nextTick !== undefined
    ? ticks(process.nextTick.bind(process))
    : MessageChannel === undefined
      ? turn
      : messages(new MessageChannel(), 64);

/** Its reactions are microtasks as well, at a fraction of what `queueMicrotask` costs in Node. */
const settled = Promise.resolve();

/**
 * A tick that a microtask requests is called when no microtask is left. Requested by another tick, it would be called
 * before them.
 */
function ticks(nextTick: (callback: () => void) => void): Drain {
  return (next) => void settled.then(() => nextTick(next));
}

/**
 * Browsers drain the microtasks after each listener of an event that they dispatch: one message with many listeners makes
 * as many drains, at a seventh of the price of a message each.
 */
function messages({ port1, port2 }: { port1: Port; port2: Port }, listeners: number): Drain {
  let waiting: (() => void) | undefined;
  let left = 0;
  const post = (): void => {
    left = listeners;
    port2.postMessage(0);
  };
  const listen = (): void => {
    left--;
    const next = waiting;
    waiting = undefined;
    next?.();
    if (waiting !== undefined && left === 0) post();
  };
  // One function for all would count as one listener.
  for (let i = 0; i < listeners; i++) port1.addEventListener("message", () => listen());
  port1.start();
  return (next) => {
    waiting = next;
    if (left === 0) post();
  };
}
