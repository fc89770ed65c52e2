import { cap } from "../append.ts";
import { PanicError } from "../../runtime/panic.ts";
import { eof } from "../io/errors.ts";
import { readSome, type Reader } from "../io/io.ts";
import { sentinel } from "../../runtime/error-values.ts";
import { decodeAt, fromBytes, toBytes } from "../text.ts";
import { fullRune } from "../utf8/utf8.ts";
import { isSpace } from "../unicode/unicode.ts";

/** The longest token that fits, unless `buffer` says otherwise: `bufio.MaxScanTokenSize`. */
export const maxScanTokenSize: number = 64 * 1024;
/** A token is longer than the buffer: `bufio.ErrTooLong`. */
export const errTooLong: Error = sentinel("bufio.Scanner: token too long");

/**
 * Finds the next token. Returns how many bytes to advance, and the token; 0 and undefined if it needs more data.
 * Mirrors Go's `bufio.SplitFunc`.
 */
export type SplitFunc = (
  data: Uint8Array,
  atEOF: boolean,
) => [advance: number, token: Uint8Array | undefined, err: Error | undefined];

/**
 * Reads token by token; the tokens are lines unless `split` sets another kind. Mirrors Go's `bufio.Scanner`.
 *
 * @example
 * ```ts
 * const scanner = bufio.newScanner(strings.newReader("one\ntwo\n"));
 * const lines: string[] = [];
 * while (await scanner.scan()) lines.push(scanner.text());
 * console.log(lines); // [ 'one', 'two' ]
 * ```
 */
export class Scanner {
  readonly #reader: Reader;
  #split: SplitFunc = scanLines;
  #max = maxScanTokenSize;
  /** The input that no token has been made of is from `#start` to `#end`. It grows to `#max`, as in Go, and no further. */
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #token: Uint8Array = new Uint8Array(0);
  #err: Error | undefined;
  #empties = 0;
  #started = false;
  #done = false;

  /** Made by {@link newScanner}. */
  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Sets the function that finds tokens. Call it before `scan`. */
  split(split: SplitFunc): void {
    if (this.#started) throw new PanicError("Split called after Scan");
    this.#split = split;
  }

  /**
   * Sets how far the buffer may grow: tokens are shorter than that, or than the array's capacity if it is larger. The array
   * itself is not written to.
   */
  buffer(buffer: Uint8Array | undefined, max: number): void {
    if (this.#started) throw new PanicError("Buffer called after Scan");
    this.#buffer = new Uint8Array(buffer === undefined ? 0 : cap(buffer));
    this.#max = max;
  }

  /** Advances to the next token; false at the end, or after an error. */
  async scan(): Promise<boolean> {
    if (this.#done) return false;
    this.#started = true;
    for (;;) {
      if (this.#end > this.#start || this.#err !== undefined) {
        const found = this.#next();
        if (found !== undefined) return found;
      }
      if (this.#err !== undefined) return this.#stop();
      if (!this.#makeRoom()) {
        this.#err = errTooLong;
        return this.#stop();
      }
      const [n, err] = await readSome(this.#reader, this.#buffer.subarray(this.#end));
      this.#end += n;
      if (err !== undefined) this.#err = err;
      if (n > 0) this.#empties = 0;
    }
  }

  /** Makes room for input in the buffer; false if it is full and may not grow. */
  #makeRoom(): boolean {
    const { length } = this.#buffer;
    if (this.#start > 0 && (this.#end === length || this.#start > length / 2)) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#end < length) return true;
    if (length >= this.#max) return false;
    const larger = new Uint8Array(Math.min(length === 0 ? 4096 : length * 2, this.#max));
    larger.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = larger;
    return true;
  }

  /** Looks for a token in the data read so far; undefined if more must be read. */
  #next(): boolean | undefined {
    const data = this.#buffer.subarray(this.#start, this.#end);
    const [advance, token, err] = this.#split(data, this.#err !== undefined);
    if (err !== undefined) {
      this.#err = err;
      return this.#stop();
    }
    if (advance < 0 || advance > data.length) {
      this.#err = new Error(
        advance < 0
          ? "bufio.Scanner: SplitFunc returns negative advance count"
          : "bufio.Scanner: SplitFunc returns advance count beyond input",
      );
      return this.#stop();
    }
    this.#start += advance;
    if (token === undefined) return undefined;
    this.#token = token;
    if (advance > 0 || this.#err === undefined) this.#empties = 0;
    else if (++this.#empties > 100) throw new PanicError("bufio.Scan: too many empty tokens without progressing");
    return true;
  }

  #stop(): false {
    this.#done = true;
    this.#token = new Uint8Array(0);
    return false;
  }

  /** Returns the token as a string. */
  text(): string {
    return fromBytes(this.#token);
  }

  /** Returns the token. */
  bytes(): Uint8Array {
    return this.#token;
  }

  /** Returns the error that ended the scan; undefined if the input ended. */
  err(): Error | undefined {
    return this.#err === eof ? undefined : this.#err;
  }
}

/** Makes a scanner that reads from a reader. Mirrors Go's `bufio.NewScanner`. */
export function newScanner(reader: Reader): Scanner {
  return new Scanner(reader);
}

/** Splits into lines, without their ends. Mirrors Go's `bufio.ScanLines`. */
export function scanLines(data: Uint8Array, atEOF: boolean): ReturnType<SplitFunc> {
  if (atEOF && data.length === 0) return [0, undefined, undefined];
  const end = data.indexOf(10);
  if (end >= 0) return [end + 1, withoutReturn(data.subarray(0, end)), undefined];
  return atEOF ? [data.length, withoutReturn(data), undefined] : [0, undefined, undefined];
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

/** Splits into words. Mirrors Go's `bufio.ScanWords`. */
export function scanWords(data: Uint8Array, atEOF: boolean): ReturnType<SplitFunc> {
  let start = 0;
  while (start < data.length) {
    const [rune, size] = decodeAt(data, start);
    if (!isSpace(rune)) break;
    start += size;
  }
  for (let i = start; i < data.length;) {
    const [rune, size] = decodeAt(data, i);
    if (isSpace(rune)) return [i + size, data.subarray(start, i), undefined];
    i += size;
  }
  if (atEOF && data.length > start) return [data.length, data.subarray(start), undefined];
  return [start, undefined, undefined];
}

/** Splits into characters; a byte that is not UTF-8 becomes U+FFFD. Mirrors Go's `bufio.ScanRunes`. */
export function scanRunes(data: Uint8Array, atEOF: boolean): ReturnType<SplitFunc> {
  if (atEOF && data.length === 0) return [0, undefined, undefined];
  const [rune, size] = decodeAt(data, 0);
  if (rune !== 0xfffd || size > 1) return [size, data.subarray(0, size), undefined];
  if (!atEOF && !fullRune(data)) return [0, undefined, undefined];
  return [1, toBytes("\ufffd"), undefined];
}

/** Splits into bytes. Mirrors Go's `bufio.ScanBytes`. */
export function scanBytes(data: Uint8Array, atEOF: boolean): ReturnType<SplitFunc> {
  return atEOF && data.length === 0 ? [0, undefined, undefined] : [1, data.subarray(0, 1), undefined];
}
