import { gosched, sync } from "gocsp";
import type { FailureKind } from "gocsp/explore";

/** A program with a planted bug, and the same program without it. */
export interface Bug {
  readonly name: string;
  readonly kind: FailureKind;
  /** Whether it needs time to pass while somebody could go on. */
  readonly slow?: boolean;
  readonly maxSteps?: number;
  /** Whether it is seen only where the host tells whose a promise is: in Node and Deno. */
  readonly hosted?: boolean;
  program(repaired: boolean): Promise<void>;
}

/** Stands for an answer of the world outside: others may go on meanwhile. */
export const io = gosched;

/**
 * A WaitGroup whose goroutines begin one after another, as those of requests do: so that nothing happens to them without an
 * exploration.
 */
export class Crew extends sync.WaitGroup {
  #started = 0;

  override go<Args extends unknown[]>(f: (...args: Args) => unknown, ...args: Args): void {
    let late = 6 * this.#started++;
    super.go(async () => {
      while (late-- > 0) await gosched();
      await f(...args);
    });
  }
}

export function must(condition: boolean, text: string): void {
  if (!condition) throw new Error(text);
}
