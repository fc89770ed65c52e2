// A context carries a deadline through every function. Whoever waits, waits for it too, and says why it came back.
import { context, type Context, main, select, time } from "gocsp";

const lookUp = async (ctx: Context, name: string, takes: number): Promise<string> => {
  const op = await select({ found: time.after(takes), done: ctx.done() });
  if (op.case === "done") throw ctx.err();
  return `${name} lives in Oslo`;
};

main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
  using _ = cancel;
  console.log(await lookUp(ctx, "ann", 20 * time.millisecond));
  try {
    console.log(await lookUp(ctx, "bob", 1 * time.hour));
  } catch (err) {
    console.log("bob:", (err as Error).message);
  }
});
