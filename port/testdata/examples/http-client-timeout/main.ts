// Calls under a context: a timeout covers the headers and the body, a call fails with the cause, and with a context
// that has ended nothing is sent.
import { type Context, context, defer, errors, go, main, time } from "gocsp";
import { asserted, fromBytes, has, panic } from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as net from "gocsp/golib/net";

main(async () => {
  const requests = new atomic.Int32();
  const handler = async (w: http.ResponseWriter, r: http.Request) => {
    requests.add(1);
    switch (r.url.path) {
      case "/quick":
        await io.writeString(w, "hello");
        return;
      case "/body":
        await io.writeString(w, "the beginning");
        asserted<http.Flusher>(w, (v) => has(v, "flush"), "http.Flusher").flush();
    }
    await r.context().done().receive();
  };
  let [ln, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    panic(err);
  }
  const server = new http.Server({ handler: http.handlerFunc(handler) });
  go(() => server.serve(ln));
  using _ = defer(() => server.close());

  const get = async (ctx: Context, path: string): Promise<[string, Error | undefined]> => {
    const [req, err] = http.newRequestWithContext(ctx, "GET", "http://" + ln.addr().toString() + path, undefined);
    if (err !== undefined) {
      return ["", err];
    }
    const [resp, err1] = await http.defaultClient.do(req);
    if (err1 !== undefined) {
      return ["", errors.unwrap(err1) as Error | undefined]; // what the *url.Error wraps
    }
    await using _1 = defer(resp.body.close.bind(resp.body));
    const [body, err2] = await io.readAll(resp.body);
    return [fromBytes(body), err2];
  };

  for (const path of ["/headers", "/body"]) {
    const [ctx, cancel] = context.withTimeout(context.background(), 50 * time.millisecond);
    const [, err] = await get(ctx, path);
    fmt.println(path, err, err === context.deadlineExceeded);
    cancel();
  }

  const busy = new Error("somebody else was faster");
  let [ctx, cancel] = context.withTimeoutCause(context.background(), 50 * time.millisecond, busy);
  using _1 = defer(cancel);
  [, err] = await get(ctx, "/body");
  fmt.println("with a cause:", err, err === busy);

  const before = requests.load();
  [, err] = await get(ctx, "/quick");
  fmt.println("ended before:", err, requests.load() - before | 0, "requests");

  [ctx, cancel] = context.withTimeout(context.background(), time.minute);
  let body: string;
  [body, err] = await get(ctx, "/quick");
  cancel(); // the body has been read: this does nothing
  fmt.println("in time:", body, err);
});
