// Plays other hosts: loads the runtime anew with other globals.
import { vi } from "vitest";
import { settle } from "../support/settle.ts";

/** The parts of a process that a test replaces. */
export interface FakeProcess {
  [name: string]: unknown;
}

/** A process whose calls are recorded. Its `exit` returns, as a test's does. */
export interface Played {
  /** What the runtime did, in order. */
  readonly log: string[];
  /** The functions that are to be called next, outside of all others. */
  readonly ticks: (() => void)[];
  readonly process: FakeProcess;
}

/** The bytes that fit into a pipe at once. */
const atOnce = 4;

/** Installs a process without handlers of errors, changed as the test says, in place of the real one. */
export function playProcess(changes: FakeProcess = {}, modules: Record<string, unknown> = {}): Played {
  const log: string[] = [];
  const ticks: (() => void)[] = [];
  let written = "";
  const builtin: Record<string, unknown> = {
    "node:fs": {
      writeSync(fd: number, bytes: Uint8Array): number {
        const part = bytes.subarray(0, atOnce);
        written += new TextDecoder().decode(part);
        if (part.length === bytes.length) log.push(`writes to ${fd}: ${written}`);
        if (part.length === bytes.length) written = "";
        return part.length;
      },
    },
    "node:worker_threads": { isMainThread: true },
    ...modules,
  };
  const replaced: FakeProcess = {
    exit: (...status: unknown[]) => void log.push(`exits with (${status.join()})`),
    emit: (event: string, error: unknown, origin: string) => log.push(`emits ${event}: ${String(error)}, ${origin}`),
    nextTick: (callback: () => void) => void ticks.push(callback),
    listenerCount: () => 0,
    hasUncaughtExceptionCaptureCallback: () => false,
    on: (event: string) => void log.push(`listens for ${event}`),
    stdout: { writableLength: 0 },
    stderr: { writableLength: 0 },
    getBuiltinModule: (id: string) => builtin[id],
    ...changes,
  };
  // What is not replaced here is what the test runner needs.
  const process = Object.create(globalThis.process) as FakeProcess;
  for (const [name, value] of Object.entries(replaced)) {
    Object.defineProperty(process, name, { value, writable: true, configurable: true });
  }
  vi.stubGlobal("process", process);
  return { log, ticks, process };
}

/** Loads a module of the runtime anew, in the host that is played now. */
export async function reload<Module>(load: () => Promise<Module>): Promise<Module> {
  vi.resetModules();
  return load();
}

/** Ends the play. */
export async function endPlay(): Promise<void> {
  await settle();
  vi.unstubAllGlobals();
  vi.resetModules();
}
