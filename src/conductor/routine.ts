/**
 * What a conducted run consists of: goroutines, the strands in which they go on, and how a run can end.
 */

import type { WaitState } from "../runtime/hooks.ts";
import type { Frame } from "../runtime/stack.ts";
import type { Line } from "./line.ts";

/** A goroutine of a conducted run. */
export class Routine {
  /** The runtime's number, which grows from run to run. */
  readonly id: number;
  /** Its number in this run: 1 is the root, 0 the clock. */
  readonly number: number;
  /** The number of the goroutine that started it. */
  readonly parent: number;
  /** How many of its operations are parked, or about to go on. Alive without any, it awaits something foreign. */
  pending = 0;
  ended = false;
  /** The line of its latest operation, where lines are recorded. */
  line: Line | undefined = undefined;
  /** Where it was started, where lines are recorded. */
  start: Line | undefined = undefined;

  constructor(id: number, number: number, parent: number) {
    this.id = id;
    this.number = number;
    this.parent = parent;
  }
}

/** Something that can go on: a new goroutine, an operation that was served, or one that need not wait. */
export interface Strand {
  readonly routine: Routine;
  readonly why: "start" | "wake" | "ready" | "timer" | "wait" | "time";
  readonly resume: () => void;
  /** Counts up: the smallest has been able to go on for longest. */
  readonly since: number;
}

/** Decides what a run does where it could do several things. Both return an index below the number of options. */
export interface Strategy {
  /** Chooses who goes on. The first option is what the order of reference wants. */
  next(options: readonly Strand[], last: Routine | undefined): number;
  /** Chooses among the ready cases of a select, in source order. */
  choose(ready: number): number;
}

/** Who is at work, where the host can tell: the store of an AsyncLocalStorage. */
export interface Identity {
  run<T>(routine: Routine | undefined, f: () => T): T;
  getStore(): Routine | undefined;
  /** Goes on as this goroutine, up to the end of the `run` around it. */
  enterWith(routine: Routine | undefined): void;
}

/** A goroutine that does not go on. */
export interface Blocked {
  readonly routine: Routine;
  /** Go's name for what it waits for; `await` if that is not of this library, `runnable` if it could go on. */
  readonly state: WaitState;
  /** The channel, the lock … */
  readonly on: object | undefined;
  readonly operation: object | undefined;
  /** Where it waits; empty where the engine cannot tell. */
  frames: readonly Frame[];
}

/** How a run ended. */
export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | {
      readonly kind: "panic";
      readonly error: unknown;
      /** 0 if it is not known. */
      readonly routine: number;
      /** Whether it is the error of a promise that nobody has handled. */
      readonly unhandled?: boolean;
    }
  | { readonly kind: "deadlock" | "leak" | "foreign" | "steps"; readonly blocked: Blocked[] };
