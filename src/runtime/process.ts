/**
 * The process in which the program runs, where there is one: how it is kept alive, and how it ends.
 */

import { host, type HostTimeout, reportUncaught } from "./host.ts";

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
    reportUncaught(error);
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
