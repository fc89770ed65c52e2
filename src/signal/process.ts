/**
 * The host's signals. While at least one is listened to, the process stays alive, because a signal may come; as in Go,
 * where the wait for one is no deadlock.
 */

import { describe } from "../runtime/describe.ts";
import { holdProcess, host } from "../runtime/host.ts";

/** The name of a signal, such as `SIGTERM`. */
export type Signal = `SIG${string}`;

/** How Go prints them. */
const names: Readonly<Record<string, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGUSR1: "user defined signal 1",
  SIGUSR2: "user defined signal 2",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
  SIGCHLD: "child exited",
  SIGCONT: "continued",
  SIGTSTP: "stopped",
  SIGWINCH: "window changed",
  SIGBREAK: "break",
};

/** All that can be asked to end or to do something, which is what "all signals" means here. */
export const allSignals: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR2", "SIGWINCH"];

/** Returns how Go prints a signal: `interrupt` for SIGINT. */
export function signalName(signal: Signal): string {
  return names[signal] ?? signal;
}

/** Who wants signals: by key, a function and the signals for it. */
const sinks = new Map<object, { signals: Set<Signal>; deliver: (signal: Signal) => void }>();
const ignored = new Set<Signal>();

/** The listeners that the process has from us, one for each signal that somebody wants or that is ignored. */
const listeners = new Map<Signal, () => void>();
let release: (() => void) | undefined;

/** Adds signals to those for which `deliver` is called; the usual ones, if none are given. */
export function subscribe(key: object, signals: readonly Signal[], deliver: (signal: Signal) => void): void {
  const added = signals.length === 0 ? allSignals : signals;
  for (const signal of added) {
    listen(signal);
    ignored.delete(signal);
  }
  const sink = sinks.get(key) ?? { signals: new Set(), deliver };
  for (const signal of added) sink.signals.add(signal);
  sinks.set(key, sink);
}

/** Ends the delivery to a key. */
export function unsubscribe(key: object): void {
  const sink = sinks.get(key);
  sinks.delete(key);
  for (const signal of sink?.signals ?? []) unlistenIfUnused(signal);
}

/** Takes the signals from everybody who wanted them, and no longer ignores them; all, if none are given. */
export function resetSignals(signals: readonly Signal[]): void {
  for (const signal of signals.length > 0 ? signals : Array.from(listeners.keys())) {
    ignored.delete(signal);
    for (const [key, sink] of sinks) if (sink.signals.delete(signal) && sink.signals.size === 0) sinks.delete(key);
    unlistenIfUnused(signal);
  }
}

export function ignoreSignals(signals: readonly Signal[]): void {
  for (const signal of signals.length > 0 ? signals : allSignals) {
    resetSignals([signal]);
    listen(signal);
    ignored.add(signal);
  }
}

export function isIgnored(signal: Signal): boolean {
  return ignored.has(signal);
}

function listen(signal: Signal): void {
  if (listeners.has(signal)) return;
  const { process } = host;
  if (process?.on === undefined) throw new Error("signal: there are no signals on this platform");
  const deliver = (): void => {
    for (const sink of Array.from(sinks.values())) if (sink.signals.has(signal)) sink.deliver(signal);
  };
  try {
    if (!/^SIG[A-Z0-9]+$/.test(signal)) throw new TypeError("not the name of a signal");
    process.on(signal, deliver);
  } catch (cause) {
    throw new TypeError(`signal: ${describe(signal)} is no signal that can be received`, { cause });
  }
  listeners.set(signal, deliver);
  release ??= holdProcess();
}

function unlistenIfUnused(signal: Signal): void {
  const deliver = listeners.get(signal);
  if (deliver === undefined || ignored.has(signal)) return;
  for (const sink of sinks.values()) if (sink.signals.has(signal)) return;
  host.process?.off?.(signal, deliver);
  listeners.delete(signal);
  if (listeners.size > 0) return;
  release?.();
  release = undefined;
}
