import { appendAll, makeBytes } from "../append.ts";
import { errShortWrite } from "../io/errors.ts";
import type { Writer as Target } from "../io/io.ts";
import { encodeRune, toBytes } from "../text.ts";

type Result = [n: number, err: Error | undefined];

/**
 * Buffers what is written, and passes it on when the buffer is full or at `flush`. Mirrors Go's `bufio.Writer`.
 *
 * @example
 * ```ts
 * const target = new strings.Builder();
 * const w = bufio.newWriter(target);
 * await w.writeString("hi");
 * console.log(target.len(), w.buffered()); // 0 2
 * await w.flush();
 * console.log(target.string()); // hi
 * ```
 */
export class Writer {
  #target: Target;
  readonly #size: number;
  #data: Uint8Array;
  #err: Error | undefined;

  /** Made by {@link newWriter}. */
  constructor(target: Target, size: number) {
    this.#target = target;
    this.#size = size;
    this.#data = makeBytes(0, size);
  }

  async write(p: ArrayLike<number>): Promise<Result> {
    if (this.#err !== undefined) return [0, this.#err];
    this.#data = appendAll(this.#data, p);
    if (this.#data.length > this.#size) {
      const err = await this.flush();
      if (err !== undefined) return [0, err];
    }
    return [p.length, undefined];
  }

  writeString(text: string): Promise<Result> {
    return this.write(toBytes(text));
  }

  async writeByte(byte: number): Promise<Error | undefined> {
    return (await this.write([byte & 0xff]))[1];
  }

  writeRune(rune: number): Promise<Result> {
    return this.write(encodeRune(rune));
  }

  /** Passes on the buffered data. */
  async flush(): Promise<Error | undefined> {
    if (this.#err !== undefined) return this.#err;
    const data = this.#data;
    if (data.length === 0) return undefined;
    this.#data = makeBytes(0, this.#size);
    const [n, err] = await this.#target.write(data);
    this.#err = err ?? (n < data.length ? errShortWrite : undefined);
    return this.#err;
  }

  /** Returns how many bytes are buffered. */
  buffered(): number {
    return this.#data.length;
  }

  /** Returns how many bytes of the buffer are free. */
  available(): number {
    return this.#size - this.#data.length;
  }

  /** Returns the size of the buffer. */
  size(): number {
    return this.#size;
  }

  /** Discards the buffered data and writes to another target. */
  reset(target: Target): void {
    this.#target = target;
    this.#data = makeBytes(0, this.#size);
    this.#err = undefined;
  }
}

/** Makes a writer with a buffer of 4,096 bytes. Mirrors Go's `bufio.NewWriter`. */
export function newWriter(target: Target): Writer {
  return new Writer(target, 4096);
}

/** Makes a writer with a buffer of the given size. Mirrors Go's `bufio.NewWriterSize`. */
export function newWriterSize(target: Target, size: number): Writer {
  return new Writer(target, size <= 0 ? 4096 : size);
}
