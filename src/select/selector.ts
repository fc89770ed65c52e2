import { tracesPromises } from "../runtime/environment.ts";
import { afterLag, countTry, missed, ready, readyError, spinning } from "../runtime/turn.ts";
import { showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Case, Cases, Selected } from "./case.ts";
import { CaseList, none, type Outcome } from "./selection.ts";

/**
 * A select that is built once and used many times, for hot loops. Made by {@link selector}.
 *
 * Its results are objects of its own, one for each case, and valid until its next use. It serves one goroutine at a
 * time.
 */
export interface Selector<C extends Cases<C>> {
  /**
   * Waits as `select` does over the cases as they are now. Nothing is allocated unless it must wait.
   *
   * @throws PanicError `send on closed channel`
   * @throws Error `selector: select was called while another call waits`
   *
   * @example
   * ```ts
   * const op = await turn.select();
   * if (op.case === "message") console.log(op.value);
   * ```
   */
  select(): Promise<Selected<C>>;

  /**
   * Carries out a case that can proceed, or takes the default; returns `undefined` where `select` would wait.
   *
   * @throws PanicError `send on closed channel`
   * @throws Error `selector: trySelect was called while another call waits`
   *
   * @example
   * ```ts
   * const op = turn.trySelect() ?? (await turn.select());
   * ```
   */
  trySelect(): Selected<C> | undefined;

  /**
   * Replaces a case: another channel, another send, or nothing to disable it. Takes effect at the next select.
   *
   * @throws TypeError `selector: there is no case "x"`
   * @throws TypeError `select: case "x" must be a channel, a send or nothing, got …`, or `select: "default" must be
   * true or false, got …`
   * @throws Error `selector: set was called while a call waits`
   *
   * @example
   * ```ts
   * turn.set("message", undefined); // a closed channel would win every turn
   * ```
   */
  set<Name extends keyof C & string>(name: Name, given: C[Name] | null | undefined | false): void;
}

/**
 * Builds a reusable select over the same cases that `select` takes. A {@link SendCase} sends the `value` that it has at
 * the time of each use. Takes the place of Go's `for { select { … } }`.
 *
 * @throws TypeError `selector: the cases must be a plain object, got …`
 * @throws TypeError `select: case "x" must be a channel, a send or nothing, got …`, or `select: "default" must be true
 * or false, got …`
 *
 * @example
 * ```ts
 * const sent = send(numbers, 0);
 * const turn = selector({ done: ctx.done(), sent });
 * for (let n = 1; ; n++) {
 *   sent.value = n;
 *   const op = turn.trySelect() ?? (await turn.select());
 *   if (op.case === "done") return;
 * }
 * ```
 */
export function selector<const C extends Cases<C>>(cases: C): Selector<C> {
  return new ReusableSelect(cases) as unknown as Selector<C>;
}

class ReusableSelect extends CaseList {
  readonly #outcomes: Outcome[] = [];
  /** A promise of each outcome. The outcome is always the same object, so its promise can be reused. */
  readonly #settled: Promise<Outcome>[] = [];
  #latest: Outcome | undefined;
  #waits = false;

  constructor(cases: object) {
    super();
    this.addAll("selector", cases);
    for (let i = 0; i < this.size; i++) {
      const outcome: Outcome = { case: this.slots[i]?.name as string, value: undefined, ok: false };
      this.#outcomes.push(outcome);
      if (!tracesPromises) this.#settled.push(Promise.resolve(outcome));
    }
  }

  select(): Promise<Outcome> {
    try {
      const chosen = this.#start("select");
      if (chosen !== none && spinning) return afterLag(this, this.select);
      if (chosen !== none) return ready(this.proceed(chosen), this.#settled[chosen]);
      const promise = this.park();
      this.#waits = true;
      return promise;
    } catch (error) {
      return readyError(error);
    }
  }

  trySelect(): Outcome | undefined {
    countTry();
    const chosen = this.#start("trySelect");
    if (chosen !== none) return this.proceed(chosen);
    missed();
    return undefined;
  }

  set(name: string, given: Case): void {
    const index = this.#indexOf(name);
    if (index === none) throw new TypeError(`selector: there is no case ${JSON.stringify(name)}`);
    if (this.#waits) throw new Error("selector: set was called while a call waits");
    this.assign(index, given);
  }

  override toString(): string {
    return `Selector(${this.#outcomes.map((outcome) => outcome.case).join(", ")})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  protected outcome(index: number, value: unknown, ok: boolean): Outcome {
    const outcome = this.#outcomes[index] as Outcome;
    outcome.value = value;
    outcome.ok = ok;
    this.#latest = outcome;
    return outcome;
  }

  protected over(): void {
    this.#waits = false;
  }

  #start(operation: string): number {
    this.#refuseSecond(operation);
    // The latest value must not stay alive while the selector waits.
    if (this.#latest !== undefined) this.#latest.value = undefined;
    const chosen = this.choose();
    // Polling may have ended a context, whose watchers may have called this selector.
    this.#refuseSecond(operation);
    return chosen;
  }

  #indexOf(name: string): number {
    for (let i = 0; i < this.size; i++) if (this.slots[i]?.name === name) return i;
    return none;
  }

  #refuseSecond(operation: string): void {
    if (this.#waits) throw new Error(`selector: ${operation} was called while another call waits`);
  }
}
