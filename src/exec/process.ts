import { thrownHere } from "../runtime/place.ts";
import { type Signal, signalName } from "../signal/process.ts";
import { errProcessDone } from "./errors.ts";
import type { ProcessTree } from "./tree.ts";

/** How a process has ended. Mirrors Go's `os.ProcessState`, without the times, which Node does not have. */
export class ProcessState {
  readonly #pid: number;
  readonly #code: number | null;
  readonly #signal: Signal | null;

  /** Takes the exit status or the signal from Node. */
  constructor(pid: number, code: number | null, signal: Signal | null) {
    this.#pid = pid;
    this.#code = code;
    this.#signal = signal;
  }

  /** Returns the number that the process had. Mirrors Go's `ProcessState.Pid`. */
  pid(): number {
    return this.#pid;
  }

  /** Returns the exit status, or -1 if a signal has ended the process. Mirrors Go's `ProcessState.ExitCode`. */
  exitCode(): number {
    return this.#code ?? -1;
  }

  /** Tells whether the process has exited by itself. Mirrors Go's `ProcessState.Exited`. */
  exited(): boolean {
    return this.#signal === null;
  }

  /** Tells whether it has exited with status 0. Mirrors Go's `ProcessState.Success`. */
  success(): boolean {
    return this.#code === 0;
  }

  /** Returns the signal that has ended the process; undefined if it has exited. Go has it in `Sys`. */
  signal(): Signal | undefined {
    return this.#signal ?? undefined;
  }

  /** Returns `exit status 1` or `signal: killed`. Mirrors Go's `ProcessState.String`. */
  toString(): string {
    return this.#signal === null ? `exit status ${this.#code}` : `signal: ${signalName(this.#signal)}`;
  }
}

/** A process that was started. Mirrors Go's `os.Process`. */
export class Process {
  /** The number of the process. */
  readonly pid: number;
  readonly #tree: ProcessTree;
  readonly #send: (signal: Signal) => boolean;

  /** Is called by `Cmd.start`. */
  constructor(pid: number, tree: ProcessTree, send: (signal: Signal) => boolean) {
    this.pid = pid;
    this.#tree = tree;
    this.#send = send;
  }

  /**
   * Sends a signal to the process alone. Mirrors Go's `Process.Signal`.
   *
   * @throws Error `os: process already finished`
   */
  signal(signal: Signal): void {
    if (!this.#send(signal)) throw thrownHere(errProcessDone);
  }

  /**
   * Sends a signal to the process and all its descendants, as far as they can be found: see {@link Cmd.cancel}. In Go a
   * program sends one to the negative process number.
   *
   * @throws Error `os: process already finished`, if none of them is left
   */
  signalAll(signal: Signal): void {
    if (!this.#tree.signal(signal)) throw thrownHere(errProcessDone);
  }

  /**
   * Kills the process alone, at once. Mirrors Go's `Process.Kill`.
   *
   * @throws Error `os: process already finished`
   */
  kill(): void {
    this.signal("SIGKILL");
  }

  /**
   * Kills the process and all its descendants.
   *
   * @throws Error `os: process already finished`, if none of them is left
   */
  killAll(): void {
    if (!this.#tree.kill()) throw thrownHere(errProcessDone);
  }
}
