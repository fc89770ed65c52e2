/**
 * Work that is done once: every call returns the promise of the first.
 *
 * A field with `this.#closing ??= this.#close()` does not do: until `#close` returns its promise the field is undefined,
 * and what `#close` calls may come back. To take a watcher off a context, or to ask whether the context has ended, may
 * be the moment at which its deadline is noticed, and then all its watchers run within that call.
 */
export class Once {
  #begun = false;
  #work: Promise<void> | undefined;

  /** Whether the work has begun: true from before its first line on. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The work; undefined before it has begun. */
  get done(): Promise<void> | undefined {
    return this.#begun ? this.#promise() : undefined;
  }

  /** Begins the work, unless it has begun. Part of it may run before this returns. */
  run(work: () => Promise<void>): Promise<void> {
    if (!this.#begun) {
      this.#begun = true;
      this.#work = work();
    }
    return this.#promise();
  }

  /** Within the first call of `run` the promise is still missing; a microtask later it is there. */
  #promise(): Promise<void> {
    return this.#work ?? Promise.resolve().then(() => this.#work);
  }
}
