// Shutdown: no new connections, but the request in progress goes on with its context alive. The first attempt has a
// limit and gives up; the second one waits until the request has been answered.
import { chan, type Context, context, go, main, time } from "gocsp";
import * as http from "gocsp/http";

const text = (err: unknown) => (err instanceof Error ? err.message : "<nil>");

main(async () => {
  const [started, finish] = [chan<Context>(), chan<void>()];
  const handler: http.Handler = async (ctx, _req, res) => {
    await started.send(ctx);
    await finish.receive();
    res.end("done");
  };
  const server = new http.Server({ handler });
  const notified = chan<void>(2);
  server.registerOnShutdown(() => notified.send());
  await server.listen("127.0.0.1:0");
  const served = chan<unknown>();
  go(async () => served.send(await server.serve().catch((err: unknown) => err)));
  const url = `http://${server.addr()}`;

  const answer = chan<string>();
  go(async () => {
    const response = await fetch(url);
    await answer.send(await response.text());
  });
  const request = (await started.receive()) as Context;

  const [limit, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
  using _ = cancel;
  console.log("shutdown:", text(await server.shutdown(limit).catch((err: unknown) => err)));
  await notified.receive();
  console.log("serve:", text(await served.receive()));
  console.log("the request:", text(request.err()));
  console.log("refused:", (await fetch(url).catch((err: unknown) => err)) instanceof Error);

  const down = chan<unknown>();
  go(async () => down.send(await server.shutdown(context.background())));
  finish.close();
  console.log("answer:", await answer.receive());
  console.log("shutdown:", text(await down.receive()));
  await request.done().receive();
  console.log("the request:", text(request.err()));
});
