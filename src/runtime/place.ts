/**
 * Places in the user's code, as the reports print them: a line with the function, a line with `file:line:column`.
 */

import { realNow } from "./host.ts";
import {
  findOwnFolder,
  type Format,
  type Frame,
  frameLines,
  frames,
  options,
  outside,
  type Place,
  readStack,
  usersOnly,
  withOption,
} from "./stack.ts";

export type { Place } from "./stack.ts";

/** Records the line that called `below`. Costs about as much as starting a goroutine, so it is not done per operation. */
function placeOfCaller(below: unknown): Place | undefined {
  const place: Place = {};
  return withOption("stackTraceLimit", 1, () => {
    options.captureStackTrace?.(place, below);
    return place;
  });
}

/**
 * Returns what formats the stacks of errors: the program's own function, which may know the lines before a compiler moved
 * them; but the engine's form, where that makes something else of a stack than text with places.
 */
function programsFormat(): Format | undefined {
  const own = options.prepareStackTrace;
  if (typeof own !== "function") return undefined;
  return (error, sites) => {
    let title = "";
    try {
      title = String(error);
      const stack: unknown = (own as Format).call(Error, error, sites);
      if (typeof stack === "string" && frames(stack).length > 0) return stack;
    } catch {
      // The engine's form will do.
    }
    return title + sites.map((site) => `\n    at ${String(site)}`).join("");
  };
}

/** Returns the user's frames of an error's stack. */
function usersFrames(stack: string): Frame[] {
  const format = programsFormat();
  const found = usersOnly(frames(stack));
  return format === undefined ? found : outside(findOwnFolder(format), found);
}

/**
 * How many more places may be recorded. Recording costs ten times as much as the goroutine itself, so programs that
 * start very many get the places of the first thousand in each second.
 */
const placesPerSecond = 1000;
let places = placesPerSecond;
let refilledAt = 0;
/** Goroutines to start until the clock is read again. */
let untilRefill = 0;

/** Returns the line that called `below`, if it may be recorded. */
export function placeIfAffordable(below: unknown): Place | undefined {
  if (places === 0 && !refillPlaces()) return undefined;
  places--;
  return placeOfCaller(below);
}

function refillPlaces(): boolean {
  if (--untilRefill > 0) return false;
  untilRefill = 64;
  const now = realNow();
  if (now - refilledAt < 1000) return false;
  refilledAt = now;
  places = placesPerSecond;
  return true;
}

/** Returns the lines that tell where a goroutine was started. */
export function placeLines(place: Place | undefined): string {
  const frame = usersFrames(readStack(place, programsFormat()))[0];
  return frame === undefined ? "" : `created by ${frame.name || "go"}\n\t${frame.at}\n`;
}

/** Tells whether a value is an error, also one of another realm. */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  return (
    value instanceof Error ||
    (typeof (value as Partial<Error>).message === "string" && readStack(value, programsFormat()) !== "")
  );
}

/** Returns the stack of an error as the reports print it: the user's frames, without the message and the scheduler. */
export function stackLines(error: unknown): string {
  if (!isErrorLike(error)) return "";
  const stack = readStack(error, programsFormat());
  // The message is cut off first, if it is there: it may contain lines that look like frames.
  const start = stack.includes(error.message) ? stack.indexOf(error.message) + error.message.length : 0;
  return usersFrames(stack.slice(start)).map(frameLines).join("");
}
