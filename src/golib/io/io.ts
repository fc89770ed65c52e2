/**
 * Readers and writers. Mirrors Go's `io` package.
 *
 * The methods of a reader or writer may return a promise or a result; the functions here await them, so they all return
 * promises. The methods of a reader over a string or over bytes do not wait.
 *
 * @module
 */

import { appendAll, makeBytes } from "../append.ts";
import { toBytes } from "../text.ts";
import { eof, errNoProgress, errShortBuffer, errShortWrite, errUnexpectedEOF } from "./errors.ts";

export { eof, errClosedPipe, errNoProgress, errShortBuffer, errShortWrite, errUnexpectedEOF } from "./errors.ts";
export { pipe, PipeReader, PipeWriter } from "./pipe.ts";

/** A result, or a promise of one. */
export type MaybePromise<T> = T | Promise<T>;
/** The number of bytes read or written, and the error if that is not all. */
export type Result = [n: number, err: Error | undefined];

/** A source of bytes: `io.Reader`. At the end it returns {@link eof}. */
export interface Reader {
  read(p: Uint8Array): MaybePromise<Result>;
}

/** A target of bytes: `io.Writer`. */
export interface Writer {
  write(p: Uint8Array): MaybePromise<Result>;
}

/** A resource that can be closed: `io.Closer`. */
export interface Closer {
  close(): MaybePromise<Error | undefined>;
}

export interface ReadWriter extends Reader, Writer {}
export interface ReadCloser extends Reader, Closer {}
export interface WriteCloser extends Writer, Closer {}
export interface ReadWriteCloser extends Reader, Writer, Closer {}

/** A writer that takes strings: `io.StringWriter`. */
export interface StringWriter {
  writeString(text: string): MaybePromise<Result>;
}

/** A reader of single bytes: `io.ByteReader`. */
export interface ByteReader {
  readByte(): MaybePromise<[byte: number, err: Error | undefined]>;
}

/** Seek relative to the start: `io.SeekStart`. */
export const seekStart = 0;
/** Seek relative to the current position: `io.SeekCurrent`. */
export const seekCurrent = 1;
/** Seek relative to the end: `io.SeekEnd`. */
export const seekEnd = 2;

/**
 * Reads to the end. Mirrors Go's `io.ReadAll`: the end is not an error.
 *
 * @example
 * ```ts
 * const [data, err] = await io.readAll(strings.newReader("abc"));
 * console.log(fromBytes(data), err); // abc undefined
 * ```
 */
export async function readAll(reader: Reader): Promise<[data: Uint8Array, err: Error | undefined]> {
  let data = makeBytes(0, 512);
  const piece = new Uint8Array(4096);
  for (;;) {
    const [n, err] = await reader.read(piece);
    data = appendAll(data, piece.subarray(0, n));
    if (err !== undefined) return [data, err === eof ? undefined : err];
  }
}

/** Reads at least `min` bytes into an array. Mirrors Go's `io.ReadAtLeast`. */
export async function readAtLeast(reader: Reader, p: Uint8Array, min: number): Promise<Result> {
  if (p.length < min) return [0, errShortBuffer];
  let n = 0;
  while (n < min) {
    const [more, err] = await reader.read(p.subarray(n));
    n += more;
    if (err !== undefined && n < min) return [n, err === eof && n > 0 ? errUnexpectedEOF : err];
  }
  return [n, undefined];
}

/** Fills an array. Mirrors Go's `io.ReadFull`: `errUnexpectedEOF` if the reader ends before. */
export function readFull(reader: Reader, p: Uint8Array): Promise<Result> {
  return readAtLeast(reader, p, p.length);
}

/** Writes a string. Mirrors Go's `io.WriteString`. */
export async function writeString(writer: Writer, text: string): Promise<Result> {
  const { writeString } = writer as Partial<StringWriter>;
  if (typeof writeString === "function") return writeString.call(writer, text);
  return writer.write(toBytes(text));
}

/**
 * Copies from a reader to a writer until the end. Mirrors Go's `io.Copy`.
 *
 * @example
 * ```ts
 * const target = new strings.Builder();
 * console.log(await io.copy(target, strings.newReader("abc")), target.string()); // [ 3, undefined ] abc
 * ```
 */
