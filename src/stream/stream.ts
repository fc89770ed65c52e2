/**
 * Streams on channels, with back-pressure. For the other direction the host has `Readable.from(ch)` and
 * `ReadableStream.from(ch)`.
 *
 * @module
 */

import { chan, type ReceiveChan } from "../chan/chan.ts";
import { cause as causeOf, type Context } from "../context/context.ts";
import { checkContext, errOf, watchEnd } from "../context/internal.ts";
import { withCancel } from "../context/context.ts";
import { describe } from "../runtime/arguments.ts";
import { go } from "../runtime/goroutine.ts";

/** The methods of a stream of Node that are used. */
export interface NodeStream<T> extends AsyncIterable<T> {
  /** Ends the stream at once. */
  destroy(error?: Error): unknown;
}

/** The methods of a stream of the web that are used. */
export interface WebStream<T> {
  /** Returns a reader, which locks the stream. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
    cancel(reason?: unknown): Promise<unknown>;
    releaseLock(): void;
  };
}

/** A stream of Node or of the web, or another object that `for await` can read. */
export type Source<T> = NodeStream<T> | WebStream<T> | AsyncIterable<T>;

const causes = new WeakMap<object, Error>();
const stops = new WeakMap<object, () => void>();

/**
 * Returns a channel with the values of a stream. It is closed at the end of the stream, when the stream fails (see
 * {@link cause}), and when `ctx` ends, which also ends the stream: a stream of Node is destroyed, one of the web is
 * canceled, an iterator's `return` is called. The channel has no buffer, so at most one value is read ahead, besides
 * what the stream itself buffers.
 *
 * A receiver that stops before the end must end `ctx` or call {@link stop}: otherwise the stream stays open.
 *
 * @throws TypeError `stream.receive: the context must be a Context, got …`, `stream.receive: … is no stream`
 *
 * @example
 * ```ts
 * const letters = stream.receive(context.background(), new Blob(["abc"]).stream());
 * let text = "";
 * for await (const chunk of letters) text += new TextDecoder().decode(chunk);
 * console.log(text); // abc
 * ```
 */
export function receive<T>(ctx: Context, source: Source<T>): ReceiveChan<T> {
  checkContext("stream.receive: the context", ctx);
  const { next, end, release } = reading("stream.receive", source);
  const ch = chan<T>();
  const [own, cancel] = withCancel(ctx);
  stops.set(ch, cancel);
  /** Whether the stream has ended or failed by itself: then there is nothing to end. */
  let isOver = false;
  let wake: ((value: undefined) => void) | undefined;
  // In the step of the end: the copying goroutine may be waiting for the stream, which does not watch the context, and
  // which may never answer.
  watchEnd(own, false, () => {
    if (!isOver) end(causeOf(own));
    wake?.(undefined);
  });
  const read = (): Promise<IteratorResult<T> | undefined> =>
    new Promise((resolve, reject) => {
      wake = resolve;
      Promise.resolve(next()).then(resolve, reject);
    });
  const copy = async (): Promise<void> => {
    try {
      while (errOf(own) === undefined) {
        const result = await read();
        if (errOf(own) === undefined && (result === undefined || result.done === true)) isOver = true;
        if (result === undefined || result.done === true) break;
        await ch.send(result.value, own);
      }
    } catch (error) {
      // Once the context has ended, the stream's error is a consequence of it.
      if (errOf(own) === undefined) {
        isOver = true;
        causes.set(ch, error instanceof Error ? error : failed(error));
      }
    }
    const ended = errOf(own) === undefined ? undefined : causeOf(own);
    if (ended !== undefined && !stopped.has(ch)) causes.set(ch, ended);
    cancel();
    release();
    ch.close();
  };
  go(copy);
  return ch;
}

/** The channels that `stop` has closed: `cause` reports no error for them. */
const stopped = new WeakSet();

function failed(reason: unknown): Error {
  return new Error(`the stream failed: ${describe(reason)}`, { cause: reason });
}

/** What is used of a stream of Node besides, where it is there. */
interface EmitterLike {
  on(event: "error", listener: () => void): unknown;
}

/** What is done to a stream. */
interface Reading<T> {
  next(): PromiseLike<IteratorResult<T>>;
  end(reason: Error | undefined): void;
  /** Leaves it to others, after the last read. */
  release(): void;
}

/** Returns the functions that read a stream and end it. */
function reading<T>(what: string, source: Source<T>): Reading<T> {
  const {
    getReader,
    destroy,
    [Symbol.asyncIterator]: iterate,
  } = Object(source) as Partial<NodeStream<T> & WebStream<T>>;
  if (typeof getReader === "function") {
    const reader = (source as WebStream<T>).getReader();
    return {
      next: () => reader.read() as Promise<IteratorResult<T>>,
      end: (reason) => void reader.cancel(reason).catch(() => undefined),
      release: () => reader.releaseLock(),
    };
  }
  if (typeof iterate !== "function") throw new TypeError(`${what}: ${describe(source)} is no stream`);
  const iterator = (source as AsyncIterable<T>)[Symbol.asyncIterator]();
  const giveBack = async (): Promise<unknown> => iterator.return?.();
  return {
    next: () => iterator.next(),
    end() {
      if (typeof destroy !== "function") return void giveBack().catch(() => undefined);
      // An error of its end would be uncaught where nothing has been read.
      (source as Partial<EmitterLike>).on?.("error", () => undefined);
      (source as NodeStream<T>).destroy();
    },
    release: () => undefined,
  };
}

/**
 * Ends the stream of a channel, and closes the channel.
 *
 * @example
 * ```ts
 * const chunks = stream.receive(context.background(), new Blob(["a", "b"]).stream());
 * stream.stop(chunks); // the rest is not needed
 * ```
 */
export function stop(ch: ReceiveChan<unknown>): void {
  stopped.add(ch);
  stops.get(ch)?.();
}

/**
 * Returns why a channel of {@link receive} was closed before the end of its stream: what the stream has thrown, or the
 * cause of the context's end. Undefined if the channel is open, or the stream has ended.
 *
 * @example
 * ```ts
 * const failing = stream.receive(
 *   context.background(),
 *   (async function* () {
 *     yield 1;
 *     throw new Error("cannot read");
 *   })(),
 * );
 * for await (const _ of failing);
 * console.log(stream.cause(failing)?.message); // cannot read
 * ```
 */
export function cause(ch: ReceiveChan<unknown>): Error | undefined {
  return causes.get(ch);
}
