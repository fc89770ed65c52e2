/**
 * The host's signals. While somebody wants one, the process stays alive, because a signal may come; as in Go, where the
 * wait for one is no deadlock.
 */

import { describe } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { host, requestTurn } from "../runtime/host.ts";
import { holdProcess, ignoreSignal } from "../runtime/process.ts";

/** The name of a signal, such as `SIGTERM`. */
export type Signal = `SIG${string}`;

/** How Go prints them. */
const names: Readonly<Record<string, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGILL: "illegal instruction",
  SIGTRAP: "trace/breakpoint trap",
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGKILL: "killed",
  SIGUSR1: "user defined signal 1",
  SIGSEGV: "segmentation fault",
  SIGUSR2: "user defined signal 2",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
  SIGSTKFLT: "stack fault",
  SIGCHLD: "child exited",
  SIGCONT: "continued",
  SIGSTOP: "stopped (signal)",
  SIGTSTP: "stopped",
  SIGTTIN: "stopped (tty input)",
  SIGTTOU: "stopped (tty output)",
  SIGURG: "urgent I/O condition",
  SIGXCPU: "CPU time limit exceeded",
  SIGXFSZ: "file size limit exceeded",
  SIGVTALRM: "virtual timer expired",
  SIGPROF: "profiling timer expired",
  SIGWINCH: "window changed",
  SIGIO: "I/O possible",
  SIGPWR: "power failure",
  SIGSYS: "bad system call",
  SIGBREAK: "break",
};

/** All that can be asked to end or to do something, which is what "all signals" means here. */
const allSignals: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR2", "SIGWINCH"];

/**
 * Returns how Go prints a signal; the name itself if Go knows none. Mirrors Go's `Signal.String`.
 *
 * @example
 * ```ts
 * console.log(signal.signalName("SIGINT")); // interrupt
 * ```
 */
export function signalName(signal: Signal): string {
  return names[signal] ?? signal;
}

/** One who wants signals. */
interface Sink {
  readonly signals: Set<Signal>;
  readonly deliver: (signal: Signal) => void;
  /** Whether it keeps the process alive. */
  holds: boolean;
}

const sinks = new Map<object, Sink>();
const ignored = new Set<Signal>();

/** The listeners that the process has from us, one for each signal that somebody wants or that is ignored. */
const listeners = new Map<Signal, () => void>();
let release: (() => void) | undefined;

/** Adds signals to those for which `deliver` is called; the usual ones, if none are given. */
export function subscribe(key: object, signals: readonly Signal[], deliver: (signal: Signal) => void): void {
  const added = checked(signals);
  for (const signal of added) {
    listen(signal, relay(signal));
    ignored.delete(signal);
  }
  const sink = sinks.get(key) ?? { signals: new Set(), deliver, holds: true };
  for (const signal of added) sink.signals.add(signal);
  sinks.set(key, sink);
  release ??= holdProcess();
}

/** Lets the process end although a key still wants signals. */
export function unhold(key: object): void {
  const sink = sinks.get(key);
  if (sink === undefined) return;
  sink.holds = false;
  releaseIfUnused();
}

/** Ends the delivery to a key. */
export function unsubscribe(key: object): void {
  const sink = sinks.get(key);
  sinks.delete(key);
  for (const signal of sink?.signals ?? []) unlistenIfUnused(signal);
  releaseIfUnused();
}

/** Takes the signals from everybody who wanted them, and no longer ignores them; all, if none are given. */
export function resetSignals(signals: readonly Signal[]): void {
  for (const signal of signals.length > 0 ? signals : Array.from(listeners.keys())) {
    ignored.delete(signal);
    for (const [key, sink] of sinks) if (sink.signals.delete(signal) && sink.signals.size === 0) sinks.delete(key);
    unlistenIfUnused(signal);
  }
  releaseIfUnused();
}

/** Ignores signals from now on; the usual ones, if none are given. They do not keep the process alive. */
export function ignoreSignals(signals: readonly Signal[]): void {
  const added = checked(signals);
  resetSignals(added);
  for (const signal of added) {
    listen(signal, ignoreSignal);
    ignored.add(signal);
  }
}

