/** Texts and errors on their way between JavaScript and SQLite's memory. */

import type { Pointer, Sqlite } from "./wasm.ts";

const encoder = new TextEncoder();
// A byte order mark is a character like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The longest string that every host can make, in bytes of ASCII. */
const longest = 2 ** 29 - 24;

/** Short texts of ASCII are read and written byte by byte: up to there it is faster than the start of a decoder or encoder. */
const shortToRead = 32;
const shortToWrite = 256;

/** An error of SQLite's. */
export class Refused extends Error {
  readonly code: string;
  readonly errno: number;
  readonly offset: number | undefined;

  constructor(message: string, code: string, errno: number, offset?: number) {
    super(message);
    this.code = code;
    this.errno = errno;
    this.offset = offset;
  }
}

/** A call that cannot be right: an error of the program's, not of SQLite's. */
export class Misuse extends Error {}

/** SQLite's memory, for texts and for what its functions return through pointers. */
export class Memory {
  readonly #sqlite: Sqlite;
  #heap: Uint8Array;
  /** Room for two pointers. */
  readonly out: Pointer;
  /** How many bytes the last {@link putText} has written, without the zero. */
  written = 0;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.#heap = sqlite.wasm.heap8u();
    this.out = sqlite.wasm.alloc(16);
  }

  /** All of it. When it grows, the view of before has no length any more. */
  get heap(): Uint8Array {
    if (this.#heap.length === 0) this.#heap = this.#sqlite.wasm.heap8u();
    return this.#heap;
  }

  /** Returns the pointer that a function left in the n-th place of `out`. */
  result(n: number): Pointer {
    return this.#sqlite.wasm.heap32()[(this.out >> 2) + n] as Pointer;
  }

  /** Copies bytes, with a zero behind them, to where SQLite finds them; the caller owns that. */
  put(bytes: Uint8Array): Pointer {
    const { wasm } = this.#sqlite;
    const pointer = wasm.alloc(bytes.length + 1);
    const { heap } = this;
    heap.set(bytes, pointer);
    heap[pointer + bytes.length] = 0;
    return pointer;
  }

  /** Copies a text, with a zero behind it, to where SQLite finds it; the caller owns that. The length is `written`. */
  putText(text: string): Pointer {
    const { length } = text;
    if (length <= shortToWrite) {
      const { wasm } = this.#sqlite;
      const pointer = wasm.alloc(length + 1);
      const { heap } = this;
      if (writeAscii(heap, pointer, text)) {
        heap[pointer + length] = 0;
        this.written = length;
        return pointer;
      }
      wasm.dealloc(pointer);
    }
    const bytes = encode(text);
    this.written = bytes.length;
    return this.put(bytes);
  }

  /** Reads a C string. */
  string(pointer: Pointer): string {
    return pointer === 0 ? "" : this.#sqlite.wasm.cstrToJs(pointer);
  }

  free(): void {
    this.#sqlite.wasm.dealloc(this.out);
  }
}

/** Returns the bytes of a text. */
function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Writes a text, unless there is more than ASCII in it: then it says false. */
function writeAscii(heap: Uint8Array, at: Pointer, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return false;
    heap[at + i] = code;
  }
  return true;
}

/** Reads a text of a known length. What is no UTF-8 becomes U+FFFD. */
export function decode(heap: Uint8Array, at: Pointer, length: number): string {
  const text = length <= shortToRead ? readAscii(heap, at, at + length) : undefined;
  if (text !== undefined) return text;
  if (length > longest) throw new Refused("string or blob too big", "SQLITE_TOOBIG", 18);
  return decoder.decode(heap.subarray(at, at + length));
}

/** Reads a text, unless there is more than ASCII in it. In eights: each piece that is appended is a string of its own. */
function readAscii(heap: Uint8Array, start: Pointer, end: Pointer): string | undefined {
  const at = (index: number): number => heap[index] as number;
  let text = "";
  let i = start;
  for (; i + 8 <= end; i += 8) {
    const [a, b, c, d] = [at(i), at(i + 1), at(i + 2), at(i + 3)];
    const [e, f, g, h] = [at(i + 4), at(i + 5), at(i + 6), at(i + 7)];
    if ((a | b | c | d | e | f | g | h) > 127) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (i + 4 <= end) {
    const [a, b, c, d] = [at(i), at(i + 1), at(i + 2), at(i + 3)];
    if ((a | b | c | d) > 127) return undefined;
    text += String.fromCharCode(a, b, c, d);
    i += 4;
  }
  for (; i < end; i++) {
    const code = at(i);
    if (code > 127) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}
