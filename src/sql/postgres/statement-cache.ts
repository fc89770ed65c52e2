import type { Description } from "./exchange.ts";

/** A statement that the server keeps under a name, and what it has said about it. */
export interface Kept {
  readonly name: string;
  readonly description: Description;
}

/** The longest text that is kept. */
const longest = 1 << 14;

/** Statements that take time to understand, and whose result the server checks each time. */
const keepable = /^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)\b/i;

/** Statements after which the kept ones may be gone, or yield other columns. */
const changing = /^\s*(CREATE|ALTER|DROP|TRUNCATE|DISCARD|DEALLOCATE|SET|RESET|IMPORT|DO|CALL)\b/i;

/**
 * The texts that the server keeps as prepared statements for one connection, so that it need not parse and plan them
 * again. A text is kept when it comes for the second time; the text that was not used for longest goes first.
 */
export class StatementCache {
  readonly #size: number;
  /** By text, the one used last at the end. */
  readonly #kept = new Map<string, Kept>();
  /** Texts that came once, the latest at the end. */
  readonly #seen = new Set<string>();
  #unneeded: string[] = [];

  /** Keeps at most `size` texts; 0 for none. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Returns the statement of a text, if it is kept. */
  find(text: string): Kept | undefined {
    const kept = this.#kept.get(text);
    if (kept !== undefined) {
      this.#kept.delete(text);
      this.#kept.set(text, kept);
    }
    return kept;
  }

  /** Tells whether a text that is not kept should be from now on, because it came before. */
  isWanted(text: string): boolean {
    if (this.#size === 0 || text.length > longest || !keepable.test(text)) return false;
    if (this.#seen.delete(text)) return true;
    this.#seen.add(text);
    if (this.#seen.size > this.#size) this.#seen.delete(first(this.#seen) as string);
    return false;
  }

  /** Keeps a statement that the server has prepared. */
  add(text: string, kept: Kept): void {
    this.#kept.set(text, kept);
    if (this.#kept.size > this.#size) this.forget(first(this.#kept.keys()) as string);
  }

  /** Forgets a statement. */
  forget(text: string): void {
    const kept = this.#kept.get(text);
    if (kept === undefined) return;
    this.#kept.delete(text);
    this.#unneeded.push(kept.name);
  }

  /** Takes note of a statement that is about to run: after some, nothing that is kept can be relied on. */
  note(text: string): void {
    if (this.#kept.size > 0 && changing.test(text)) for (const kept of this.#kept.keys()) this.forget(kept);
  }

  /** Has the server free a statement with the next one that runs. */
  free(name: string): void {
    this.#unneeded.push(name);
  }

  /** Returns the names of what the server need not keep any more, once. */
  takeUnneeded(): string[] {
    if (this.#unneeded.length === 0) return this.#unneeded;
    const names = this.#unneeded;
    this.#unneeded = [];
    return names;
  }
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}
