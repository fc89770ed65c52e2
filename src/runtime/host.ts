/**
 * The functions that gocsp borrows from its host. Nothing else in the core touches a global of Node, Bun, Deno or a
 * browser.
 *
 * Scheduling functions are captured when the module loads (or, if fake timers are installed then, as soon as they are
 * gone). So fake timers that a test installs later cannot keep goroutines from resuming. Clock and timeouts are looked
 * up at each use (see `clock.ts`), so that fake timers do govern sleeps, tickers and deadlines.
 */

/** What `setTimeout` returns: an object that can be ref'd in Node and Bun, a number elsewhere. */
export type HostTimeout = unknown;

export interface Refable {
  ref?(): unknown;
  unref?(): unknown;
}

interface HostProcess {
  readonly pid?: number;
  kill?(pid: number, signal: string): unknown;
  exitCode?: number | string | null | undefined;
  exit?(code?: number): never;
  _exiting?: boolean;
  moduleLoadList?: string[];
  emit?(event: string, ...args: unknown[]): boolean;
  listenerCount?(event: string): number;
  hasUncaughtExceptionCaptureCallback?(): boolean;
  nextTick?(callback: () => void): void;
  on?(event: string, listener: (...args: never[]) => void): unknown;
  off?(event: string, listener: (...args: never[]) => void): unknown;
  eventNames?(): (string | symbol)[];
  listeners?(event: string): unknown[];
  stdout?: HostStream;
  stderr?: HostStream;
  getBuiltinModule?<Module>(id: string): Module | undefined;
}

interface HostStream {
  writableLength?: number;
  write(text: string, done?: () => void): boolean;
}

interface HostPort {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
}

interface HostGlobals {
  setTimeout(callback: () => void, delay: number): HostTimeout;
  clearTimeout(timeout: HostTimeout): void;
  setImmediate?(callback: () => void): Refable;
  clearImmediate?(immediate: unknown): void;
  performance: { now(): number };
  process?: HostProcess;
  Bun?: object;
  Deno?: { refTimer(id: unknown): void; unrefTimer(id: unknown): void };
  MessageChannel?: new () => { port1: HostPort; port2: HostPort };
  reportError?(error: unknown): void;
  TextEncoder: new () => { encode(text: string): Uint8Array };
}

export const host: HostGlobals = globalThis as unknown as HostGlobals;

/** Fake timers mark their functions with the clock that moves them. */
export function isFake(f: unknown): boolean {
  return typeof f === "function" && "clock" in f;
}

/**
 * The functions that were captured when the module loaded; captured again if those were fake and the fakes are gone.
 */
let captured = capture();

function capture(): { fake: boolean; now: () => number; requestTurn: (callback: () => void) => Turn } {
  return {
    fake: isFake(host.setTimeout),
    now: host.performance.now.bind(host.performance),
    requestTurn: pickTurn(),
  };
}

function realFunctions(): typeof captured {
  if (captured.fake && !isFake(host.setTimeout)) captured = capture();
  return captured;
}

/** Returns the time of the host's monotonic clock in milliseconds, safe from fake timers. */
export function realNow(): number {
  return realFunctions().now();
}

/** A requested turn of the event loop. Until it is held, once, it does not keep the process alive. */
export interface Turn {
  hold(): void;
}

/** Requests a call of `callback` on the next turn of the event loop, after the timers and I/O that are ready now. */
export function requestTurn(callback: () => void): Turn {
  return realFunctions().requestTurn(callback);
}

function pickTurn(): (callback: () => void) => Turn {
  const { setImmediate, clearImmediate, MessageChannel, setTimeout } = host;
  if (setImmediate !== undefined) {
    return (callback) => {
      const immediate = setImmediate(callback);
      immediate.unref?.();
      // A new one, because after an uncaught error Bun's test runner never calls one that had no ref for a turn.
      const hold = (): void => {
        clearImmediate?.(immediate);
        setImmediate(callback);
      };
      return { hold };
    };
  }
  const hold = (): void => undefined;
  if (MessageChannel !== undefined) {
    const { port1, port2 } = new MessageChannel();
    let waiting: (() => void)[] = [];
    port1.onmessage = () => {
      const callbacks = waiting;
      waiting = [];
      for (const callback of callbacks) callback();
    };
    return (callback) => {
      waiting.push(callback);
      port2.postMessage(0);
      return { hold };
    };
  }
  return (callback) => {
    setTimeout(callback, 0);
    return { hold };
  };
}

/** Reports an uncaught error to the host. */
export function reportUncaught(error: unknown): void {
  if (host.reportError !== undefined) host.reportError(error);
  else
    host.setTimeout(() => {
      throw error;
    }, 0);
}
