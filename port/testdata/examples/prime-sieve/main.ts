// A prime sieve: every prime found adds a goroutine that drops its multiples, and the end of the context ends them all.
// The best-known program for channels; its idea is from Hoare's paper on communicating sequential processes (1978).
import { type Chan, chan, type Context, context, go, main, nilChan, type ReceiveChan, select, send } from "gocsp";
import { rem } from "gocsp/golib";

const count = 25;

const ended = chan<void>();

/** numbers sends 2, 3, 4, ... until ctx ends. */
function numbers(ctx: Context): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    for (let n = 2; ; n++) {
      const op = await select({ done: ctx.done(), sent: send(out, n) });
      if (op.case === "done") {
        await ended.send();
        return;
      }
    }
  });
  return out;
}

/** sift passes on what prime does not divide. */
function sift(ctx: Context, in_: ReceiveChan<number>, prime: number): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    let source: ReceiveChan<number> = in_;
    let sink: Chan<number> = nilChan(); // one of them is nil: the filter either takes or gives
    let n = 0;
    for (;;) {
      const op = await select({ done: ctx.done(), source, sink: send(sink, n) });
      switch (op.case) {
        case "done":
          await ended.send();
          return;
        case "source": {
          n = op.value ?? 0;
          if (rem(n, prime) !== 0) {
            source = nilChan();
            sink = out;
          }
          break;
        }
        case "sink":
          source = in_;
          sink = nilChan();
      }
    }
  });
  return out;
}

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  let ch: ReceiveChan<number> = numbers(ctx);
  for (let i = 0; i < count; i++) {
    const prime = (await ch.receive()) ?? 0;
    console.log(prime);
    ch = sift(ctx, ch, prime);
  }

  cancel();
  for (let i = 0; i < count + 1; i++) {
    await ended.receive();
  }
  console.log("all goroutines ended");
});
