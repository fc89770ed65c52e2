import { createServer, type IncomingMessage, request as nodeRequest, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { chan, context, errors, go, PanicError } from "gocsp";
import { fromBytes, toBytes } from "gocsp/golib";
import * as fmt from "gocsp/golib/fmt";
import * as http from "gocsp/golib/http";
import * as httptest from "gocsp/golib/httptest";
import * as io from "gocsp/golib/io";
import * as log from "gocsp/golib/log";
import * as net from "gocsp/golib/net";
import * as strings from "gocsp/golib/strings";
import type * as url from "gocsp/golib/url";
import { goexit } from "gocsp/runtime";
import { describe, expect, test } from "vitest";

type Exchange = Promise<[status: number, body: string, header: http.Header]>;

/** Returns the answer of a handler that is not on a network. */
async function answered(handler: http.Handler, method: string, target: string, body?: string): Exchange {
  const recorder = httptest.newRecorder();
  const reader = body === undefined ? undefined : strings.newReader(body);
  await handler.serveHTTP(recorder, httptest.newRequest(method, target, reader));
  return [recorder.code, recorder.body.string(), recorder.header()];
}

/** Runs a server with a handler while `f` asks it. */
async function serving(
  handler: http.HandlerFunc,
  f: (base: string, logged: strings.Builder) => Promise<void>,
): Promise<void> {
  const logged = new strings.Builder();
  const server = new http.Server({ handler: http.handlerFunc(handler), errorLog: log.newLogger(logged, "", 0) });
  const [listener] = await net.listen("tcp", "127.0.0.1:0");
  const over = server.serve(listener);
  try {
    await f(`http://${listener.addr().toString()}`, logged);
  } finally {
    server.close();
    expect(await over).toBe(http.errServerClosed);
  }
}

async function textOf(resp: http.Response): Promise<string> {
  const [data, err] = await io.readAll(resp.body);
  if (err !== undefined) throw err;
  await resp.body.close();
  return fromBytes(data);
}

const text =
  (answer: string): http.HandlerFunc =>
  async (w) => {
    await io.writeString(w, answer);
  };

describe("the mux", () => {
  test("the most specific pattern wins, whatever the order [B17]", async () => {
    const patterns = ["/", "/a/", "/a/{x}", "/a/b", "GET /a/b", "/a/{x}/c", "h.test/a/"];
    for (const order of [patterns, patterns.toReversed()]) {
      const mux = http.newServeMux();
      for (const pattern of order) mux.handleFunc(pattern, text(pattern));
      const of = async (method: string, target: string): Promise<string> => (await answered(mux, method, target))[1];
      expect(await of("GET", "/a/b")).toBe("GET /a/b");
      expect(await of("HEAD", "/a/b")).toBe("GET /a/b");
      expect(await of("POST", "/a/b")).toBe("/a/b");
      expect(await of("GET", "/a/x")).toBe("/a/{x}");
      expect(await of("GET", "/a/x/c")).toBe("/a/{x}/c");
      expect(await of("GET", "/a/x/d")).toBe("/a/");
      expect(await of("GET", "/b")).toBe("/");
      expect(await of("GET", "http://h.test/a/b")).toBe("h.test/a/");
    }
  });

  test("patterns that no rule puts in order are refused [B17]", () => {
    const conflict = (a: string, b: string): (() => void) => {
      const mux = http.newServeMux();
      mux.handleFunc(a, text(""));
      return () => mux.handleFunc(b, text(""));
    };
    expect(conflict("/{x}/b", "/a/{y}")).toThrow("both match some paths");
    expect(conflict("/a/{x}", "/a/{y}")).toThrow("matches the same requests as");
    expect(conflict("GET /", "/a")).toThrow("matches more methods than GET /, but has a more specific path pattern");
    expect(conflict("/a", "GET /")).toThrow("matches fewer methods than /a, but has a more general path pattern");
    expect(conflict("/a/", "/{x}")).not.toThrow();
    expect(() => http.handle("/nil", undefined as never)).toThrow(new PanicError("http: nil handler"));
  });

  test("functions of the package use the default mux [B17]", async () => {
    http.handleFunc("/default/{id}", async (w, r) => void (await fmt.fprint(w, r.pathValue("id"))));
    http.handle("/default/fixed", http.redirectHandler("elsewhere", http.statusSeeOther));
    expect((await answered(http.defaultServeMux, "GET", "/default/7"))[1]).toBe("7");
    const [status, body, header] = await answered(http.defaultServeMux, "GET", "/default/fixed");
    expect([status, body, header.get("Location")]).toEqual([
      303,
      '<a href="/default/elsewhere">See Other</a>.\n\n',
      "/default/elsewhere",
    ]);
    const [handler, pattern] = http.defaultServeMux.handler(httptest.newRequest("GET", "/default/8", undefined));
    expect([typeof handler.serveHTTP, pattern]).toEqual(["function", "/default/{id}"]);
  });
});

describe("a server", () => {
  test("goes on after a handler that panics, and logs it [B17]", async () => {
    await serving(
      async (w, r) => {
        if (r.url.path === "/panic") throw new PanicError("no luck");
        if (r.url.path === "/exit") goexit();
        if (r.url.path === "/abort") throw http.errAbortHandler;
        await io.writeString(w, "still here");
      },
      async (base, logged) => {
        for (const path of ["/panic", "/exit", "/abort"]) {
          const [, err] = await http.get(base + path);
          expect([err?.message, errors.is(err, io.eof)]).toEqual([`Get "${base}${path}": EOF`, true]);
        }
        const [resp] = await http.get(base);
        expect(await textOf(resp)).toBe("still here");
        expect(logged.string().match(/http: panic serving/g)).toHaveLength(1);
        expect(logged.string()).toMatch(/^http: panic serving 127\.0\.0\.1:\d+: .*no luck/);
      },
    );
  });

  test("logs a second status, and drops it [B17]", async () => {
    await serving(
      (w) => {
        w.writeHeader(201);
        w.writeHeader(500);
        expect(() => w.writeHeader(42)).not.toThrow();
      },
      async (base, logged) => {
        const [resp] = await http.get(base);
        expect([resp.status, resp.contentLength]).toEqual(["201 Created", 0]);
        expect(logged.string()).toBe("http: superfluous response.WriteHeader call\n".repeat(2));
      },
    );
    expect(() => httptest.newRecorder().writeHeader(42)).toThrow(new PanicError("invalid WriteHeader code 42"));
  });

  test("sends what a browser sees from Go: a length, a type, and nothing about the connection [B17]", async () => {
    await serving(text("<html>"), async (base) => {
      const response = await fetch(base);
      const names = [...response.headers.keys()].sort();
      expect(names).toEqual(["content-length", "content-type", "date"]);
      expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    });
  });

  test("a handler that waits for a slow client goes on when it has read [B17]", async () => {
    const size = 4 * 1024 * 1024;
    const wrote: io.Result[] = [];
    await serving(
      async (w) => {
        for (let i = 0; i < 4; i++) wrote.push(await w.write(new Uint8Array(size)));
      },
      async (base) => {
        const [resp] = await http.get(base);
        expect([resp.contentLength, resp.transferEncoding]).toEqual([-1, ["chunked"]]);
        expect(await io.copy(io.discard, resp.body)).toEqual([4 * size, undefined]);
        expect(wrote).toEqual(Array.from({ length: 4 }, () => [size, undefined]));
      },
    );
  });

  test("a write after the client has left or the handler has returned is an error [B17]", async () => {
    let late: http.ResponseWriter | undefined;
    const ended = chan<[Error | undefined, io.Result]>(1);
    await serving(
      async (w, r) => {
        late = w;
        if (r.url.path !== "/left") return;
        w.writeHeader(200);
        (w as unknown as http.Flusher).flush();
        await r.context().done().receive();
        await ended.send([r.context().err(), await w.write(new Uint8Array(1))]);
      },
      async (base) => {
        const [resp] = await http.get(`${base}/left`);
        await resp.body.close();
        const [err, result] = (await ended.receive()) ?? [];
        expect([err, result?.[1]?.message]).toEqual([context.canceled, "write tcp: write: broken pipe"]);
        await http.get(base);
        expect(await late?.write(new Uint8Array(1))).toEqual([
          0,
          new Error("http: the handler of this request has returned"),
        ]);
      },
    );
  });

  test("requests that arrive before it is served wait [B17]", async () => {
    const [listener, err] = await net.listen("tcp", "127.0.0.1:0");
    expect(err).toBeUndefined();
    const answer = http.get(`http://${listener.addr().toString()}/`);
    await new Promise((resolve) => listener.addr() && setImmediate(resolve));
    const served = http.serve(listener, http.handlerFunc(text("late")));
    expect(await textOf((await answer)[0])).toBe("late");
    expect(listener.close()).toBeUndefined();
    expect((await served).message).toMatch(/^accept tcp 127\.0\.0\.1:\d+: use of closed network connection$/);
    expect(listener.close()?.message).toMatch(/^close tcp 127\.0\.0\.1:\d+: use of closed network connection$/);
  });

  test("shutdown gives up with its context [B17]", async () => {
    const [started, finish] = [chan<void>(), chan<void>()];
    const server = new http.Server({
      handler: http.handlerFunc(async () => {
        await started.send();
        await finish.receive();
      }),
    });
    const [listener] = await net.listen("tcp", "127.0.0.1:0");
    const served = server.serve(listener);
    const answer = http.get(`http://${listener.addr().toString()}`);
    await started.receive();
    const [ctx, cancel] = context.withCancel(context.background());
    const down = server.shutdown(ctx);
    expect(await served).toBe(http.errServerClosed);
    cancel();
    expect(await down).toBe(context.canceled);
    finish.close();
    expect((await answer)[0].statusCode).toBe(200);
    expect(await server.shutdown(context.background())).toBeUndefined();
    expect(await server.listenAndServe()).toBe(http.errServerClosed);
    expect(await server.serve(listener)).toBe(http.errServerClosed);
    expect((await http.listenAndServe("nowhere", undefined)).message).toBe(
      "listen tcp: address nowhere: missing port in address",
    );
  });

  test("a body that breaks off is told to the handler [B17]", async () => {
    const read = chan<[number, Error | undefined]>(1);
    await serving(
      async (_w, r) => {
        const [data, err] = await io.readAll(r.body);
        await read.send([data.length, err]);
      },
      async (base) => {
        const socket = connect(Number(new URL(base).port), "127.0.0.1");
        socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        socket.end();
        expect(await read.receive()).toEqual([3, io.errUnexpectedEOF]);
        socket.destroy();
      },
    );
  });
});

describe("a client", () => {
  /** Runs a server of Node. */
  async function plain(
    answer: (req: IncomingMessage, res: ServerResponse) => void,
    f: (base: string) => Promise<void>,
  ): Promise<void> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await f(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test("unzips what it has asked for [B17]", async () => {
    await plain(
      (req, res) => {
        res.setHeader("Content-Encoding", "gzip");
        const zipped = gzipSync("unzipped");
        res.end(req.url === "/short" ? zipped.subarray(0, 12) : zipped);
      },
      async (base) => {
        const [resp] = await http.get(base);
        expect([resp.uncompressed, resp.contentLength, resp.header.get("Content-Encoding")]).toEqual([true, -1, ""]);
        expect(await textOf(resp)).toBe("unzipped");
        const client = new http.Client({ transport: new http.Transport({ disableCompression: true }) });
        const [raw] = await client.get(base);
        expect([raw.uncompressed, raw.header.get("Content-Encoding")]).toEqual([false, "gzip"]);
        await raw.body.close();
        client.closeIdleConnections();
      },
    );
  });

  test("sends a body again where a redirect asks for it [B17]", async () => {
    await plain(
      (req, res) => {
        if (req.url === "/from") res.writeHead(307, { Location: "/to" }).end();
        else req.pipe(res);
      },
      async (base) => {
        const [resp] = await http.post(`${base}/from`, "text/plain", strings.newReader("once more"));
        expect([await textOf(resp), resp.request.url.path]).toEqual(["once more", "/to"]);
        // One that it cannot read again is not sent again.
        const body: io.Reader = io.limitReader(strings.newReader("once"), 10);
        const [redirected] = await http.post(`${base}/from`, "text/plain", body);
        expect(redirected.statusCode).toBe(307);
      },
    );
  });

  test("gives up after ten redirects, and keeps secrets from other hosts [B17]", async () => {
    const seen: (string | undefined)[] = [];
    await plain(
      (req, res) => {
        seen.push(req.headers.authorization);
        const port = req.socket.localPort;
        res.writeHead(302, { Location: req.url === "/loop" ? "/loop" : `http://localhost:${port}/loop` }).end();
      },
      async (base) => {
        const [, err] = await http.get(`${base}/loop`);
        expect(err?.message).toBe('Get "/loop": stopped after 10 redirects');
        seen.length = 0;
        const [req] = http.newRequest("GET", base.replace("//", "//me:secret@"), undefined);
        expect((await http.defaultClient.do(req))[1]?.message).toContain("stopped");
        expect([seen[0], seen[1]]).toEqual([`Basic ${btoa("me:secret")}`, undefined]);
      },
    );
  });

  test("tells when its time is over, in the answer and in the body [B17]", async () => {
    await plain(
      (req, res) => {
        if (req.url === "/body") res.write("begin");
      },
      async (base) => {
        const client = new http.Client({ timeout: 50 });
        const [, err] = await client.get(base);
        expect(err?.message).toBe(
          `Get "${base}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
        );
        expect([(err as url.Error).timeout(), errors.is(err, context.deadlineExceeded)]).toEqual([true, true]);
        const [resp] = await client.get(`${base}/body`);
        const [, readErr] = await io.readAll(resp.body);
        expect(readErr?.message).toBe(
          "context deadline exceeded (Client.Timeout or context cancellation while reading body)",
        );
        const header = new http.Client({ transport: new http.Transport({ responseHeaderTimeout: 20 }) });
        expect((await header.get(base))[1]?.message).toBe(`Get "${base}": net/http: timeout awaiting response headers`);
      },
    );
  });

  test("a request whose body fails ends with that error [B17]", async () => {
    await serving(text("ok"), async (base) => {
      const broken: io.Reader = { read: () => [0, new Error("no more")] };
      expect((await http.post(base, "text/plain", broken))[1]?.message).toBe(`Post "${base}": no more`);
      const [req] = http.newRequest("POST", base, io.limitReader(strings.newReader("abc"), 9));
      req.contentLength = 5;
      expect((await http.defaultClient.do(req))[1]?.message).toBe(
        `Post "${base}": http: ContentLength=5 with Body length 3`,
      );
    });
  });

  test("what cannot be sent is refused with Go's words [B17]", async () => {
    const failing = async (target: string): Promise<string | undefined> => (await http.get(target))[1]?.message;
    expect(await failing("ftp://x/")).toBe('Get "ftp://x/": unsupported protocol scheme "ftp"');
    expect(await failing("http:///x")).toBe('Get "http:///x": http: no Host in request URL');
    expect(await failing("http://[::1")).toBe(`parse "http://[::1": missing ']' in host`);
    expect(await failing("http://127.0.0.1:1/")).toBe(
      'Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused',
    );
    expect((await http.defaultClient.do(new http.Request()))[1]?.message).toBe('Get "": http: nil Request.URL');
    expect(http.newRequestWithContext(undefined as never, "GET", "/", undefined)[1]?.message).toBe(
      "net/http: nil Context",
    );
  });

  test("a transport of its own answers [B17]", async () => {
    const transport: http.RoundTripper = {
      roundTrip: (request) => {
        if (request.url.path === "/nil") return [undefined, undefined];
        const body = io.nopCloser(strings.newReader("made up"));
        return [new http.Response({ statusCode: 200, request, body }), undefined];
      },
    };
    const client = new http.Client({ transport });
    const [resp] = await client.get("http://nowhere.test/");
    expect(await textOf(resp)).toBe("made up");
    expect((await client.get("http://nowhere.test/nil"))[1]?.message).toContain("returned a nil *Response");
  });
});

describe("a handler", () => {
  test("has a limit for its time and for bodies [B17]", async () => {
    const echo = http.handlerFunc(async (w, r) => {
      const [data, err] = await io.readAll(r.body);
      if (err !== undefined) return http.error(w, err.message, http.statusRequestEntityTooLarge);
      w.header().set("X-Length", String(data.length));
      w.writeHeader(http.statusAccepted);
      await w.write(data);
    });
    expect((await answered(http.maxBytesHandler(echo, 3), "POST", "/", "abcd")).slice(0, 2)).toEqual([
      413,
      "http: request body too large\n",
    ]);
    expect((await answered(http.maxBytesHandler(echo, 4), "POST", "/", "abcd")).slice(0, 2)).toEqual([202, "abcd"]);
    const [status, body, header] = await answered(http.timeoutHandler(echo, 60_000, ""), "POST", "/", "ab");
    expect([status, body, header.get("X-Length")]).toEqual([202, "ab", "2"]);
    const results = chan<io.Result>(1);
    const slow = http.handlerFunc(async (w, r) => {
      await r.context().done().receive();
      await results.send(await w.write(toBytes("late")));
    });
    expect((await answered(http.timeoutHandler(slow, 1, ""), "GET", "/"))[1]).toContain("<h1>Timeout</h1>");
    expect(await results.receive()).toEqual([0, http.errHandlerTimeout]);
    const failing = http.timeoutHandler(
      http.handlerFunc(() => Promise.reject(new PanicError("no luck"))),
      1000,
      "",
    );
    await expect(answered(failing, "GET", "/")).rejects.toThrow("no luck");
  });

  test("gets a path without a prefix, or is not called [B17]", async () => {
    const path = http.handlerFunc(async (w, r) => void (await fmt.fprint(w, r.url.path, r.url.rawPath)));
    const stripped = http.stripPrefix("/api", path);
    expect((await answered(stripped, "GET", "/api/a%2Fb"))[1]).toBe("/a/b/a%2Fb");
    expect((await answered(stripped, "GET", "/other"))[0]).toBe(404);
  });

  test("reads forms, names and passwords [B17]", async () => {
    const request = httptest.newRequest("POST", "/?a=1&b=2&c=%zz", strings.newReader("a=3&d=x+y"));
    request.header.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    expect((await request.parseForm())?.message).toBe('invalid URL escape "%zz"');
    expect([request.form.map.get("a"), await request.postFormValue("b"), await request.formValue("d")]).toEqual([
      ["3", "1"],
      "",
      "x y",
    ]);
    request.setBasicAuth("Ava", "ü:1");
    expect(request.basicAuth()).toEqual(["Ava", "ü:1", true]);
    const copy = request.clone(context.background());
    copy.header.set("X", "y");
    copy.url.path = "/copy";
    expect([request.header.get("X"), request.url.path, copy.basicAuth()[0]]).toEqual(["", "/", "Ava"]);
    expect(() => httptest.newRequest("B D", "/", undefined)).toThrow("invalid NewRequest arguments");
  });
});

test("a client of Node gets the answer of a server with a time limit for writing [B17]", async () => {
  const server = new http.Server({
    writeTimeout: 1,
    handler: http.handlerFunc(async (w, r) => {
      const [ctx, cancel] = context.withTimeout(r.context(), 5);
      await ctx.done().receive();
      cancel();
      await io.writeString(w, "too late");
    }),
  });
  const [listener] = await net.listen("tcp", "127.0.0.1:0");
  go(() => server.serve(listener));
  const failed = await new Promise<Error | undefined>((resolve) => {
    const req = nodeRequest(`http://${listener.addr().toString()}`, () => resolve(undefined));
    req.on("error", resolve).end();
  });
  expect(failed?.message).toBe("socket hang up");
  server.close();
});
