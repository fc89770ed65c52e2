/** Copies the input and the outputs of a command, with back-pressure: no more is read than the other side takes. */

import type { ReceiveChan, SendChan } from "../chan/chan.ts";
import type { Context } from "../context/context.ts";
import { errOf, watchEnd } from "../context/internal.ts";
import { describe } from "../runtime/arguments.ts";
import type { Readable, Writable } from "node:stream";

type Chunk = string | Uint8Array;

/** A file that the process inherits: the number of an open file, or an object that has one, such as `process.stdin`. */
export type File = number | { readonly fd: number };

/**
 * What a command reads as its standard input: a text, bytes, a stream of Node or of the web, a channel, another object
 * that `for await` can read; or a file.
 */
export type Input = string | Uint8Array | Iterable<Chunk> | AsyncIterable<Chunk> | ReceiveChan<Chunk> | File;

/**
 * Where the output of a command goes: a stream of Node or of the web, a channel, a function that gets each chunk; or a
 * file.
 */
export type Output =
  | NodeJS.WritableStream
  | WritableStream<Uint8Array>
  | SendChan<Buffer>
  | ((chunk: Buffer) => unknown)
  | File;

/** Returns the number of a file; undefined if the value is not a file. */
export function fdOf(value: unknown): number | undefined {
  const fd: unknown = typeof value === "number" ? value : (Object(value) as { fd?: unknown }).fd;
  return Number.isInteger(fd) && (fd as number) >= 0 ? (fd as number) : undefined;
}

/** Copies an input to the standard input of a process, until either ends or `stop` is called. */
export function copyIn(input: Input, to: Writable): { done: Promise<void>; stop(): void } {
  let source: AsyncIterator<Chunk> | Iterator<Chunk> | undefined;
  let isStopped = false;
  const giveBack = async (): Promise<unknown> => source?.return?.();
  const stop = (): void => {
    if (isStopped) return;
    isStopped = true;
    // A generator that is waiting settles this only later, so it is not awaited.
    void giveBack().catch(() => undefined);
  };
  const copy = async (): Promise<void> => {
    try {
      source = iteratorOf(input);
      for (;;) {
        const { done, value } = await source.next();
        if (done === true || isStopped) break;
        if (!(await write(to, value))) return stop();
      }
    } finally {
      // Also when the source has failed: the command may be waiting for more.
      to.end();
    }
  };
  return { done: copy(), stop };
}

/** Throws unless this can be read as an input. */
export function checkInput(input: unknown): void {
  if (typeof input === "string" || input instanceof Uint8Array) return;
  const { [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = Object(input) as Partial<
    AsyncIterable<Chunk> & Iterable<Chunk>
  >;
  if (typeof async === "function" || typeof sync === "function") return;
  throw new TypeError(`exec: stdin must be text, bytes, a stream, an iterable or a file, got ${describe(input)}`);
}

function iteratorOf(input: Input): AsyncIterator<Chunk> | Iterator<Chunk> {
  if (typeof input === "string" || input instanceof Uint8Array) return [input][Symbol.iterator]();
  const { [Symbol.asyncIterator]: async } = input as Partial<AsyncIterable<Chunk>>;
  return async === undefined ? (input as Iterable<Chunk>)[Symbol.iterator]() : async.call(input);
}

/** Writes a chunk, and waits until it was taken. Returns false if the process no longer reads. */
function write(to: Writable, chunk: Chunk): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (to.destroyed || to.writableEnded) {
      resolve(false);
      return;
    }
    const closed = (): void => resolve(false);
    to.once("close", closed);
    to.write(chunk, (error) => {
      to.off("close", closed);
      const { code } = Object(error) as NodeJS.ErrnoException;
      // As in Go, a process need not read all of its input.
      if (code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED" || code === "EOF")
        resolve(false);
      else if (error) reject(error);
      else resolve(true);
    });
  });
}

/** Takes a chunk of an output. It gives up when `ctx` ends, as far as that is possible. */
export type Sink = (chunk: Buffer, ctx: Context) => unknown;

/** Returns the function that takes the chunks of an output. */
export function sinkOf(what: string, output: Output): Sink {
  if (typeof output === "function") return (chunk) => output(chunk);
  const { write, getWriter, send } = Object(output) as { write?: unknown; getWriter?: unknown; send?: unknown };
  if (typeof getWriter === "function") {
    return async (chunk) => {
      const writer = (output as WritableStream<Uint8Array>).getWriter();
      try {
        await writer.write(chunk);
      } finally {
        writer.releaseLock();
      }
    };
  }
  if (typeof write === "function") {
    const stream = output as Writable;
    return async (chunk, ctx) => {
      if (stream.destroyed || stream.writableEnded) throw new Error(`exec: ${what} is closed`);
      await taken(stream, chunk, ctx);
    };
  }
  if (typeof send === "function") return (chunk, ctx) => (output as SendChan<Buffer>).send(chunk, ctx);
  throw new TypeError(`exec: ${what} must be a stream, a channel, a function or a file, got ${describe(output)}`);
}

/** Writes a chunk, and waits until the stream wants more. */
function taken(stream: Writable, chunk: Buffer, ctx: Context): Promise<void> {
  return new Promise((resolve, reject) => {
    let unwatch = (): unknown => undefined;
    const settle = (error?: Error | null): void => {
      unwatch();
      stream.off("error", settle);
      stream.off("close", closed);
      stream.off("drain", settle);
      if (error instanceof Error) reject(error);
      else resolve();
    };
    const closed = (): void => settle(new Error("exec: the stream was closed"));
    stream.once("error", settle);
    stream.once("close", closed);
    if (stream.write(chunk)) return settle();
    stream.once("drain", settle);
    unwatch = watchEnd(ctx, false, () => settle(errOf(ctx)));
  });
}

/** Copies an output of a process, until it ends or the stream is destroyed, which is not an error. */
export async function copyOut(from: Readable, sink: Sink, ctx: Context): Promise<void> {
  let isTaken = true;
  try {
    for await (const chunk of from) {
      isTaken = false;
      await sink(chunk as Buffer, ctx);
      isTaken = true;
    }
  } catch (error) {
    if (!isTaken || !from.destroyed) throw error;
  }
}

const kept = 32 * 1024;

/** Keeps the beginning and the end of a text. Mirrors what Go's `Cmd.Output` does with the standard error. */
export class PrefixSuffixSaver {
  #prefix: Buffer[] = [];
  #prefixLength = 0;
  #suffix: Buffer[] = [];
  #suffixLength = 0;
  #skipped = 0;

  write(chunk: Buffer): void {
    const room = kept - this.#prefixLength;
    const head = chunk.subarray(0, room);
    if (head.length > 0) {
      this.#prefix.push(head);
      this.#prefixLength += head.length;
    }
    const rest = chunk.subarray(head.length);
    if (rest.length === 0) return;
    this.#suffix.push(rest);
    this.#suffixLength += rest.length;
    // Drop whole chunks that are before the last 32 KiB.
    while (this.#suffixLength - (this.#suffix[0] as Buffer).length >= kept) {
      const { length } = this.#suffix.shift() as Buffer;
      this.#suffixLength -= length;
      this.#skipped += length;
    }
  }

  bytes(): Buffer {
    const suffix = Buffer.concat(this.#suffix);
    const tail = suffix.subarray(Math.max(0, suffix.length - kept));
    const skipped = this.#skipped + suffix.length - tail.length;
    const middle = skipped === 0 ? "" : `\n... omitting ${skipped} bytes ...\n`;
    return Buffer.concat([...this.#prefix, Buffer.from(middle), tail]);
  }
}
