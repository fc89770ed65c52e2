/** What of a context goes with a message: values that have a codec, and the trace. */

import { type Context, type Key, key, withValue } from "../context/context.ts";
import { checkFunction, describe } from "../runtime/arguments.ts";
import { bound } from "../runtime/async-context.ts";

/**
 * The W3C trace context, as `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. What a sender's context has goes with
 * the message. The first attempt has the sender's, so that its span is a child; later ones have a new trace, and the sender's
 * as {@link traceLink}: one trace for all would never end.
 *
 * @example
 * ```ts
 * await thumbnails.send(context.withValue(ctx, topic.traceparent, req.headers["traceparent"] as string), job);
 * ```
 */
export const traceparent: Key<string> = key<string>("topic.traceparent");

/** The sender's trace context in attempts that have a trace of their own: for a link. See {@link traceparent}. */
export const traceLink: Key<string> = key<string>("topic.traceLink");

/** A value of contexts that goes with messages: made by {@link codec}, for `OpenOptions.codecs`. */
export interface Codec {
  /** The name of the header. */
  readonly name: string;
  /** Returns what is to go with a message; undefined for nothing. */
  write(ctx: Context): string | undefined;
  /** Returns a context with what came. */
  read(ctx: Context, text: string): Context;
}

/**
 * Makes the values under a key go with messages: written by the sender, read by the worker. Both need it in their
 * `OpenOptions.codecs`. A value that cannot be written fails the send; one that cannot be read is reported and missing.
 *
 * @throws TypeError `topic.codec: the name must be a word, got …`, `topic.codec: … is not a function`
 *
 * @example
 * ```ts
 * const tenantKey = context.key<string>("tenant");
 * const tenant = topic.codec("tenant", tenantKey, String, String);
 * const broker = await topic.open(ctx, topic.memory(), { codecs: [tenant] });
 * ```
 */
export function codec<V>(name: string, key: Key<V>, encode: (value: V) => string, decode: (text: string) => V): Codec {
  if (typeof name !== "string" || !/^[\w-]{1,50}$/.test(name) || name === "traceparent") {
    throw new TypeError(`topic.codec: the name must be a word, got ${describe(name)}`);
  }
  checkFunction("topic.codec", encode);
  checkFunction("topic.codec", decode);
  const [write, read] = [bound(encode), bound(decode)];
  return {
    name,
    write: (ctx) => {
      const value = ctx.value(key);
      return value === undefined ? undefined : write(value);
    },
    read: (ctx, text) => withValue(ctx, key, read(text)),
  };
}

/** Returns the headers for a message. */
export function headersOf(ctx: Context, codecs: readonly Codec[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  const trace = ctx.value(traceparent);
  if (typeof trace === "string") headers["traceparent"] = trace;
  for (const codec of codecs) {
    const text = codec.write(ctx);
    if (text === undefined) continue;
    if (typeof text !== "string") throw new TypeError(`topic: the codec of ${codec.name} must return a string`);
    headers[codec.name] = text;
  }
  return Object.keys(headers).length === 0 ? undefined : headers;
}

/** Returns a context with what came with a message. */
export function contextOf(
  base: Context,
  headers: Readonly<Record<string, string>> | undefined,
  attempt: number,
  codecs: readonly Codec[],
  failed: (what: string, error: unknown) => void,
): Context {
  let ctx = base;
  if (headers === undefined) return ctx;
  const trace = headers["traceparent"];
  if (trace !== undefined) {
    ctx = attempt === 1 ? withValue(ctx, traceparent, trace) : withValue(ctx, traceLink, trace);
    if (attempt > 1) ctx = withValue(ctx, traceparent, `00-${hex(32)}-${hex(16)}-${trace.slice(-2)}`);
  }
  for (const codec of codecs) {
    const text = headers[codec.name];
    if (text === undefined) continue;
    try {
      ctx = codec.read(ctx, text);
    } catch (error) {
      failed(`reading the header ${codec.name}`, error);
    }
  }
  return ctx;
}

/** Returns random digits, not all zero. */
function hex(digits: number): string {
  let text = "";
  while (text.length < digits - 1) text += Math.floor(Math.random() * 16).toString(16);
  return `${text}1`;
}
