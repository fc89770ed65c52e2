/**
 * Rows whose end somebody else waits for.
 */

import type { Rows } from "./driver.ts";

/** Returns the same rows; `then` is called when they have been closed, also if that fails. */
export function closingThen(rows: Rows, then: () => void): Rows {
  return {
    columns: rows.columns,
    next: () => rows.next(),
    close: async () => {
      try {
        await rows.close();
      } finally {
        then();
      }
    },
  };
}
