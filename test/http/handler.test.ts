import { context, type Context, time } from "gocsp";
import * as http from "gocsp/http";
import { goexit } from "gocsp/runtime";
import express from "express";
import { once } from "node:events";
import { STATUS_CODES } from "node:http";
import http2 from "node:http2";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { alive } from "../context/contexts.ts";
import { settle } from "../support/settle.ts";
import {
  atEnd,
  background,
  canceledPlainly,
  ended,
  endOf,
  expectNothingOpen,
  getRaw,
  later,
  listen,
  RawClient,
  serve,
} from "./server.ts";

expectNothingOpen();

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the context of a handler", () => {
  test("is alive during the handler and ended after it [H17] [H24]", async () => {
    let during: string | undefined;
    const got = later<Context>();
    const server = await serve(
      http.handler(async (ctx, _req, res) => {
        await settle();
        during = endOf(ctx);
        res.end("done");
        got.resolve(ctx);
      }),
    );
    expect(await (await fetch(server.url)).text()).toBe("done");
    const ctx = await got.promise;
    await ended(ctx);
    expect([during, endOf(ctx)]).toEqual([alive, canceledPlainly]);
  });

  test("outlives the response as long as the handler runs [H17]", async () => {
    const sent = later();
    const got = later<[string, Context]>();
    const server = await serve(
      http.handler(async (ctx, _req, res) => {
        res.end("done");
        await once(res, "close");
        await sent.promise;
        got.resolve([endOf(ctx), ctx]);
      }),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    await client.receive("done");
    client.leave();
    await client.closed;
    await settle();
    sent.resolve();
    const [during, ctx] = await got.promise;
    expect(during).toBe(alive);
    await ended(ctx);
  });

  test("outlives the handler as long as the response is being sent [H17]", async () => {
    const body = new Readable({ read() {} });
    const got = later<Context>();
    const server = await serve(
      http.handler((ctx, _req, res) => {
        body.pipe(res);
        got.resolve(ctx);
      }),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    const ctx = await got.promise;
    body.push("begin");
    await client.receive("begin");
    expect(endOf(ctx)).toBe(alive);
    body.push(null);
    await ended(ctx);
  });

  test("is a fresh one for each request of a connection, and the one before has ended [H17] [H20]", async () => {
    const contexts: Context[] = [];
    const before: (string | undefined)[] = [];
    const server = await serve(
      http.handler((ctx, req, res) => {
        before.push(contexts.map(endOf).join());
        contexts.push(ctx);
        res.end(`answer ${req.url};`);
      }),
    );
    const client = await RawClient.connect(server.port);
    for (let i = 0; i < 3; i++) {
      client.get(`/${i}`);
      await client.receive(`answer /${i};`);
    }
    expect(new Set(contexts).size).toBe(3);
    expect(before).toEqual(["", canceledPlainly, `${canceledPlainly},${canceledPlainly}`]);
    await ended(contexts[2] as Context);
  });

  test("has no deadline, and none of the client's values [H19]", async () => {
    const secret = context.key<string>("secret");
    const server = await serve(http.handler((ctx, _req, res) => res.end(`${ctx.deadline()} ${ctx.value(secret)}`)));
    const [ctx, cancel] = context.withTimeout(context.withValue(context.background(), secret, "x"), time.minute);
    using _ = cancel;
    expect(await (await http.fetch(ctx, server.url)).text()).toBe("undefined undefined");
  });

  test("is that of http.context [H1]", async () => {
    const server = await serve(
      http.handler((ctx, req, res) => res.end(String(http.context(req, res) === ctx && ctx !== undefined))),
    );
    expect(await (await fetch(server.url)).text()).toBe("true");
  });

  test.for([
    ["no body", 0],
    ["a small body", 100],
    ["a large body", 3_000_000],
  ] as const)("is alive during the whole of a request with %s, streamed or not [H17]", async ([, size]) => {
    const seen = new Set<string>();
    const server = await serve(
      http.handler(async (ctx, req, res) => {
        const look = (): unknown => seen.add(endOf(ctx));
        look();
        if (req.url === "/streamed") {
          for await (const chunk of req) {
            look();
            if (!res.write(chunk)) await once(res, "drain");
          }
          look();
          res.end();
        } else {
          await settle();
          look();
          await pipeline(req, res);
          look();
        }
      }),
    );
    const body = Buffer.alloc(size, "x");
    for (const path of ["/streamed", "/piped"]) {
      for (let i = 0; i < 5; i++) {
        const response = await fetch(`${server.url}${path}`, { method: "POST", body });
        expect((await response.arrayBuffer()).byteLength).toBe(size);
      }
    }
    expect([...seen]).toEqual([alive]);
  });
});

