// The little that the smoke suite needs of a test framework, on any runtime.
import { PanicError } from "gocsp";

/** How many checks have passed and failed so far. */
export const counts = { passed: 0, failed: 0 };
// Only a runtime that is broken needs as long.
const limit = 10_000;

/** Runs one check, to its end before the next one begins. */
export async function check(name, body) {
  let timeout;
  const late = new Promise((_, reject) => {
    timeout = setTimeout(() => reject(new Error(`not done after ${limit} ms`)), limit);
  });
  try {
    await Promise.race([body(), late]);
    counts.passed++;
    console.log(`ok    ${name}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timeout);
  }
}

/** Compares by identity, or lists and plain objects by their contents. */
export function equal(got, want) {
  if (Object.is(got, want)) return;
  if (typeof got === "object" && typeof want === "object" && JSON.stringify(got) === JSON.stringify(want)) return;
  throw new Error(`got ${text(got)}, want ${text(want)}`);
}

export function text(value) {
  return typeof value === "object" && value !== null && !(value instanceof Error)
    ? JSON.stringify(value)
    : String(value);
}

/** Expects a panic with exactly this message. */
export async function panics(message, operation) {
  let thrown;
  try {
    await operation();
  } catch (error) {
    thrown = error;
  }
  equal(thrown instanceof PanicError, true);
  equal(thrown.message, message);
}

/** Returns what the operation throws. */
export async function thrownBy(operation) {
  try {
    await operation();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
