/** Texts and errors on their way between JavaScript and SQLite's memory. */

import type { Pointer, Sqlite } from "./wasm.ts";

const encoder = new TextEncoder();
// A byte order mark is a character like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The longest string that every host can make, in bytes of ASCII. */
const longest = 2 ** 29 - 24;

/** Short texts are decoded byte by byte: up to there it is faster than the decoder's start. */
const short = 24;

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
  /** Room for two pointers. */
  readonly out: Pointer;

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite;
    this.out = sqlite.wasm.alloc(16);
  }

  /** Returns the pointer that a function left in the n-th place of `out`. */
  result(n: number): Pointer {
    return this.#sqlite.wasm.heap32()[(this.out >> 2) + n] as Pointer;
  }

  /** Copies bytes, with a zero behind them, to where SQLite finds them; the caller owns that. */
  put(bytes: Uint8Array): Pointer {
    const { wasm } = this.#sqlite;
    const pointer = wasm.alloc(bytes.length + 1);
    const heap = wasm.heap8u();
    heap.set(bytes, pointer);
    heap[pointer + bytes.length] = 0;
    return pointer;
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
export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Reads a text of a known length. What is no UTF-8 becomes U+FFFD. */
export function decode(heap: Uint8Array, at: Pointer, length: number): string {
  if (length <= short) {
    let text = "";
    let index = at;
    for (const end = at + length; index < end; index++) {
      const byte = heap[index] as number;
      if (byte > 127) break;
      text += String.fromCharCode(byte);
    }
    if (index === at + length) return text;
  }
  if (length > longest) throw new Refused("string or blob too big", "SQLITE_TOOBIG", 18);
  return decoder.decode(heap.subarray(at, at + length));
}
