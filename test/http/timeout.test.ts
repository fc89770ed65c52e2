import { context, type Context, time } from "gocsp";
import * as http from "gocsp/http";
import express from "express";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import http2 from "node:http2";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import {
  atEnd,
  background,
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

const page = "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>";

/** Puts a method of its own in front of one of the response's. */
function wrap(res: ServerResponse, name: "writeHead" | "write" | "end", before: () => unknown): void {
  const below = res[name].bind(res) as (...args: unknown[]) => never;
  res[name] = (...args: unknown[]) => {
    before();
    return below(...args);
  };
}

describe("a handler under timeoutHandler", () => {
  test("gets a context with the timeout, as does http.context meanwhile [H21]", async () => {
    let seen: unknown[] = [];
    const server = await serve((req, res) => {
      const outer = http.context(req, res);
      const limited = http.timeoutHandler((ctx, req, res) => {
        seen = [outer.deadline(), ctx.deadline() instanceof Date, http.context(req, res) === ctx];
        res.end();
      }, time.minute);
      http.handler(limited)(req, res);
    });
    await (await fetch(server.url)).text();
    expect(seen).toEqual([undefined, true, true]);
  });

  test("that is in time answers as without [H21]", async () => {
    const server = await serve(
      http.handler(
        http.timeoutHandler(async (_ctx, req, res) => {
          const before = res.headersSent;
          res.setHeader("X-A", "1");
          res.writeHead(201, "Made", { "X-B": "2" });
          res.write("a");
          res.write(Buffer.from("b"));
          res.write("63", "hex");
          await settle();
          res.end(`${req.url} ${before} ${res.headersSent} ${res.writableEnded}`);
        }, time.minute),
      ),
    );
    const response = await fetch(`${server.url}/x`);
    const { status, statusText, headers } = response;
    expect([status, statusText, headers.get("x-a"), headers.get("x-b"), await response.text()]).toEqual([
      201,
      "Made",
      "1",
      "2",
      "abc/x false true false",
    ]);
  });

  test("can pipe its answer [H21]", async () => {
    const server = await serve(
      http.handler(
        http.timeoutHandler(async (_ctx, req, res) => {
          if (req.url === "/pipe") Readable.from(["some ", "chunks"]).pipe(res);
          else await pipeline(Readable.from(["some ", "chunks"]), res);
        }, time.minute),
      ),
    );
    for (const path of ["/pipe", "/pipeline"]) {
      expect(await (await fetch(server.url + path)).text()).toBe("some chunks");
    }
  });

  test.for([
    [undefined, page, "text/html; charset=utf-8"],
    ["too slow\n", "too slow\n", "text/plain; charset=utf-8"],
  ] as const)("that is late is answered for, with 503 and %s [H21]", async ([message, body, type]) => {
    const over = later<unknown[]>();
    const server = await serve(
      http.handler(
        http.timeoutHandler(
          async (ctx, _req, res) => {
            res.setHeader("X-Handler", "1");
            res.write("held back");
            await ended(ctx);
            await settle();
            const late: unknown[] = [ctx.err()];
            res.setHeader("X-Late", "1");
            res.writeHead(200);
            late.push(await new Promise((resolve) => res.write("late", "utf8", resolve)));
            late.push(await new Promise((resolve) => res.end("later", resolve as () => void)));
            over.resolve(late);
          },
          20,
          message,
        ),
      ),
    );
    const response = await fetch(server.url);
    expect([response.status, response.headers.get("x-handler"), response.headers.get("content-type")]).toEqual([
      503,
      null,
      type,
    ]);
    expect(await response.text()).toBe(body);
    expect(await over.promise).toEqual([context.deadlineExceeded, http.errHandlerTimeout, http.errHandlerTimeout]);
    expect(http.errHandlerTimeout.message).toBe("http: Handler timeout");
  });

  test("whose context was canceled is answered with 503 and no body [H21]", async () => {
    const [base, cancel] = context.withCancel(background);
    const late = later<unknown>();
    const server = await serve(
      http.handler(
        http.timeoutHandler(async (ctx, _req, res) => {
          cancel();
          await ended(ctx);
          await settle();
          res.write("late", (error) => late.resolve(error));
        }, time.minute),
        { baseContext: () => base },
      ),
    );
    const response = await fetch(server.url);
    expect([response.status, await response.text()]).toEqual([503, ""]);
    expect(await late.promise).toBe(context.canceled);
  });

  test("ends when its client goes away [H18] [H21]", async () => {
    const began = later<Context>();
    const server = await serve(
      http.handler(
        http.timeoutHandler(async (ctx) => {
          began.resolve(ctx);
          await ended(ctx);
        }, time.minute),
      ),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    const ctx = await began.promise;
    client.leave();
    await ended(ctx);
    expect(ctx.err()).toBe(context.canceled);
  });

  test("that fails in time fails as without the timeout; a later failure is dropped [H21]", async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const over = later();
    const fail = async (ctx: Context, req: IncomingMessage, res: ServerResponse): Promise<void> => {
      res.write("held back");
      if (req.url === "/early") throw new Error("early");
      using _ = { [Symbol.dispose]: () => over.resolve() };
      await ended(ctx);
      throw new Error("late");
    };
    const early = http.timeoutHandler(fail, time.minute);
    const tooLate = http.timeoutHandler(fail, 20);
    const server = await serve(
      http.handler((ctx, req, res) => (req.url === "/early" ? early : tooLate)(ctx, req, res), { onError }),
    );
    expect((await fetch(`${server.url}/early`)).status).toBe(500);
    expect((await fetch(`${server.url}/late`)).status).toBe(503);
    await over.promise;
    await settle();
    expect(onError.mock.calls.map(([error]) => error)).toEqual([new Error("early")]);
  });

  test("that returns has answered, and is late only if it may still answer [H21] [H26]", async () => {
    const quick = http.timeoutHandler(async (_ctx, _req, res) => void (res.statusCode = 202), time.minute);
    const slow = http.timeoutHandler((_ctx, _req, _res) => undefined, 20);
    const server = await serve(http.handler((ctx, req, res) => (req.url === "/quick" ? quick : slow)(ctx, req, res)));
    const response = await fetch(`${server.url}/quick`);
    expect([response.status, await response.text()]).toEqual([202, ""]);
    expect((await fetch(`${server.url}/slow`)).status).toBe(503);
  });

  const refused: Record<string, [code: string, begin: (res: ServerResponse) => unknown]> = {
    "a status": ["ERR_HTTP_INVALID_STATUS_CODE", (res) => res.writeHead(99)],
    "a text beside the status": ["ERR_INVALID_CHAR", (res) => res.writeHead(200, "a\nb")],
    "a header's value": ["ERR_INVALID_CHAR", (res) => res.writeHead(200, { "X-A": "a\nb" })],
    "a header's name": ["ERR_INVALID_HTTP_TOKEN", (res) => res.writeHead(200, [["X A", "1"]] as never)],
    "a list of headers": ["ERR_INVALID_ARG_VALUE", (res) => res.writeHead(200, ["X-A"])],
    "a chunk": ["ERR_INVALID_ARG_TYPE", (res) => res.write(5)],
    "an encoding": ["ERR_UNKNOWN_ENCODING", (res) => res.write("a", "rubbish" as never)],
    "the last chunk": ["ERR_INVALID_ARG_TYPE", (res) => res.end(5)],
    "the status, when it ends": [
      "ERR_HTTP_INVALID_STATUS_CODE",
      (res) => {
        res.statusCode = 99;
        res.end("never sent");
      },
    ],
  };

  test.for(Object.entries(refused))(
    "is refused at once what Node would refuse, and can still answer, fail, or be late: %s [H21] [H29]",
    async ([, [code, begin]]) => {
      const answers: unknown[] = [];
      const serveIt = (duration: number): http.Handler =>
        http.timeoutHandler(async (ctx, req, res) => {
          try {
            begin(res);
            answers.push("taken");
          } catch (error) {
            answers.push((error as { code?: string }).code, res.headersSent);
            if (req.url === "/fail") throw error;
          }
          if (req.url === "/late") await ended(ctx);
          else res.writeHead(201).end("all right");
        }, duration);
      const onError = vi.fn<(error: unknown) => void>();
      const server = await serve(
        http.handler((ctx, req, res) => serveIt(req.url === "/late" ? 20 : time.minute)(ctx, req, res), { onError }),
      );
      const get = async (path: string): Promise<unknown> => {
        const response = await fetch(server.url + path);
        return [response.status, await response.text()];
      };
      expect(await get("/answer")).toEqual([201, "all right"]);
      expect(await get("/fail")).toEqual([500, "Internal Server Error\n"]);
      expect(await get("/late")).toEqual([503, page]);
      expect(answers).toEqual([code, false, code, false, code, false]);
      expect(onError).toHaveBeenCalledTimes(1);
    },
  );

  test("sends the headers of writeHead in all its forms [H21]", async () => {
    const forms: Record<string, (res: ServerResponse) => unknown> = {
      "/object": (res) => res.writeHead(200, { "X-A": "1", "X-B": ["2", "3"] }),
      "/list": (res) => res.writeHead(200, ["X-A", "1", "X-B", "2", "X-B", "3"]),
      "/pairs": (res) =>
        res.writeHead(200, [
          ["X-A", "1"],
          ["X-B", "2"],
          ["X-B", "3"],
        ] as never),
      "/text": (res) => res.writeHead(200, "OK", { "X-A": "1", "X-B": ["2", "3"] }),
      "/over": (res) => res.setHeader("X-A", "0").writeHead(200, { "X-A": "1", "X-B": ["2", "3"] }),
    };
    const server = await serve(
      http.handler(
        http.timeoutHandler(async (_ctx, req, res) => {
          forms[req.url as string]?.(res);
          expect(() => res.writeHead(200)).toThrow("Cannot write headers after they are sent to the client");
          res.end("x");
        }, time.minute),
      ),
    );
    for (const path of Object.keys(forms)) {
      const { head, body } = await getRaw(server.port, path);
      expect([head[0], ...head.filter((line) => line.startsWith("X-")), body], path).toEqual([
        "HTTP/1.1 200 OK",
        "X-A: 1",
        "X-B: 2",
        "X-B: 3",
        "x",
      ]);
    }
  });

  test("keeps what was set before it, as Go does, when it is late [H21] [H25]", async () => {
    const limited = http.handler(
      http.timeoutHandler(async (ctx, _req, res) => {
        res.statusMessage = "Fine";
        res.setHeader("Content-Length", "7").setHeader("X-Request-Id", "8").setHeader("ETag", '"a"');
        res.removeHeader("Vary");
        await ended(ctx);
      }, 20),
    );
    const server = await serve((req, res) => {
      res.setHeader("X-Request-Id", "7").setHeader("Vary", "Origin");
      limited(req, res);
    });
    const { head, body } = await getRaw(server.port);
    expect(head.filter((line) => !/^(Date|Connection)/.test(line))).toEqual([
      "HTTP/1.1 503 Service Unavailable",
      "X-Request-Id: 7",
      "Vary: Origin",
      "Content-Type: text/html; charset=utf-8",
      `Content-Length: ${page.length}`,
    ]);
    expect(body).toBe(page);
  });

  describe.for(["before", "within"] as const)("stands beside methods of others, put on the response %s it", (when) => {
    /** As express-session, compression and on-headers do. */
    const wrapAll = (res: ServerResponse, log: string[]): void => {
      for (const name of ["writeHead", "write", "end"] as const) {
        wrap(res, name, () => {
          log.push(name);
          if (name === "writeHead") res.setHeader("X-Wrapped", "1");
        });
      }
    };
    test.for(["in time", "late", "failing"] as const)("%s [H29]", async (how) => {
      const log: string[] = [];
      const limited = http.handler(
        http.timeoutHandler(
          async (ctx, _req, res) => {
            if (when === "within") wrapAll(res, log);
            res.write("a");
            if (how === "failing") throw new Error("a bug");
            if (how === "late") await ended(ctx);
            res.end("b");
          },
          how === "late" ? 20 : time.minute,
        ),
        { onError: () => undefined },
      );
      const server = await serve((req, res) => {
        if (when === "before") wrapAll(res, log);
        limited(req, res);
      });
      const response = await fetch(server.url);
      expect([response.status, await response.text()]).toEqual(
        how === "late" ? [503, page] : how === "failing" ? [500, "Internal Server Error\n"] : [200, "ab"],
      );
      if (when === "before") {
        expect(response.headers.get("x-wrapped")).toBe("1");
        expect(log.filter((name) => name === "end")).toEqual(["end"]);
      }
    });
  });

  test("within another one: the shorter time counts, and nothing is sent twice [H21] [H29]", async () => {
    const over: string[] = [];
    for (const [outer, inner] of [
      [20, time.minute],
      [time.minute, 20],
      [time.minute, time.minute],
      [20, 20],
    ] as const) {
      const isLate = Math.min(outer, inner) === 20;
      const innerHandler = http.timeoutHandler(
        async (ctx, _req, res) => {
          res.write("in ");
          if (isLate) await ended(ctx);
          res.end("time");
        },
        inner,
        "the inner one",
      );
      const handler = http.timeoutHandler(innerHandler, outer, "the outer one");
      const server = await serve(
        http.handler(async (ctx, req, res) => {
          wrap(res, "end", () => over.push("sent"));
          await handler(ctx, req, res);
          over.push("over");
        }),
      );
      const response = await fetch(server.url);
      const text = await response.text();
      expect([response.status, text]).toEqual(
        isLate ? [503, outer === 20 ? "the outer one" : "the inner one"] : [200, "in time"],
      );
      while (over.length < 2) await settle();
      expect(over.splice(0)).toEqual(["sent", "over"]);
    }
  });

  test("is answered once if the time passes while the loop is busy, whatever happens next [H21] [H28]", async () => {
    const ways: Record<string, [answers: readonly number[], f: http.Handler]> = {
      "/end": [[200, 503], async (_ctx, _req, res) => res.end("done")],
      "/return": [[200, 503], async () => undefined],
      "/throw": [
        [503],
        async () => {
          throw new Error("late: dropped");
        },
      ],
      "/throw its error": [
        [503],
        async (ctx) => {
          throw ctx.err() as Error;
        },
      ],
      "/look, then end": [
        [503],
        async (ctx, _req, res) => {
          expect(ctx.err()).toBe(context.deadlineExceeded);
          res.end("late");
        },
      ],
      "/write, then wait": [
        [503],
        async (ctx, _req, res) => {
          res.write("late");
          await ended(ctx);
          res.end();
        },
      ],
    };
    const onError = vi.fn<(error: unknown) => void>();
    const sent: number[] = [];
    const server = await serve(
      http.handler(
        (ctx, req, res) => {
          wrap(res, "end", () => sent.push(res.statusCode));
          return http.timeoutHandler((ctx, req, res) => {
            const until = performance.now() + 15;
            while (performance.now() < until);
            return ways[decodeURI(req.url as string)]?.[1](ctx, req, res);
          }, 10)(ctx, req, res);
        },
        { onError },
      ),
    );
    for (const [path, [answers]] of Object.entries(ways)) {
      const response = await fetch(server.url + path);
      await response.text();
      expect(answers, path).toContain(response.status);
      expect(sent.splice(0), path).toEqual([response.status]);
    }
    expect(onError).not.toHaveBeenCalled();
  });

  test("whose response's own methods throw is reported, and aborted [H29]", async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const limited = http.handler(
      http.timeoutHandler(async (ctx) => ended(ctx), 20),
      { onError },
    );
    const server = await serve((req, res) => {
      res.end = () => {
        throw new Error("end throws");
      };
      limited(req, res);
    });
    await expect(fetch(server.url)).rejects.toThrow("fetch failed");
    expect(onError.mock.calls.map(([error]) => error)).toEqual([new Error("end throws")]);
  });

  test("keeps the headers of those before it, in Express too [H21]", async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader("X-Before", "1");
      next();
    });
    const answer = async (ctx: Context, req: express.Request, res: express.Response): Promise<void> => {
      res.set("X-Handler", "1");
      if (req.path === "/late") await ended(ctx);
      res.json({ answer: 42 });
    };
    app.get("/early", http.handler(http.timeoutHandler(answer, time.minute)));
    app.get("/late", http.handler(http.timeoutHandler(answer, 20)));
    const server = await listen(createServer(app));
    const early = await fetch(`${server.url}/early`);
    expect([early.headers.get("x-before"), early.headers.get("x-handler"), await early.json()]).toEqual([
      "1",
      "1",
      { answer: 42 },
    ]);
    const late = await fetch(`${server.url}/late`);
    expect([late.status, late.headers.get("x-before"), late.headers.get("x-handler"), await late.text()]).toEqual([
      503,
      "1",
      null,
      page,
    ]);
  });

  test("works over HTTP/2 [H21]", async () => {
    const late = later<unknown>();
    const answer = async (
      ctx: Context,
      req: http2.Http2ServerRequest,
      res: http2.Http2ServerResponse,
    ): Promise<void> => {
      if (req.url === "/late") {
        await ended(ctx);
        await settle();
        res.setHeader("X-Late", "1");
        res.write("late", "utf8", (error?: Error | null) => late.resolve(error));
      }
      res.end("in time");
    };
    const early = http.timeoutHandler(answer, time.minute);
    const tooLate = http.timeoutHandler(answer, 20);
    const server = await listen(
      http2.createServer(
        http.handler((ctx, req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) =>
          (req.url === "/late" ? tooLate : early)(ctx, req, res),
        ),
      ),
    );
    const session = http2.connect(server.url);
    atEnd(() => session.destroy());
    const get = async (path: string): Promise<unknown> => {
      const stream = session.request({ ":path": path });
      let status: unknown;
      let text = "";
      stream.on("response", (headers) => (status = headers[":status"]));
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      await new Promise((resolve) => stream.once("close", resolve));
      return [status, text];
    };
    expect(await get("/early")).toEqual([200, "in time"]);
    expect(await get("/late")).toEqual([503, page]);
    expect(await late.promise).toBe(http.errHandlerTimeout);
  });

  test("has its context ended when it has returned [H17] [H21]", async () => {
    const got = later<Context>();
    const server = await serve(
      http.handler(
        http.timeoutHandler((ctx, _req, res) => {
          got.resolve(ctx);
          res.end("done");
        }, time.minute),
      ),
    );
    await (await fetch(server.url)).text();
    const ctx = await got.promise;
    await ended(ctx);
    expect(endOf(ctx)).toContain("context canceled");
  });

  test("must be a function", () => {
    expect(() => http.timeoutHandler(1 as never, 1)).toThrow("http.timeoutHandler: 1 is not a function");
  });
});
