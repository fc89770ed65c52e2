/** So many schedules are kept for later; more would take more memory than anybody wants to spend on a test. */
const maxFollowing = 100_000;

/**
 * All schedules, those first that deviate least from letting each goroutine go on as long as it can: delay bounding (Emmi,
 * Qadeer, Rakamaric, 2011). Most bugs need one preemption or two. A schedule is the choices up to its last deviation.
 */
export class Deviations {
  readonly #bound: number;
  /** The schedules of this number of deviations, and where it has come among them. */
  #level: number[][] = [[]];
  #at = 0;
  /** Those of one deviation more. */
  #following: number[][] = [];
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
    return this.#level[this.#at++];
  }

  /** Learns from a run among how many options it chose. */
  ran(choices: readonly number[], sizes: readonly number[]): void {
    for (let at = choices.length; at < sizes.length; at++) {
      for (let choice = 1; choice < (sizes[at] as number); choice++) {
        if (this.#deviations >= this.#bound || this.#following.length >= maxFollowing) {
          this.#cut = true;
          return;
        }
        this.#following.push([...choices, ...Array.from({ length: at - choices.length }, () => 0), choice]);
      }
    }
  }
}
