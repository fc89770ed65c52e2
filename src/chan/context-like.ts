/**
 * Calls to the methods of a context. It may be the user's own, so its results are checked and normalized here, and
 * nowhere else.
 */

import { describe, wrongDate } from "../runtime/arguments.ts";
import { isError } from "../runtime/error-values.ts";
import { PanicError } from "../runtime/panic.ts";
import type { ContextLike } from "./chan.ts";
import { Channel } from "./channel.ts";

/** Refuses what is not a context. `what` begins the error's text, as `chan: the context`. */
export function refuse(what: string, ctx: unknown): never {
  throw new TypeError(`${what} must be a Context, got ${describe(ctx)}`);
}

/**
 * Returns why a context has ended; undefined if it has not, or if there is no context. Null, Go's nil, means undefined.
 */
export function errOf(ctx: ContextLike | undefined): Error | undefined {
  const error: unknown = ctx?.err() ?? undefined;
  if (error === undefined || isError(error)) return error;
  return new TypeError(`err() of ${describe(ctx)} must return an error or undefined, got ${describe(error)}`);
}

/** Returns the deadline of a context; undefined if there is none. Null, Go's nil, means undefined. */
export function deadlineOf(ctx: { deadline(): Date | undefined }): Date | undefined {
  const deadline = ctx.deadline() ?? undefined;
  const wrong = deadline === undefined ? undefined : wrongDate(deadline);
  if (wrong === undefined) return deadline;
  throw new TypeError(`deadline() of ${describe(ctx)} must return a valid Date or undefined, got ${wrong}`);
}

/** Returns why a context whose channel is closed has ended. */
export function endError(ctx: ContextLike): Error {
  const error = errOf(ctx);
  if (error === undefined) throw new PanicError("context: internal error: missing cancel error");
  return error;
}

/** Returns the channel of a context, calling `done()` once; undefined if the context can never end. */
export function channelOf(what: string, ctx: ContextLike): Channel<unknown> | undefined {
  const done = ctx.done() ?? undefined;
  if (done === undefined) return undefined;
  if (done instanceof Channel) return done.isNil() ? undefined : done;
  throw new TypeError(`${what}: done() of ${describe(ctx)} must return a channel, got ${describe(done)}`);
}
