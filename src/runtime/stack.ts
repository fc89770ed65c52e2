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

/** What makes text of the sites of a stack: a function of the program's. */
export type Format = (error: unknown, sites: unknown[]) => unknown;

/** Reads a stack, of which the engine makes text at the first read: in its own form, unless a format is given. */
export function readStack(target: unknown, format?: Format): string {
  const stack = withOption("prepareStackTrace", format, () => (target as Place | undefined)?.stack);
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

/** Keeps the user's frames, and drops the library's own, of a stack in the engine's form. */
export function usersOnly(stack: Frame[]): Frame[] {
  return outside((ownFolder ??= findOwnFolder()), stack);
}

/** Drops the frames of the library, whose folder this is. */
export function outside(folder: string, stack: Frame[]): Frame[] {
  return folder === "" ? stack : stack.filter(({ at }) => !at.startsWith(folder));
}

/** Returns the folder of the library's own modules in stacks of this format. */
export function findOwnFolder(format?: Format): string {
  // The topmost frame of this stack is the line below.
  const here = frames(readStack(new Error(), format)).find(({ at }) => /runtime\/stack\.[jt]s:/.test(at))?.at ?? "";
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
