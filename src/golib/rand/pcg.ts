/** The source of a generator's bits, 64 at a time. Mirrors Go's `rand.Source`. */
export interface Source {
  /** Returns 64 random bits. */
  uint64(): bigint;
}

const multiplier = (2549297995355413924n << 64n) | 4865540595714422341n;
const increment = (6364136223846793005n << 64n) | 1442695040888963407n;
const cheap = 0xda942042e4dd58b5n;

/**
 * A generator of random numbers that yields the same numbers as Go's for the same two seeds. Mirrors Go's `rand.PCG` of
 * `math/rand/v2`: PCG with 128 bits of state, in the variant DXSM.
 */
export class PCG implements Source {
  #state: bigint;

  /** Made by {@link newPCG}. */
  constructor(seed1: number | bigint, seed2: number | bigint) {
    this.#state = (BigInt.asUintN(64, BigInt(seed1)) << 64n) | BigInt.asUintN(64, BigInt(seed2));
  }

  /** Restarts the generator with other seeds. */
  seed(seed1: number | bigint, seed2: number | bigint): void {
    this.#state = (BigInt.asUintN(64, BigInt(seed1)) << 64n) | BigInt.asUintN(64, BigInt(seed2));
  }

  uint64(): bigint {
    this.#state = BigInt.asUintN(128, this.#state * multiplier + increment);
    const low = BigInt.asUintN(64, this.#state);
    let high = this.#state >> 64n;
    high ^= high >> 32n;
    high = BigInt.asUintN(64, high * cheap);
    high ^= high >> 48n;
    return BigInt.asUintN(64, high * (low | 1n));
  }
}

/** Makes a generator from two seeds. Mirrors Go's `rand.NewPCG`. */
export function newPCG(seed1: number | bigint, seed2: number | bigint): PCG {
  return new PCG(seed1, seed2);
}

/**
 * Makes a generator from one seed. Mirrors Go's `rand.NewSource` of `math/rand`. The same seed yields the same numbers
 * each time, but not Go's.
 */
export function newSource(seed: number | bigint): PCG {
  return new PCG(seed, 0);
}

/** The generator behind the functions of the package: the host's. */
export const hostSource: Source = {
  uint64: () => (BigInt(Math.floor(Math.random() * 2 ** 32)) << 32n) | BigInt(Math.floor(Math.random() * 2 ** 32)),
};
