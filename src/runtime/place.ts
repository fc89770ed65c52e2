/**
 * Places in the user's code, as the reports print them: a line with the function, a line with `file:line:column`.
 */

/** Where a goroutine was started: an object whose `stack` is formatted only when somebody reads it. */
export interface Place {
  stack?: string;
}

/** What V8 adds to Error, and other engines may. */
const capture: { stackTraceLimit?: number; captureStackTrace?(target: object, below: unknown): void } = Object(Error);

/** Records the line that called `below`. Costs about as much as starting a goroutine, so it is not done per operation. */
export function placeOfCaller(below: unknown): Place | undefined {
  if (capture.captureStackTrace === undefined) return undefined;
  const limit = capture.stackTraceLimit ?? 10;
  const place: Place = {};
  capture.stackTraceLimit = 1;
  capture.captureStackTrace(place, below);
  capture.stackTraceLimit = limit;
  return place;
}

/** Returns the lines that tell where a goroutine was started. */
export function placeLines(place: Place | undefined): string {
  const frame = usersOnly(frames(place?.stack))[0];
  return frame === undefined ? "" : `created by ${frame.name || "go"}\n\t${frame.at}\n`;
}

/** Tells whether a value is an error, also one of another realm. */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  const { message, stack } = value as { message?: unknown; stack?: unknown };
  return value instanceof Error || (typeof message === "string" && typeof stack === "string");
}

/** Returns the stack of an error as the reports print it: the user's frames, without the message and the scheduler. */
export function stackLines(error: unknown): string {
  if (!isErrorLike(error) || typeof error.stack !== "string") return "";
  // The message is cut off first: it may contain lines that look like frames.
  const start = error.stack.indexOf(error.message) + error.message.length;
  return usersOnly(frames(error.stack.slice(start)))
    .map(frameLines)
    .join("");
}

/** Returns the two lines of one frame. */
export function frameLines({ name, at }: Frame): string {
  return `${name || "func"}(...)\n\t${at}\n`;
}

/** One line of a stack: the function's name, empty for a module and for functions without one, and `file:line:column`. */
export interface Frame {
  name: string;
  at: string;
}

/** Parses the text of a V8 stack; other engines' lines are skipped, which leaves a report without places. */
export function frames(stack: string | undefined): Frame[] {
  const found: Frame[] = [];
  for (const line of (stack ?? "").split("\n")) {
    const match = /^\s+at (?:async )?(?:new )?(?:(.*?) \()?([^()]*?:\d+:\d+|[^()]*\bindex \d+)\)?$/.exec(line);
    if (match?.[2] === undefined || match[2].startsWith("node:")) continue;
    found.push({ name: match[1] ?? "", at: plainPath(match[2]) });
  }
  return found;
}

/** Keeps the frames of the user's, who does not want to see the library's own. */
export function usersOnly(stack: Frame[]): Frame[] {
  // The topmost frame of this stack is the line below. A bundle has no such folder, and its frames are kept.
  const here = frames(new Error().stack)[0]?.at ?? "";
  const ownFolder = /^(.*\/)runtime\/place\.[jt]s:/.exec(here)?.[1];
  return ownFolder === undefined ? stack : stack.filter(({ at }) => !at.startsWith(ownFolder));
}

function plainPath(at: string): string {
  if (!at.startsWith("file://")) return at;
  try {
    return decodeURIComponent(at.slice("file://".length)).replace(/^\/([A-Za-z]:)/, "$1");
  } catch {
    return at;
  }
}
