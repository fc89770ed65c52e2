/**
 * The host's signals. A registration keeps the process alive, because a signal may come; in Go the wait for one is not
 * a deadlock either.
 */

import { describe } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";
import { host, requestTurn } from "../runtime/host.ts";
import { holdProcess, ignoreSignal } from "../runtime/process.ts";

/** The name of a signal, such as `SIGTERM`. */
export type Signal = `SIG${string}`;

/** The signals' names in Go. */
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

/** The signals by which a program is asked to end or to do something: what "all signals" means here. */
const allSignals: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR2", "SIGWINCH"];

/**
 * Returns Go's text for a signal; the name itself if Go has none. Mirrors Go's `Signal.String`.
 *
 * @example
 * ```ts
 * console.log(signal.signalName("SIGINT")); // interrupt
 * ```
 */
export function signalName(signal: Signal): string {
  return names[signal] ?? signal;
}

/** A registration for signals. */
interface Sink {
  readonly signals: Set<Signal>;
  readonly deliver: (signal: Signal) => void;
  /** Whether it keeps the process alive. */
  holds: boolean;
}

const sinks = new Map<object, Sink>();
const ignored = new Set<Signal>();

/** Our listeners on the process, one for each signal that a sink wants or that is ignored. */
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

/** Lets the process end although a key is still registered. */
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

/** Removes the signals from all sinks, and no longer ignores them; all, if none are given. */
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
 * Returns the signals, or the usual ones of this platform if there are none. Throws if one of them cannot be received,
 * so that callers register all or none.
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

/** Returns the listener that delivers a signal to the sinks that want it at that time. */
function relay(signal: Signal): (name?: unknown, number?: unknown) => void {
  return (_, number) => {
    if (!isWanted(signal)) {
      // The signal came before the last `stop`. One that the program itself has emitted has no number, and is ignored;
      // in Deno no signal has one.
      if (number !== undefined || host.Deno !== undefined) raiseAnew(signal);
      return;
    }
    for (const [key, sink] of Array.from(sinks)) {
      if (sinks.get(key) !== sink || !sink.signals.has(signal)) continue;
      try {
        sink.deliver(signal);
      } catch (error) {
        // A send on a closed channel: it panics in a goroutine, because in here it would stop the delivery to others.
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

/** The signals whose listeners are about to be removed. */
const leaving = new Set<Signal>();

/**
 * Removes the listener of a signal that no sink wants any more. The host may have caught a signal that it has not
 * delivered, and would drop it without a listener. So the listener stays for two turns of the event loop, in which the
 * host delivers such a signal; the listener then raises it again for its default action.
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
  // Held: if the process ended before these turns, the signal would be lost instead of fatal.
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

/**
 * Gives a signal its default action, unless the program has listeners of its own: those have been called for it
 * already.
 */
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
