/**
 * Places in the user's code, as the reports print them: a line with the function, a line with `file:line:column`.
 */

import { realNow, requestTurn } from "./host.ts";
import {
  type Frame,
  frameLines,
  frames,
  options,
  type Place,
  programsFormat,
  readStack,
  usersFrames,
  withOption,
} from "./stack.ts";

export type { Place } from "./stack.ts";

/** Records the callers of `below`, at most `limit` lines. */
function placeOfCaller(below: unknown, limit: number): Place | undefined {
  const place: Place = {};
  return withOption("stackTraceLimit", limit, () => {
    options.captureStackTrace?.(place, below);
    return place;
  });
}

/** Limits how many places are recorded in each second, because that costs far more than the operation itself. */
class Budget {
  readonly #perSecond: number;
  #left = 0;
  #refilledAt = -Infinity;
  /** Calls until the clock is read again. */
  #untilRefill = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Tells whether one more place may be recorded. */
  allows(): boolean {
    if (this.#left === 0 && !this.#refill()) return false;
    this.#left--;
    return true;
  }

  #refill(): boolean {
    if (--this.#untilRefill > 0) return false;
    this.#untilRefill = 64;
    const now = realNow();
    if (now - this.#refilledAt < 1000) return false;
    this.#refilledAt = now;
    this.#left = this.#perSecond;
    return true;
  }
}

/** Recording costs ten times as much as the start of a goroutine itself. */
const starts = new Budget(1000);

/** Returns the line that called `below`; undefined if the budget is used up. */
export function placeIfAffordable(below: unknown): Place | undefined {
  return starts.allows() ? placeOfCaller(below, 1) : undefined;
}

/** The place where a shared error was thrown, or returned to be thrown. */
interface Throw {
  readonly error: unknown;
  /** Formatted to text after the next turn of the event loop, because an unformatted place keeps objects alive. */
  stack: Place | string;
}

/** The latest throws of shared errors. */
let throws: Throw[] = [];
const maxThrows = 32;
const throwBudget = new Budget(100);
let formats = false;

/**
 * Records that a shared error, such as `context.canceled`, is thrown here, and returns it. The error itself has no
 * stack. If it ends a goroutine, the report looks the place up: see {@link stackLines}.
 */
export function thrownHere<E>(error: E): E {
  if (error === undefined) return error;
  if (throwBudget.allows()) noteThrow(error);
  // What is known is of earlier throws, and could be taken for this one.
  else if (throws.length > 0) throws = [];
  return error;
}

/** Apart, so that `thrownHere` is small enough to be inlined: `ctx.err()` calls it each time. */
function noteThrow(error: unknown): void {
  const place = placeOfCaller(thrownHere, 50);
  if (place === undefined) return;
  throws.push({ error, stack: place });
  if (throws.length > maxThrows) throws.shift();
  if (formats) return;
  formats = true;
  requestTurn(() => {
    formats = false;
    for (const one of throws) one.stack = textOf(one);
  });
}

function textOf({ stack }: Throw): string {
  return typeof stack === "string" ? stack : readStack(stack, programsFormat());
}

/** What stacks show of a goroutine. */
export interface Origin {
  /** The name of the function with which it was started; most functions have none. */
  readonly name: string;
  /** Where it was started. */
  readonly started: Place | undefined;
}

/** Returns the user's frames of the latest throw of a shared error in a goroutine of this origin. */
function latestThrow(error: unknown, { name, started }: Origin): Frame[] {
  const start = usersFrames(readStack(started, programsFormat()))[0]?.at;
  let nearest = Infinity;
  let found: Frame[] = [];
  for (const one of throws) {
    if (one.error !== error) continue;
    const stack = frames(textOf(one));
    // A function without a name stands behind the `go` that starts it: the nearest one is taken.
    const distances = stack.map((frame) =>
      name === "" ? distance(start, frame) : isNamed(frame, name) ? 0 : Infinity,
    );
    const least = Math.min(...distances);
    if (least === Infinity || least > nearest) continue;
    nearest = least;
    found = usersFrames(textOf(one));
  }
  return found;
}

function isNamed(frame: Frame, name: string): boolean {
  return frame.name === name || frame.name.endsWith(`.${name}`);
}

/**
 * Returns by how many lines a function without a name is behind a place in the same file; Infinity for other frames.
 */
function distance(start: string | undefined, frame: Frame): number {
  const [, file, line] = /^(.*):(\d+):\d+$/.exec(start ?? "") ?? [];
  const [, otherFile, otherLine] = /^(.*):(\d+):\d+$/.exec(frame.at) ?? [];
  const lines = Number(otherLine) - Number(line);
  return frame.name === "" && file === otherFile && lines >= 0 ? lines : Infinity;
}

/** Returns the lines for the place where a goroutine was started. */
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

/**
 * Returns the stack of an error as the reports print it: the user's frames, without the message and the library's. For
 * a shared error, which has no stack, that of its latest throw in a goroutine of this origin.
 */
export function stackLines(error: unknown, origin?: Origin): string {
  if (!isErrorLike(error)) return "";
  let found = ownFrames(error);
  if (found.length === 0 && origin !== undefined) found = latestThrow(error, origin);
  return found.map(frameLines).join("");
}

function ownFrames(error: Error): Frame[] {
  const stack = readStack(error, programsFormat());
  // The message is cut off first, because it may contain lines that look like frames.
  const start = stack.includes(error.message) ? stack.indexOf(error.message) + error.message.length : 0;
  return usersFrames(stack.slice(start));
}
