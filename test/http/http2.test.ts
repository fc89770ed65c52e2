import { type Context } from "gocsp";
import * as http from "gocsp/http";
import http2 from "node:http2";
import https from "node:https";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { alive } from "../context/contexts.ts";
import { settle } from "../support/settle.ts";
import { atEnd, canceledPlainly, ended, endOf, expectNothingOpen, later, listen } from "./server.ts";
import { cert, key } from "./tls.ts";

expectNothingOpen();

type Kind = "compat" | "secure" | "stream";

/** A server whose handlers wait for their contexts, or answer at once under `/now`. */
async function start(kind: Kind) {
  const contexts: Context[] = [];
  const began = later<Context>();
  const take = (ctx: Context): void => {
    contexts.push(ctx);
    began.resolve(ctx);
  };
  let server: http2.Http2Server | http2.Http2SecureServer;
  if (kind === "stream") {
    server = http2.createServer();
    server.on("stream", (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
      stream.on("error", () => undefined);
      take(http.context(stream));
      if (headers[":path"] === "/now") stream.end("answer");
    });
  } else {
    const listener = http.handler<http2.Http2ServerRequest, http2.Http2ServerResponse>(async (ctx, req, res) => {
      take(ctx);
      if (req.url === "/now") res.end("answer");
      else await ended(ctx);
    });
    server = kind === "compat" ? http2.createServer(listener) : http2.createSecureServer({ key, cert }, listener);
  }
  const { port } = await listen(server);
  const scheme = kind === "secure" ? "https" : "http";
  const session = http2.connect(`${scheme}://localhost:${port}`, {
    ca: cert,
    lookup: (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }] as never, 4),
  } as http2.SecureClientSessionOptions);
  session.on("error", () => undefined);
  atEnd(() => session.destroy());
  const request = (headers: http2.OutgoingHttpHeaders): http2.ClientHttp2Stream => {
    const stream = session.request(headers);
    stream.on("error", () => undefined);
    stream.resume();
    return stream;
  };
  return { server, port, session, contexts, began: began.promise, request };
}

