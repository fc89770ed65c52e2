// Servers and clients of net/http: handlers, the mux, requests, answers, redirects, middleware.
import { chan, context, defer, errors, go, main, time } from "gocsp";
import { asError, deferringSync, fromBytes, interned, len, nilMap, panic, toBytes } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as io from "gocsp/golib/io";
import * as log from "gocsp/golib/log";
import * as net from "gocsp/golib/net";
import * as strings from "gocsp/golib/strings";
import * as url from "gocsp/golib/url";

/** A store is a handler with state. */
class Store {
  // mu: no section of this mutex waits, so nobody needs it here.
  items: Map<string, string> = nilMap();

  constructor(init?: Partial<Store>) {
    Object.assign(this, init);
  }

  async serveHTTP(w: http.ResponseWriter, r: http.Request): Promise<void> {
    await using deferred = new AsyncDisposableStack();
    const id = r.pathValue("id");
    switch (r.method) {
      case http.methodGet: {
        const item = this.items.get(id) ?? "";
        const ok = this.items.has(id);
        if (!ok) {
          await http.error(w, "no item " + id, http.statusNotFound);
          return;
        }
        await fmt.fprintf(w, "item %s: %s\n", id, item);
        break;
      }
      case http.methodPut: {
        const [body, err] = await io.readAll(r.body);
        if (err !== undefined) {
          await http.error(w, err.message, http.statusBadRequest);
          return;
        }
        deferred.use(defer(r.body.close.bind(r.body)));
        this.items.set(id, fromBytes(body));
        w.header().set("Location", r.url.path);
        w.writeHeader(http.statusCreated);
      }
    }
  }
}

/** A statusWriter remembers the status. */
class StatusWriter {
  responseWriter!: http.ResponseWriter;
  status = 0;
  size = 0;

  constructor(init?: Partial<StatusWriter>) {
    Object.assign(this, init);
  }

  writeHeader(status: number): void {
    this.status = status;
    this.responseWriter.writeHeader(status);
  }

  async write(p: Uint8Array): Promise<[number, Error | undefined]> {
    if (this.status === 0) {
      this.status = http.statusOK;
    }
    const [n, err] = await this.responseWriter.write(p);
    this.size += n;
    return [n, err];
  }

  get header() {
    return this.responseWriter.header.bind(this.responseWriter);
  }
}

let logged: string[] = [];

/** logging is middleware for handlers. */
function logging(next: http.Handler): http.Handler {
  return http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    const sw = new StatusWriter({ responseWriter: w });
    await next.serveHTTP(sw, r);
    logged.push(`${r.method} ${r.url.requestURI()} ${sw.status} ${sw.size}`);
  });
}

/** tagged is middleware for functions. */
function tagged(tag: string, next: http.HandlerFunc): http.HandlerFunc {
  return async (w: http.ResponseWriter, r: http.Request) => {
    w.header().add("X-Tag", tag);
    await next(w, r);
  };
}

class UserKey {}

function withUser(next: http.Handler): http.Handler {
  return http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    const name = r.header.get("X-User");
    if (name !== "") {
      r = r.withContext(context.withValue(r.context(), interned(new UserKey()), name));
    }
    await next.serveHTTP(w, r);
  });
}

async function hello(w: http.ResponseWriter, r: http.Request): Promise<void> {
  const value = r.context().value(interned(new UserKey()));
  let name = typeof value === "string" ? (value as string) : "";
  if (name === "") {
    name = "nobody";
  }
  await fmt.fprintln(w, "hello,", name);
}

async function form(w: http.ResponseWriter, r: http.Request): Promise<void> {
  const err = await r.parseForm();
  if (err !== undefined) {
    await http.error(w, err.message, http.statusBadRequest);
    return;
  }
  await fmt.fprintln(w, await r.formValue("name"), await r.postFormValue("q"), r.url.query().map.get("q") ?? [], r.form.map.get("q") ?? [], r.form.map.size, r.contentLength);
}

