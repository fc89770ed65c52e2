// A worker that shows it is alive: between results it sends pulses, but only if a receiver waits for them.
// A watchdog tells a silent worker from a slow one: when no pulse comes in time, it cancels the worker.
import { chan, context, type Context, defer, go, main, type ReceiveChan, select, send, time } from "gocsp";

const interval = 2 * time.millisecond;

/** Sends `n` squares, each when it is asked for, and a pulse every interval until then. */
const work = (ctx: Context, n: number): [ReceiveChan<void>, ReceiveChan<number>] => {
  const [pulses, results] = [chan<void>(), chan<number>()];
  go(async () => {
    using _close = defer(() => results.close());
    const ticker = time.newTicker(interval);
    using _stop = defer(() => ticker.stop());
    for (let i = 1; i <= n;) {
      const op = await select({ done: ctx.done(), tick: ticker.c, sent: send(results, i * i) });
      switch (op.case) {
        case "done":
          return;
        case "tick":
          pulses.trySend(); // false when no receiver waits
          break;
        case "sent":
          i++;
      }
    }
  });
  return [pulses, results];
};

/** Never sends a pulse. */
const stuck = (ctx: Context): [ReceiveChan<void>, ReceiveChan<number>] => {
  const results = chan<number>();
  go(async () => {
    using _ = defer(() => results.close());
    await ctx.done().receive();
  });
  return [chan<void>(), results];
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _1 = cancel;
  const [pulses, results] = work(ctx, 3);
  for (let i = 0; i < 3; i++) {
    await pulses.receive();
    console.log("alive");
    console.log("result", await results.receive());
  }
  const [, more] = await results.receiveOk();
  console.log("more results:", more);

  const [watched, fail] = context.withCancelCause(context.background());
  using _2 = fail;
  const [silence, nothing] = stuck(watched);
  const op = await select({ pulse: silence, late: time.after(5 * interval) });
  switch (op.case) {
    case "pulse":
      console.log("alive");
      break;
    case "late":
      fail(new Error("no pulse"));
  }
  const [, ok] = await nothing.receiveOk();
  console.log("more results:", ok, "because:", context.cause(watched)?.message);
});
