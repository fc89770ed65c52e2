// Three parts of a page. One cannot be loaded: the others are called off at once, and wait throws what went wrong.
import { context, type Context, main, select, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";

const load = async (ctx: Context, part: string, takes: number) => {
  const op = await select({ loaded: time.after(takes), done: ctx.done() });
  if (op.case === "done") {
    console.log(part, "is called off");
    throw ctx.err();
  }
  if (part === "images") throw new Error("there are no images");
  console.log(part, "is loaded");
};

main(async () => {
  const [parts, ctx] = errgroup.withContext(context.background());
  void parts.go(() => load(ctx, "text", 10 * time.millisecond));
  void parts.go(() => load(ctx, "images", 20 * time.millisecond));
  void parts.go(() => load(ctx, "comments", 1 * time.minute));
  try {
    await parts.wait();
  } catch (err) {
    console.log("the page failed:", (err as Error).message);
  }
});
