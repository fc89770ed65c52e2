/**
 * What a function is that a driver hands to `raw`: mostly it comes to its end by itself. A COPY waits for the program to read
 * or to write, and the program may be waiting for the connection.
 */

const copies = new WeakSet();

/** Marks a function as one that waits for the program, and returns it. */
export function asCopy<F extends object>(f: F): F {
  copies.add(f);
  return f;
}

export function isCopy(f: object): boolean {
  return copies.has(f);
}
