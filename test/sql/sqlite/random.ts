import { mulberry32 } from "../../support/random.ts";

/** Numbers that look random, and are the same again for the same seed. */
export interface Random {
  readonly seed: number;
  /** Returns a number from 0 to just below 1. */
  next(): number;
  /** Returns an integer from 0 to just below `n`. */
  below(n: number): number;
}

/** Makes one; `SEED=…` in the environment repeats a run. */
export function newRandom(): Random {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const next = mulberry32(seed);
  return { seed, next, below: (n) => Math.floor(next() * n) };
}