function routes(): http.Handler {
  const s = new Store({ items: new Map<string, string>([["1", "one"]]) });
  const mux = http.newServeMux();
  mux.handle("GET /items/{id}", s);
  mux.handle("PUT /items/{id}", s);
  mux.handleFunc("GET /items/new", async (w: http.ResponseWriter, r: http.Request) => {
    await io.writeString(w, "a form\n");
  });
  mux.handleFunc("/files/{path...}", async (w: http.ResponseWriter, r: http.Request) => {
    await fmt.fprintf(w, "%q by %s\n", r.pathValue("path"), r.pattern);
  });
  mux.handleFunc("/{$}", tagged("a", tagged("b", hello)));
  mux.handleFunc("/form", form);
  mux.handleFunc("/tree/", async (w: http.ResponseWriter, r: http.Request) => {
    await fmt.fprintln(w, "tree", r.url.path);
  });
  mux.handleFunc("other.test/", async (w: http.ResponseWriter, r: http.Request) => {
    await fmt.fprintln(w, "the other host");
  });
  mux.handleFunc("/old", async (w: http.ResponseWriter, r: http.Request) => {
    await http.redirect(w, r, "/items/1?from=old", http.statusFound);
  });
  mux.handle("/gone", http.redirectHandler("https://example.com/<new>", http.statusMovedPermanently));
  mux.handleFunc("/twice", async (w: http.ResponseWriter, r: http.Request) => {
    w.writeHeader(http.statusAccepted);
    w.writeHeader(http.statusOK);
    await fmt.fprint(w, "<html><body>twice</body></html>");
  });
  mux.handleFunc("/empty", (w: http.ResponseWriter, r: http.Request) => w.writeHeader(http.statusNoContent));
  mux.handleFunc("/headers", async (w: http.ResponseWriter, r: http.Request) => {
    await fmt.fprintln(w, r.proto, r.host !== "", r.userAgent(), r.header);
    for (const name of ["accept-encoding", "x-many"]) {
      await fmt.fprintln(w, name, r.header.values(name));
    }
  });
  mux.handleFunc("/big", async (w: http.ResponseWriter, r: http.Request) => {
    for (let i = 0; i < 100; i++) {
      await fmt.fprint(w, strings.repeat("0123456789", 10));
    }
  });
  mux.handleFunc("/panic", (w: http.ResponseWriter, r: http.Request) => panic("no luck"));
  mux.handle("/api/", http.stripPrefix("/api", http.handlerFunc(async (w: http.ResponseWriter, r: http.Request) => {
    await fmt.fprintln(w, "api:", r.url.path);
  })));
  mux.handleFunc("/limited", async (w: http.ResponseWriter, r: http.Request) => {
    r.body = http.maxBytesReader(w, r.body, 5);
    const [, err] = await io.readAll(r.body);
    let tooLarge: http.MaxBytesError | undefined;
    await fmt.fprintln(w, err, asError(err, (e) => e instanceof http.MaxBytesError, (e) => { tooLarge = e as http.MaxBytesError; }));
  });
  return logging(withUser(mux));
}

async function show(resp: http.Response, err: Error | undefined): Promise<void> {
  if (err !== undefined) {
    fmt.println("error:", err);
    return;
  }
  await using _ = defer(resp.body.close.bind(resp.body));
  let body: Uint8Array;
  [body, err] = await io.readAll(resp.body);
  let text = fromBytes(body);
  if (len(text) > 200) {
    text = fmt.sprint(len(text), " bytes");
  }
  fmt.printf("%s %q %q %d %v\n", resp.status, resp.header.get("Content-Type"), text, resp.contentLength, err);
}

async function ask(client: http.Client, method: string, target: string, header: http.Header, body: string): Promise<http.Response | undefined> {
  let reader: io.Reader | undefined;
  if (body !== "") {
    reader = strings.newReader(body);
  }
  const [req, err] = http.newRequest(method, target, reader!);
  if (err !== undefined) {
    fmt.println(err);
    return undefined;
  }
  for (const [name, values] of header.map) {
    for (const v of values) {
      req.header.add(name, v);
    }
  }
  const [resp, err1] = await client.do(req);
  await show(resp, err1);
  return resp;
}

function patterns(): void {
  for (const pattern of [
    "",
    "GET",
    "/a/{x",
    "/{x}/{x}",
    "/{x...}/b",
    "/{$}/b",
    "G@T /",
    "a{b}/",
    "GET //",
    "/{}",
    "/{a-b}",
  ]) {
    (() => {
      deferringSync((deferred) => {
        deferred((recover) => {
          fmt.println("refused:", recover());
        });
        http.newServeMux().handle(pattern, http.notFoundHandler());
      });
    })();
  }
}

function headers(): void {
  const h = new http.Header([["Accept", ["a", "b"]]]);
  h.set("content-type", "text/plain");
  h.add("ACCEPT", "c");
  h.map.set("X-raw", [...(h.map.get("X-raw") ?? []), "1"]);
  fmt.println(h, h.map.size, h.get("accept"), h.values("Accept"), h.get("x-raw") === "");
  const clone = h.clone();
  clone.del("accept");
  clone.map.delete("X-raw");
  const ok = clone.map.has("Accept");
  fmt.println(clone, ok, h.get("Accept"));
  const v = new url.Values();
  v.set("name", "Ava Müller");
  v.add("friend", "a&b");
  v.add("friend", "c=d");
  fmt.println(v.encode(), v.get("friend"), v.has("x"), v.map.get("friend") ?? []);
  const [u, err] = url.parse("https://me:secret@example.com:8080/a%20b/../c?x=1&y=%41#frag%20ment");
  fmt.println(u, err, u.host, u.hostname(), u.port(), u.path, u.rawQuery, u.fragment, u.user, u.query().get("y"), u.redacted());
  for (const ref_ of ["d", "/d", "../d?q", "//other/x", "http://x", "#f", "?z"]) {
    const [r, err] = u.parse(ref_);
    fmt.println(r, err);
  }
  for (const bad of ["http://[::1", "http://a b/", ":x", "http://a:b/", "%zz", "a\nb", "1:2"]) {
    const [, err] = url.parse(bad);
    fmt.println(err);
  }
  fmt.println(url.queryEscape("a b&c/ü"), url.pathEscape("a b&c/ü"));
  const [s, err1] = url.queryUnescape("a+b%2");
  fmt.printf("%q %v\n", s, err1);
}

