/**
 * What the page and the worker tell each other. All of it is plain data: the worker runs a stranger's program, so the page
 * takes nothing from it but numbers and texts.
 */

import type { Check, Failure } from "../content/types.ts";

/** One event of the log, as a page keeps it. */
export interface Entry {
  readonly kind: string;
  readonly time: number;
  readonly goroutine: number;
  /** The line in the program; 0 if it is not known. */
  readonly line: number;
  readonly on: string;
  readonly peer: number;
  /** The value, shown; undefined if there is none. */
  readonly value: string | undefined;
  readonly detail: string;
  readonly cases: readonly EntryCase[] | undefined;
  /** The event as a sentence; empty for events that say nothing to a person. */
  readonly sentence: string;
}

export interface EntryCase {
  readonly name: string;
  readonly on: string;
  readonly sends: boolean;
  readonly value: string | undefined;
  readonly ready: boolean;
}

export interface Choice {
  /** 0 is the clock. */
  readonly goroutine: number;
  readonly why: string;
}

/** A step of the conductor: what could have gone on, and who did. */
export interface Step {
  /** How many events there were before it. */
  readonly at: number;
  readonly choices: readonly Choice[];
  readonly went: number;
}

export interface Outcome {
  /** `limit`: it was stopped after its 50,000th event. */
  readonly kind: Failure | "returned" | "limit";
  readonly message: string;
  /** Where each goroutine is that will not go on. */
  readonly report: string;
}

/** A run, or what there is of it so far. */
export interface Recording {
  readonly entries: readonly Entry[];
  readonly steps: readonly Step[];
  /** What could go on next, if the run is led by hand and has not ended. */
  readonly choices: readonly Choice[];
  readonly outcome: Outcome | undefined;
  readonly token: string;
  readonly seed: number;
  readonly time: number;
}

/** What is asked of a program. */
export interface Order {
  readonly source: string;
  readonly slow?: boolean;
  readonly check?: Check;
}

export type Request =
  | ({ readonly type: "run"; readonly seed: number; readonly token?: string } & Order)
  | ({ readonly type: "lead"; readonly seed: number; readonly token?: string; readonly position?: number } & Order)
  | { readonly type: "choose"; readonly choice: number }
  | { readonly type: "goTo"; readonly position: number }
  | ({ readonly type: "explore"; readonly seed: number; readonly runs: number; readonly all: boolean } & Order);

export interface Explored {
  readonly runs: number;
  readonly steps: number;
  readonly exhausted: boolean;
  readonly failure:
    | { readonly kind: Failure; readonly message: string; readonly token: string; readonly run: number }
    | undefined;
}

export type Reply =
  | { readonly type: "ready" }
  | { readonly type: "alive"; readonly runs: number }
  | { readonly type: "loop"; readonly line: number }
  | { readonly type: "recording"; readonly recording: Recording }
  | { readonly type: "explored"; readonly explored: Explored }
  | { readonly type: "error"; readonly message: string; readonly line: number | undefined };

/** After so many events a run is stopped. */
export const maxEvents = 50_000;

/** After so many milliseconds without a turn of the event loop a loop is stopped; after twice as many the worker is. */
export const maxBusy = 900;
