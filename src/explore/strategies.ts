/**
 * How one run chooses who goes on.
 */

import type { Routine, Strand, Strategy } from "../conductor/routine.ts";
import type { Random } from "./random.ts";

/** Every goroutine that can go on is equally likely to. */
export class RandomWalk implements Strategy {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(options: readonly Strand[]): number {
    return this.#random.below(options.length);
  }

  choose(ready: number): number {
    return this.#random.below(ready);
  }
}

/** The goroutine that has waited longest goes on, nearly as without a conductor; selects choose at random. */
export class InOrder implements Strategy {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(options: readonly Strand[]): number {
    let oldest = 0;
    for (let i = 1; i < options.length; i++) {
      if ((options[i] as Strand).since < (options[oldest] as Strand).since) oldest = i;
    }
    return oldest;
  }

  choose(ready: number): number {
    return this.#random.below(ready);
  }
}

/** How many steps in a row a goroutine may have: one that polls for what others do would poll without end. */
const maxInRow = 200;

/**
 * Probabilistic concurrency testing (Burckhardt and others, 2010): goroutines have random priorities and the highest goes
 * on; at `depth - 1` random steps the one that would go on falls below all others.
 */
export class Priorities implements Strategy {
  readonly #random: Random;
  /** The steps at which a priority falls. */
  readonly #changes: ReadonlySet<number>;
  readonly #priorities = new Map<number, number>();
  #lowest = 0;
  #step = 0;
  #inRow = 0;

  /** `length` is how many choices a run is thought to have. */
  constructor(random: Random, depth: number, length: number) {
    this.#random = random;
    this.#changes = new Set(Array.from({ length: depth - 1 }, () => 1 + random.below(Math.max(length, 1))));
  }

  next(options: readonly Strand[], last: Routine | undefined): number {
    this.#step++;
    const best = this.#highest(options);
    const { routine } = options[best] as Strand;
    this.#inRow = routine === last ? this.#inRow + 1 : 0;
    if (!this.#changes.has(this.#step) && this.#inRow <= maxInRow) return best;
    this.#inRow = 0;
    this.#priorities.set(routine.number, --this.#lowest);
    return this.#highest(options);
  }

  choose(ready: number): number {
    return this.#random.below(ready);
  }

  #highest(options: readonly Strand[]): number {
    let best = 0;
    let highest = -Infinity;
    for (const [i, { routine }] of options.entries()) {
      let priority = this.#priorities.get(routine.number);
      if (priority === undefined) this.#priorities.set(routine.number, (priority = this.#random.below(2 ** 30)));
      if (priority > highest) {
        highest = priority;
        best = i;
      }
    }
    return best;
  }
}

/** Makes given choices, and goes on in the order of reference when they are used up. */
export class Replay implements Strategy {
  readonly #choices: readonly number[];
  #at = 0;
  /** The first choice that was not possible, counted from 0: then the program is another one, or does not repeat itself. */
  divergedAt: number | undefined = undefined;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  next(options: readonly Strand[]): number {
    return this.#take(options.length);
  }

  choose(ready: number): number {
    return this.#take(ready);
  }

  #take(options: number): number {
    const at = this.#at++;
    const choice = this.#choices[at] ?? 0;
    if (choice < options) return choice;
    this.divergedAt ??= at;
    return 0;
  }
}
