/**
 * Merges duplicate calls that are in flight. Mirrors Go's `golang.org/x/sync/singleflight`.
 *
 * @module
 */

import { type Chan, chan, type ReceiveChan } from "../chan/chan.ts";
import { checkFunction } from "../runtime/arguments.ts";
import { asError } from "../runtime/error-values.ts";
import { isGoexit } from "../runtime/goexit.ts";
import { goFrom } from "../runtime/goroutine.ts";
import { WaitGroup } from "../sync/waitgroup.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/** The result of {@link Group.doChan}: the value or the error, and whether several callers share it. */
export interface Result<V> {
  /** The value; undefined if there is an error. */
  readonly val: V | undefined;
  /** What the function threw, or an error if that was undefined or null; undefined if it returned. */
  readonly err: unknown;
  /** Whether other callers got the same. */
  readonly shared: boolean;
}

/** One call of a function, with its waiters. */
class Call<V> {
  readonly done = new WaitGroup();
  readonly channels: Chan<Result<V>>[] = [];
  duplicates = 0;
  val: V | undefined = undefined;
  err: unknown = undefined;
  failed = false;
}

/**
 * A class of work, in which calls with the same key at the same time share one execution. Mirrors Go's
 * `singleflight.Group`.
 *
 * @example
 * ```ts
 * const pages = new singleflight.Group<string>();
 * const load = async () => "<html>";
 * const results = await Promise.all([pages.do("/", load), pages.do("/", load)]); // one call
 * ```
 */
export class Group<V, K = string> {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #calls = new Map<K, Call<V>>();

  /**
   * Calls `f`, or waits for the call with the same key that is in flight, and yields its value and whether it was
   * shared. Mirrors Go's `Group.Do`. Results are not cached: once `f` has returned, the next call calls its own.
   *
   * If `f` awaits a call with its own key, it waits for itself and never ends. A caller that wants to give up earlier
   * uses {@link doChan} and a select.
   *
   * @throws What `f` throws; all callers get the same. If it leaves a goroutine it ends the program, where Go discards
   * it; `errors.result` discards it too. When `shared` is wanted for failures too, use {@link doResult}.
   * @throws TypeError `singleflight: 42 is not a function`
   *
   * @example
   * ```ts
   * const [user, shared] = await users.do(id, () => loadUser(id));
   * ```
   */
  async do(key: K, f: () => V | PromiseLike<V>): Promise<[value: V, shared: boolean]> {
    const call = this.#join(this.do, key, f);
    await call.done.wait();
    if (call.failed) throw call.err;
    return [call.val as V, call.duplicates > 0];
  }

  /**
   * Does the same as {@link do}, but returns the error instead of throwing it, as Go's `Group.Do` does, so that
   * `shared` is known when the call failed.
   *
   * @throws TypeError `singleflight: 42 is not a function`
   *
   * @example
   * ```ts
   * const { val, err, shared } = await users.doResult(id, () => loadUser(id));
   * if (err !== undefined) console.log(shared ? "another caller's failure" : "our own", err);
   * ```
   */
  async doResult(key: K, f: () => V | PromiseLike<V>): Promise<Result<V>> {
    const call = this.#join(this.doResult, key, f);
    await call.done.wait();
    if (isGoexit(call.err)) throw call.err;
    return resultOf(call);
  }

  /**
   * Calls `f`, or joins the call with the same key that is in flight, and returns a channel that will get its result.
   * Mirrors Go's `Group.DoChan`. The channel has a buffer of one and is never closed; a caller whose select takes
   * another case leaves nothing behind.
   *
   * @throws TypeError `singleflight: 42 is not a function`
   *
   * @example
   * ```ts
   * const op = await select({ user: users.doChan(id, () => loadUser(id)), done: ctx.done() });
   * ```
   */
  doChan(key: K, f: () => V | PromiseLike<V>): ReceiveChan<Result<V>> {
    const result = chan<Result<V>>(1);
    this.#join(this.doChan, key, f).channels.push(result);
    return result;
  }

  /**
   * Makes the next call with this key call its function, even while another call is in flight. Mirrors Go's
   * `Group.Forget`. The waiters of the old call still get its result.
   *
   * @example
   * ```ts
   * users.forget(id);
   * ```
   */
  forget(key: K): void {
    this.#calls.delete(key);
  }

  /**
   * Returns the text in logs: how many calls are in flight.
   *
   * @example
   * ```ts
   * console.log(String(new singleflight.Group())); // Group(0 in flight)
   * ```
   */
  toString(): string {
    return `Group(${this.#calls.size} in flight)`;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }

  #join(below: unknown, key: K, f: () => V | PromiseLike<V>): Call<V> {
    checkFunction("singleflight", f);
    const running = this.#calls.get(key);
    if (running !== undefined) {
      running.duplicates++;
      return running;
    }
    const call = new Call<V>();
    call.done.add(1);
    this.#calls.set(key, call);
    goFrom(below, () => this.#run(key, call, f), []);
    return call;
  }

  async #run(key: K, call: Call<V>, f: () => V | PromiseLike<V>): Promise<void> {
    try {
      call.val = await f();
    } catch (error) {
      call.failed = true;
      call.err = error;
    }
    // The key may have been forgotten, and belong to a later call by now.
    if (this.#calls.get(key) === call) this.#calls.delete(key);
    call.done.done();
    // As in Go, a goexit ends the callers of `do`, and leaves the channels empty.
    if (isGoexit(call.err)) return;
    for (const channel of call.channels) channel.trySend(resultOf(call));
  }
}

function resultOf<V>({ val, err, failed, duplicates }: Call<V>): Result<V> {
  // `throw undefined` must not look like success.
  return { val, err: failed ? (err ?? asError(err)) : undefined, shared: duplicates > 0 };
}
