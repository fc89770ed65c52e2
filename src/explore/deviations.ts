/** So many schedules are kept for later; more would take more memory than anybody wants to spend on a test. */
const maxFollowing = 100_000;

/** A schedule that is written out when its turn comes: another one's choices, in order up to `at`, and there a deviation. */
interface Planned {
  readonly before: readonly number[];
  readonly at: number;
  readonly choice: number;
}

/**
 * All schedules, those first that deviate least from letting each goroutine go on as long as it can: delay bounding (Emmi,
 * Qadeer, Rakamaric, 2011). Most bugs need one preemption or two. A schedule is the choices up to its last deviation.
 */
export class Deviations {
  readonly #bound: number;
  /** The schedules of this number of deviations, and where it has come among them. */
  #level: readonly (Planned | undefined)[] = [undefined];
  #at = 0;
  /** Those of one deviation more. */
  #following: Planned[] = [];
  #deviations = 0;
  #cut = false;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Whether there are no other schedules than those that ran. */
  get exhausted(): boolean {
    return !this.#cut && this.#at >= this.#level.length && this.#following.length === 0;
  }

  /** Returns the choices of the next run; undefined if there is none. */
  next(): readonly number[] | undefined {
    if (this.#at >= this.#level.length && this.#following.length > 0) {
      this.#level = this.#following;
      this.#following = [];
      this.#at = 0;
      this.#deviations++;
    }
    if (this.#at >= this.#level.length) return undefined;
    const planned = this.#level[this.#at++];
    if (planned === undefined) return [];
    const { before, at, choice } = planned;
    return [...before, ...Array.from({ length: at - before.length }, () => 0), choice];
  }

  /** Learns from a run among how many options it chose. */
  ran(choices: readonly number[], sizes: readonly number[]): void {
    for (let at = choices.length; at < sizes.length; at++) {
      for (let choice = 1; choice < (sizes[at] as number); choice++) {
        if (this.#deviations >= this.#bound || this.#following.length >= maxFollowing) {
          this.#cut = true;
          return;
        }
        this.#following.push({ before: choices, at, choice });
      }
    }
  }
}
