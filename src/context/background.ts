import { nilChan, type ReceiveChan } from "../chan/chan.ts";
import { oneThread, showAsString } from "../runtime/symbols.ts";
import { refuseUnbound } from "../runtime/unbound.ts";
import type { Context } from "./types.ts";

/** A context that never ends and holds nothing. */
export class EmptyContext implements Context {
  /** @internal Refuses structured clones. */
  readonly thread: symbol = oneThread;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  deadline(): undefined {
    return undefined;
  }

  done(): ReceiveChan<never> {
    return nilChan();
  }

  err(): undefined {
    return undefined;
  }

  value(_key: unknown): undefined {
    return undefined;
  }

  toString(): string {
    return this.#name;
  }

  static {
    showAsString(this);
    refuseUnbound(this);
  }
}

const backgroundContext: Context = new EmptyContext("context.Background");
const todoContext: Context = new EmptyContext("context.TODO");

/**
 * Returns the context that never ends, has no deadline and no values: the root of the tree, for main functions, tests
 * and incoming requests. Mirrors Go's `context.Background`.
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withCancel(context.background());
 * ```
 */
export function background(): Context {
  return backgroundContext;
}

/**
 * Returns a context like {@link background}, for places where it is not clear yet which context to use. Mirrors Go's
 * `context.TODO`.
 *
 * @example
 * ```ts
 * await fetchUser(context.todo(), id); // the caller has no context so far
 * ```
 */
export function todo(): Context {
  return todoContext;
}
