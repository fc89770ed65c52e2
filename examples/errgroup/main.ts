// An errgroup: three pages are loaded in parallel, the first error ends the context of the others, and wait returns it.
// The caller gets one error, and no goroutine is left at work.
import { context, type Context, main, select, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";

let calledOff = 0;

const load = async (ctx: Context, page: string) => {
  if (page === "b") throw new Error("page b is down");
  const op = await select({ loaded: time.after(1 * time.hour), done: ctx.done() });
  if (op.case === "done") {
    calledOff++;
    throw ctx.err();
  }
};

main(async () => {
  const [g, ctx] = errgroup.withContext(context.background());
  for (const page of ["a", "b", "c"]) void g.go(() => load(ctx, page));
  try {
    await g.wait();
  } catch (err) {
    console.log("failed:", (err as Error).message);
  }
  console.log("called off:", calledOff);
});
