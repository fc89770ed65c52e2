import { Notes } from "./notes.ts";

/**
 * The name of an object in a log, as a number that costs nothing to keep: its kind, and how many of the kind there were
 * before. 0 is the empty name.
 */
export type Name = number;

/** More kinds than a program has classes of locks. */
const kindsAtMost = 0x1_0000;

/** Names for the program's objects, in the order in which each kind is first seen: `ch1`, `ch2`, `Mutex1`. */
export class Names {
  readonly #names = new Notes<Name>();
  readonly #kinds: string[] = [""];
  /** How many objects of each kind have a name. */
  readonly #counts: number[] = [0];
  readonly #indices = new Map<string, number>([["", 0]]);

  /** Returns the name of an object, which is given one of this kind if it has none. */
  of(object: object, kind: string): Name {
    const known = this.#names.get(object);
    if (known !== undefined) return known;
    const index = this.#indexOf(kind);
    const count = (this.#counts[index] as number) + 1;
    this.#counts[index] = count;
    const name = count * kindsAtMost + index;
    this.#names.set(object, name);
    return name;
  }

  /** Returns the name of an object that has been seen; otherwise the empty name. */
  known(object: object): Name {
    return this.#names.get(object) ?? 0;
  }

  /** Returns a name that is a number behind a word, or the word alone for 0. */
  numbered(word: string, number: number): Name {
    return number * kindsAtMost + this.#indexOf(word);
  }

  text(name: Name): string {
    const index = name % kindsAtMost;
    const kind = this.#kinds[index] as string;
    return name === index ? kind : `${kind}${(name - index) / kindsAtMost}`;
  }

  #indexOf(kind: string): number {
    const known = this.#indices.get(kind);
    if (known !== undefined) return known;
    this.#counts.push(0);
    const index = this.#kinds.push(kind) - 1;
    this.#indices.set(kind, index);
    return index;
  }
}
