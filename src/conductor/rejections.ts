/**
 * Promises that are rejected in a run and that nobody handles, such as that of an operation that is not awaited. By itself a
 * program ends there; so a run has failed. Known where the host tells whose a promise is.
 */

import { host } from "../runtime/host.ts";
import { hostIdentity } from "./activity.ts";
import type { Routine } from "./routine.ts";

/** On a listener that has been released while another copy of the library had it: that one must not put it back. */
const over = Symbol.for("gocsp.released");

type Listener = ((reason: unknown, promise: object) => void) & { [over]?: boolean };

interface Process {
  on(event: string, listener: Listener | ((promise: object) => void)): unknown;
  off(event: string, listener: Listener | ((promise: object) => void)): unknown;
  rawListeners(event: string): Listener[];
}

/** A promise that nobody has handled. */
export interface Rejection {
  readonly routine: Routine;
  readonly reason: unknown;
}

const event = "unhandledRejection";

/** Shared by all runs: who listens besides, such as a test runner, is told of what belongs to no run. */
export class Rejections {
  readonly #process: Process | undefined =
    hostIdentity === undefined ? undefined : (host.process as Partial<Process> as Process | undefined);
  readonly #isOfRun: (routine: Routine) => boolean;
  readonly #found = new Map<object, Rejection>();
  #holders = 0;
  #others: readonly Listener[] = [];

  /** `isOfRun` tells whether a goroutine is of a run that has not ended. */
  constructor(isOfRun: (routine: Routine) => boolean) {
    this.#isOfRun = isOfRun;
  }

  /** Listens, until {@link release} has been called as often. Returns whether the host tells. */
  hold(): boolean {
    const process = this.#process;
    if (process?.rawListeners === undefined) return false;
    if (this.#holders++ > 0) return true;
    this.#others = process.rawListeners(event);
    for (const other of this.#others) process.off(event, other);
    this.#reject[over] = false;
    process.on(event, this.#reject);
    process.on("rejectionHandled", this.#handle);
    return true;
  }

  release(): void {
    const process = this.#process as Process;
    if (--this.#holders > 0) return;
    this.#reject[over] = true;
    process.off(event, this.#reject);
    process.off("rejectionHandled", this.#handle);
    for (const other of this.#others) if (other[over] !== true) process.on(event, other);
    this.#others = [];
    this.#found.clear();
  }

  /** Returns the first that is of a goroutine of which `isOwn` is true, and forgets all of these. */
  take(isOwn: (routine: Routine) => boolean): Rejection | undefined {
    let first: Rejection | undefined;
    for (const [promise, rejection] of this.#found) {
      if (!isOwn(rejection.routine)) continue;
      first ??= rejection;
      this.#found.delete(promise);
    }
    return first;
  }

  readonly #handle = (promise: object): void => void this.#found.delete(promise);

  readonly #reject: Listener = (reason, promise) => {
    const routine = hostIdentity?.getStore();
    if (routine !== undefined && this.#isOfRun(routine)) {
      this.#found.set(promise, { routine, reason });
      return;
    }
    const process = this.#process as Process;
    // Those that have begun to listen meanwhile are called by the host.
    for (const other of this.#others) other.call(process, reason, promise);
    // The host's own answer where nobody listens.
    if (this.#others.length === 0 && process.rawListeners(event).length === 1) throw reason;
  };
}
