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
  readonly #buffer: Uint8Array;
  /** How much of the buffer is full. */
  #n = 0;
  #err: Error | undefined;

  /** Made by {@link newWriter}. */
  constructor(target: Target, size: number) {
    this.#target = target;
    this.#buffer = new Uint8Array(size);
  }

  async write(p: ArrayLike<number>): Promise<Result> {
    let rest: Uint8Array = p instanceof Uint8Array ? p : Uint8Array.from(p);
    while (rest.length > this.available() && this.#err === undefined) {
      let n: number;
      // What is larger than the buffer need not go through it.
      if (this.#n === 0) [n, this.#err] = await this.#target.write(rest);
      else {
        n = this.#fill(rest);
        await this.flush();
      }
      rest = rest.subarray(n);
    }
    if (this.#err !== undefined) return [p.length - rest.length, this.#err];
    this.#fill(rest);
    return [p.length, undefined];
  }

  /** Copies what there is room for, and returns how much that is. */
  #fill(bytes: Uint8Array): number {
    const n = Math.min(bytes.length, this.available());
    this.#buffer.set(bytes.subarray(0, n), this.#n);
    this.#n += n;
    return n;
  }

  writeString(text: string): Promise<Result> {
    return this.write(toBytes(text));
  }

  async writeByte(byte: number): Promise<Error | undefined> {
    if (this.#err === undefined && this.available() === 0) await this.flush();
    if (this.#err === undefined) this.#fill(Uint8Array.of(byte));
    return this.#err;
  }

  async writeRune(rune: number): Promise<Result> {
    const bytes = Uint8Array.from(encodeRune(rune));
    // A rune is not divided, unless the buffer is too small for it.
    const room = bytes.length === 1 ? 1 : 4;
    if (this.#err === undefined && this.available() < room) await this.flush();
    return this.write(bytes);
  }

  /** Passes on the buffered data. */
  async flush(): Promise<Error | undefined> {
    if (this.#err !== undefined || this.#n === 0) return this.#err;
    // A copy, because the target may keep what it gets.
    const data = this.#buffer.slice(0, this.#n);
    const [n, err] = await this.#target.write(data);
    this.#err = err ?? (n < data.length ? errShortWrite : undefined);
    if (this.#err !== undefined) this.#buffer.copyWithin(0, n, this.#n);
    this.#n -= this.#err === undefined ? data.length : n;
    return this.#err;
  }

  /** Returns how many bytes are buffered. */
  buffered(): number {
    return this.#n;
  }

  /** Returns how many bytes of the buffer are free. */
  available(): number {
    return this.#buffer.length - this.#n;
  }

  /** Returns the size of the buffer. */
  size(): number {
    return this.#buffer.length;
  }

  /** Discards the buffered data and writes to another target. */
  reset(target: Target): void {
    this.#target = target;
    this.#n = 0;
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
