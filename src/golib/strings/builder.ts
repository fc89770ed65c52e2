import { toBytes, encodeRune, fromBytes, fromRune, utf8Length } from "../text.ts";

type Written = [n: number, err: undefined];

/**
 * Builds a string piece by piece. Mirrors Go's `strings.Builder`; its zero value is `new strings.Builder()`.
 *
 * @example
 * ```ts
 * const b = new strings.Builder();
 * b.writeString("a");
 * b.writeRune(0xe9);
 * console.log(b.string(), b.len()); // aé 3
 * ```
 */
export class Builder {
  #text = "";
  /** Bytes after the text; the last ones may be an incomplete character. */
  #bytes: number[] = [];

  /** Appends a string. The error is always undefined. */
  writeString(text: string): Written {
    const length = utf8Length(text);
    if (this.#bytes.length === 0) this.#text += text;
    else this.#push(toBytes(text));
    return [length, undefined];
  }

  /** Appends a byte. */
  writeByte(byte: number): undefined {
    if (this.#bytes.length === 0 && byte < 0x80) this.#text += String.fromCharCode(byte);
    else this.#bytes.push(byte & 0xff);
    return undefined;
  }

  /** Appends a code point. */
  writeRune(rune: number): Written {
    if (this.#bytes.length === 0) this.#text += fromRune(rune);
    else this.#push(encodeRune(rune));
    return [encodeRune(rune).length, undefined];
  }

  /** Appends bytes. Mirrors `Write`, so that a builder can be printed to. */
  write(bytes: Uint8Array): Written {
    if (this.#bytes.length === 0 && bytes.every((byte) => byte < 0x80)) this.#text += fromBytes(bytes);
    else this.#push(bytes);
    return [bytes.length, undefined];
  }

  #push(bytes: Iterable<number>): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** Returns the text built so far. Mirrors `String`. */
  string(): string {
    return this.#bytes.length === 0 ? this.#text : this.#text + fromBytes(Uint8Array.from(this.#bytes));
  }

  toString(): string {
    return this.string();
  }

  /** Returns the number of bytes so far. Mirrors `Len`. */
  len(): number {
    return utf8Length(this.#text) + this.#bytes.length;
  }

  /** Returns the length: a string has no spare capacity. Mirrors `Cap`. */
  cap(): number {
    return this.len();
  }

  /** Does nothing: the engine allocates memory as needed. Mirrors `Grow`. */
  grow(_n: number): void {}

  /** Empties the builder. Mirrors `Reset`. */
  reset(): void {
    this.#text = "";
    this.#bytes = [];
  }
}
