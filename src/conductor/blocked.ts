/**
 * Where the goroutines are that will never go on, and how that is told.
 */

import { placeLines } from "../runtime/place.ts";
import { frameLines, type Place, usersFramesHere } from "../runtime/stack.ts";
import type { Parked } from "../runtime/waiter.ts";
import type { Blocked, Routine } from "./routine.ts";

/** Where goroutines were started that have been taken off the runtime's list. */
export const starters: WeakMap<Routine, Place | undefined> = new WeakMap();

/**
 * Finds out where those are who wait for good. As in `runtime/report.ts`, each operation is resumed with the promise of a
 * probe, whose own async stack names the lines that await it. They stay parked.
 */
export async function locate(blocked: readonly Blocked[]): Promise<void> {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const probes = blocked.map((one) => {
    const resume = (one.operation as Parked | undefined)?.resume as ((result: unknown) => void) | undefined;
    if (typeof resume !== "function") return undefined;
    return new Promise<void>((done) => {
      resume(
        gate.then(function gocspProbe() {
          one.frames = usersFramesHere(50);
          done();
          return new Promise(() => undefined);
        }),
      );
    });
  });
  // A promise that was resolved with another one is tied to it in a microtask of its own.
  for (let ticks = 0; ticks < 3; ticks++) await undefined;
  open();
  await Promise.all(probes);
}

/** Returns a paragraph for each, in the form of Go's reports. */
export function report(blocked: readonly Blocked[]): string {
  return blocked
    .map(({ routine, state, frames: stack }) => {
      const lines = stack.map(frameLines).join("");
      const latest = lines === "" && routine.line !== undefined ? `\tafter ${routine.line.toString()}\n` : "";
      return `goroutine ${routine.number} [${state}]:\n${lines}${latest}${startLines(routine)}`;
    })
    .join("\n");
}

/** Tells where a goroutine was started. The runtime records that of some starts in a second only. */
function startLines(routine: Routine): string {
  const known = placeLines(starters.get(routine));
  if (known !== "" || routine.start === undefined) return known;
  const start = routine.start.toString();
  return start === "" ? "" : `created by go\n\t${start}\n`;
}
