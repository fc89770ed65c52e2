// A client that goes away ends the context of its request, and with it the work that the handler had started; one that
// stays gets its answer.
import { chan, type Context, context, defer, errors, go, main } from "gocsp";
import { fromBytes, panic } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as net from "gocsp/golib/net";

main(async () => {
  const started = chan<void>();
  const stopped = chan<Error | undefined>();
  const search = async (ctx: Context | undefined): Promise<[string, Error]> => {
    await started.send();
    await ctx!.done().receive();
    await stopped.send(ctx!.err());
    return ["", ctx!.err()!];
  };

  const handler = async (w: http.ResponseWriter, r: http.Request) => {
    if (r.url.path === "/quick") {
      await fmt.fprintf(w, "the context: %v", r.context().err());
      return;
    }
    const [result, err] = await search(r.context());
    if (err !== undefined) {
      return; // the client has left
    }
    await io.writeString(w, result);
  };
  const [ln, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    panic(err);
  }
  const server = new http.Server({ handler: http.handlerFunc(handler) });
  go(() => server.serve(ln));
  using _ = defer(() => server.close());
  const url = "http://" + ln.addr().toString();

  const get = async (ctx: Context, path: string): Promise<[string, Error | undefined]> => {
    const [req, err] = http.newRequestWithContext(ctx, "GET", url + path, undefined);
    if (err !== undefined) {
      return ["", err];
    }
    const [resp, err1] = await http.defaultClient.do(req);
    if (err1 !== undefined) {
      return ["", err1];
    }
    await using _1 = defer(resp.body.close.bind(resp.body));
    const [body, err2] = await io.readAll(resp.body);
    return [fromBytes(body), err2];
  };

  for (let i = 1; i <= 3; i++) {
    const [ctx, cancel] = context.withCancel(context.background());
    const failed = chan<Error | undefined>();
    go(async () => {
      const [, err] = await get(ctx, "/slow");
      await failed.send(err);
    });
    await started.receive();
    cancel();
    console.log(`client ${i}: canceled: ${errors.is(await failed.receive(), context.canceled)}`);
    fmt.printf("search %d: %v\n", i, await stopped.receive());
  }

  const [body, err1] = await get(context.background(), "/quick");
  fmt.println("quick:", body, err1);
});
