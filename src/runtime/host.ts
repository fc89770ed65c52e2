/**
 * The functions that gocsp borrows from its host. Nothing else in the core touches a global of Node, Bun, Deno or a
 * browser.
 *
 * Scheduling functions are captured when the module loads (or as soon as fake timers that were there before are gone), so
 * that fake timers installed by a test later cannot stop goroutines from being resumed. Clock and timeouts are looked up at
 * each use (see `clock.ts`), so that the same fake timers do govern sleeps, tickers and deadlines.
 */

/** What `setTimeout` returns: an object that can be ref'd in Node and Bun, a number elsewhere. */
export type HostTimeout = unknown;

interface Refable {
  ref?(): unknown;
  unref?(): unknown;
}

interface HostProcess {
  exitCode?: number | string | null | undefined;
  exit?(code?: number): never;
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
  performance: { now(): number };
  process?: HostProcess;
  Deno?: { refTimer(id: unknown): void; unrefTimer(id: unknown): void };
  MessageChannel?: new () => { port1: HostPort; port2: HostPort };
  reportError?(error: unknown): void;
  TextEncoder: new () => { encode(text: string): Uint8Array };
}

export const host: HostGlobals = globalThis as unknown as HostGlobals;

/** Fake timers mark their functions with the clock that moves them. */
function isFake(f: unknown): boolean {
  return typeof f === "function" && "clock" in f;
}

/** What was captured when the module loaded; anew, if that was under fake timers and they are gone. */
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

/** A requested turn of the event loop. Until it is held it does not keep the process alive. */
export interface Turn {
  hold(): void;
}

/** Requests a call of `callback` on the next turn of the event loop, after the timers and I/O that are ready now. */
export function requestTurn(callback: () => void): Turn {
  return realFunctions().requestTurn(callback);
}

function pickTurn(): (callback: () => void) => Turn {
  const { setImmediate, MessageChannel, setTimeout } = host;
  if (setImmediate !== undefined) {
    return (callback) => {
      const immediate = setImmediate(callback);
      immediate.unref?.();
      return { hold: () => void immediate.ref?.() };
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

/** Lets a host timeout keep the process alive, or not. Has no effect in hosts that never exit. */
export function setHold(timeout: HostTimeout, held: boolean): void {
  if (typeof timeout === "object" && timeout !== null) {
    const refable = timeout as Refable;
    if (held) refable.ref?.();
    else refable.unref?.();
  } else if (host.Deno !== undefined) {
    if (held) host.Deno.refTimer(timeout);
    else host.Deno.unrefTimer(timeout);
  }
}

/** Keeps the process alive until the result is called, for events that do not do so themselves. */
export function holdProcess(): () => void {
  let timeout: HostTimeout;
  const { setTimeout, clearTimeout } = host;
  const again = (): void => {
    timeout = setTimeout(again, 2 ** 31 - 1);
  };
  again();
  return () => clearTimeout(timeout);
}

/** Whether the host tells when its event loop runs dry, which is when a deadlock can be known. */
export const knowsWhenDry: boolean = typeof host.process?.on === "function" && typeof host.process.exit === "function";

/** Calls `listener` when the event loop has run dry (`beforeExit`) or the process ends (`exit`). */
export function onProcess(event: "beforeExit" | "exit", listener: () => void): void {
  host.process?.on?.(event, listener);
}

/** Whether there is a process that can be ended. */
export const hasProcess: boolean = typeof host.process?.exit === "function";

/** Writes `report` to standard error and ends the program with `code`; where there is no process, reports `error`. */
export function die(code: number, report: string, error: unknown): void {
  const process = host.process;
  if (process?.exit === undefined) {
    if (host.reportError !== undefined) host.reportError(error);
    else
      host.setTimeout(() => {
        throw error;
      }, 0);
    return;
  }
  whenDrained(() => {
    writeError(report);
    process.exit?.(code);
  });
}

/** Ends the program as if main had returned, once what was printed has left the process. */
export function exitNormally(): void {
  const process = host.process;
  if (process?.exit === undefined) return;
  whenDrained(() => process.exit?.());
}

/** Calls `exit` once what was printed has left the process, which takes turns of the event loop on a slow pipe. */
function whenDrained(exit: () => void): void {
  const streams = [host.process?.stdout, host.process?.stderr].filter((stream) => (stream?.writableLength ?? 0) > 0);
  let left = streams.length;
  if (left === 0) exit();
  for (const stream of streams) {
    stream?.write("", () => {
      if (--left === 0) exit();
    });
  }
}

/**
 * Tells whether the program has asked for signals, which may come at any time and do not keep the process alive. A change
 * of the window's size does not count: Node itself asks for that.
 */
export function awaitsSignals(): boolean {
  const { process } = host;
  const events = process?.eventNames?.() ?? [];
  return events.some(
    (name) =>
      typeof name === "string" &&
      name.startsWith("SIG") &&
      name !== "SIGWINCH" &&
      process?.listeners?.(name).some((listener) => listener !== ignoreSignal) === true,
  );
}

/** The listener for signals that are ignored: nobody waits for them. */
export function ignoreSignal(): void {}

/** The status with which the process is about to end, where there is one. */
export function exitStatus(): unknown {
  return host.process?.exitCode;
}

/**
 * Writes all of a text to standard error before it returns. `process.stderr` will not do: in a worker thread it is
 * asynchronous, and what it has not written when the thread exits is lost. The descriptor may be full for a while.
 */
function writeError(text: string): void {
  const fs = host.process?.getBuiltinModule?.<{ writeSync?(fd: number, bytes: Uint8Array): number }>("node:fs");
  if (fs?.writeSync === undefined) {
    host.process?.stderr?.write(text);
    return;
  }
  let rest = new host.TextEncoder().encode(text);
  for (let tries = 0; rest.length > 0 && tries < 1000; tries++) {
    try {
      rest = rest.subarray(fs.writeSync(2, rest));
    } catch {
      // Full: give the reader ten milliseconds.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
