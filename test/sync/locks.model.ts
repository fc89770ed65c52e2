/**
 * A model of locks, one step after the other: the waiters are in one list, and after each step those that may enter
 * do. Nothing here is shared with the library.
 */

export type Outcome = "waits" | "returned" | "threw";
export type Kind = "write" | "read";

interface Waiting {
  readonly operation: number;
  readonly kind: Kind;
  readonly context: number | undefined;
}

/** A lock for any number of readers or one writer; with writers only it is a mutex. */
export class LockModel {
  /** The state of each operation, by its number. */
  readonly outcomes: Outcome[] = [];
  readonly held = { write: 0, read: 0 };
  readonly #ended = new Set<number>();
  #waiting: Waiting[] = [];

  lock(kind: Kind, context: number | undefined): void {
    const operation = this.outcomes.length;
    if (context !== undefined && this.#ended.has(context)) {
      this.outcomes.push("threw");
    } else if (this.#mayEnter(kind)) {
      this.outcomes.push("returned");
      this.held[kind]++;
    } else {
      this.outcomes.push("waits");
      this.#waiting.push({ operation, kind, context });
    }
  }

  tryLock(kind: Kind): boolean {
    if (!this.#mayEnter(kind)) return false;
    this.held[kind]++;
    return true;
  }

  unlock(kind: Kind): void {
    this.held[kind]--;
    if (this.held.read > 0) return;
    // A writer that leaves lets the readers in first; a reader that leaves last, the writer that it kept out.
    if (kind === "write" && this.#first("read") !== undefined) this.#admitReaders();
    else this.#admit(this.#first("write"));
  }

  cancel(context: number): void {
    this.#ended.add(context);
    for (;;) {
      const waiting = this.#waiting.find((each) => each.context === context);
      if (waiting === undefined) return;
      this.#waiting = this.#waiting.filter((each) => each !== waiting);
      this.outcomes[waiting.operation] = "threw";
      if (this.held.write === 0 && this.#first("write") === undefined) this.#admitReaders();
    }
  }

  /** Whether a goroutine that arrives now may enter at once. */
  #mayEnter(kind: Kind): boolean {
    if (this.held.write > 0 || this.#first("write") !== undefined) return false;
    return kind === "read" || this.held.read === 0;
  }

  #first(kind: Kind): Waiting | undefined {
    return this.#waiting.find((each) => each.kind === kind);
  }

  #admitReaders(): void {
    for (let next = this.#first("read"); next !== undefined; next = this.#first("read")) this.#admit(next);
  }

  #admit(next: Waiting | undefined): void {
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.outcomes[next.operation] = "returned";
    this.held[next.kind]++;
  }
}
