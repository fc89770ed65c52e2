// TimeoutHandler: if a handler takes too long, the client gets status 503, the context ends, and what the handler
// writes later is discarded.
import { chan, defer, go, main, time } from "gocsp";
import * as http from "gocsp/http";

main(async () => {
  const late = chan<Error | null | undefined>();
  const handler: http.Handler = async (ctx, req, res) => {
    res.setHeader("X-Handler", "me");
    if (req.url === "/slow") {
      res.write("the beginning, which nobody sees");
      await ctx.done().receive();
      await late.send(ctx.err());
      await late.receive(); // until the client has its answer
      res.write("too late", (err) => go(() => late.send(err)));
      return;
    }
    res.end(`in time, limited: ${ctx.deadline() !== undefined}`);
  };
  const limited = http.timeoutHandler(handler, 50 * time.millisecond, "sorry, try later");
  const server = new http.Server({ addr: "127.0.0.1:0", handler: limited });
  await server.listen();
  using _ = defer(() => server.close());

  const get = async (path: string) => {
    const response = await fetch(`http://${server.addr()}${path}`);
    const body = await response.text();
    return `${response.status} "${response.headers.get("X-Handler") ?? ""}" ${body}`;
  };
  console.log(await get("/quick"));

  const answer = chan<string>();
  go(async () => answer.send(await get("/slow")));
  console.log("the handler:", (await late.receive())?.message);
  console.log(await answer.receive());
  await late.send(undefined);
  console.log("its late write:", (await late.receive())?.message);
});
