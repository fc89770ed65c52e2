/**
 * How a statement at a server is stopped so that it is really stopped, and that nothing else is.
 *
 * Two things go wrong otherwise. A cancel that comes early, before the server has begun with the statement, is lost: so
 * it is sent again until the statement settles. A cancel that comes late hits the next statement on that connection: so
 * the connection is not given back before the last cancel is known to have done what it can.
 */

import { chan, type Chan, type ReceiveChan } from "../../chan/chan.ts";
import { type Context, onEnd } from "../../context/context.ts";
import { canEnd } from "../../context/internal.ts";
import { select } from "../../select/select.ts";
import { after } from "../../time/time.ts";
import { endOf } from "./end.ts";
import { StoppedError } from "./driver-errors.ts";

/** How long a statement has to settle after a cancel before it is sent again, in milliseconds. */
const resend = 25;

/** How long all of that may take before the connection is given up, in milliseconds. */
export const serverTimeout = 5000;

/** What {@link interruptible} needs to know of an engine. */
export interface Interrupt {
  /**
   * Asks the server to stop what runs on this connection. Its promise settles when this request can do nothing any more:
   * fulfilled if that is certain, rejected if not. It is called again until the statement settles.
   */
  cancel(): Promise<void>;
  /** Tells from the error of a statement whether it is the answer to a cancel, or to `destroy`. */
  wasStopped(error: unknown): boolean;
  /** Breaks the connection, which makes the statement settle; the connection is not used again. */
  destroy(): void;
  /** How long the server may take before that, in milliseconds: 5,000 by default. */
  readonly timeout?: number | undefined;
}

/**
 * Runs a statement and stops it at the server when `ctx` ends: asks for it, again every 25 ms until the statement
 * settles, and waits until no request is on its way any more. A server that does not react for 5 s, or for the time that
 * `interrupt.timeout` says, loses the connection.
 *
 * @returns what `run` returned, if it had finished
 * @throws StoppedError, with the engine's error as its cause, if it was stopped; or what `run` threw
 *
 * @example
 * ```ts
 * const rows = await driver.interruptible(ctx, () => client.query(text), {
 *   cancel: () => side.kill(client.id),
 *   wasStopped: (error) => (error as { code?: string }).code === "57014",
 *   destroy: () => client.destroy(),
 * });
 * ```
 */
export async function interruptible<T>(ctx: Context, run: () => Promise<T>, interrupt: Interrupt): Promise<T> {
  if (!canEnd(ctx)) return await run();
  // Most statements end before their context: what a cancel needs is made when there is one.
  let stop: (() => Promise<void>) | undefined;
  const running = run();
  const unwatch = onEnd(ctx, () => {
    stop = startCanceling(interrupt);
  });
  try {
    return await running;
  } catch (error) {
    // First of all: to ask the context may be the moment at which its end is noticed, and a cancel that began now would
    // hit what comes next.
    unwatch();
    const end = endOf(ctx);
    throw end !== undefined && interrupt.wasStopped(error) ? new StoppedError(end, error) : error;
  } finally {
    unwatch();
    await stop?.();
  }
}

/** Begins to cancel. The result ends that, and waits until no cancel is on its way. */
function startCanceling(interrupt: Interrupt): () => Promise<void> {
  const settled: Chan<never> = chan();
  const canceling = cancelUntil(settled, interrupt);
  return () => {
    settled.close();
    return canceling;
  };
}

/** Cancels until the statement has settled, and then waits for the last request to be done. Never throws. */
async function cancelUntil(settled: ReceiveChan<never>, interrupt: Interrupt): Promise<void> {
  const tooLong = after(interrupt.timeout ?? serverTimeout);
  for (;;) {
    const request = chan<boolean>(1);
    void isCertain(interrupt).then((certain) => request.trySend(certain));
    const answer = await select({ request, tooLong });
    if (answer.case === "tooLong") return destroy(interrupt);
    const next = await select({ settled, again: after(resend), tooLong });
    if (next.case === "tooLong") return destroy(interrupt);
    if (next.case === "settled") {
      if (answer.value !== true) destroy(interrupt);
      return;
    }
  }
}

/** Sends one cancel, and tells whether it is certain that it can do nothing any more. */
async function isCertain(interrupt: Interrupt): Promise<boolean> {
  try {
    await interrupt.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Breaks the connection. Best effort: if that fails, only the statement itself can still settle. */
function destroy(interrupt: Interrupt): void {
  try {
    interrupt.destroy();
  } catch {
    // See above.
  }
}
