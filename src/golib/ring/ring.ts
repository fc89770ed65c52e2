/**
 * Circular lists. Mirrors Go's `container/ring`.
 *
 * @module
 */

/** An element of a ring; any element represents the whole ring. Mirrors Go's `ring.Ring`. */
export class Ring<T = unknown> {
  /** The value: Go's `r.Value`. */
  value: T | undefined = undefined;
  #next: Ring<T> = this;
  #prev: Ring<T> = this;

  next(): Ring<T> {
    return this.#next;
  }

  prev(): Ring<T> {
    return this.#prev;
  }

  /** Returns the element n steps ahead, or back if n is negative. */
  move(n: number): Ring<T> {
    if (n === 0) return this;
    return n < 0 ? this.#prev.move(n + 1) : this.#next.move(n - 1);
  }

  /** Links this element to another, which becomes the next one; returns the previous next one. */
  link(other: Ring<T> | undefined): Ring<T> {
    const next = this.#next;
    if (other !== undefined) {
      const last = other.#prev;
      this.#next = other;
      other.#prev = this;
      next.#prev = last;
      last.#next = next;
    }
    return next;
  }

  /** Removes the n elements after this one, and returns their ring. */
  unlink(n: number): Ring<T> | undefined {
    return n <= 0 ? undefined : this.link(this.move(n + 1));
  }

  len(): number {
    let n = 1;
    for (let r = this.#next; r !== this; r = r.#next) n++;
    return n;
  }

  /** Calls a function with each value. */
  do(f: (value: T | undefined) => void): void {
    f(this.value);
    for (let r = this.#next; r !== this; r = r.#next) f(r.value);
  }
}

/** Makes a ring of n elements; undefined if n is not positive. Mirrors Go's `ring.New`. */
function newRing<T = unknown>(n: number): Ring<T> | undefined {
  if (n <= 0) return undefined;
  const first = new Ring<T>();
  for (let i = 1; i < n; i++) first.prev().link(new Ring<T>());
  return first;
}

export { newRing, newRing as new, newRing as new_ };
