import { beginsWith, TextCache } from "../driver/text-cache.ts";
import type { Description } from "./exchange.ts";

/** A statement that the server keeps under a name, and what it has said about it. */
export interface Kept {
  readonly name: string;
  readonly description: Description;
}

/** Statements that take time to understand, and whose result the server checks each time. */
const keepable = /^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)\b/i;

/** Statements after which the kept ones may be gone, or yield other columns. */
const changing = beginsWith(..."CREATE ALTER DROP TRUNCATE DISCARD DEALLOCATE SET RESET IMPORT DO CALL".split(" "));

/** The texts that the server keeps as prepared statements for one connection. */
export class StatementCache extends TextCache<Kept> {
  #unneeded: string[] = [];

  /** Keeps at most `size` texts; 0 for none. */
  constructor(size: number) {
    super(size, keepable, ({ name }) => this.free(name));
  }

  /** Takes note of a statement that is about to run: after some, nothing that is kept can be relied on. */
  note(text: string): void {
    if (changing.test(text)) this.clear();
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
