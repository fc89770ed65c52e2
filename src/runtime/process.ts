/**
 * The process of the program, where there is one: how it is kept alive, and how it ends.
 */

import { hasProcess } from "./environment.ts";
import { safely } from "./error-values.ts";
import { host, type HostTimeout, type Refable, reportUncaught, requestTurn } from "./host.ts";
import { program } from "./program.ts";
import { halt, resume } from "./turn.ts";

/** Keeps the process alive until the result is called, for waits that do not do so themselves. */
export function holdProcess(): () => void {
  let timeout: HostTimeout;
  const { setTimeout, clearTimeout } = host;
  const again = (): void => {
    timeout = setTimeout(again, 2 ** 31 - 1);
  };
  again();
  return () => clearTimeout(timeout);
}

/** Sets whether a host timeout keeps the process alive. Has no effect in hosts that never exit. */
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

/** Calls `listener` when the event loop has run dry (`beforeExit`) or the process ends (`exit`). */
export function onProcess(event: "beforeExit" | "exit", listener: () => void): void {
  host.process?.on?.(event, listener);
}

/** `process.exit` when this module was loaded. A function that replaces it later wants to see exits. */
const firstExit: unknown = host.process?.exit;

/** Calls back in the asynchronous context of the call, before the event loop turns, safe from fake timers. */
const nextTick: (callback: () => void) => void = host.process?.nextTick?.bind(host.process) ?? requestTurn;

/** Whether the exit is in progress. It may fail to end the process; then the program goes on. */
let exiting = false;

/** The number of errors that have called `die`. */
let deaths = 0;

/**
 * Ends the program because of an error: writes `report` to standard error and exits with status 2.
 *
 * If the host has handlers of uncaught errors, such as a test runner's or a crash reporter's, `error` becomes an
 * uncaught error of the host instead, and they decide what happens. Where there is no process, the host reports
 * `error`. Until it is certain that the program goes on, all goroutines are frozen.
 */
export function die(report: string, error: unknown): void {
  if (!hasProcess) {
    reportUncaught(error);
    return;
  }
  deaths++;
  if (exiting) return;
  halt();
  if (host.process?.exit === firstExit && (inWorker() || othersHandleErrors())) {
    handOver(report, error);
  } else {
    exiting = true;
    whenDrained(() => dieNow(report, error));
  }
}

/**
 * Ends the program because of an error at once, without handlers of errors: in the exit event it is too late for them.
 */
export function dieNow(report: string, error: unknown): void {
  safely(() => host.process?.emit?.("uncaughtExceptionMonitor", error, "uncaughtException"), false);
  writeError(report);
  exit(2);
}

/**
 * For how many microtasks main waits for a panic that unwinds. Each async function between the deferred call that
 * resumed main and the end of its goroutine takes one to three. Go's main yields as often.
 */
const unwindingTicks = 1000;

/**
 * Ends the program after main has returned. If there are `others`, one of them may have resumed main by a deferred call
 * while its panic unwinds: such a goroutine gets the time to end, and the program ends with its panic. It needs no
 * operation of the library for that, so all operations are frozen meanwhile.
 */
export function exitNormally(others?: { readonly size: number }): void {
  if (!hasProcess) return;
  halt();
  void exitAfter((others?.size ?? 0) > 0 ? unwindingTicks : 0);
}

/** Exits after a number of microtasks, unless an error ends the program meanwhile. */
async function exitAfter(ticks: number): Promise<void> {
  const before = deaths;
  for (let left = ticks; left > 0; left--) await undefined;
  if (deaths > before) return;
  exiting = true;
  whenDrained(() => exit());
}

function exit(code?: number): void {
  const { process } = host;
  try {
    // With an argument of undefined, Node would ignore `process.exitCode`.
    if (code === undefined) process?.exit?.();
    else process?.exit?.(code);
  } catch (error) {
    // Rethrow the error of an exit listener. Deno's test runner throws after that event, to prevent the exit.
    if (process?._exiting === true && host.Deno === undefined) throw error;
  }
  // `process.exit` has been replaced, and has returned or thrown.
  exiting = false;
  resume();
}

/**
 * Makes `error` an uncaught error of the host, in the asynchronous context of this call, by which test runners find the
 * test.
 */
function handOver(report: string, error: unknown): void {
  const fail = (): void => {
    writeError(report);
    requestTurn(handled).hold();
    nextTick(() => {
      throw error;
    });
  };
  // Output that has not left the worker when the error ends it is lost.
  if (inWorker() && !othersHandleErrors()) whenDrained(fail);
  else fail();
}

/** Lets the program go on after its handlers have not ended the process. */
function handled(): void {
  resume();
  if (program.main === "exited") exitNormally();
}

/** Tells whether the process has handlers of uncaught errors. */
function othersHandleErrors(): boolean {
  const { process } = host;
  return (
    (process?.listenerCount?.("uncaughtException") ?? 0) > 0 ||
    process?.hasUncaughtExceptionCaptureCallback?.() === true ||
    inJest() ||
    inBunTest()
  );
}

/** Jest listens to the real process, of which its tests see only a copy. It is recognized by a global of its own. */
function inJest(): boolean {
  return Symbol.for("jest-native-promise") in host;
}

/**
 * Bun's test runner listens in the engine. It is recognized by the error of its functions, which outside of it says so.
 */
function inBunTest(): boolean {
  if (host.Bun === undefined) return false;
  try {
    host.process?.getBuiltinModule?.<{ test(): void }>("bun:test")?.test();
    return false;
  } catch (error) {
    return !String(error).includes("outside of the test runner");
  }
}

/** In a worker thread an uncaught error ends the worker alone, and its parent gets it as an event. */
function inWorker(): boolean {
  const threads = host.process?.getBuiltinModule?.<{ isMainThread?: boolean }>("node:worker_threads");
  return threads?.isMainThread === false;
}

/** Calls `exit` once all output has left the process, which takes turns of the event loop on a slow pipe. */
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
 * Tells whether the program listens for signals, which may come at any time and do not keep the process alive. SIGWINCH
 * does not count, because Node itself listens for it.
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

/** The listener for ignored signals, which distinguishes them from signals that the program waits for. */
export function ignoreSignal(): void {}

/** The status with which the process is about to end. */
export function exitStatus(): unknown {
  return host.process?.exitCode;
}

/**
 * Writes all of a text to standard error before it returns. `process.stderr` is asynchronous in a worker thread, and
 * what it has not written when the thread exits is lost. The descriptor may be full for a while.
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
