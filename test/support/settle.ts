import { gosched } from "gocsp";

// Captured when the module loads, so that a test's fake timers do not stop us.
const setImmediate = globalThis.setImmediate;

/** Turns that pass at least, for tests that also mix in host callbacks which need a turn or two of their own. */
const atLeast = 3;
const atMost = 100_000;

/** Resolves on the next turn of the event loop, when all microtasks have run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Resolves when every goroutine that could run has run, and all others are parked or have ended. Works under fake
 * timers, and does not advance them.
 *
 * @throws Error if they never settle, such as two that send to each other endlessly.
 */
export async function settle(): Promise<void> {
  for (let turns = 1; turns <= atMost; turns++) {
    await turn();
    if (turns >= atLeast && (await atRest())) {
      // The check of the goroutines may have begun a time slice. It ends here, so that the next code starts in a fresh
      // one.
      return turn();
    }
  }
  throw new Error("settle: the goroutines never come to rest");
}

/**
 * A turn begins when all microtasks have run, so a goroutine that still runs now waits for the event loop itself; and
 * our own operation waits as long as one does.
 */
async function atRest(): Promise<boolean> {
  let went = false;
  void gosched().then(() => (went = true));
  for (let ticks = 0; ticks < 8; ticks++) await Promise.resolve();
  return went;
}
