import { sentinel } from "../../runtime/error-values.ts";
import { readSome, type Reader as Source } from "../io/io.ts";
import { decodeAt, fromBytes } from "../text.ts";
import { fullRune } from "../utf8/utf8.ts";

type Result = [n: number, err: Error | undefined];

const errInvalidUnreadByte: Error = sentinel("bufio: invalid use of UnreadByte");
const errInvalidUnreadRune: Error = sentinel("bufio: invalid use of UnreadRune");
const errNegativeCount: Error = sentinel("bufio: negative count");

/** Reads ahead, so that single bytes, characters and lines can be read. Mirrors Go's `bufio.Reader`. */
export class Reader {
  #source: Source;
  #data: Uint8Array = new Uint8Array(0);
  /** The error of the source, returned when the buffered data is used up. */
  #err: Error | undefined;
  /** The last byte, if it can be unread, and the bytes of the last rune. */
  #last: number | undefined;
  #lastRune: Uint8Array | undefined;

  /** Made by {@link newReader}. */
  constructor(source: Source) {
    this.#source = source;
  }

  async #fill(): Promise<void> {
    const piece = new Uint8Array(4096);
    const [n, err] = await readSome(this.#source, piece);
    const joined = new Uint8Array(this.#data.length + n);
    joined.set(this.#data);
    joined.set(piece.subarray(0, n), this.#data.length);
    this.#data = joined;
    this.#err = err;
    // What was read before is no longer in the buffer.
    this.#lastRune = undefined;
  }

  #take(n: number): Uint8Array {
    const part = this.#data.subarray(0, n);
    this.#data = this.#data.subarray(n);
    if (part.length > 0) {
      this.#last = part.at(-1);
      this.#lastRune = undefined;
    }
    return part;
  }

  #unread(bytes: Uint8Array): undefined {
    const joined = new Uint8Array(bytes.length + this.#data.length);
    joined.set(bytes);
    joined.set(this.#data, bytes.length);
    this.#data = joined;
    this.#forget();
  }

  #forget(): void {
    this.#last = undefined;
    this.#lastRune = undefined;
  }

  #error(): Error | undefined {
    const err = this.#err;
    this.#err = undefined;
    return err;
  }

  /** Returns how many bytes can be read without waiting. */
  buffered(): number {
    return this.#data.length;
  }

  async read(p: Uint8Array): Promise<Result> {
    if (p.length === 0) return [0, this.#data.length > 0 ? undefined : this.#error()];
    if (this.#data.length === 0 && this.#err === undefined) await this.#fill();
    if (this.#data.length === 0) return [0, this.#error()];
    const part = this.#take(p.length);
    p.set(part);
    return [part.length, undefined];
  }

  async readByte(): Promise<[byte: number, err: Error | undefined]> {
    this.#lastRune = undefined;
    if (this.#data.length === 0 && this.#err === undefined) await this.#fill();
    if (this.#data.length === 0) return [0, this.#error()];
    return [this.#take(1)[0] as number, undefined];
  }

  /** Unreads the last byte. */
  unreadByte(): Error | undefined {
    return this.#last === undefined ? errInvalidUnreadByte : this.#unread(Uint8Array.of(this.#last));
  }

  /** Unreads the last rune, if it was read by the last call. */
  unreadRune(): Error | undefined {
    return this.#lastRune === undefined ? errInvalidUnreadRune : this.#unread(this.#lastRune);
  }

  async readRune(): Promise<[rune: number, size: number, err: Error | undefined]> {
    while (this.#err === undefined && (this.#data.length === 0 || !fullRune(this.#data))) await this.#fill();
    this.#lastRune = undefined;
    if (this.#data.length === 0) return [0, 0, this.#error()];
    const [rune, size] = decodeAt(this.#data, 0);
    this.#lastRune = this.#take(size);
    return [rune, size, undefined];
  }

  /** Returns the next n bytes without consuming them; fewer, with an error, if the source ends before. */
  async peek(n: number): Promise<[bytes: Uint8Array, err: Error | undefined]> {
    if (n < 0) return [new Uint8Array(0), errNegativeCount];
    this.#forget();
    while (this.#data.length < n && this.#err === undefined) await this.#fill();
    return [this.#data.subarray(0, n), this.#data.length < n ? this.#error() : undefined];
  }

  /** Skips n bytes. */
  async discard(n: number): Promise<Result> {
    if (n === 0) return [0, undefined];
    const [bytes, err] = await this.peek(n);
    this.#take(bytes.length);
    if (n > 0) this.#forget();
    return [bytes.length, err];
  }

  /** Reads up to a delimiter, which is included. */
  async readBytes(delimiter: number): Promise<[line: Uint8Array, err: Error | undefined]> {
    for (;;) {
      const at = this.#data.indexOf(delimiter);
      if (at >= 0) return [this.#take(at + 1).slice(), undefined];
      if (this.#err !== undefined) return [this.#take(this.#data.length).slice(), this.#error()];
      await this.#fill();
    }
  }

  /** Reads up to a delimiter, which is included. */
  async readString(delimiter: number): Promise<[line: string, err: Error | undefined]> {
    const [line, err] = await this.readBytes(delimiter);
    return [fromBytes(line), err];
  }

  /** Reads up to a delimiter, which is included. The length is not limited here. */
  readSlice(delimiter: number): Promise<[line: Uint8Array, err: Error | undefined]> {
    return this.readBytes(delimiter);
  }

  /** Reads a line without its end. Here it is always a whole line: `isPrefix` is false. */
  async readLine(): Promise<[line: Uint8Array | undefined, isPrefix: boolean, err: Error | undefined]> {
    const [line, err] = await this.readBytes(10);
    if (line.length === 0) return [undefined, false, err];
    let end = line.length;
    if (line[end - 1] === 10) end--;
    if (end < line.length && line[end - 1] === 13) end--;
    return [line.subarray(0, end), false, undefined];
  }

  /** Discards the buffered data and reads from another source. */
  reset(source: Source): void {
    this.#source = source;
    this.#data = new Uint8Array(0);
    this.#err = undefined;
    this.#forget();
  }
}

/** Makes a reader that reads ahead. Mirrors Go's `bufio.NewReader`. */
export function newReader(source: Source): Reader {
  return source instanceof Reader ? source : new Reader(source);
}

/**
 * Makes a reader that reads ahead. The size is ignored: the buffer grows as needed. Mirrors Go's `bufio.NewReaderSize`.
 */
export function newReaderSize(source: Source, _size: number): Reader {
  return newReader(source);
}
