// ctx.done() is closed when the context ends, and ctx.err() says why.
import { context, type Context, main, select, time } from "gocsp";

const lookUp = async (ctx: Context): Promise<string> => {
  const op = await select({ found: time.after(1 * time.hour), done: ctx.done() });
  if (op.case === "done") throw ctx.err();
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
