// A pipeline of three stages whose consumer stops early: the context tells every stage to end, and none of them leaks.
// The classical shape: each stage owns its output channel, closes it when it is done, and never sends without looking
// at ctx.
import { chan, context, type Context, defer, go, main, type ReceiveChan, select, send } from "gocsp";

const ended = chan<string>();

const count = (ctx: Context): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    await using _ended = defer(() => ended.send("count"));
    using _close = defer(() => out.close());
    for (let n = 1; ; n++) {
      const op = await select({ sent: send(out, n), done: ctx.done() });
      if (op.case === "done") return;
    }
  });
  return out;
};

/** Applies `f` to everything that comes in. */
const mapped = (
  ctx: Context,
  name: string,
  input: ReceiveChan<number>,
  f: (n: number) => number,
): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    await using _ended = defer(() => ended.send(name));
    using _close = defer(() => out.close());
    for await (const n of input) {
      const op = await select({ sent: send(out, f(n)), done: ctx.done() });
      if (op.case === "done") return;
    }
  });
  return out;
};

main(async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  using _ = cancel;

  const squares = mapped(ctx, "square", count(ctx), (n) => n * n);
  for await (const n of mapped(ctx, "half", squares, (n) => Math.trunc(n / 2))) {
    if (n > 50) break;
    console.log(n);
  }

  cancel();
  const stages = new Set<string>();
  for (let i = 0; i < 3; i++) stages.add((await ended.receive())!);
  console.log("ended:", stages.has("count"), stages.has("square"), stages.has("half"));
});
