// A prime sieve: every prime found adds a goroutine that drops its multiples, and the end of the context ends them all.
// The best-known program for channels; its idea is from Hoare's paper on communicating sequential processes (1978).
import { type Chan, chan, context, type Context, go, main, type ReceiveChan, select, send } from "gocsp";

const count = 25;

const ended = chan<void>();

/** Sends 2, 3, 4, ... until `ctx` ends. */
const numbers = (ctx: Context): ReceiveChan<number> => {
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
};

/** Passes on what `prime` does not divide. */
const sift = (ctx: Context, input: ReceiveChan<number>, prime: number): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    let source: ReceiveChan<number> | null = input; // one of them is null: the filter either takes or gives
    let sink: Chan<number> | null = null;
    let n = 0;
    for (;;) {
      const op = await select({ done: ctx.done(), taken: source, given: sink && send(sink, n) });
      switch (op.case) {
        case "done":
          await ended.send();
          return;
        case "taken":
          n = op.value!;
          if (n % prime !== 0) [source, sink] = [null, out];
          break;
        case "given":
          [source, sink] = [input, null];
      }
    }
  });
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  let ch = numbers(ctx);
  for (let i = 0; i < count; i++) {
    const prime = (await ch.receive())!;
    console.log(prime);
    ch = sift(ctx, ch, prime);
  }

  cancel();
  for (let i = 0; i < count + 1; i++) await ended.receive();
  console.log("all goroutines ended");
});
