import type { MaybePromise } from "../io/io.ts";
import type { Request } from "./request.ts";
import type { ResponseWriter } from "./response-writer.ts";

/** Answers requests. Mirrors Go's `http.Handler`. */
export interface Handler {
  serveHTTP(w: ResponseWriter, r: Request): MaybePromise<void>;
}

/** A function that answers requests. */
export type HandlerFunc = (w: ResponseWriter, r: Request) => MaybePromise<void>;

/**
 * Makes a handler of a function: it is still a function. Mirrors Go's `http.HandlerFunc`.
 *
 * @example
 * ```ts
 * const handler = http.handlerFunc(async (w) => {
 *   await io.writeString(w, "hello");
 * });
 * ```
 */
export function handlerFunc(f: HandlerFunc): HandlerFunc & Handler {
  const call: HandlerFunc = (w, r) => f(w, r);
  return Object.assign(call, { serveHTTP: call });
}
