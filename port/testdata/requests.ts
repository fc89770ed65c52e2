// The life of a request: timeouts, clients that leave, streams, graceful shutdown, recorders.
import { chan, context, defer, errors, go, main, time } from "gocsp";
import { asError, asserted, fromBytes, has, toBytes } from "gocsp/golib";
import * as bufio from "gocsp/golib/bufio";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as httptest from "gocsp/golib/httptest";
import * as io from "gocsp/golib/io";
import * as net from "gocsp/golib/net";
import * as os from "gocsp/golib/os";
import * as strings from "gocsp/golib/strings";
import * as url from "gocsp/golib/url";

function describe(err: Error | undefined): void {
  let urlErr: url.Error | undefined;
  if (!asError(err, (e) => e instanceof url.Error, (e) => { urlErr = e as url.Error; })) {
    fmt.println("no url.Error:", err);
    return;
  }
  const text = strings.replaceAll((urlErr!.err as Error).message, "\n", " ");
  fmt.println(urlErr!.op, urlErr!.timeout(), errors.is(err, context.canceled), errors.is(err, context.deadlineExceeded), text);
}

async function timeouts(): Promise<void> {
  const left = chan<Error | undefined>(10);
  const server = await httptest.newServer(http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    if (r.url.path === "/body") {
      await w.write(toBytes("begin"));
      asserted<http.Flusher>(w, (v) => has(v, "flush"), "http.Flusher").flush();
    }
    await r.context().done().receive();
    await left.send(r.context().err());
  }));
  await using _ = defer(() => server.close());

  const client = new http.Client({ timeout: 50 * time.millisecond });
  let [, err] = await client.get(server.url);
  describe(err);
  fmt.println("left:", await left.receive());

  let resp: http.Response;
  [resp, err] = await client.get(server.url + "/body");
  fmt.println(resp.statusCode, err, resp.contentLength, resp.transferEncoding);
  let body: Uint8Array;
  [body, err] = await io.readAll(resp.body);
  await resp.body.close();
  fmt.printf("%q %v\n", body, err);
  fmt.println("left:", await left.receive());

  const [ctx, cancel] = context.withCancel(context.background());
  const [req] = http.newRequestWithContext(ctx, http.methodGet, server.url, undefined);
  const failed = chan<Error | undefined>();
  go(async () => {
    const [, err] = await http.defaultClient.do(req);
    await failed.send(err);
  });
  await time.sleep(50 * time.millisecond);
  cancel();
  describe(await failed.receive());
  fmt.println("left:", await left.receive());
  [, err] = await http.defaultClient.do(req);
  describe(err);
  console.log(strings.replaceAll(err!.message, server.url, ""));

  // A client that closes the body leaves.
  [resp, err] = await http.get(server.url + "/body");
  fmt.println(err);
  await resp.body.close();
  fmt.println("left:", await left.receive());
  [, err] = await resp.body.read(new Uint8Array(1));
  fmt.println(err);
}

async function streams(): Promise<void> {
  const next = chan<void>();
  const mux = http.newServeMux();
  mux.handleFunc("GET /events", async (w: http.ResponseWriter, r: http.Request) => {
    const flusher = has(w, "flush") ? (w as unknown as http.Flusher) : undefined;
    const ok = flusher !== undefined;
    if (!ok) {
      await http.error(w, "no stream", http.statusInternalServerError);
      return;
    }
    w.header().set("Content-Type", "text/event-stream");
    flusher.flush();
    for (let i = 0; i < 3; i++) {
      await next.receive();
      await fmt.fprintf(w, "data: %d\n\n", i);
      flusher.flush();
    }
  });
  mux.handleFunc("POST /echo", async (w: http.ResponseWriter, r: http.Request) => {
    const [n, err] = await io.copy(w, r.body);
    fmt.println("echoed", n, err, r.contentLength, r.transferEncoding);
  });
  mux.handleFunc("/short", async (w: http.ResponseWriter, r: http.Request) => {
    w.header().set("Content-Length", "10");
    const [n, err] = await w.write(toBytes("12345"));
    fmt.println("wrote", n, err);
  });
  mux.handleFunc("/long", async (w: http.ResponseWriter, r: http.Request) => {
    w.header().set("Content-Length", "3");
    const [n, err] = await w.write(toBytes("12345"));
    fmt.println("wrote", n, err, err === http.errContentLength);
    await w.write(toBytes("123"));
  });
  mux.handleFunc("/none", async (w: http.ResponseWriter, r: http.Request) => {
    w.writeHeader(http.statusNotModified);
    const [, err] = await io.writeString(w, "x");
    fmt.println(err);
  });
  const server = await httptest.newServer(mux);
  await using _ = defer(() => server.close());

  let [resp, err] = await http.get(server.url + "/events");
  if (err !== undefined) {
    fmt.println(err);
    return;
  }
  const scanner = bufio.newScanner(resp.body);
  await next.send();
  while (await scanner.scan()) {
    const line = scanner.text();
    if (line === "") {
      continue;
    }
    console.log(line);
    if (line !== "data: 2") {
      await next.send();
    }
  }
  await resp.body.close();
  fmt.println(scanner.err());

  const [pr, pw] = io.pipe();
  go(async () => {
    for (let i = 0; i < 3; i++) {
      await io.writeString(pw, `part ${i};`);
    }
    pw.close();
  });
  [resp, err] = await server.client().post(server.url + "/echo", "text/plain", pr);
  if (err !== undefined) {
    fmt.println(err);
    return;
  }
  let body: Uint8Array;
  [body, err] = await io.readAll(resp.body);
  await resp.body.close();
  fmt.printf("%s %v\n", body, err);

  for (const path of ["/short", "/long", "/none"]) {
    const [resp, err] = await http.get(server.url + path);
    if (err !== undefined) {
      fmt.println(err);
      continue;
    }
    const [body, err1] = await io.readAll(resp.body);
    await resp.body.close();
    fmt.printf("%d %q %v\n", resp.statusCode, body, err1);
  }
}

