import { canceled, type CancelFunc, type Context } from "../context/context.ts";
import { attach, cancelAs, CancelContext, checkParent, disposable, nameOf } from "../context/internal.ts";
import { type Signal, signalName, subscribe, unhold, unsubscribe } from "./process.ts";
import { refuseUnbound } from "../runtime/unbound.ts";

/**
 * Derives a context that ends at the first of the given signals, with `<signal> signal received` as its cause, or with
 * the parent, or when `stop` is called. Mirrors Go's `signal.NotifyContext`. Without signals it is for all usual ones.
 *
 * The signals are caught until `stop` is called: a second interrupt does not kill a program that is shutting down. The
 * process stays alive until the context has ended. `using _ = stop` calls it at the end of the block.
 *
 * @throws PanicError `cannot create context from nil parent`
 * @throws TypeError `context.notifyContext: the parent must be a Context, got …`, or `signal: SIGKILL is no signal that
 * can be received`
 * @throws Error `signal: there are no signals on this platform`, or `signal: signals reach the main thread only`
 *
 * @example
 * ```ts
 * const [ctx, stop] = signal.notifyContext(context.background(), "SIGINT", "SIGTERM");
 * using _ = stop;
 * await serve(ctx);
 * ```
 */
export function notifyContext(parent: Context, ...signals: Signal[]): [ctx: Context, stop: CancelFunc] {
  checkParent("notifyContext", parent);
  const ctx = new NotifyContext(parent, signals);
  subscribe(ctx, signals, (signal) => cancelAs(ctx, new SignalError(signal)));
  attach(ctx);
  const stop = (): void => {
    cancelAs(ctx, canceled);
    unsubscribe(ctx);
  };
  return [ctx, disposable(stop)];
}

/** The cause of a context that a signal has ended. It counts as `context canceled`. */
class SignalError extends Error {
  static {
    this.prototype.name = "SignalError";
  }

  constructor(signal: Signal) {
    super(`${signalName(signal)} signal received`);
  }

  is(target: unknown): boolean {
    return target === canceled;
  }
}

class NotifyContext extends CancelContext {
  readonly #signals: readonly Signal[];

  constructor(parent: Context, signals: readonly Signal[]) {
    super(parent);
    this.#signals = signals;
  }

  /** The signals stay caught, as in Go, but no longer keep the process alive. */
  protected override ended(): void {
    unhold(this);
  }

  override print(secret: boolean): string {
    const list = this.#signals.length === 0 ? "" : `, [${this.#signals.map(signalName).join(" ")}]`;
    return `signal.NotifyContext(${nameOf(this.parent, secret)}${list})`;
  }

  override suffix(): undefined {
    return undefined;
  }

  static {
    refuseUnbound(this);
  }
}
