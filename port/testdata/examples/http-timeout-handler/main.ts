// TimeoutHandler: if a handler takes too long, the client gets status 503, the context ends, and what the handler
// writes later is discarded.
import { chan, defer, go, main } from "gocsp";
import { panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as net from "gocsp/golib/net";
import * as time from "gocsp/golib/time";

main(async () => {
  const late = chan<Error | undefined>();
  const handler = async (w: http.ResponseWriter, r: http.Request) => {
    w.header().set("X-Handler", "me");
    if (r.url.path === "/slow") {
      await io.writeString(w, "the beginning, which nobody sees");
      await r.context().done().receive();
      await late.send(r.context().err());
      await late.receive(); // until the client has its answer
      const [, err] = await io.writeString(w, "too late");
      await late.send(err);
      return;
    }
    const [, limited] = time.deadline(r.context());
    await fmt.fprintf(w, "in time, limited: %v", limited);
  };
  const limited = http.timeoutHandler(http.handlerFunc(handler), 50 * time.millisecond, "sorry, try later");
  const [ln, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    panic(err);
  }
  const server = new http.Server({ handler: limited });
  go(() => server.serve(ln));
  using _ = defer(() => server.close());

  const get = async (path: string): Promise<string> => {
    const [resp, err] = await http.get("http://" + ln.addr().toString() + path);
    if (err !== undefined) {
      panic(err);
    }
    await using _1 = defer(resp.body.close.bind(resp.body));
    const [body] = await io.readAll(resp.body);
    return fmt.sprintf("%d %q %s", resp.statusCode, resp.header.get("X-Handler"), body);
  };
  console.log(await get("/quick"));

  const answer = chan<string>();
  go(async () => await answer.send(await get("/slow")));
  fmt.println("the handler:", await late.receive());
  console.log((await answer.receive()) ?? "");
  await late.send(undefined);
  fmt.println("its late write:", await late.receive());
});
