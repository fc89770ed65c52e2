// A client that goes away ends the context of its request, and with it the work that the handler had started; one that
// stays gets its answer.
import { chan, type Context, context, defer, errors, go, main } from "gocsp";
import * as http from "gocsp/http";

main(async () => {
  const [started, stopped] = [chan<void>(), chan<Error | undefined>()];
  const search = async (ctx: Context): Promise<string> => {
    await started.send();
    await ctx.done().receive();
    await stopped.send(ctx.err());
    throw ctx.err() as Error;
  };

  const handler: http.Handler = async (ctx, req, res) => {
    if (req.url === "/quick") {
      res.end(`the context: ${ctx.err() ?? "<nil>"}`);
      return;
    }
    res.end(await search(ctx)); // an error thrown after the client has left is dropped
  };
  const server = new http.Server({ addr: "127.0.0.1:0", handler });
  await server.listen();
  using _ = defer(() => server.close());
  const url = `http://${server.addr()}`;

  const get = async (ctx: Context, path: string): Promise<string> => {
    const response = await http.fetch(ctx, url + path);
    return response.text();
  };

  for (let i = 1; i <= 3; i++) {
    const [ctx, cancel] = context.withCancel(context.background());
    const failed = chan<unknown>();
    go(async () => {
      const err: unknown = await get(ctx, "/slow").catch((err: unknown) => err);
      await failed.send(err);
    });
    await started.receive();
    cancel();
    console.log(`client ${i}: canceled: ${errors.is(await failed.receive(), context.canceled)}`);
    console.log(`search ${i}: ${(await stopped.receive())?.message}`);
  }

  console.log("quick:", await get(context.background(), "/quick"), "<nil>");
});