main(async () => {
  log.setOutput(io.discard);
  patterns();
  headers();

  let [ln, err] = await net.listen("tcp", "127.0.0.1:0");
  if (err !== undefined) {
    log.fatal(err);
  }
  const server = new http.Server({ handler: routes(), readHeaderTimeout: time.second });
  const served = chan<Error>();
  go(async () => await served.send((await server.serve(ln))!));
  const base = "http://" + ln.addr().toString();
  const client = new http.Client({ timeout: 5 * time.second });

  for (const path of [
    "/",
    "/items/1",
    "/items/2",
    "/items/new",
    "/files/a/b%2Fc",
    "/files/",
    "/tree",
    "/tree/x/../y",
    "/nothing",
    "/old",
    "/twice",
    "/empty",
    "/big",
    "/api/users",
    "/items//1",
  ]) {
    fmt.print(path, ": ");
    const [resp, err] = await http.get(base + path);
    await show(resp, err);
  }
  let resp: http.Response | undefined = await ask(client, "PUT", base + "/items/2", new http.Header(), "two");
  fmt.println(resp!.header.get("Location"), resp!.request.method);
  await ask(client, "GET", base + "/items/2", new http.Header(), "");
  resp = await ask(client, "DELETE", base + "/items/2", new http.Header(), "");
  fmt.println(resp!.header.map.get("Allow") ?? [], resp!.statusCode === http.statusMethodNotAllowed);
  resp = await ask(client, "HEAD", base + "/items/1", new http.Header(), "");
  console.log(resp!.contentLength, resp!.header.get("Content-Length"));
  await ask(client, "GET", base + "/", new http.Header([["X-User", ["Ava"]]]), "");
  await ask(client, "GET", base + "/headers", new http.Header([["X-Many", ["1", "2"]]]), "");
  await ask(client, "POST", base + "/limited", new http.Header(), "abc");
  await ask(client, "POST", base + "/limited", new http.Header(), "abcdefgh");
  await show(...await http.postForm(base + "/form?q=query", new url.Values([["name", ["Ava"]], ["q", ["body"]]])));
  await show(...await http.post(base + "/form", "text/plain", strings.newReader("q=1")));
  const [req] = http.newRequest("GET", base + "/", undefined);
  req.host = "other.test";
  await show(...await client.do(req));

  const noFollow = new http.Client({
    checkRedirect: (req: http.Request, via: http.Request[]): Error => {
      return http.errUseLastResponse;
    },
  });
  for (const path of ["/old", "/gone", "/tree?x=1"]) {
    const resp = await ask(noFollow, "GET", base + path, new http.Header(), "");
    const [loc, err] = resp!.location();
    fmt.println(strings.trimPrefix(loc.string(), base), err);
  }
  await ask(noFollow, "POST", base + "/old", new http.Header(), "x");
  const refuse = new http.Client({
    checkRedirect: (req: http.Request, via: http.Request[]): Error => {
      return new Error(`no redirect to ${req.url.path} after ${via.length}`);
    },
  });
  [, err] = await refuse.get(base + "/old");
  fmt.println(err);

  [, err] = await http.get(base + "/panic");
  fmt.println(strings.replaceAll(err!.message, base, ""), errors.is(err, io.eof));

  fmt.println(await server.shutdown(context.background()), await served.receive());
  console.log(strings.join(logged, "\n"));
  [, err] = await http.get(base);
  let urlErr: url.Error | undefined;
  console.log(asError(err, (e) => e instanceof url.Error, (e) => { urlErr = e as url.Error; }), urlErr!.op, urlErr!.timeout(), strings.hasSuffix(err!.message, "connect: connection refused"));
  fmt.println(await server.serve(ln), await server.listenAndServe() === http.errServerClosed);
  for (const bad of ["ftp://x/", "x", "http://", "http://a b/", "http://no-such-host.invalid/"]) {
    const [, err] = await http.get(bad);
    console.log(err !== undefined && !strings.contains(err.message, "lookup"), strings.contains(fmt.sprint(err), "Get "));
  }
  [, err] = http.newRequest("B D", "/", undefined);
  fmt.println(err);
  fmt.println(http.statusText(418), http.statusText(999), http.canonicalHeaderKey("x-forwarded-FOR"));
  for (const s of ["%PDF-1", "GIF89a", "  <!doctype html>", "<?xml ?>", "\x00\x01", "plain", "PK\x03\x04", "<p >"]) {
    console.log(http.detectContentType(toBytes(s)));
  }
});