export function copy(writer: Writer, reader: Reader): Promise<Result> {
  return copyBuffer(writer, reader, new Uint8Array(32 * 1024));
}

/** Copies through the given array. Mirrors Go's `io.CopyBuffer`. */
export async function copyBuffer(writer: Writer, reader: Reader, buffer: Uint8Array): Promise<Result> {
  let written = 0;
  for (;;) {
    const [n, readError] = await reader.read(buffer);
    if (n > 0) {
      const [taken, writeError] = await writer.write(buffer.subarray(0, n));
      written += taken;
      if (writeError !== undefined) return [written, writeError];
      if (taken !== n) return [written, errShortWrite];
    }
    if (readError !== undefined) return [written, readError === eof ? undefined : readError];
  }
}

/** Copies `n` bytes; `eof` if there are fewer. Mirrors Go's `io.CopyN`. */
export async function copyN(writer: Writer, reader: Reader, n: number): Promise<Result> {
  const [written, err] = await copy(writer, limitReader(reader, n));
  return [written, written < n && err === undefined ? eof : err];
}

/** Reads at most `n` bytes. Mirrors Go's `io.LimitedReader`. */
export class LimitedReader implements Reader {
  /** The underlying reader. */
  readonly r: Reader;
  /** How many bytes may still be read. */
  n: number;

  constructor(reader: Reader, n: number) {
    this.r = reader;
    this.n = n;
  }

  async read(p: Uint8Array): Promise<Result> {
    if (this.n <= 0) return [0, eof];
    const [n, err] = await this.r.read(p.subarray(0, this.n));
    this.n -= n;
    return [n, err];
  }
}

/** Returns a reader that ends after `n` bytes. Mirrors Go's `io.LimitReader`. */
export function limitReader(reader: Reader, n: number): LimitedReader {
  return new LimitedReader(reader, n);
}

/** Returns a reader that reads several readers one after the other. Mirrors Go's `io.MultiReader`. */
export function multiReader(...readers: Reader[]): Reader {
  const left = readers.slice();
  return {
    async read(p) {
      for (;;) {
        const [reader] = left;
        if (reader === undefined) return [0, eof];
        const [n, err] = await reader.read(p);
        if (err === eof) left.shift();
        if (n > 0 || err !== eof) return [n, err === eof && left.length > 0 ? undefined : err];
      }
    },
  };
}

/** Returns a writer that writes to several. Mirrors Go's `io.MultiWriter`. */
export function multiWriter(...writers: Writer[]): Writer {
  return {
    async write(p) {
      for (const writer of writers) {
        const [n, err] = await writer.write(p);
        if (err !== undefined) return [n, err];
        if (n !== p.length) return [n, errShortWrite];
      }
      return [p.length, undefined];
    },
  };
}

/** Returns a reader that also writes what it reads to a writer. Mirrors Go's `io.TeeReader`. */
export function teeReader(reader: Reader, writer: Writer): Reader {
  return {
    async read(p) {
      const [n, err] = await reader.read(p);
      if (n > 0) {
        const [written, writeError] = await writer.write(p.subarray(0, n));
        if (writeError !== undefined) return [written, writeError];
      }
      return [n, err];
    },
  };
}

/** Gives a reader a `close` that does nothing. Mirrors Go's `io.NopCloser`. */
export function nopCloser(reader: Reader): ReadCloser {
  return { read: (p) => reader.read(p), close: () => undefined };
}

/** A writer that discards everything: `io.Discard`. */
export const discard: Writer & StringWriter = {
  write: (p) => [p.length, undefined],
  writeString: (text) => [toBytes(text).length, undefined],
};

/** Reads into an array, and tries again while the reader returns no data and no error: a hundred times at most. */
export async function readSome(reader: Reader, p: Uint8Array): Promise<Result> {
  for (let i = 0; i < 100; i++) {
    const [n, err] = await reader.read(p);
    if (n > 0 || err !== undefined) return [n, err];
  }
  return [0, errNoProgress];
}
