// Repaired: the group's context is for the group's goroutines. What comes afterwards uses the context that was there before.
import { context, type Context, gosched, main } from "gocsp";
import * as errgroup from "gocsp/errgroup";

const load = async (ctx: Context, page: string): Promise<string> => {
  await gosched();
  if (ctx.err() !== undefined) throw ctx.err();
  return `text of ${page}`;
};

const save = async (ctx: Context, texts: readonly string[]) => {
  if (ctx.err() !== undefined) throw ctx.err();
  console.log("saved:", texts.length);
};

main(async () => {
  const ctx = context.background();
  const [g, groupCtx] = errgroup.withContext(ctx);
  const texts: string[] = [];
  for (const page of ["a", "b"]) {
    void g.go(async () => {
      texts.push(await load(groupCtx, page));
    });
  }
  await g.wait();
  await save(ctx, texts);
});
