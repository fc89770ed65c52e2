// A signal ends a context, which keeps the process alive until then and no longer.
import { context, main } from "gocsp";
import * as signal from "gocsp/signal";

main(async () => {
  const [ctx] = signal.notifyContext(context.background(), "SIGTERM");
  setTimeout(() => process.kill(process.pid, "SIGTERM"), 20);
  await ctx.done().receive();
  console.log(context.cause(ctx).message);
});
