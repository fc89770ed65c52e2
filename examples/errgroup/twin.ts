// Broken: the group's context is used after the group. Wait ends it, also when all went well, so nothing can be saved.
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
  const [g, ctx] = errgroup.withContext(context.background());
  const texts: string[] = [];
  for (const page of ["a", "b"]) {
    void g.go(async () => {
      texts.push(await load(ctx, page));
    });
  }
  await g.wait();
  await save(ctx, texts);
});
