// A worker that shows it is alive: between results it sends pulses, and only if somebody is listening for them.
// A watchdog tells a silent worker from a slow one: when no pulse comes in time, it cancels the worker.
import { chan, type Context, context, defer, go, main, type ReceiveChan, select, send, time } from "gocsp";
import * as fmt from "gocsp/golib/fmt";

const interval = 2 * time.millisecond;

/** work sends n squares, each when it is asked for, and a pulse every interval until then. */
function work(ctx: Context, n: number): [ReceiveChan<void>, ReceiveChan<number>] {
  const pulses = chan<void>();
  const results = chan<number>();
  go(async () => {
    using _ = defer(() => results.close());
    const ticker = time.newTicker(interval);
    using _1 = defer(() => ticker.stop());
    for (let i = 1; i <= n;) {
      const op = await select({ done: ctx.done(), ticker: ticker.c, results: send(results, i * i) });
      switch (op.case) {
        case "done":
          return;
        case "ticker": {
          pulses.trySend();
          break;
        }
        case "results":
          i++;
      }
    }
  });
  return [pulses, results];
}

/** stuck never sends a pulse. */
function stuck(ctx: Context): [ReceiveChan<void>, ReceiveChan<number>] {
  const results = chan<number>();
  go(async () => {
    using _ = defer(() => results.close());
    await ctx.done().receive();
  });
  return [chan<void>(), results];
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const [pulses, results] = work(ctx, 3);
  for (let i = 0; i < 3; i++) {
    await pulses.receive();
    console.log("alive");
    console.log("result", (await results.receive()) ?? 0);
  }
  const [, more] = await results.receiveOk();
  console.log("more results:", more);

  const [watched, fail] = context.withCancelCause(context.background());
  using _1 = defer(() => fail(undefined));
  const [silence, nothing] = stuck(watched);
  const op = await select({ silence, after: time.after(5 * interval) });
  switch (op.case) {
    case "silence":
      console.log("alive");
      break;
    case "after":
      fail(new Error("no pulse"));
  }
  const [, ok] = await nothing.receiveOk();
  fmt.println("more results:", ok, "because:", context.cause(watched));
});
