/**
 * Captures and parses stacks. Unlike `place.ts`, this is in browsers' bundles too.
 */

/** An object whose `stack` is formatted when it is first read. */
export interface Place {
  stack?: string;
}

/** V8's additions to Error, which other engines may have. */
interface StackOptions {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
  captureStackTrace?(target: object, below: unknown): void;
}

export const options: StackOptions = Object(Error);

/** Returns the stack of the caller, with at most `limit` frames. */
export function stackHere(limit: number): string {
  return readStack(withOption("stackTraceLimit", limit, () => new Error()));
}

/** A function of the program's that formats a stack. */
export type Format = (error: unknown, sites: unknown[]) => unknown;

/** Reads a stack, which the engine formats at the first read: in its own format, unless another one is given. */
export function readStack(target: unknown, format?: Format): string {
  const stack = withOption("prepareStackTrace", format, () => (target as Place | undefined)?.stack);
  return typeof stack === "string" ? stack : "";
}

/** Calls `f` with another value of an option; does nothing if the program has frozen the options. */
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

/** Returns the two lines of a frame in a report. */
export function frameLines({ name, at }: Frame): string {
  return `${name || "func"}(...)\n\t${at}\n`;
}

/**
 * One line of a stack: the function's name, empty for a module and for functions without one, and `file:line:column`.
 */
export interface Frame {
  name: string;
  at: string;
}

/** Parses the text of a V8 stack. Other engines' lines are skipped, so their reports have no places. */
export function frames(stack: string): Frame[] {
  const found: Frame[] = [];
  for (const line of stack.split("\n")) {
    const text = /^\s+at (?:async )?(?:new )?(.*)$/.exec(line)?.[1];
    if (text === undefined) continue;
    // A path may contain parentheses; a function's name does not.
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

/** Drops the library's own frames of a stack in the engine's format. */
export function usersOnly(stack: Frame[]): Frame[] {
  return outside((ownFolder ??= findOwnFolder()), stack);
}

/** Drops the frames in the library's folder. */
export function outside(folder: string, stack: Frame[]): Frame[] {
  return folder === "" ? stack : stack.filter(({ at }) => !at.startsWith(folder));
}

/** Returns the folder of the library's own modules in stacks of this format. */
export function findOwnFolder(format?: Format): string {
  // The topmost frame of this stack is the line below.
  const here = frames(readStack(new Error(), format)).find(({ at }) => /runtime\/stack\.[jt]s:/.test(at))?.at ?? "";
  return /^(.*\/)runtime\/stack\.[jt]s:/.exec(here)?.[1] ?? "";
}

/**
 * Returns the formatter for the stacks of errors: the program's own function, which may map lines to the sources; but
 * the engine's format, where that returns anything else than text with places.
 */
export function programsFormat(): Format | undefined {
  const own = options.prepareStackTrace;
  if (typeof own !== "function") return undefined;
  return (error, sites) => {
    let title = "";
    try {
      title = String(error);
      const stack: unknown = (own as Format).call(Error, error, sites);
      if (typeof stack === "string" && frames(stack).length > 0) return stack;
    } catch {
      // The engine's format is used.
    }
    return title + sites.map((site) => `\n    at ${String(site)}`).join("");
  };
}

/** Returns the user's frames here, as deep as it is told, with the lines of the sources. */
export function usersFramesHere(limit: number): Frame[] {
  const here = withOption("stackTraceLimit", limit, () => new Error());
  return usersFrames(readStack(here, programsFormat()));
}

/** Returns the user's frames of an error's stack. */
export function usersFrames(stack: string): Frame[] {
  const format = programsFormat();
  const found = usersOnly(frames(stack));
  return format === undefined ? found : outside(findOwnFolder(format), found);
}

function plainPath(at: string): string {
  if (!at.startsWith("file://")) return at;
  try {
    return decodeURIComponent(at.slice("file://".length)).replace(/^\/([A-Za-z]:)/, "$1");
  } catch {
    return at;
  }
}
