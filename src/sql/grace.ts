/**
 * How long a caller waits for a driver once its context has ended.
 *
 * A driver stops a statement at the server and settles, mostly within milliseconds. A server that cannot be reached any
 * more answers nothing, and a driver needs seconds to be sure of that. The caller does not wait so long: it gets its
 * error, and the connection stays out of the pool until the driver has settled.
 */

import { background, type Context, onEnd, withCancel } from "../context/context.ts";
import { canEnd } from "../context/internal.ts";
import { afterFunc, type Timer } from "../time/time.ts";

/** In milliseconds. */
const grace = 200;

/** A context that has ended, for those who have none of their own. */
export const ended: Context = endedContext();

function endedContext(): Context {
  const [ctx, cancel] = withCancel(background());
  cancel();
  return ctx;
}

/**
 * Settles as `work` does. Once `ctx` has ended and the grace is over, it settles with what `late` returns or throws, and
 * `work` goes on in the background.
 */
export function withinGrace<T>(ctx: Context, work: Promise<T>, late: () => T): Promise<T> {
  if (!canEnd(ctx)) return work;
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    let isOver = false;
    const giveUp = (): void => {
      // The function of a timer may be about to run when the timer is stopped.
      if (isOver) return;
      isOver = true;
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    };
    // Two halves: after a pause of the whole program the timer rings before the answers that have come meanwhile are
    // read, and they get one more turn of the event loop.
    const unwatch = onEnd(ctx, () => {
      timer = afterFunc(grace / 2, () => {
        if (!isOver) timer = afterFunc(grace / 2, giveUp);
      });
    });
    const stop = (): void => {
      isOver = true;
      unwatch();
      timer?.stop();
    };
    work.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
}
