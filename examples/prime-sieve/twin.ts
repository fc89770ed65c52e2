// Broken: every filter reads from the source, not from the filter before it. They take the numbers from each other, so a
// number is checked by whichever filter was first.
import { chan, context, type Context, go, main, type ReceiveChan, select, send } from "gocsp";

const numbers = (ctx: Context): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    for (let n = 2; ; n++) {
      const op = await select({ sent: send(out, n), done: ctx.done() });
      if (op.case === "done") return out.close();
    }
  });
  return out;
};

const sift = (ctx: Context, input: ReceiveChan<number>, prime: number): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    for await (const n of input) {
      if (n % prime === 0) continue;
      const op = await select({ sent: send(out, n), done: ctx.done() });
      if (op.case === "done") return;
    }
  });
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;
  const source = numbers(ctx);
  let ch = source;
  for (let i = 0; i < 4; i++) {
    const prime = (await ch.receive())!;
    for (let d = 2; d < prime; d++) if (prime % d === 0) throw new Error("a number came through that is not prime");
    ch = sift(ctx, source, prime);
  }
});
