/**
 * Places in the user's code, as the reports print them: a line with the function, a line with `file:line:column`.
 */

import { frameLines, frames, options, type Place, readStack, usersOnly, withOption } from "./stack.ts";

export type { Place } from "./stack.ts";

/** Records the line that called `below`. Costs about as much as starting a goroutine, so it is not done per operation. */
export function placeOfCaller(below: unknown): Place | undefined {
  const place: Place = {};
  return withOption("stackTraceLimit", 1, () => {
    options.captureStackTrace?.(place, below);
    return place;
  });
}

/** Returns the lines that tell where a goroutine was started. */
export function placeLines(place: Place | undefined): string {
  const frame = usersOnly(frames(readStack(place)))[0];
  return frame === undefined ? "" : `created by ${frame.name || "go"}\n\t${frame.at}\n`;
}

/** Tells whether a value is an error, also one of another realm. */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Error || (typeof (value as Partial<Error>).message === "string" && readStack(value) !== "");
}

/** Returns the stack of an error as the reports print it: the user's frames, without the message and the scheduler. */
export function stackLines(error: unknown): string {
  if (!isErrorLike(error)) return "";
  const stack = readStack(error);
  // The message is cut off first: it may contain lines that look like frames.
  const start = stack.indexOf(error.message) + error.message.length;
  return usersOnly(frames(stack.slice(start)))
    .map(frameLines)
    .join("");
}