describe.for(["compat", "secure", "stream"] as const)("the context of an HTTP/2 request (%s)", (kind) => {
  test.for([http2.constants.NGHTTP2_CANCEL, http2.constants.NGHTTP2_NO_ERROR])(
    "ends when its stream is reset (code %i), and no other does [H18]",
    async (code) => {
      const { contexts, began, request } = await start(kind);
      const first = request({ ":path": "/" });
      const ctx = await began;
      const second = request({ ":path": "/" });
      while (contexts.length < 2) await settle();
      expect(contexts.map(endOf)).toEqual([alive, alive]);
      first.close(code);
      await ended(ctx);
      await settle();
      expect(contexts.map(endOf)).toEqual([canceledPlainly, alive]);
      second.close(code);
      await ended(contexts[1] as Context);
    },
  );

  test("ends when the session is destroyed [H18]", async () => {
    const { session, contexts, began, request } = await start(kind);
    request({ ":path": "/" });
    await began;
    request({ ":path": "/" });
    while (contexts.length < 2) await settle();
    session.destroy();
    await Promise.all(contexts.map(ended));
    expect(contexts.map(endOf)).toEqual([canceledPlainly, canceledPlainly]);
  });

  test("ends after the response [H17]", async () => {
    const { began, request } = await start(kind);
    const stream = request({ ":path": "/now" });
    const ctx = await began;
    await once(stream, "close");
    await ended(ctx);
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("ends with an unread body behind it [H18]", async () => {
    const { began, request } = await start(kind);
    const stream = request({ ":path": "/", ":method": "POST" });
    stream.write(Buffer.alloc(10_000_000));
    const ctx = await began;
    await settle();
    expect(endOf(ctx)).toBe(alive);
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await ended(ctx);
  });

  test("ends with an unread body behind it when the connection is lost [H18]", async () => {
    const { session, began, request } = await start(kind);
    const stream = request({ ":path": "/", ":method": "POST" });
    stream.write(Buffer.alloc(10_000_000));
    const ctx = await began;
    await settle();
    session.destroy();
    await ended(ctx);
  });

  test("has the server and the local address [H19]", async () => {
    const { server, port, began, request } = await start(kind);
    request({ ":path": "/now" });
    const ctx = await began;
    expect(ctx.value(http.serverContextKey)).toBe(server);
    expect(String(ctx.value(http.localAddrContextKey))).toBe(`127.0.0.1:${port}`);
    await ended(ctx);
  });
});

test("an HTTP/2 handler's error resets the stream or answers 500", async () => {
  const errors: unknown[] = [];
  const server = await listen(
    http2.createServer(
      http.handler(
        (_ctx, req, res) => {
          if (req.url === "/late") res.write("begin");
          if (req.url === "/abort") throw http.errAbortHandler;
          throw new Error(req.url);
        },
        { onError: (error) => errors.push(error) },
      ),
    ),
  );
  const session = http2.connect(server.url);
  atEnd(() => session.destroy());
  const get = async (path: string): Promise<unknown> => {
    const stream = session.request({ ":path": path });
    let status: unknown;
    stream.on("response", (headers) => (status = headers[":status"]));
    stream.on("error", () => undefined);
    stream.resume();
    await new Promise((resolve) => stream.once("close", resolve));
    return [status, stream.rstCode];
  };
  expect(await get("/early")).toEqual([500, 0]);
  expect(await get("/late")).toEqual([200, 2]);
  expect(await get("/abort")).toEqual([undefined, 2]);
  expect(errors).toEqual([new Error("/early"), new Error("/late")]);
});

test("the context of an HTTP/2 handler outlives the response as long as the handler runs [H17]", async () => {
  const got = later<[string, Context]>();
  const server = await listen(
    http2.createServer(
      http.handler(async (ctx, _req, res) => {
        const { stream } = res;
        res.end("answer");
        await once(stream, "close");
        await settle();
        got.resolve([endOf(ctx), ctx]);
      }),
    ),
  );
  const session = http2.connect(server.url);
  atEnd(() => session.destroy());
  const stream = session.request({ ":path": "/", ":method": "POST" });
  stream.end("body");
  stream.resume();
  const [during, ctx] = await got.promise;
  expect(during).toBe(alive);
  await ended(ctx);
});

test("a handler that ends late on a reset stream is not reported [H18]", async () => {
  const errors: unknown[] = [];
  const began = later();
  const over = later();
  const server = await listen(
    http2.createServer(
      http.handler(
        async (ctx, _req, res) => {
          using _ = { [Symbol.dispose]: () => over.resolve() };
          began.resolve();
          await ended(ctx);
          res.setHeader("X-Late", "1");
          res.writeHead(200);
          res.write("late");
          res.end("later");
        },
        { onError: (error) => errors.push(error) },
      ),
    ),
  );
  const session = http2.connect(server.url);
  atEnd(() => session.destroy());
  const stream = session.request({ ":path": "/" });
  stream.on("error", () => undefined);
  await began.promise;
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await over.promise;
  await settle();
  expect(errors).toEqual([]);
});

test("the context of a request over HTTPS ends when its client goes away [H18]", async () => {
  const began = later<Context>();
  const server = await listen(
    https.createServer(
      { key, cert },
      http.handler(async (ctx) => {
        began.resolve(ctx);
        await ended(ctx);
      }),
    ),
  );
  const request = https.request({ host: "127.0.0.1", port: server.port, ca: cert, method: "POST" });
  request.on("error", () => undefined);
  request.write(Buffer.alloc(5_000_000));
  const ctx = await began.promise;
  expect([endOf(ctx), ctx.value(http.serverContextKey) === server]).toEqual([alive, true]);
  request.destroy();
  await ended(ctx);
});