describe("the values of a context", () => {
  test("are the server and the local address [H19]", async () => {
    let server: unknown;
    let addr: http.Addr | undefined;
    const s = await serve(
      http.handler((ctx, _req, res) => {
        server = ctx.value(http.serverContextKey);
        addr = ctx.value(http.localAddrContextKey);
        res.end();
      }),
    );
    await (await fetch(s.url)).text();
    expect(server).toBe(s);
    expect([addr?.network(), String(addr), addr?.address, addr?.port]).toEqual([
      "tcp",
      `127.0.0.1:${s.port}`,
      "127.0.0.1",
      s.port,
    ]);
    expect([http.serverContextKey, http.localAddrContextKey].map(String)).toEqual([
      "net/http context value http-server",
      "net/http context value local-addr",
    ]);
  });

  test("come from BaseContext, once per server, and ConnContext, once per connection [H20]", async () => {
    const base = context.key<string>("base");
    const conn = context.key<number>("conn");
    const calls: unknown[] = [];
    const server = await serve(
      http.handler((ctx, _req, res) => res.end(`${ctx.value(base)} ${ctx.value(conn)};`), {
        baseContext: (server) => {
          calls.push(server);
          return context.withValue(context.background(), base, "base");
        },
        connContext: (ctx, socket) => {
          calls.push(ctx.value(http.serverContextKey), socket.remotePort);
          return context.withValue(ctx, conn, calls.length);
        },
      }),
    );
    const clients = [await RawClient.connect(server.port), await RawClient.connect(server.port)] as const;
    for (const [i, client] of clients.entries()) {
      client.get("/");
      await client.receive(`base ${3 + 2 * i};`);
      client.received = "";
      client.get("/");
      await client.receive(`base ${3 + 2 * i};`);
    }
    expect(calls).toEqual([server, server, clients[0].socket.localPort, server, clients[1].socket.localPort]);
  });

  test("end with the base context, and the handler sees it [H20]", async () => {
    const [base, cancel] = context.withCancelCause(context.background());
    const began = later();
    const server = await serve(
      http.handler(
        async (ctx, _req, res) => {
          began.resolve();
          await ended(ctx);
          res.end(context.cause(ctx)?.message);
        },
        { baseContext: () => base },
      ),
    );
    const response = fetch(server.url);
    await began.promise;
    cancel(new Error("closing time"));
    expect(await (await response).text()).toBe("closing time");
  });

  test.for([
    ["baseContext", "BaseContext returned a nil context"],
    ["connContext", "ConnContext returned nil"],
  ] as const)("must not be missing: %s [H20]", async ([option, message]) => {
    const errors: unknown[] = [];
    const server = await serve(
      http.handler(() => undefined, { [option]: () => undefined, onError: (error) => errors.push(error) }),
    );
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error\n"]);
    expect(errors).toEqual([expect.objectContaining({ name: "PanicError", message })]);
  });
});

