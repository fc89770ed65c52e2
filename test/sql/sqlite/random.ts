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
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next, below: (n) => Math.floor(next() * n) };
}
