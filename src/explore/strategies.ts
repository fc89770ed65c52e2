/**
 * How one run chooses who goes on.
 */

import type { Strand, Strategy } from "../conductor/routine.ts";
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

/** For how many steps one that could go on may have to wait: pollers would poll without end. */
const maxAge = 500;

/** Returns the index of the option that has waited too long; -1 if there is none. `since` counts what became able to go on. */
function starved(options: readonly Strand[]): number {
  let oldest = 0;
  let latest = 0;
  for (const [i, { since }] of options.entries()) {
    if (since < (options[oldest] as Strand).since) oldest = i;
    // That time passes has no age.
    if (since < Infinity && since > latest) latest = since;
  }
  return latest - (options[oldest] as Strand).since > maxAge ? oldest : -1;
}

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

  /** `length` is how many choices a run is thought to have. */
  constructor(random: Random, depth: number, length: number) {
    this.#random = random;
    this.#changes = new Set(Array.from({ length: depth - 1 }, () => 1 + random.below(Math.max(length, 1))));
  }

  next(options: readonly Strand[]): number {
    this.#step++;
    const late = starved(options);
    if (late >= 0) return late;
    const best = this.#highest(options);
    if (!this.#changes.has(this.#step)) return best;
    this.#priorities.set((options[best] as Strand).routine.number, --this.#lowest);
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

/**
 * Partial order sampling (Yuan, Yang, Gu, 2018): each thing that can happen has a random priority from when it can happen
 * until it does. One with a low priority waits for long while others run far ahead, several such times in one run: for
 * bugs that need many goroutines to be at one place each.
 */
export class Sampling implements Strategy {
  readonly #random: Random;
  readonly #priorities = new WeakMap<Strand, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  next(options: readonly Strand[]): number {
    const late = starved(options);
    if (late >= 0) return late;
    let best = 0;
    let highest = -1;
    for (const [i, option] of options.entries()) {
      let priority = this.#priorities.get(option);
      if (priority === undefined) this.#priorities.set(option, (priority = this.#random.below(2 ** 30)));
      if (priority > highest) {
        highest = priority;
        best = i;
      }
    }
    // That time passes is one object each time.
    this.#priorities.delete(options[best] as Strand);
    return best;
  }

  choose(ready: number): number {
    return this.#random.below(ready);
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
