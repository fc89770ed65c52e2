/**
 * Stacks: how they are captured, and what their lines say. Unlike `place.ts`, this is in browsers' bundles too.
 */

/** An object whose `stack` is formatted only when somebody reads it. */
export interface Place {
  stack?: string;
}

/** What V8 adds to Error, and other engines may. */
interface StackOptions {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
  captureStackTrace?(target: object, below: unknown): void;
}

export const options: StackOptions = Object(Error);

/** Returns the stack here, as deep as it is told. */
export function stackHere(limit: number): string {
  return readStack(withOption("stackTraceLimit", limit, () => new Error()));
}

/** Reads a stack as the engine formats it, which it does at the first read, and not as the program may have asked for. */
export function readStack(target: unknown): string {
  const stack = withOption("prepareStackTrace", undefined, () => (target as Place | undefined)?.stack);
  return typeof stack === "string" ? stack : "";
}

/** Does something under another option, where the program has not frozen them: then nothing is known of places. */
export function withOption<Name extends keyof StackOptions, T>(
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

/** The folder of the library's own modules; empty in a bundle, whose frames are all kept. Found at the first use. */
let ownFolder: string | undefined;

/** Keeps the frames of the user's, who does not want to see the library's own. */
export function usersOnly(stack: Frame[]): Frame[] {
  const folder = (ownFolder ??= findOwnFolder());
  return folder === "" ? stack : stack.filter(({ at }) => !at.startsWith(folder));
}

function findOwnFolder(): string {
  // The topmost frame of this stack is the line below.
  const here = frames(stackHere(10)).find(({ at }) => /runtime\/stack\.[jt]s:/.test(at))?.at ?? "";
  return /^(.*\/)runtime\/stack\.[jt]s:/.exec(here)?.[1] ?? "";
}

function plainPath(at: string): string {
  if (!at.startsWith("file://")) return at;
  try {
    return decodeURIComponent(at.slice("file://".length)).replace(/^\/([A-Za-z]:)/, "$1");
  } catch {
    return at;
  }
}
