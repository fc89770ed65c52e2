import { frames, options, type Place, stackHere, usersOnly } from "../runtime/stack.ts";

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
    this.#text ??= usersOnly(frames(this.#place.stack ?? ""))[0]?.at ?? "";
    return this.#text;
  }
}
