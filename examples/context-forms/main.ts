// Operations that give up when their context ends. In Go each is a select that returns ctx.Err() as an error;
// in TypeScript the operation takes the context along and throws it.
import { chan, context, type Context, errors, go, main, type ReceiveChan, time } from "gocsp";

const sum = async (ctx: Context, ch: ReceiveChan<number>, add: (n: number) => void) => {
  for await (const n of ch.range(ctx)) add(n);
};

/** The error that `f` throws, or undefined: Go's `err`. */
const failure = async (f: () => Promise<unknown>): Promise<Error | undefined> => {
  try {
    await f();
    return undefined;
  } catch (err) {
    return err as Error;
  }
};

const text = (err: Error | undefined) => err?.message ?? "<nil>";

main(async () => {
  const background = context.background();
  let [ctx, cancel] = context.withCancel(background);

  // In time.
  const ch = chan<number>(3);
  console.log("send:", text(await failure(() => ch.send(1, ctx))));
  console.log("receive:", await ch.receive(ctx), "<nil>");
  console.log("sleep:", text(await failure(() => time.sleep(ctx, 1 * time.millisecond))));

  // The context ends while they wait.
  const [empty, full] = [chan<number>(), chan<number>()];
  const errs = chan<Error | undefined>();
  go(async () => errs.send(await failure(() => empty.receive(ctx))));
  go(async () => errs.send(await failure(() => full.send(2, ctx))));
  go(async () => errs.send(await failure(() => sum(ctx, empty, () => {}))));
  go(async () => errs.send(await failure(() => time.sleep(ctx, 1 * time.hour))));
  cancel();
  for (let i = 0; i < 4; i++) console.log("gave up:", errors.is(await errs.receive(), context.canceled));

  // Nothing is lost and nothing is sent afterwards: the context comes first, even before what is ready.
  await ch.send(3);
  console.log("receive:", 0, text(await failure(() => ch.receive(ctx))), "still there:", ch.length);
  console.log("send:", text(await failure(() => ch.send(4, ctx))), "still alone:", ch.length);

  // A range with a context: to the end, and cut off in the middle.
  await ch.send(4);
  ch.close();
  let total = 0;
  let err = await failure(() => sum(background, ch, (n) => (total += n)));
  console.log("sum:", total, text(err));

  const endless = chan<number>();
  [ctx, cancel] = context.withCancel(background);
  go(async () => {
    for (let n = 0; n < 11; n++) await endless.send(n);
    cancel();
  });
  total = 0;
  err = await failure(() => sum(ctx, endless, (n) => (total += n)));
  console.log("sum:", total, text(err));
});
