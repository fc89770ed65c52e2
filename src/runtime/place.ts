/**
 * Places in the user's code, as the reports print them: a line with the function, a line with `file:line:column`.
 */

/** Where a goroutine was started: an object whose `stack` is formatted only when somebody reads it. */
export interface Place {
  stack?: string;
}

/** What V8 adds to Error, and other engines may. */
interface StackOptions {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
  captureStackTrace?(target: object, below: unknown): void;
}

const options: StackOptions = Object(Error);

/** Records the line that called `below`. Costs about as much as starting a goroutine, so it is not done per operation. */
export function placeOfCaller(below: unknown): Place | undefined {
  const place: Place = {};
  return withOption("stackTraceLimit", 1, () => {
    options.captureStackTrace?.(place, below);
    return place;
  });
}

/** Returns the stack here, as deep as it is told. */
export function stackHere(limit: number): string {
  return readStack(withOption("stackTraceLimit", limit, () => new Error()));
}

/** Reads a stack as the engine formats it, which it does at the first read, and not as the program may have asked for. */
function readStack(target: unknown): string {
  const stack = withOption("prepareStackTrace", undefined, () => (target as Place | undefined)?.stack);
  return typeof stack === "string" ? stack : "";
}

/** Does something under another option, where the program has not frozen them: then nothing is known of places. */
function withOption<Name extends keyof StackOptions, T>(
  name: Name,
  value: StackOptions[Name] | undefined,
  f: () => T,
): T | undefined {
  const before = options[name];
  try {
    options[name] = value as StackOptions[Name];
  } catch {
    return undefined;
  }
  try {
    return f();
  } finally {
    options[name] = before;
  }
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
export function frames(stack: string): Frame[] {
  const found: Frame[] = [];
  for (const line of stack.split("\n")) {
    const text = /^\s+at (?:async )?(?:new )?(.*)$/.exec(line)?.[1];
    if (text === undefined) continue;
    // A path may contain parentheses of its own; a function's name does not.
    const named = /^(.*?) \((.*)\)$/.exec(text);
    const at = named?.[2] ?? text;
    if (!at.startsWith("node:") && /(?::\d+:\d+|^index \d+)$/.test(at)) {
      found.push({ name: named?.[1] ?? "", at: plainPath(at) });
    }
  }
  return found;
}

/** Keeps the frames of the user's, who does not want to see the library's own. */
export function usersOnly(stack: Frame[]): Frame[] {
  // The topmost frame of this stack is the line below. A bundle has no such folder, and its frames are kept.
  const here = frames(stackHere(10)).find(({ at }) => /runtime\/place\.[jt]s:/.test(at))?.at ?? "";
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
