// Calls under a context: a timeout covers the headers and the body, a call fails with the cause, and with a context
// that has ended nothing is sent.
import { type Context, context, defer, errors, main, time } from "gocsp";
import * as http from "gocsp/http";

main(async () => {
  let requests = 0;
  const handler: http.Handler = async (ctx, req, res) => {
    requests++;
    switch (req.url) {
      case "/quick":
        res.end("hello");
        return;
      case "/body":
        res.write("the beginning");
    }
    await ctx.done().receive();
  };
  const server = new http.Server({ handler });
  await server.listen("127.0.0.1:0");
  using _ = defer(() => server.close());

  const get = async (ctx: Context, path: string): Promise<[body: string, err?: Error]> => {
    try {
      const response = await http.fetch(ctx, `http://${server.addr()}${path}`);
      return [await response.text()];
    } catch (err) {
      return ["", (errors.as(err, http.url.Error)?.err ?? err) as Error]; // what the url.Error wraps
    }
  };

  for (const path of ["/headers", "/body"]) {
    const [ctx, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
    const [, err] = await get(ctx, path);
    console.log(path, err?.message, err === context.deadlineExceeded);
    cancel();
  }

  const busy = new Error("somebody else was faster");
  const [ctx, cancel] = context.withTimeoutCause(context.background(), 50 * time.millisecond, busy);
  using _1 = cancel;
  const [, err] = await get(ctx, "/body");
  console.log("with a cause:", err?.message, err === busy);

  const before = requests;
  const [, ended] = await get(ctx, "/quick");
  console.log("ended before:", ended?.message, requests - before, "requests");

  const [plenty, stop] = context.withTimeout(context.background(), time.minute);
  const [body] = await get(plenty, "/quick");
  stop(); // the body has been read: this does nothing
  console.log("in time:", body, "<nil>");
});
