/**
 * Random numbers. Mirrors both `math/rand` and `math/rand/v2` of Go: `intn` is from the first, `intN` from the second.
 *
 * Integers of 63 and 64 bits are numbers and keep their highest 53 bits. A generator made by {@link newPCG} yields the
 * same numbers as Go's; one made by {@link newSource} does not.
 *
 * @module
 */

import { PanicError } from "../../runtime/panic.ts";
import { hostSource, type Source } from "./pcg.ts";

export { newPCG, newSource, PCG, type Source } from "./pcg.ts";

/** A generator of random numbers of many types. Mirrors Go's `rand.Rand`. */
export class Rand {
  readonly #source: Source;

  /** Made by {@link newRand}. */
  constructor(source: Source) {
    this.#source = source;
  }

  /** Returns 64 random bits as a bigint. */
  uint64Bits(): bigint {
    return this.#source.uint64();
  }

  /** Returns a random uint64, rounded to a number. */
  uint64(): number {
    return Number(this.#source.uint64() >> 11n) * 2 ** 11;
  }

  /** Returns a random uint32. */
  uint32(): number {
    return Number(this.#source.uint64() >> 32n);
  }

  /** Returns a random int that is not negative. The highest 53 of its 63 bits are kept. */
  int63(): number {
    return Number((this.#source.uint64() & 0x7fff_ffff_ffff_ffffn) >> 10n) * 2 ** 10;
  }

  /** Returns a random int that is not negative. */
  int(): number {
    return this.int63();
  }

  /** Returns a random int64 that is not negative. */
  int64(): number {
    return this.int63();
  }

  /** Returns a random int32 that is not negative. */
  int31(): number {
    return Number(this.#source.uint64() >> 33n);
  }

  /** Returns a random int32 that is not negative. */
  int32(): number {
    return this.int31();
  }

  /** Returns a random integer from 0 to n - 1. Mirrors Go's `Intn`. */
  intn(n: number): number {
    return this.#below(n, "Intn");
  }

  /** Returns a random integer from 0 to n - 1. Mirrors Go's `IntN`. */
  intN(n: number): number {
    return this.#below(n, "IntN");
  }

  int31n(n: number): number {
    return this.#below(n, "Int31n");
  }

  int63n(n: number): number {
    return this.#below(n, "Int63n");
  }

  int32N(n: number): number {
    return this.#below(n, "Int32N");
  }

  int64N(n: number): number {
    return this.#below(n, "Int64N");
  }

  uint32N(n: number): number {
    return this.#below(n, "Uint32N");
  }

  uint64N(n: number): number {
    return this.#below(n, "Uint64N");
  }

  uintN(n: number): number {
    return this.#below(n, "UintN");
  }

  /** Multiplies and rejects instead of taking a remainder, which has a bias. Go's algorithm. */
  #below(n: number, name: string): number {
    if (!(n > 0)) throw new PanicError(`invalid argument to ${name}`);
    if (n <= 2 ** 32) return Number(this.#below32(BigInt(n)));
    const limit = BigInt(n);
    if ((limit & (limit - 1n)) === 0n) return Number(this.#source.uint64() & (limit - 1n));
    let product = this.#source.uint64() * limit;
    if (BigInt.asUintN(64, product) < limit) {
      const least = BigInt.asUintN(64, -limit) % limit;
      while (BigInt.asUintN(64, product) < least) product = this.#source.uint64() * limit;
    }
    return Number(product >> 64n);
  }

  #below32(n: bigint): bigint {
    if (n === 1n << 32n) return this.#source.uint64() & 0xffff_ffffn;
    if ((n & (n - 1n)) === 0n) return this.#source.uint64() & 0xffff_ffff_ffff_ffffn & (n - 1n);
    let product = (this.#source.uint64() >> 32n) * n;
    if (BigInt.asUintN(32, product) < n) {
      const least = BigInt.asUintN(32, -n) % n;
      while (BigInt.asUintN(32, product) < least) product = (this.#source.uint64() >> 32n) * n;
    }
    return product >> 32n;
  }

  /** Returns a random number in [0, 1). */
  float64(): number {
    return Number((this.#source.uint64() << 11n) & 0xffff_ffff_ffff_ffffn) / 2 ** 64;
  }

  /** Returns a random float32 in [0, 1). */
  float32(): number {
    return Number(((this.#source.uint64() >> 32n) << 8n) & 0xffff_ffffn) / 2 ** 32;
  }

  /** Returns a random number of the normal distribution. */
  normFloat64(): number {
    // The Box-Muller transform. Go's tables yield other numbers of the same distribution.
    return Math.sqrt(-2 * Math.log(1 - this.float64())) * Math.cos(2 * Math.PI * this.float64());
  }

  /** Returns a random number of the exponential distribution with rate 1. */
  expFloat64(): number {
    return -Math.log(1 - this.float64());
  }

  /** Returns the numbers from 0 to n - 1 in random order. */
  perm(n: number): number[] {
    const list = Array.from({ length: n }, (_, i) => i);
    this.shuffle(n, (i, j) => {
      [list[i], list[j]] = [list[j] as number, list[i] as number];
    });
    return list;
  }

  /** Shuffles `n` elements by a function that swaps two of them. */
  shuffle(n: number, swap: (i: number, j: number) => void): void {
    if (n < 0) throw new PanicError("invalid argument to Shuffle");
    for (let i = n - 1; i > 0; i--) swap(i, this.#below(i + 1, "Shuffle"));
  }

  /** Does nothing for a generator whose source has no seed. */
  seed(seed: number): void {
    const source = this.#source as { seed?: (seed1: number, seed2: number) => void };
    source.seed?.(seed, 0);
  }

  /** Fills an array with random bytes. */
  read(bytes: Uint8Array): [n: number, err: Error | undefined] {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.intn(256);
    return [bytes.length, undefined];
  }
}

/** Makes a generator. Mirrors Go's `rand.New`. */
function newRand(source: Source): Rand {
  return new Rand(source);
}

const shared = new Rand(hostSource);

/**
 * Returns a random integer from 0 to n - 1. Mirrors Go's `rand.Intn`.
 *
 * @throws {@link PanicError} `invalid argument to Intn`
 *
 * @example
 * ```ts
 * console.log(rand.intn(1)); // 0
 * ```
 */
export function intn(n: number): number {
  return shared.intn(n);
}

/** Returns a random integer from 0 to n - 1. Mirrors Go's `rand.IntN`. */
export function intN(n: number): number {
  return shared.intN(n);
}

/** Returns a random integer from 0 to n - 1, of any type. Mirrors Go's `rand.N`. */
export function n(limit: number): number {
  if (!(limit > 0)) throw new PanicError("invalid argument to N");
  return Number.isInteger(limit) ? shared.intN(limit) : shared.float64() * limit;
}

/** Returns a random int32 from 0 to n - 1. Mirrors Go's `rand.Int31n`. */
export function int31n(n: number): number {
  return shared.int31n(n);
}

/** Returns a random int64 from 0 to n - 1. Mirrors Go's `rand.Int63n`. */
export function int63n(n: number): number {
  return shared.int63n(n);
}

/** Returns a random int32 from 0 to n - 1. Mirrors Go's `rand.Int32N`. */
export function int32N(n: number): number {
  return shared.int32N(n);
}

/** Returns a random int64 from 0 to n - 1. Mirrors Go's `rand.Int64N`. */
export function int64N(n: number): number {
  return shared.int64N(n);
}

/** Returns a random uint32 from 0 to n - 1. Mirrors Go's `rand.Uint32N`. */
export function uint32N(n: number): number {
  return shared.uint32N(n);
}

/** Returns a random uint64 from 0 to n - 1. Mirrors Go's `rand.Uint64N`. */
export function uint64N(n: number): number {
  return shared.uint64N(n);
}

/** Returns a random integer that is not negative. Mirrors Go's `rand.Int`. */
export function int(): number {
  return shared.int();
}

/** Returns a random int32 that is not negative. Mirrors Go's `rand.Int31`. */
export function int31(): number {
  return shared.int31();
}

/** Returns a random int64 that is not negative. Mirrors Go's `rand.Int63`. */
export function int63(): number {
  return shared.int63();
}

/** Returns a random int32 that is not negative. Mirrors Go's `rand.Int32`. */
export function int32(): number {
  return shared.int31();
}

/** Returns a random int64 that is not negative. Mirrors Go's `rand.Int64`. */
export function int64(): number {
  return shared.int63();
}

/** Returns a random uint32. Mirrors Go's `rand.Uint32`. */
export function uint32(): number {
  return shared.uint32();
}

/** Returns a random uint64, rounded to a number. Mirrors Go's `rand.Uint64`. */
export function uint64(): number {
  return shared.uint64();
}

/** Returns a random number in [0, 1). Mirrors Go's `rand.Float64`. */
export function float64(): number {
  return shared.float64();
}

/** Returns a random float32 in [0, 1). Mirrors Go's `rand.Float32`. */
export function float32(): number {
  return shared.float32();
}

/** Returns a random number of the normal distribution. Mirrors Go's `rand.NormFloat64`. */
export function normFloat64(): number {
  return shared.normFloat64();
}

/** Returns a random number of the exponential distribution. Mirrors Go's `rand.ExpFloat64`. */
export function expFloat64(): number {
  return shared.expFloat64();
}

/** Returns the numbers from 0 to n - 1 in random order. Mirrors Go's `rand.Perm`. */
export function perm(n: number): number[] {
  return shared.perm(n);
}

/** Shuffles `n` elements by a function that swaps two of them. Mirrors Go's `rand.Shuffle`. */
export function shuffle(n: number, swap: (i: number, j: number) => void): void {
  shared.shuffle(n, swap);
}

/** Does nothing: the host's generator has no seed. Mirrors Go's `rand.Seed`, which is deprecated there. */
export function seed(_seed: number): void {}

/** Fills an array with random bytes. Mirrors Go's `rand.Read`. */
export function read(bytes: Uint8Array): [n: number, err: Error | undefined] {
  return shared.read(bytes);
}

export { newRand, newRand as new, newRand as new_ };
