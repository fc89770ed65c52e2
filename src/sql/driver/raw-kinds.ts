/**
 * What a function is that is handed to `raw`. Mostly it is the program's, which may ask for the connection that it has. One of a
 * driver uses what it is given. A COPY is a driver's that waits for the program to read or to write, and the program may be
 * waiting for the connection.
 */
export type RawKind = "program" | "driver" | "copy";

const kinds = new WeakMap<object, RawKind>();

/** Takes note of what a function is, and returns it. */
export function asKind<F extends object>(kind: RawKind, f: F): F {
  kinds.set(f, kind);
  return f;
}

export function kindOf(f: object): RawKind {
  return kinds.get(f) ?? "program";
}
