/**
 * Which texts a server keeps as prepared statements for one connection, so that it need not parse and plan them again.
 * A text is kept when it comes for the second time; the one that was not used for longest goes first.
 */

/** The longest text that is kept. */
const longest = 1 << 14;

/** Blanks, comments and brackets before the first word. Each begins with another character, so there is one way to match. */
const before = String.raw`(?:[\s(]|--[^\n]*\n|/\*(?![!M])(?:[^*]|\*(?!/))*\*/)*`;

/** Returns a pattern that finds statements by their first word, whatever comments are before it. */
export function beginsWith(...words: readonly string[]): RegExp {
  return new RegExp(String.raw`^${before}(?:${words.join("|")})\b`, "i");
}

/** The texts of one connection, and what is known of each. */
export class TextCache<T> {
  readonly #size: number;
  readonly #keepable: RegExp;
  /** Is called with each that goes. */
  readonly #free: (kept: T, text: string) => void;
  /** By text, the one used last at the end. */
  readonly #kept = new Map<string, T>();
  /** Texts that came once, the latest at the end. */
  readonly #seen = new Set<string>();

  /** Keeps at most `size` texts, 0 for none, of those that `keepable` finds worth it. */
  constructor(size: number, keepable: RegExp, free: (kept: T, text: string) => void) {
    this.#size = size;
    this.#keepable = keepable;
    this.#free = free;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Returns what is known of a text, if it is kept. */
  find(text: string): T | undefined {
    const kept = this.#kept.get(text);
    if (kept !== undefined) {
      this.#kept.delete(text);
      this.#kept.set(text, kept);
    }
    return kept;
  }

  /** Tells whether a text is kept. */
  has(text: string): boolean {
    return this.#kept.has(text);
  }

  /** Tells whether a text that is not kept should be from now on, because it came before. */
  isWanted(text: string): boolean {
    if (this.#size === 0 || text.length > longest || !this.#keepable.test(text)) return false;
    if (this.#seen.delete(text)) return true;
    this.#seen.add(text);
    if (this.#seen.size > this.#size) this.#seen.delete(first(this.#seen) as string);
    return false;
  }

  /** Keeps a text. */
  add(text: string, kept: T): void {
    this.#kept.set(text, kept);
    if (this.#kept.size > this.#size) this.forget(first(this.#kept.keys()) as string);
  }

  /** Forgets a text. */
  forget(text: string): void {
    const kept = this.#kept.get(text);
    if (kept === undefined) return;
    this.#kept.delete(text);
    this.#free(kept, text);
  }

  /** Forgets all texts. */
  clear(): void {
    for (const text of this.#kept.keys()) this.forget(text);
  }
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
