// Broken: the steward starts the next ward before the old one has gone. For a moment two do the same work.
import { chan, context, type Context, defer, gosched, main, type SendChan, sync, time } from "gocsp";

let atWork = 0;
const all = new sync.WaitGroup();

const ward = async (ctx: Context, life: number, results: SendChan<number>) => {
  using _ = defer(() => atWork--);
  if (++atWork > 1) throw new Error("two wards are at work");
  if (life === 1) await ctx.done().receive(); // hangs
  else await results.send(life);
  await gosched(); // tidies up
};

main(async () => {
  const results = chan<number>(1);
  const [ctx, cancel] = context.withCancel(context.background());
  all.go(ward, ctx, 1, results);
  await time.sleep(200 * time.millisecond);
  cancel();
  all.go(ward, context.background(), 2, results);
  console.log("done in life", await results.receive());
  await all.wait();
});
