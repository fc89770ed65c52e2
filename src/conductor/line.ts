import {
  findOwnFolder,
  type Frame,
  frames,
  options,
  outside,
  type Place,
  programsFormat,
  readStack,
  stackHere,
  usersOnly,
} from "../runtime/stack.ts";

/** Deep enough to reach the user's frames past the library's own. */
const depth = 24;

/** The user's line that is at work. It is captured now, and formatted, which costs twenty times as much, when it is read. */
export class Line {
  readonly #place: Place = {};
  #text: string | undefined = undefined;

  constructor() {
    if (options.captureStackTrace === undefined) {
      this.#place.stack = stackHere(depth);
      return;
    }
    const before = options.stackTraceLimit;
    options.stackTraceLimit = depth;
    options.captureStackTrace(this.#place, Line);
    if (before === undefined) delete options.stackTraceLimit;
    else options.stackTraceLimit = before;
  }

  /** `file:line:column`; empty where the engine cannot tell. */
  toString(): string {
    if (this.#text === undefined) {
      const found = usersFrames(this.#place);
      // The helper of a compiler, such as that of `using`, lies between the user's line and the operation.
      const own = found.find(({ at }) => !/[/\\]node_modules[/\\]/.test(at)) ?? found[0];
      this.#text = own?.at ?? "";
    }
    return this.#text;
  }
}

/** The program's own function that formats stacks, and the library's folder in them: found anew, it takes as long as a line. */
let known: { readonly own: unknown; readonly folder: string } | undefined;

function usersFrames(place: Place): Frame[] {
  const format = programsFormat();
  const found = usersOnly(frames(readStack(place, format)));
  if (format === undefined) return found;
  const own = options.prepareStackTrace;
  if (known?.own !== own) known = { own, folder: findOwnFolder(format) };
  return outside(known?.folder ?? "", found);
}