async function graceful(): Promise<void> {
  const started = chan<void>();
  const finish = chan<void>();
  const mux = http.newServeMux();
  mux.handleFunc("/work", async (w: http.ResponseWriter, r: http.Request) => {
    started.close();
    await finish.receive();
    await fmt.fprintln(w, "done", r.context().err(), r.context().value("name"));
  });
  let [ln, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    fmt.println(err);
    os.exit(1);
  }
  const base = context.withValue(context.background(), "name", "base");
  const server = new http.Server({ addr: ln.addr().toString(), baseContext: (_: net.Listener) => base });
  server.handler = mux;
  server.registerOnShutdown(() => finish.close());
  const served = chan<Error | undefined>(1);
  go(async () => {
    const err = (await server.serve(ln))!;
    if (!errors.is(err, http.errServerClosed)) {
      fmt.println("unexpected", err);
    }
    await served.send(err);
  });
  const answer = chan<string>();
  go(async () => {
    const [resp, err] = await http.get("http://" + server.addr + "/work");
    if (err !== undefined) {
      await answer.send(err.message);
      return;
    }
    await using _ = defer(resp.body.close.bind(resp.body));
    const [body] = await io.readAll(resp.body);
    await answer.send(fromBytes(body));
  });
  await started.receive();
  const [ctx, cancel] = context.withTimeout(context.background(), 5 * time.second);
  using _ = cancel;
  const err1 = await server.shutdown(ctx);
  if (err1 !== undefined) {
    fmt.println("shutdown:", err1);
  }
  fmt.print((await answer.receive())!);
  fmt.println(await served.receive());

  [, err] = await net.listen("tcp", "127.0.0.1");
  fmt.println(err);
  const [other] = await net.listen("tcp", "127.0.0.1:0");
  [, err] = await net.listen("tcp", other.addr().toString());
  console.log(strings.replaceAll(err!.message, other.addr().toString(), ""));
  fmt.println(other.addr().network(), asserted<net.TCPAddr>(other.addr(), (v) => v instanceof net.TCPAddr, "*net.TCPAddr").port > 0, other.close());
}

/** An upper is a transport that changes answers. */
class Upper {
  next!: http.RoundTripper;

  constructor(init?: Partial<Upper>) {
    Object.assign(this, init);
  }

  async roundTrip(req: http.Request): Promise<[http.Response | undefined, Error | undefined]> {
    const [resp, err] = await http.roundTrip(this.next, req);
    if (err !== undefined) {
      return [undefined, err];
    }
    await using _ = defer(resp.body.close.bind(resp.body));
    const [body, err1] = await io.readAll(resp.body);
    if (err1 !== undefined) {
      return [undefined, err1];
    }
    resp.body = io.nopCloser(strings.newReader(strings.toUpper(fromBytes(body))));
    return [resp, undefined];
  }
}

async function recorders(): Promise<void> {
  const handler = async (w: http.ResponseWriter, r: http.Request) => {
    if (!strings.hasPrefix(r.remoteAddr, "192.")) {
      await io.writeString(w, "hello");
      return;
    }
    const [user, password, ok] = r.basicAuth();
    w.header().set("X-A", "b");
    await fmt.fprintf(w, "%s %s %s %s %s %s %v", r.method, r.host, r.requestURI, r.remoteAddr, user, password, ok);
  };
  let rec = httptest.newRecorder();
  const req = httptest.newRequest("POST", "/x?y=1", strings.newReader("body"));
  req.setBasicAuth("me", "secret");
  await handler(rec, req);
  const res = rec.result();
  console.log(rec.code, rec.body.string(), res.status, res.header.get("X-A"), rec.header().get("Content-Type"));

  rec = httptest.newRecorder();
  await http.notFound(rec, httptest.newRequest(http.methodGet, "http://example.com/foo", undefined));
  const [body] = await io.readAll(rec.result().body);
  console.log(rec.code, fromBytes(body));

  const late = chan<Error | undefined>();
  const slow = http.timeoutHandler(http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    await r.context().done().receive();
    await late.receive();
    const [, err] = await w.write(toBytes("late"));
    await late.send(err);
  }), 20 * time.millisecond, "too late");
  rec = httptest.newRecorder();
  await slow.serveHTTP(rec, httptest.newRequest("GET", "/", undefined));
  await late.send(undefined);
  fmt.println(rec.code, rec.body, await late.receive());

  const server = await httptest.newServer(http.handlerFunc(handler));
  await using _ = defer(() => server.close());
  const client = new http.Client({ transport: new Upper({ next: http.defaultTransport }) });
  const [resp, err] = await client.get(server.url);
  if (err !== undefined) {
    fmt.println(err);
    return;
  }
  const [text] = await io.readAll(resp.body);
  console.log(fromBytes(text));
}

main(async () => {
  await timeouts();
  await streams();
  await graceful();
  await recorders();
});
