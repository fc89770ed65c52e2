import { WaitList } from "../runtime/wait-list.ts";
import { enterOrWait } from "../chan/enter-or-wait.ts";
import { bound } from "../runtime/async-context.ts";
import { hooks } from "../runtime/hooks.ts";
import { checkFunction, isThenable } from "../runtime/arguments.ts";
import { readyVoid } from "../runtime/turn.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * Does something exactly once. Mirrors Go's `sync.Once`.
 *
 * @example
 * ```ts
 * const once = new sync.Once();
 * for (const n of [1, 2]) await once.do(() => console.log(n)); // 1
 * ```
 */
export class Once {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  #state: "new" | "running" | "done" = "new";
  readonly #waiting = new WaitList("sync.Mutex.Lock", this);

  /**
   * Calls `f` if this is the first call of `do`, and waits until that first call has returned. Later calls do not call
   * their `f`, whichever it is. Mirrors Go's `Once.Do`.
   *
   * `f` starts synchronously: when the first `do` returns its promise, `f` has run up to its first `await`. A function
   * that cannot wait, such as a cancel function, uses {@link doSync}, {@link onceFunc} or `context.cancelFunc`.
   *
   * What the first `f` throws goes to its caller alone; the Once is done even then. If `f` calls `do` and awaits it, it
   * waits for itself and never ends.
   *
   * @throws What `f` throws, to the first caller.
   * @throws TypeError `Once.do: 42 is not a function`, to the first caller, and the Once is done.
   *
   * @example
   * ```ts
   * await setup.do(async () => connect());
   * ```
   */
  do(f: () => unknown): Promise<void> {
    if (this.#state === "new") return this.#first(f);
    return enterOrWait("sync", undefined, () => (this.#state === "done" ? readyVoid() : this.#waiting));
  }

  /**
   * Does the same as {@link do}, without a promise, for functions that cannot wait. `f` must not wait either.
   * Goroutines may use both methods of one Once.
   *
   * @throws What `f` throws, to the first caller.
   * @throws Error `Once.doSync: the first call is still running, and this one cannot wait for it`
   * @throws TypeError `Once.doSync: 42 is not a function`, or `Once.doSync: the function has returned a promise; use
   * do`, to the first caller, and the Once is done.
   *
   * @example
   * ```ts
   * const once = new sync.Once();
   * const stopped = chan<never>();
   * const stop = (): void => once.doSync(() => stopped.close());
   * stop();
   * stop(); // does nothing
   * ```
   */
  doSync(f: () => void): void {
    if (this.#state === "running") {
      throw new Error("Once.doSync: the first call is still running, and this one cannot wait for it");
    }
    if (this.#state === "done") return;
    this.#begin();
    try {
      checkFunction("Once.doSync", f);
      const result: unknown = f();
      if (isThenable(result)) throw new TypeError("Once.doSync: the function has returned a promise; use do");
    } finally {
      this.#end();
    }
  }

  /**
   * Returns the text in logs: whether it has been done.
   *
   * @example
   * ```ts
   * console.log(String(new sync.Once())); // Once(new)
   * ```
   */
  toString(): string {
    return `Once(${this.#state})`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  async #first(f: () => unknown): Promise<void> {
    this.#begin();
    try {
      // As in Go, a missing function counts as a first call that failed.
      checkFunction("Once.do", f);
      await f();
    } finally {
      this.#end();
    }
  }

  #begin(): void {
    this.#state = "running";
    hooks?.sync?.(this, "do", 1);
  }

  #end(): void {
    this.#state = "done";
    hooks?.sync?.(this, "done", 1);
    this.#waiting.serveAll();
  }
}

/**
 * Returns a function that calls `f` the first time and does nothing afterwards. Mirrors Go's `sync.OnceFunc`. If `f`
 * throws, every call throws the same. An async `f` is called once too; every call returns its promise.
 *
 * @throws TypeError `sync.onceFunc: 42 is not a function`
 * @throws Error `sync.onceFunc: f calls the function that is made of it, which would wait for itself`, from the result.
 *
 * @example
 * ```ts
 * const warn = sync.onceFunc(() => console.warn("this is deprecated"));
 * ```
 */
export function onceFunc<R extends void | Promise<void>>(f: () => R): () => R {
  return memoized("onceFunc", f);
}

/**
 * Returns a function that calls `f` the first time and returns that result every time. Mirrors Go's `sync.OnceValue`.
 * If `f` throws, every call throws the same. With an async `f` all calls share its promise.
 *
 * @throws TypeError `sync.onceValue: 42 is not a function`
 * @throws Error `sync.onceValue: f calls the function that is made of it, which would wait for itself`, from the
 * result.
 *
 * @example
 * ```ts
 * const config = sync.onceValue(async () => JSON.parse(await readFile("config.json", "utf8")));
 * ```
 */
export function onceValue<T>(f: () => T): () => T {
  return memoized("onceValue", f);
}

/**
 * Returns a function that calls `f` the first time and returns that tuple every time. Mirrors Go's `sync.OnceValues`.
 * If `f` throws, every call throws the same. With an async `f` all calls share its promise.
 *
 * @throws TypeError `sync.onceValues: 42 is not a function`
 * @throws Error `sync.onceValues: f calls the function that is made of it, which would wait for itself`, from the
 * result.
 *
 * @example
 * ```ts
 * const keys = sync.onceValues(() => generateKeyPair());
 * const [publicKey, privateKey] = keys();
 * ```
 */
export function onceValues<T extends readonly unknown[] | Promise<readonly unknown[]>>(f: () => T): () => T {
  return memoized("onceValues", f);
}

function memoized<T>(what: string, f: () => T): () => T {
  checkFunction(`sync.${what}`, f);
  // Undefined once it has been called, so that what it refers to can be collected.
  let todo: (() => T) | undefined = bound(f);
  let result = (): T => {
    throw new Error(`sync.${what}: f calls the function that is made of it, which would wait for itself`);
  };
  return () => {
    if (todo !== undefined) {
      const call = todo;
      todo = undefined;
      try {
        const value = call();
        result = () => value;
      } catch (error) {
        result = () => {
          throw error;
        };
      }
    }
    return result();
  };
}
