/**
 * Where goroutines wait longest. A wait is taken in when it ends: always if it lasted for the rate, otherwise with the
 * probability that makes the sum right.
 */

import { attach } from "../runtime/attach.ts";
import { realNow } from "../runtime/host.ts";
import { options, type Place, programsFormat, readStack, stackHere, usersFrames } from "../runtime/stack.ts";
import { dispose } from "../runtime/symbols.ts";
import { grouped, type Sample } from "./sample.ts";

interface Wait {
  readonly since: number;
  readonly state: string;
  readonly place: Place;
}

/** Deep enough to reach the user's frames past the library's own. */
const depth = 24;

/** So many different waits are kept before those of the same place are put together. */
const maxSamples = 10_000;

let attached: Disposable | undefined;
let samples: Sample[] = [];

/** Takes waits in from now on, those of `rate` milliseconds all; with 0 none any more. */
export function setRate(rate: number): void {
  attached?.[dispose]();
  attached = rate === 0 ? undefined : attach(hooks(rate));
}

function hooks(rate: number): Parameters<typeof attach>[0] {
  const waits = new WeakMap<object, Wait>();
  return {
    park(operation, state) {
      // A sleep is no wait for others.
      if (state !== "sleep") waits.set(operation, { since: realNow(), state, place: placeHere() });
    },
    wake(operation) {
      const wait = waits.get(operation);
      if (wait === undefined) return;
      waits.delete(operation);
      const lasted = realNow() - wait.since;
      if (lasted < rate && Math.random() * rate >= lasted) return;
      add(wait, lasted, rate);
    },
  };
}

function placeHere(): Place {
  if (options.captureStackTrace === undefined) return { stack: stackHere(depth) };
  const place: Place = {};
  const before = options.stackTraceLimit;
  options.stackTraceLimit = depth;
  options.captureStackTrace(place, placeHere);
  if (before === undefined) delete options.stackTraceLimit;
  else options.stackTraceLimit = before;
  return place;
}

function add({ state, place }: Wait, lasted: number, rate: number): void {
  // One that was taken in by chance stands for those that were not.
  const times = lasted >= rate ? 1 : rate / Math.max(lasted, 1e-6);
  const found = usersFrames(readStack(place, programsFormat()));
  samples.push({ state, frames: found, values: [times, lasted * times * 1e6], goroutines: [] });
  if (samples.length >= maxSamples) samples = [...grouped(samples)];
}

/** Returns the waits so far: how many, and how many nanoseconds. */
export function blocks(): readonly Sample[] {
  return [...grouped(samples)].sort((a, b) => (b.values[1] ?? 0) - (a.values[1] ?? 0));
}
