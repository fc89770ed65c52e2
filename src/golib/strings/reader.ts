import { eof } from "../io/errors.ts";
import { toBytes, decodeAt } from "../text.ts";

/**
 * Reads from a string. Mirrors Go's `strings.Reader`. Its methods do not wait, so it can be read without `await`.
 *
 * @example
 * ```ts
 * const r = strings.newReader("abc");
 * const p = new Uint8Array(2);
 * console.log(r.read(p), p); // [ 2, undefined ] Uint8Array(2) [ 97, 98 ]
 * ```
 */
export class Reader {
  #bytes: Uint8Array;
  #at = 0;
  /** The index of the last character read; -1 if the last call did not read one. */
  #lastRune = -1;

  /** Made by {@link newReader}. */
  constructor(text: string) {
    this.#bytes = toBytes(text);
  }

  /** Returns how many bytes are left. Mirrors `Len`. */
  len(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  /** Returns the total number of bytes. Mirrors `Size`. */
  size(): number {
    return this.#bytes.length;
  }

  /** Reads up to `p.length` bytes into `p`; at the end returns `io.eof`. */
  read(p: Uint8Array): [n: number, err: Error | undefined] {
    if (this.#at >= this.#bytes.length) return [0, eof];
    this.#lastRune = -1;
    const part = this.#bytes.subarray(this.#at, this.#at + p.length);
    p.set(part);
    this.#at += part.length;
    return [part.length, undefined];
  }

  /** Reads one byte. Mirrors `ReadByte`. */
  readByte(): [byte: number, err: Error | undefined] {
    this.#lastRune = -1;
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return [0, eof];
    this.#at++;
    return [byte, undefined];
  }

  /** Unreads the last byte. Mirrors `UnreadByte`. */
  unreadByte(): Error | undefined {
    if (this.#at <= 0) return new Error("strings.Reader.UnreadByte: at beginning of string");
    this.#lastRune = -1;
    this.#at--;
    return undefined;
  }

  /** Reads one character. Mirrors `ReadRune`. */
  readRune(): [rune: number, size: number, err: Error | undefined] {
    if (this.#at >= this.#bytes.length) {
      this.#lastRune = -1;
      return [0, 0, eof];
    }
    this.#lastRune = this.#at;
    const [rune, size] = decodeAt(this.#bytes, this.#at);
    this.#at += size;
    return [rune, size, undefined];
  }

  /** Unreads the last character. Mirrors `UnreadRune`. */
  unreadRune(): Error | undefined {
    if (this.#at <= 0) return new Error("strings.Reader.UnreadRune: at beginning of string");
    if (this.#lastRune < 0) return new Error("strings.Reader.UnreadRune: previous operation was not ReadRune");
    this.#at = this.#lastRune;
    this.#lastRune = -1;
    return undefined;
  }

  /** Reads from another string. Mirrors `Reset`. */
  reset(text: string): void {
    this.#bytes = toBytes(text);
    this.#at = 0;
    this.#lastRune = -1;
  }
}

/** Makes a reader over a string. Mirrors Go's `strings.NewReader`. */
export function newReader(text: string): Reader {
  return new Reader(text);
}
