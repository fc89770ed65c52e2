/**
 * Takes deviations away, as many as can be without losing the failure: delta debugging (Zeller, Hildebrandt, 2002).
 * `fails` runs the program under given choices and tells whether it fails in the same way. Ends early when it is enough.
 */
export async function shrink(
  failing: readonly number[],
  fails: (choices: readonly number[]) => Promise<boolean>,
  enough: () => boolean = () => false,
): Promise<readonly number[]> {
  let best = trimmed(failing);
  let parts = 2;
  for (;;) {
    const deviations = best.flatMap((choice, index) => (choice > 0 ? [index] : []));
    if (deviations.length === 0) return best;
    parts = Math.min(parts, deviations.length);
    const smaller = await firstThatFails(withoutParts(best, deviations, parts), fails, enough);
    if (smaller === undefined && enough()) return best;
    if (smaller !== undefined) {
      best = smaller;
      parts = Math.max(parts - 1, 2);
    } else if (parts === deviations.length) return best;
    else parts = Math.min(parts * 2, deviations.length);
  }
}

/** Yields the choices without each of so many parts of the deviations. */
function* withoutParts(
  choices: readonly number[],
  deviations: readonly number[],
  parts: number,
): Generator<readonly number[]> {
  const size = Math.ceil(deviations.length / parts);
  for (let i = 0; i < deviations.length; i += size) {
    const dropped = new Set(deviations.slice(i, i + size));
    yield trimmed(choices.map((choice, index) => (dropped.has(index) ? 0 : choice)));
  }
}

async function firstThatFails(
  candidates: Iterable<readonly number[]>,
  fails: (choices: readonly number[]) => Promise<boolean>,
  enough: () => boolean,
): Promise<readonly number[] | undefined> {
  for (const candidate of candidates) {
    if (enough()) return undefined;
    if (await fails(candidate)) return candidate;
  }
  return undefined;
}

/** Drops what is in the order of reference at the end. */
export function trimmed(choices: readonly number[]): readonly number[] {
  let end = choices.length;
  while (end > 0 && choices[end - 1] === 0) end--;
  return choices.slice(0, end);
}