describe("an error of a handler", () => {
  test("is printed as in Go, and answered with 500", async () => {
    const printed: unknown[] = [];
    vi.spyOn(console, "error").mockImplementation((text) => void printed.push(text));
    const server = await serve(
      http.handler(async () => {
        throw new Error("no such album");
      }),
    );
    const response = await fetch(server.url);
    expect([response.status, response.headers.get("content-type")]).toEqual([500, "text/plain; charset=utf-8"]);
    expect(await response.text()).toBe("Internal Server Error\n");
    expect(printed).toEqual([
      expect.stringMatching(/^http: panic serving 127\.0\.0\.1:\d+: Error: no such album\n.*handler\.test/s),
    ]);
  });

  test.for([500, 503] as const)(
    "is answered as by http.Error, which keeps the headers of others: %i [H25]",
    async (status) => {
      const [base, cancel] = context.withCancel(background);
      const serveIt = http.handler(
        (ctx, _req, res) => {
          // A name in the status line, a length and a type of the answer that does not come.
          res.statusMessage = "Fine";
          res.setHeader("Content-Length", "3").setHeader("Content-Type", "image/png");
          if (status === 503) cancel();
          throw status === 503 ? ctx.err() : new Error("a bug");
        },
        { onError: () => undefined, baseContext: () => base },
      );
      const server = await serve((req, res) => {
        res.setHeader("Access-Control-Allow-Origin", "*");
        res.setHeader("Content-Security-Policy", "default-src 'none'");
        res.setHeader("X-Request-Id", "7");
        res.setHeader("Set-Cookie", ["a=1", "b=2"]);
        res.setHeader("Content-Encoding", "identity");
        serveIt(req, res);
      });
      const { head, body } = await getRaw(server.port);
      expect(head.filter((line) => !line.startsWith("Date"))).toEqual([
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        "Access-Control-Allow-Origin: *",
        "Content-Security-Policy: default-src 'none'",
        "X-Request-Id: 7",
        "Set-Cookie: a=1",
        "Set-Cookie: b=2",
        "Content-Encoding: identity",
        `Content-Length: ${body.length}`,
        "Content-Type: text/plain; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
      ]);
      expect(body).toBe(`${STATUS_CODES[status]}\n`);
    },
  );

  test("that cannot be read or answered is handled too, and the server continues [H25]", async () => {
    const errors: unknown[] = [];
    const server = await serve(
      http.handler(
        (_ctx, req, res) => {
          if (req.url === "/ok") return res.end("ok");
          if (req.url === "/end") {
            res.end = () => {
              throw new Error("end throws");
            };
            throw new Error("a bug");
          }
          throw Object.defineProperty(new Error("a bug"), "cause", {
            get: () => {
              throw new Error("cause throws");
            },
          });
        },
        { onError: (error) => errors.push((error as Error).message) },
      ),
    );
    for (const path of ["/end", "/cause"]) await expect(fetch(server.url + path)).rejects.toThrow("fetch failed");
    expect(errors).toEqual(["a bug", "end throws", "cause throws"]);
    expect(await (await fetch(`${server.url}/ok`)).text()).toBe("ok");
  });

  test("thrown synchronously, or a value that is not an error, is handled too; the server continues", async () => {
    const errors: unknown[] = [];
    const server = await serve(
      http.handler(
        (_ctx, req) => {
          if (req.url === "/a") throw new Error("a");
          throw "b";
        },
        { onError: (error) => errors.push(error) },
      ),
    );
    for (const path of ["/a", "/b"]) expect((await fetch(server.url + path)).status).toBe(500);
    expect(errors).toEqual([new Error("a"), "b"]);
  });

  test("after the headers aborts the response", async () => {
    const errors: unknown[] = [];
    const server = await serve(
      http.handler(
        (_ctx, _req, res) => {
          res.write("begin");
          throw new Error("in the middle");
        },
        { onError: (error) => errors.push(error) },
      ),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    await client.closed;
    expect(client.received).not.toContain("0\r\n\r\n");
    expect(errors).toEqual([new Error("in the middle")]);
  });

  test.for(["errAbortHandler", "goexit"] as const)("that is %s aborts without a report", async (kind) => {
    const onError = vi.fn<() => void>();
    const server = await serve(
      http.handler(
        () => {
          if (kind === "goexit") goexit();
          throw http.errAbortHandler;
        },
        { onError },
      ),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    await client.closed;
    expect([client.received, onError.mock.calls]).toEqual(["", []]);
    expect(http.errAbortHandler.message).toBe("net/http: abort Handler");
  });

  test.for(["ctx.err()", "wrapped", "a stream's"] as const)(
    "that only says that the client has gone is dropped: %s",
    async (kind) => {
      const onError = vi.fn<() => void>();
      const over = later();
      const began = later();
      const server = await serve(
        http.handler(
          async (ctx, req) => {
            using _ = { [Symbol.dispose]: () => over.resolve() };
            began.resolve();
            if (kind === "a stream's") for await (const _ of req);
            await ended(ctx);
            throw kind === "wrapped" ? new Error("query failed", { cause: ctx.err() }) : ctx.err();
          },
          { onError },
        ),
      );
      const client = await RawClient.connect(server.port);
      client.post("/", 10);
      await began.promise;
      client.leave();
      await over.promise;
      await settle();
      expect(onError.mock.calls).toEqual([]);
    },
  );

  test("of another kind is reported although the client has gone", async () => {
    const reported = later<unknown>();
    const began = later();
    const server = await serve(
      http.handler(
        async (ctx) => {
          began.resolve();
          await ended(ctx);
          throw new Error("a bug");
        },
        { onError: (error) => reported.resolve(error) },
      ),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    await began.promise;
    client.leave();
    expect(await reported.promise).toEqual(new Error("a bug"));
  });

  test("that says that the base has ended is answered with 503", async () => {
    const [base, cancel] = context.withCancel(context.background());
    const onError = vi.fn<() => void>();
    const server = await serve(
      http.handler(
        (ctx) => {
          cancel();
          throw ctx.err() as Error;
        },
        { baseContext: () => base, onError },
      ),
    );
    expect((await fetch(server.url)).status).toBe(503);
    expect(onError).not.toHaveBeenCalled();
  });

  test("in onError does not end the program either", async () => {
    const printed: unknown[] = [];
    vi.spyOn(console, "error").mockImplementation((text) => void printed.push(text));
    const server = await serve(
      http.handler(
        () => {
          throw new Error("first");
        },
        {
          onError: () => {
            throw new Error("second");
          },
        },
      ),
    );
    expect((await fetch(server.url)).status).toBe(500);
    expect(printed).toEqual([expect.stringContaining("first"), expect.stringContaining("second")]);
  });
});

describe("a handler that returns has answered", () => {
  const answers: Record<string, [expected: string, f: http.Handler]> = {
    async: ["200 -", async () => undefined],
    "a promise": ["200 -", () => Promise.resolve()],
    "without a response": ["200 -", () => undefined],
    "without a response, but with a request": ["200 -", (_ctx, req) => req.url],
    "a status": [
      "201 -",
      async (_ctx, _req, res) => {
        res.statusCode = 201;
      },
    ],
    headers: ["200 b", async (_ctx, _req, res) => res.setHeader("X-A", "b")],
    "headers and no body": [
      "204 b",
      async (_ctx, _req, res) => {
        res.writeHead(204, { "X-A": "b" });
      },
    ],
  };

  test.for(Object.entries(answers))(
    "with 200 and no body, if it has not begun to: %s [H26]",
    async ([, [expected, f]]) => {
      const server = await serve(http.handler(f));
      const response = await fetch(server.url);
      expect(`${response.status} ${response.headers.get("x-a") ?? "-"}${await response.text()}`).toBe(expected);
    },
  );

  const handingOver: Record<string, http.Handler> = {
    "it has begun": async (_ctx, _req, res) => {
      res.write("lat");
      setImmediate(() => res.end("er"));
    },
    "a stream is piped": async (_ctx, _req, res) => {
      Readable.from(["lat", "er"]).pipe(res);
    },
    "a pipeline": async (_ctx, _req, res) => {
      void pipeline(Readable.from(["lat", "er"]), res);
    },
    "a pipeline of an iterable": async (_ctx, _req, res) => {
      void pipeline(["lat", "er"], res);
    },
    "a stream of the web": async (_ctx, _req, res) => {
      void (ReadableStream.from([Buffer.from("lat"), Buffer.from("er")]) as ReadableStream<Uint8Array>).pipeTo(
        Writable.toWeb(res),
      );
    },
    "it is not async": (_ctx, _req, res) => {
      setImmediate(() => res.end("later"));
    },
    "an app of Express": (() => {
      const app = express().get("/", (_req, res) => void setImmediate(() => res.send("later")));
      return async (_ctx, req, res) => void app(req, res);
    })(),
    handlerFunc: http.handlerFunc((_req, res) => void setImmediate(() => res.end("later"))),
  };

  test.for(Object.entries(handingOver))("but not if %s [H26]", async ([, f]) => {
    const server = await serve(http.handler(f));
    for (let i = 0; i < 2; i++) expect(await (await fetch(server.url)).text()).toBe("later");
  });

  test("and what it writes afterwards is reported, not lost silently [H26]", async () => {
    const errors: unknown[] = [];
    const late = later();
    const server = await serve(
      http.handler(
        async (_ctx, _req, res) => {
          setTimeout(() => {
            res.end("late");
            late.resolve();
          }, 20);
        },
        { onError: (error) => errors.push((error as Error).message) },
      ),
    );
    expect(await (await fetch(`${server.url}/a`)).text()).toBe("");
    await late.promise;
    expect(errors).toEqual([
      expect.stringMatching(/^http: the handler of GET \/a has returned, .* http\.handlerFunc$/),
    ]);
  });

  test("over HTTP/2 as well [H26]", async () => {
    const server = await listen(
      http2.createServer(
        http.handler(async (_ctx, req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
          if (req.url === "/piped") Readable.from(["lat", "er"]).pipe(res);
        }),
      ),
    );
    const session = http2.connect(server.url);
    atEnd(() => session.destroy());
    for (const [path, expected] of [
      ["/", ""],
      ["/piped", "later"],
    ] as const) {
      let text = "";
      const stream = session.request({ ":path": path }).setEncoding("utf8");
      stream.on("data", (chunk: string) => (text += chunk));
      const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
      await once(stream, "close");
      expect([headers[":status"], text]).toEqual([200, expected]);
    }
  });

  test("and its context ends [H17] [H26]", async () => {
    const got = later<Context>();
    const server = await serve(http.handler(async (ctx) => got.resolve(ctx)));
    await fetch(server.url);
    const ctx = await got.promise;
    await ended(ctx);
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("handlerFunc lasts as long as the listener's response, also when the client leaves [H26]", async () => {
    const began = later<Context>();
    const server = new http.Server({
      addr: "127.0.0.1:0",
      handler: async (ctx, req, res) => {
        await http.handlerFunc((req, res) => {
          began.resolve(ctx);
          if (req.url === "/quick") setImmediate(() => res.end("quick"));
        })(ctx, req, res);
        over.push(req.url);
      },
    });
    const over: unknown[] = [];
    await server.listen();
    atEnd(() => server.close());
    expect(await (await fetch(`http://${server.addr()}/quick`)).text()).toBe("quick");
    const client = await RawClient.connect(server.addr()?.port as number);
    client.get("/never");
    await settle();
    client.leave();
    await ended(await began.promise);
    while (over.length < 2) await settle();
    expect(over).toEqual(["/quick", "/never"]);
    expect(() => http.handlerFunc(42 as never)).toThrow(new TypeError("http.handlerFunc: 42 is not a function"));
  });
});

describe("bad input", () => {
  test("is refused", () => {
    expect(() => http.handler(42 as never)).toThrow(new TypeError("http.handler: 42 is not a function"));
    expect(() => http.context({} as never, {} as never)).toThrow("http.context: Object is no request");
    expect(() => http.context({ headers: {} } as never, 1 as never)).toThrow("http.context: 1 is no response");
    expect(() => http.context(undefined as never)).toThrow("http.context: undefined is no request");
  });
});
