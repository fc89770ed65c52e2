import type { Frame } from "../runtime/stack.ts";

/** Goroutines, or waits, of one kind: the same state at the same place. */
export interface Sample {
  /** What they wait for, by Go's names. */
  readonly state: string;
  /** Where: the innermost first; where they were started comes last. */
  readonly frames: readonly Frame[];
  /** As many as the profile has types of values. */
  readonly values: readonly number[];
  /** The goroutines' numbers, where they are known. */
  readonly goroutines: readonly number[];
}

/** Puts together what is in the same state at the same place, the most first. */
export function grouped(samples: Iterable<Sample>): readonly Sample[] {
  const groups = new Map<string, Sample>();
  for (const sample of samples) {
    const { state, frames } = sample;
    const key = `${state}\n${frames.map(({ name, at }) => `${name} ${at}`).join("\n")}`;
    const known = groups.get(key);
    groups.set(key, known === undefined ? sample : sum(known, sample));
  }
  return [...groups.values()].sort((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0));
}

function sum(a: Sample, b: Sample): Sample {
  return {
    ...a,
    values: a.values.map((value, i) => value + (b.values[i] ?? 0)),
    goroutines: [...a.goroutines, ...b.goroutines],
  };
}
