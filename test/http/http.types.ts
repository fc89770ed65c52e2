// Compiled only: what the types of http allow and refuse.
import express from "express";
import fastify from "fastify";
import { type Context, context, type Key } from "gocsp";
import * as http from "gocsp/http";
import { Hono } from "hono";
import Koa from "koa";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { check, type Equal } from "../support/types.ts";

const background = context.background();

// Handlers: the server that they are given to says what requests and responses are.
createServer(
  http.handler((ctx, req, res) => {
    check<Equal<typeof ctx, Context>>();
    check<Equal<typeof req, IncomingMessage>>();
    const response: ServerResponse = res;
    response.end();
  }),
);
https.createServer(http.handler(async (_ctx, req, res) => res.end(req.url)));
http2.createServer(
  http.handler((_ctx, req, res) => {
    check<Equal<typeof req, http2.Http2ServerRequest>>();
    check<Equal<typeof res, http2.Http2ServerResponse>>();
    res.stream.respond({ ":status": 200 });
  }),
);
http2.createSecureServer(
  { allowHTTP1: true },
  http.handler((ctx, req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) =>
    res.end(`${req.url} ${ctx.err()}`),
  ),
);

export const alone = http.handler((_ctx, req, res) => {
  check<Equal<typeof req, IncomingMessage>>();
  check<Equal<typeof res, ServerResponse>>();
});
createServer(alone);

export const named: http.Handler = (ctx, req, res) => res.end(`${req.url} ${ctx.err()}`);
createServer(http.handler(named));
createServer(http.handler(http.timeoutHandler(named, 1000, "late")));
createServer(
  http.handler(named, {
    baseContext: (server) => context.withValue(background, "server", server),
    connContext: (ctx, socket) => context.withValue(ctx, "port", socket.remotePort),
    onError: (error: unknown) => console.log(error),
    readAhead: 0,
  }),
);
// @ts-expect-error a context, not nothing
http.handler(named, { baseContext: () => undefined });
// @ts-expect-error a function
http.handler(42);

// Frameworks, without casts.
const app = express();
app.use((req, res, next) => {
  http.setContext(req, res, context.withValue(http.context(req, res), "a", 1));
  next();
});
app.get("/a", (req, res) => {
  const ctx: Context = http.context(req, res);
  res.send(String(ctx.err()));
});
app.get(
  "/b",
  http.handler((ctx, req, res) => res.end(`${req.url} ${ctx.err()}`)),
);
app.get(
  "/c",
  http.handler((_ctx, req: express.Request, res: express.Response) => res.json(req.params)),
);
app.get("/d", http.handler(http.timeoutHandler(named, 1000)));

fastify().get("/", async (request, reply) => {
  const ctx: Context = http.context(request, reply);
  const same: Context = http.context(request.raw, reply.raw);
  return String(ctx === same);
});
fastify({ http2: true }).get("/", async (request, reply) => String(http.context(request, reply).err()));

new Koa().use(async (ctx) => {
  ctx.body = String(http.context(ctx.req, ctx.res).err());
});

new Hono()
  .get("/a", (c) => http.fetchHandler((ctx) => c.text(String(ctx.err())))(c.req.raw))
  .get("/b", (c) => c.text(String(http.context(c.req.raw).err())));

// Upgrades and raw streams.
createServer().on("upgrade", (req, socket) => void http.context(req, socket));
http2.createServer().on("stream", (stream) => void http.context(stream));
// @ts-expect-error a request without its response does not tell when that is over
http.context(undefined as unknown as IncomingMessage);
// @ts-expect-error no request
http.context(1, 2);

// fetchHandler: what the host gives is passed on.
export const plain: (request: Request) => Promise<Response> = http.fetchHandler(
  (ctx) => new Response(String(ctx.err())),
);
export const withServer: (request: Request, server: { port: number }) => Promise<Response> = http.fetchHandler(
  async (_ctx, _request, server: { port: number }) => new Response(String(server.port)),
  { baseContext: (request, server) => context.withValue(background, request.url, server.port) },
);
// @ts-expect-error a response is missing
http.fetchHandler(() => undefined);

// fetch.
export const response: Promise<Response> = http.fetch(background, "http://localhost", { method: "POST", body: "x" });
export const other: Promise<Response> = http.fetch(background, new URL("http://localhost"));
export const third: Promise<Response> = http.fetch(
  background,
  http.newRequestWithContext(background, "http://localhost"),
);
// @ts-expect-error the context comes first
void http.fetch("http://localhost");
export const copy: Request = http.withContext(background, new Request("http://localhost"));

// Values.
check<Equal<typeof http.serverContextKey, Key<http.Server | http.NodeServer>>>();
export const addr: http.Addr | undefined = background.value(http.localAddrContextKey);
export const network: "tcp" | "unix" | undefined = addr?.network();

// Servers.
export async function servers(): Promise<void> {
  const server = new http.Server({ handler: named, addr: ":0", tls: { key: "", cert: "" } });
  await server.listen();
  const where: http.Addr | undefined = server.addr();
  await server.shutdown(background);
  server.close();
  server.registerOnShutdown(() => where);
  const never: never = await server.listenAndServe();
  await http.shutdown(background, createServer());
  await http.shutdown(background, app.listen(0));
  await http.shutdown(background, http2.createServer());
  return never;
}
// @ts-expect-error a handler is needed
export const without = new http.Server({ addr: ":0" });

// Sentinels.
export const sentinels: Error[] = [http.errServerClosed, http.errAbortHandler, http.errHandlerTimeout];

// Apps and listeners of Node are handlers by handlerFunc.
export const adapted = [
  http.handlerFunc(express()),
  http.handlerFunc((req, res) => res.end(req.url)),
  http.timeoutHandler(http.handlerFunc(express()), 1000),
].map((handler) => new http.Server({ handler }));
http2.createServer(
  http.handler(http.handlerFunc((req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => res.end(req.url))),
);
// @ts-expect-error -- Not a listener.
http.handlerFunc("app");

// What fetch throws.
export const failed: http.url.Error = new http.url.Error("Get", "http://localhost", context.canceled);
export const parts: [string, string, unknown, boolean] = [failed.op, failed.url, failed.unwrap(), failed.timeout()];
