/** How a statement goes from row to row. */

import type { Pointer } from "./wasm.ts";

/** What is here already, or will be. */
export type Maybe<T> = T | Promise<T>;

/** SQLite's code for a step that has come to a row. */
export const rowCode = 100;

/** The code of a statement that takes too long here: it is to run elsewhere. */
export const movedCode = -1;

/** Steps statements. */
export interface Stepper {
  /**
   * Steps until there are no more rows, or until `row`, which is called for each of them, says false. Returns SQLite's
   * code of the last step; may let others run in between. `again` is called if the statement, which only reads then, has
   * to begin from the start once more; without it the statement is not begun twice. One that `moves` is not begun again, but
   * ended with {@link movedCode}.
   */
  run(statement: Pointer, row: () => boolean, again: (() => void) | undefined, moves: boolean): Maybe<number>;
}
