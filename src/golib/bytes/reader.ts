import { eof } from "../io/errors.ts";
import { decodeAt } from "../text.ts";

/** Reads from bytes. Mirrors Go's `bytes.Reader`. Its methods do not wait. */
export class Reader {
  #bytes: Uint8Array;
  #at = 0;

  /** Made by {@link newReader}. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Returns how many bytes are left. */
  len(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  /** Returns the total number of bytes. */
  size(): number {
    return this.#bytes.length;
  }

  read(p: Uint8Array): [n: number, err: Error | undefined] {
    if (this.len() === 0) return [0, eof];
    const part = this.#bytes.subarray(this.#at, this.#at + p.length);
    p.set(part);
    this.#at += part.length;
    return [part.length, undefined];
  }

  readByte(): [byte: number, err: Error | undefined] {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return [0, eof];
    this.#at++;
    return [byte, undefined];
  }

  unreadByte(): Error | undefined {
    if (this.#at <= 0) return new Error("bytes.Reader.UnreadByte: at beginning of slice");
    this.#at--;
    return undefined;
  }

  readRune(): [rune: number, size: number, err: Error | undefined] {
    if (this.len() === 0) return [0, 0, eof];
    const [rune, size] = decodeAt(this.#bytes, this.#at);
    this.#at += size;
    return [rune, size, undefined];
  }

  /** Sets the position: relative to the start (0), the current position (1) or the end (2). */
  seek(offset: number, whence: number): [position: number, err: Error | undefined] {
    const from = [0, this.#at, this.#bytes.length][whence];
    if (from === undefined) return [0, new Error("bytes.Reader.Seek: invalid whence")];
    if (from + offset < 0) return [0, new Error("bytes.Reader.Seek: negative position")];
    this.#at = from + offset;
    return [this.#at, undefined];
  }

  /** Reads from other bytes. */
  reset(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
  }
}

/** Makes a reader over bytes. Mirrors Go's `bytes.NewReader`. */
export function newReader(bytes: Uint8Array = new Uint8Array(0)): Reader {
  return new Reader(bytes);
}
