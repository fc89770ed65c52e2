// lookUp looks at its context before it waits, and not while it waits. Let it return when the context ends.
import { context, type Context, main, time } from "gocsp";

const lookUp = async (ctx: Context): Promise<string> => {
  if (ctx.err() !== undefined) throw ctx.err();
  await time.sleep(1 * time.hour);
  return "found";
};

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
  using _ = cancel;
  try {
    console.log(await lookUp(ctx));
  } catch (err) {
    console.log("gave up:", (err as Error).message);
  }
});
