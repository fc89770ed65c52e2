// A request with two branches, one of which has a twig. Canceling a branch ends its twig; canceling the request ends all.
import { context, type Context, main, sync, time } from "gocsp";

const work = async (ctx: Context, name: string) => {
  await ctx.done().receive();
  console.log(name, "ends:", context.cause(ctx)?.message);
};

main(async () => {
  const [request, leave] = context.withCancelCause(context.background());
  const [images, stopImages] = context.withCancelCause(request);
  const [thumbnail, stopThumbnail] = context.withTimeout(images, 1 * time.minute);
  using _1 = stopThumbnail;
  const [text, stopText] = context.withTimeout(request, 1 * time.minute);
  using _2 = stopText;
  const all = new sync.WaitGroup();
  all.go(work, thumbnail, "thumbnail");
  all.go(work, text, "text");
  stopImages(new Error("images are off"));
  await time.sleep(10 * time.millisecond);
  leave(new Error("the reader has left"));
  await all.wait();
});
