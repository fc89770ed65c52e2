/**
 * One run of a program under a schedule, as explorations, replays and sessions have it.
 */

import { hostIdentity } from "../conductor/activity.ts";
import { Conductor, type Options } from "../conductor/conductor.ts";
import { Line } from "../conductor/line.ts";
import type { Outcome, Strand, Strategy } from "../conductor/routine.ts";
import { attach } from "../runtime/attach.ts";
import { EventLog } from "../trace/event-log.ts";
import { shown } from "../trace/preview.ts";
import { type Told, told } from "../trace/transcript.ts";

/** What of the options of an exploration is for each run. */
export interface RunOptions {
  readonly slow?: boolean;
  readonly leaks?: boolean;
  readonly maxSteps?: number;
}

/** A run that has ended. */
export interface Run {
  readonly conductor: Conductor;
  readonly outcome: Outcome;
}

export const defaultMaxSteps = 20_000;

/** How often time may pass after `f` has returned: goroutines that sleep then are late, but do not leak. */
const overtime = 1000;

/** Makes the conductor of a run. */
export function conductorOf(
  strategy: Strategy,
  { slow, leaks, maxSteps = defaultMaxSteps }: RunOptions,
  more: Partial<Options> = {},
): Conductor {
  return new Conductor({
    name: "explore",
    foreign: "durable",
    order: "stay",
    open: true,
    identity: hostIdentity,
    overtime,
    slow,
    leaks,
    maxSteps,
    ...more,
    strategy,
  });
}

export async function runOnce(
  f: () => unknown,
  strategy: Strategy,
  options: RunOptions,
  more: Partial<Options> = {},
): Promise<Run> {
  const conductor = conductorOf(strategy, options, more);
  return { conductor, outcome: await conductor.run(f) };
}

const nowhere = { toString: () => "" };

/** Options with which a run writes a log into `into`. */
export function logged(into: EventLog[], lines = true): Partial<Options> {
  let last: Strand["routine"] | undefined;
  let conducted: Conductor | undefined;
  return {
    watch: (conductor) => {
      conducted = conductor;
      const log = new EventLog({
        who: () => conductor.who()?.number ?? 0,
        numberOf: (id) => conductor.routines.get(id)?.number ?? 0,
        now: () => conductor.clock.now(),
        // What starts the run is not the program's.
        ...(lines ? { line: () => ((conductor.who()?.number ?? 0) === 0 ? nowhere : new Line()) } : {}),
      });
      into.push(log);
      return attach(log.hooks());
    },
    step: ({ routine, why }) => {
      // Schedules differ in nothing but the changes of goroutines.
      if (routine === last) return;
      const left = conducted?.runnable.find((strand) => strand.why === "ready" && strand.routine === last)?.routine;
      if (left !== undefined) into[0]?.step(left.number, "left", left.line);
      last = routine;
      into[0]?.step(routine.number, why, routine.line);
    },
  };
}

/** Returns what happened in a run that was logged. */
export function toldOf(log: EventLog | undefined, { outcome }: Run): readonly Told[] {
  const all = told(log?.events ?? []);
  if (outcome.kind === "panic") {
    const { routine, unhandled, error } = outcome;
    const who = `goroutine ${routine}`;
    const what =
      unhandled !== true
        ? `${who} panics`
        : `a promise${routine === 0 ? "" : ` of ${who}`} is rejected, and nobody handles it`;
    all.push({ text: `${what}: ${shown(error)}`, line: undefined });
  }
  return all;
}
