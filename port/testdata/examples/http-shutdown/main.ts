// Shutdown: no new connections, but the request in progress goes on with its context alive. The first attempt has a
// limit and gives up; the second one waits until the request has been answered.
import { chan, type Context, context, defer, go, main, time } from "gocsp";
import { fromBytes, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as net from "gocsp/golib/net";

main(async () => {
  const started = chan<Context>();
  const finish = chan<void>();
  const handler = async (w: http.ResponseWriter, r: http.Request) => {
    await started.send(r.context());
    await finish.receive();
    await io.writeString(w, "done");
  };
  let [ln, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    panic(err);
  }
  const server = new http.Server({ handler: http.handlerFunc(handler) });
  const notified = chan<void>(2);
  server.registerOnShutdown(async () => await notified.send());
  const served = chan<Error | undefined>();
  go(async () => await served.send(await server.serve(ln)));
  const url = "http://" + ln.addr().toString();

  const answer = chan<string>();
  go(async () => {
    const [resp, err] = await http.get(url);
    if (err !== undefined) {
      panic(err);
    }
    await using _ = defer(resp.body.close.bind(resp.body));
    const [body] = await io.readAll(resp.body);
    await answer.send(fromBytes(body));
  });
  const request = (await started.receive())!;

  const [limit, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
  using _ = cancel;
  fmt.println("shutdown:", await server.shutdown(limit));
  await notified.receive();
  fmt.println("serve:", await served.receive());
  fmt.println("the request:", request.err());
  [, err] = await http.get(url);
  console.log("refused:", err !== undefined);

  const down = chan<Error | undefined>();
  go(async () => await down.send(await server.shutdown(context.background())));
  finish.close();
  console.log("answer:", (await answer.receive()) ?? "");
  fmt.println("shutdown:", await down.receive());
  await request.done().receive();
  fmt.println("the request:", request.err());
});
