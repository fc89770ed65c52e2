/**
 * The process in which the program runs, where there is one: how it is kept alive, and how it ends.
 */

import { safely } from "./error-values.ts";
import { host, type HostTimeout, reportUncaught, requestTurn } from "./host.ts";
import { program } from "./program.ts";
import { halt, resume } from "./turn.ts";

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

/**
 * Whether the program is a test of node:test, which follows promises to the test that made their ancestors. A promise that
 * all share has none there, and an error after it would be no test's.
 */
export const tracesPromises: boolean =
  host.process?.moduleLoadList?.includes("NativeModule internal/test_runner/harness") === true;

/** Whether there is a process that can be ended. */
export const hasProcess: boolean = typeof host.process?.exit === "function";

/** What `process.exit` was when this module was loaded. Another function later is one that wants to see exits. */
const firstExit: unknown = host.process?.exit;

/** Calls back in the asynchronous context of the call, before the event loop turns, safe from fake timers. */
const nextTick: (callback: () => void) => void = host.process?.nextTick?.bind(host.process) ?? requestTurn;

/** Whether the exit is under way. It may turn out not to end the process: then the program goes on. */
let exiting = false;

/** How many errors have ended the program, or would have. */
let deaths = 0;

/**
 * Ends the program because of an error: writes `report` to standard error and exits with status 2.
 *
 * If the host has somebody who handles uncaught errors, such as a test runner or a crash reporter, `error` becomes an
 * uncaught error of the host instead, and its handlers decide what happens. Where there is no process, the host reports
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

/** Ends the program because of an error at once, whoever handles errors: in the exit event it is too late for them. */
export function dieNow(report: string, error: unknown): void {
  safely(() => host.process?.emit?.("uncaughtExceptionMonitor", error, "uncaughtException"), false);
  writeError(report);
  exit(2);
}

/**
 * As many async functions may lie between the deferred call that let main go on and the end of its goroutine. Each takes
 * a microtask or three. Go's main yields as often.
 */
const unwindingTicks = 1000;

/**
 * Ends the program after main has returned. If `others` are live, one of them may have let main go on in a deferred call
 * while its panic unwinds: such a goroutine gets the time to end, and the program ends with its panic. It needs none
 * of the library's operations for that, so nothing else goes on meanwhile.
 */
export async function exitNormally(others: boolean): Promise<void> {
  if (!hasProcess) return;
  halt();
  const before = deaths;
  for (let ticks = others ? unwindingTicks : 0; ticks > 0; ticks--) await undefined;
  if (deaths > before) return;
  exiting = true;
  whenDrained(() => exit());
}

function exit(code?: number): void {
  const { process } = host;
  try {
    // Told undefined, Node forgets `process.exitCode`.
    if (code === undefined) process?.exit?.();
    else process?.exit?.(code);
  } catch (error) {
    // A listener of the exit event has thrown; but Deno's test runner throws after that event, to prevent the exit.
    if (process?._exiting === true && host.Deno === undefined) throw error;
  }
  // Still here: somebody has replaced `process.exit`.
  exiting = false;
  resume();
}

/** Makes `error` an uncaught error of the host, in the asynchronous context of this call: a test runner goes by it. */
function handOver(report: string, error: unknown): void {
  const fail = (): void => {
    writeError(report);
    requestTurn(handled).hold();
    nextTick(() => {
      throw error;
    });
  };
  // What a worker has printed is lost if it has not left when the error ends the worker.
  if (inWorker() && !othersHandleErrors()) whenDrained(fail);
  else fail();
}

/** The error has been handled, and the process has not ended. */
function handled(): void {
  resume();
  if (program.main === "exited") void exitNormally(false);
}

/** Tells whether the process has somebody who handles uncaught errors. */
function othersHandleErrors(): boolean {
  const { process } = host;
  return (
    (process?.listenerCount?.("uncaughtException") ?? 0) > 0 ||
    process?.hasUncaughtExceptionCaptureCallback?.() === true ||
    inJest() ||
    inBunTest()
  );
}

/** Jest listens to the process, of which its tests see only a copy. It gives itself away by what it keeps for itself. */
function inJest(): boolean {
  return Symbol.for("jest-native-promise") in host;
}

/** Bun's test runner listens in the engine. Outside of it its functions refuse to be called, and say why. */
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
