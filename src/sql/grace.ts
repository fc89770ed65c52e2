/**
 * How long a caller waits for a driver once its context has ended.
 *
 * A driver stops a statement at the server and settles, mostly within milliseconds. A server that cannot be reached any
 * more answers nothing, and a driver needs seconds to be sure of that. The caller does not wait so long: it gets its
 * error, and the connection stays out of the pool until the driver has settled.
 */

import { background, type Context, onEnd, withCancel } from "../context/context.ts";
import { canEnd } from "../context/internal.ts";
import { currentQueue } from "../runtime/clock.ts";
import { afterFunc, type Timer } from "../time/time.ts";

/** How long a caller waits, in milliseconds, counted in ticks. */
const grace = 200;
const tick = grace / 4;

/** How long it waits at most where the whole program is held up. */
const longest = 1000;

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
    // In ticks: on a machine that is too busy they ring late, and a late one does not count. Otherwise a pause of the whole
    // program would pass for a dead network: timers ring before the answers that have come meanwhile are read.
    const unwatch = onEnd(ctx, () => {
      const clock = currentQueue();
      const end = clock.now();
      let counted = 0;
      const next = (): void => {
        const due = clock.now() + tick;
        timer = afterFunc(tick, () => {
          if (isOver) return;
          const now = clock.now();
          if (now - due < tick / 2) counted++;
          if (counted * tick >= grace || now - end >= longest) giveUp();
          else next();
        });
      };
      next();
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
