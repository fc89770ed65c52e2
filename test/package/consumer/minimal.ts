// A program without browser types, Node types or the newest library: the declarations must compile without them too.
import { chan, context, go, main, select, time } from "gocsp";

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), time.second);
  const ch = chan<number>();
  go(() => ch.send(1, ctx));
  const op = await select({ ch, done: ctx.done() });
  const answer: number | undefined = op.case === "ch" ? op.value : undefined;
  context.signal(ctx).addEventListener("abort", () => ch.trySend(answer ?? 0));
  cancel();
});
