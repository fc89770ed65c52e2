import { context, type Context, time } from "gocsp";
import * as http from "gocsp/http";
import express from "express";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import http2 from "node:http2";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { atEnd, background, ended, endOf, expectNothingOpen, later, listen, RawClient, serve } from "./server.ts";

expectNothingOpen();

const page = "<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>";

describe("a handler under timeoutHandler", () => {
  test("gets a context with the timeout, as everybody who asks then [H21]", async () => {
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

  test("that fails in time fails as without; later it is nobody's business [H21]", async () => {
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

  test("that returns without an answer is late too [H21]", async () => {
    const server = await serve(http.handler(http.timeoutHandler(() => undefined, 20)));
    expect((await fetch(server.url)).status).toBe(503);
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
