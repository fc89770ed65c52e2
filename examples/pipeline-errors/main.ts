// A pipeline in which the last stage fails: its error ends the context, and every stage before it leaves with the
// context's error instead of waiting forever to send what no one receives.
import { chan, type Context, context, defer, main, type ReceiveChan, type SendChan, sync } from "gocsp";

const source = async (ctx: Context, out: SendChan<number>) => {
  using _ = defer(() => out.close());
  for (let n = 1; ; n++) await out.send(n, ctx);
};

const square = async (ctx: Context, input: ReceiveChan<number>, out: SendChan<number>) => {
  using _ = defer(() => out.close());
  for await (const n of input) await out.send(n * n, ctx);
};

const sum = async (input: ReceiveChan<number>, most: number) => {
  let total = 0;
  for await (const n of input) {
    total += n;
    if (total > most) throw new Error(`sum: ${total} is more than ${most}`);
    console.log("sum", total);
  }
};

main(async () => {
  const [ctx, cancel] = context.withCancelCause(context.background());
  const [numbers, squares] = [chan<number>(), chan<number>()];
  const stages = [() => source(ctx, numbers), () => square(ctx, numbers, squares), () => sum(squares, 100)];

  const errs = Array<Error | undefined>(stages.length);
  const wg = new sync.WaitGroup();
  for (const [i, stage] of stages.entries()) {
    wg.go(async () => {
      try {
        await stage();
      } catch (err) {
        errs[i] = err as Error;
        cancel(errs[i]);
      }
    });
  }
  await wg.wait();
  console.log("source:", errs[0]?.message);
  // The channel may be closed before the square stage sees that the context has ended.
  console.log("square:", errs[1] === undefined || errs[1] === context.canceled);
  console.log(errs[2]?.message);
  console.log("cause:", context.cause(ctx)?.message);
});
