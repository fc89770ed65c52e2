import { PanicError } from "../../runtime/panic.ts";
import { appendAll, makeBytes } from "../append.ts";
import { eof } from "../io/errors.ts";
import type { Reader as IoReader, Writer } from "../io/io.ts";
import { decodeAt, encodeRune, fromBytes, toBytes } from "../text.ts";

type Result = [n: number, err: Error | undefined];

/**
 * Bytes that are written at the end and read from the beginning. Mirrors Go's `bytes.Buffer`; its zero value is `new
 * bytes.Buffer()`. Its methods do not wait, except `readFrom` and `writeTo`.
 *
 * @example
 * ```ts
 * const b = new bytes.Buffer();
 * b.writeString("hello ");
 * fmt.fprintf(b, "%s!", "world");
 * console.log(b.string()); // hello world!
 * ```
 */
export class Buffer {
  #bytes: Uint8Array;
  /** The index of the first unread byte. */
  #at = 0;
  /** What the last operation was: 0 if it cannot be undone, -1 if it read bytes, else the size of the rune that it read. */
  #last = 0;

  /** Starts with these bytes. The buffer owns them from then on. */
  constructor(bytes: Uint8Array = makeBytes(0, 64)) {
    this.#bytes = bytes;
  }

  /** Returns the unread bytes. The result shares the buffer's memory until the next write. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** Returns the unread bytes as a string. */
  string(): string {
    return fromBytes(this.bytes());
  }

  toString(): string {
    return this.string();
  }

  /** Returns the number of unread bytes. */
  len(): number {
    return this.#bytes.length - this.#at;
  }

  /** Returns the length: spare capacity is not reported here. */
  cap(): number {
    return this.#bytes.length;
  }

  /** Keeps only the first n unread bytes. */
  truncate(n: number): void {
    if (n === 0) return this.reset();
    this.#last = 0;
    if (n < 0 || n > this.len()) throw new PanicError("bytes.Buffer: truncation out of range");
    this.#bytes = this.#bytes.subarray(0, this.#at + n);
  }

  /** Empties the buffer. */
  reset(): void {
    this.#bytes = makeBytes(0, 64);
    this.#at = 0;
    this.#last = 0;
  }

  /** Does nothing: the buffer grows as needed. */
  grow(n: number): void {
    if (n < 0) throw new PanicError("bytes.Buffer.Grow: negative count");
  }

  write(p: ArrayLike<number>): Result {
    this.#last = 0;
    this.#bytes = appendAll(this.#bytes, p);
    return [p.length, undefined];
  }

  writeString(text: string): Result {
    return this.write(toBytes(text));
  }

  writeByte(byte: number): undefined {
    this.write([byte & 0xff]);
    return undefined;
  }

  writeRune(rune: number): Result {
    return this.write(encodeRune(rune));
  }

  /** Reads up to `p.length` bytes into `p`. */
  read(p: Uint8Array): Result {
    this.#last = 0;
    if (this.len() === 0) {
      this.reset();
      return [0, p.length === 0 ? undefined : eof];
    }
    const part = this.bytes().subarray(0, p.length);
    p.set(part);
    this.#at += part.length;
    if (part.length > 0) this.#last = -1;
    return [part.length, undefined];
  }

  /** Consumes and returns the next n bytes, or all if there are fewer. */
  next(n: number): Uint8Array {
    const part = this.bytes().subarray(0, n);
    this.#at += part.length;
    this.#last = part.length > 0 ? -1 : 0;
    return part;
  }

  readByte(): [byte: number, err: Error | undefined] {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) {
      this.reset();
      return [0, eof];
    }
    this.#at++;
    this.#last = -1;
    return [byte, undefined];
  }

  readRune(): [rune: number, size: number, err: Error | undefined] {
    if (this.len() === 0) {
      this.reset();
      return [0, 0, eof];
    }
    const [rune, size] = decodeAt(this.#bytes, this.#at);
    this.#at += size;
    this.#last = size;
    return [rune, size, undefined];
  }

  unreadByte(): Error | undefined {
    if (this.#last === 0) return new Error("bytes.Buffer: UnreadByte: previous operation was not a successful read");
    this.#last = 0;
    // A line may have been empty: that counts as a read, too.
    if (this.#at > 0) this.#at--;
    return undefined;
  }

  unreadRune(): Error | undefined {
    if (this.#last <= 0) return new Error("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune");
    this.#at -= this.#last;
    this.#last = 0;
    return undefined;
  }

  /** Reads up to a delimiter, which is included; `eof` if there is none. */
  readBytes(delimiter: number): [line: Uint8Array, err: Error | undefined] {
    const rest = this.bytes();
    const at = rest.indexOf(delimiter);
    const line = rest.slice(0, at < 0 ? rest.length : at + 1);
    this.#at += line.length;
    this.#last = -1;
    return [line, at < 0 ? eof : undefined];
  }

  /** Reads up to a delimiter, which is included; `eof` if there is none. */
  readString(delimiter: number): [line: string, err: Error | undefined] {
    const [line, err] = this.readBytes(delimiter);
    return [fromBytes(line), err];
  }

  /** Reads a reader to its end. */
  async readFrom(reader: IoReader): Promise<Result> {
    const piece = new Uint8Array(4096);
    let total = 0;
    for (;;) {
      const [n, err] = await reader.read(piece);
      this.write(piece.subarray(0, n));
      total += n;
      if (err !== undefined) return [total, err === eof ? undefined : err];
    }
  }

  /** Writes the unread bytes to a writer. */
  async writeTo(writer: Writer): Promise<Result> {
    const rest = this.bytes();
    if (rest.length === 0) return [0, undefined];
    const [n, err] = await writer.write(rest);
    this.#at += n;
    return [n, err];
  }
}

/** Makes a buffer that starts with these bytes and owns them. Mirrors Go's `bytes.NewBuffer`. */
export function newBuffer(bytes?: Uint8Array): Buffer {
  return new Buffer(bytes);
}

/** Makes a buffer that starts with a string. Mirrors Go's `bytes.NewBufferString`. */
export function newBufferString(text: string): Buffer {
  return new Buffer(toBytes(text));
}
