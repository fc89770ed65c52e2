/**
 * Signals of the operating system on channels and contexts, on Node, Bun and Deno. Mirrors Go's `os/signal`.
 *
 * Signals have their system names: `SIGINT`, `SIGTERM`, `SIGHUP`. A registration keeps the process alive, and waiting
 * for a signal is not a deadlock.
 *
 * @module
 */

import type { SendChan } from "../chan/chan.ts";
import { Channel } from "../chan/channel.ts";
import { nil } from "../chan/nil.ts";
import { describe } from "../runtime/arguments.ts";
import { PanicError } from "../runtime/panic.ts";
import { ignoreSignals, isIgnored, resetSignals, type Signal, subscribe, unsubscribe } from "./process.ts";

export { notifyContext } from "./context.ts";
export { type Signal, signalName } from "./process.ts";

/**
 * Delivers the given signals on `ch`; all usual ones (hangup, interrupt, quit, terminated, user defined signal 2,
 * window changed) if none are given. Mirrors Go's `signal.Notify`. Their default action no longer happens.
 *
 * It never waits: a signal that finds the channel full is lost, so give it a buffer. Several channels each get every
 * signal. Calling it again adds signals.
 *
 * @throws PanicError `os/signal: Notify using nil channel`
 * @throws TypeError `signal: SIGKILL is no signal that can be received`, or `signal.notify: … is not a channel`
 * @throws Error `signal: there are no signals on this platform`, or `signal: signals reach the main thread only`
 *
 * @example
 * ```ts
 * const signals = chan<signal.Signal>(1);
 * signal.notify(signals, "SIGINT", "SIGTERM");
 * console.log(await signals.receive());
 * ```
 */
export function notify(ch: SendChan<Signal>, ...signals: Signal[]): void {
  if (ch === undefined || ch === null || (ch as unknown) === nil) {
    throw new PanicError("os/signal: Notify using nil channel");
  }
  if (!((ch as unknown) instanceof Channel)) throw new TypeError(`signal.notify: ${describe(ch)} is not a channel`);
  subscribe(ch, signals, (signal) => ch.trySend(signal));
}

/**
 * Stops the delivery on `ch`. Mirrors Go's `signal.Stop`. When it returns, `ch` gets no more signals; those that no
 * other channel or context is registered for have their default action again.
 *
 * That includes a signal that came just before and that the host has not delivered yet: it is not lost. (Go delivers it
 * before `Stop` returns.)
 *
 * @example
 * ```ts
 * using _ = defer(() => signal.stop(signals));
 * ```
 */
export function stop(ch: SendChan<Signal>): void {
  unsubscribe(ch);
}

/**
 * Undoes `notify` and `ignore` for the given signals, or for all. Mirrors Go's `signal.Reset`.
 *
 * @example
 * ```ts
 * signal.reset("SIGINT"); // the next one ends the program
 * ```
 */
export function reset(...signals: Signal[]): void {
  resetSignals(signals);
}

/**
 * Makes the program ignore the given signals, or all usual ones, and removes them from all channels. Mirrors Go's
 * `signal.Ignore`.
 *
 * @throws TypeError `signal: SIGKILL is no signal that can be received`
 * @throws Error `signal: there are no signals on this platform`, or `signal: signals reach the main thread only`
 *
 * @example
 * ```ts
 * signal.ignore("SIGHUP");
 * ```
 */
export function ignore(...signals: Signal[]): void {
  ignoreSignals(signals);
}

/**
 * Tells whether a signal is ignored. Mirrors Go's `signal.Ignored`.
 *
 * @example
 * ```ts
 * console.log(signal.ignored("SIGHUP")); // false
 * ```
 */
export function ignored(signal: Signal): boolean {
  return isIgnored(signal);
}