export function isIgnored(signal: Signal): boolean {
  return ignored.has(signal);
}

/**
 * Returns the signals, or the usual ones of this platform if there are none. Refuses all of them if one cannot be
 * received, before anything has been done about the others.
 */
function checked(signals: readonly Signal[]): readonly Signal[] {
  if (host.process?.on === undefined) throw new Error("signal: there are no signals on this platform");
  const threads = host.process.getBuiltinModule?.<{ isMainThread?: boolean }>("node:worker_threads");
  if (threads?.isMainThread === false) throw new Error("signal: signals reach the main thread only");
  const os = host.process.getBuiltinModule?.<{ constants?: { signals?: object } }>("node:os");
  const known = os?.constants?.signals ?? names;
  const canReceive = (signal: Signal): boolean =>
    Object.hasOwn(known, signal) && signal !== "SIGKILL" && signal !== "SIGSTOP";
  if (signals.length === 0) return allSignals.filter(canReceive);
  const wrong: unknown = signals.find((signal) => !canReceive(signal));
  if (wrong === undefined && !signals.includes(undefined as never)) return signals;
  throw new TypeError(
    `signal: ${typeof wrong === "string" ? wrong : describe(wrong)} is no signal that can be received`,
  );
}

/** Returns the listener that gives a signal to those who want it at that time. */
function relay(signal: Signal): (name?: unknown, number?: unknown) => void {
  return (_, number) => {
    if (!isWanted(signal)) {
      // It came before the last `stop`. What only looks like a signal, because the program has emitted it, has no number;
      // Deno gives none.
      if (number !== undefined || host.Deno !== undefined) raiseAnew(signal);
      return;
    }
    for (const [key, sink] of Array.from(sinks)) {
      if (sinks.get(key) !== sink || !sink.signals.has(signal)) continue;
      try {
        sink.deliver(signal);
      } catch (error) {
        // A closed channel: it panics in a goroutine, not in the host's event.
        go(() => {
          throw error;
        });
      }
    }
  };
}

function listen(signal: Signal, listener: () => void): void {
  const present = listeners.get(signal);
  // All relays of one signal do the same.
  if (present !== undefined && (present === ignoreSignal) === (listener === ignoreSignal)) return;
  if (present !== undefined) host.process?.off?.(signal, present);
  host.process?.on?.(signal, listener);
  listeners.set(signal, listener);
}

/** The signals whose listeners are about to go. */
const leaving = new Set<Signal>();

/**
 * Removes the listener of a signal that nobody wants any more. The host may have caught one already that it has not
 * delivered, and would drop it without a listener. So the listener stays until two turns of the event loop have delivered
 * whatever came before; what it is still given gets its default action.
 */
function unlistenIfUnused(signal: Signal): void {
  if (!canLeave(signal)) return;
  if (listeners.get(signal) === ignoreSignal) {
    unlisten(signal);
    return;
  }
  if (leaving.has(signal)) return;
  leaving.add(signal);
  const leave = (): void => {
    leaving.delete(signal);
    if (canLeave(signal)) unlisten(signal);
  };
  // The process stays alive for them: it could not die of the signal otherwise.
  requestTurn(() => requestTurn(leave).hold()).hold();
}

function canLeave(signal: Signal): boolean {
  return listeners.has(signal) && !ignored.has(signal) && !isWanted(signal);
}

function isWanted(signal: Signal): boolean {
  for (const sink of sinks.values()) if (sink.signals.has(signal)) return true;
  return false;
}

function unlisten(signal: Signal): void {
  const listener = listeners.get(signal);
  if (listener !== undefined) host.process?.off?.(signal, listener);
  listeners.delete(signal);
}

/** Lets the host do about a signal what it does without us. Listeners of the program's own have been called for it. */
function raiseAnew(signal: Signal): void {
  unlisten(signal);
  const { process } = host;
  if (process?.listeners?.(signal).length === 0 && process.pid !== undefined) process.kill?.(process.pid, signal);
}

function releaseIfUnused(): void {
  for (const sink of sinks.values()) if (sink.holds) return;
  release?.();
  release = undefined;
}
