import { type Context, context } from "gocsp";
import * as http from "gocsp/http";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { createServer, type RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { alive } from "../context/contexts.ts";
import { settle } from "../support/settle.ts";
import { atEnd, canceledPlainly, ended, endOf, expectNothingOpen, later, listen, RawClient } from "./server.ts";

expectNothingOpen();

/** What a framework's route does: waits for its context under `/wait`, answers with "answer" under `/now`. */
type Route = (ctx: Context, path: string) => Promise<string>;

const frameworks: Record<string, (route: Route) => RequestListener | Promise<RequestListener>> = {
  "Express 5": (route) => {
    const app = express();
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 does catch what they throw.
    app.all("/{*path}", async (req, res) => {
      res.send(await route(http.context(req, res), req.path));
    });
    return app;
  },
  "Express 5 with http.handler as a route": (route) => {
    const app = express();
    app.all(
      "/{*path}",
      http.handler(async (ctx, req: express.Request, res: express.Response) => {
        res.send(await route(ctx, req.path));
      }),
    );
    return app;
  },
  "Fastify 5": async (route) => {
    const app = fastify();
    // Leaves the body alone, as a route that pipes an upload somewhere does.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, done) => done(null));
    app.all("/*", async (request, reply) => route(http.context(request, reply), request.url));
    await app.ready();
    atEnd(() => app.close());
    return (req, res) => app.routing(req, res);
  },
  "Fastify 5 by raw": async (route) => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _payload, done) => done(null));
    app.all("/*", async (request, reply) => route(http.context(request.raw, reply.raw), request.url));
    await app.ready();
    atEnd(() => app.close());
    return (req, res) => app.routing(req, res);
  },
  "Koa 3": (route) => {
    const app = new Koa();
    // Otherwise it prints an error for clients that go away.
    app.silent = true;
    app.use(async (ctx) => {
      ctx.body = await route(http.context(ctx.req, ctx.res), ctx.path);
    });
    const callback = app.callback();
    return (req, res) => void callback(req, res);
  },
};

describe.for(Object.entries(frameworks))("in %s the context", ([, make]) => {
  async function start() {
    const began = later<Context>();
    const contexts: Context[] = [];
    const listener = await make(async (ctx, path) => {
      contexts.push(ctx);
      began.resolve(ctx);
      if (path !== "/now") await ended(ctx);
      else await settle();
      return `answer ${endOf(ctx)}`;
    });
    const server = await listen(createServer(listener));
    return { server, contexts, began: began.promise };
  }

  test("ends when the client goes away [H18]", async () => {
    const { server, began } = await start();
    const client = await RawClient.connect(server.port);
    client.get("/wait");
    const ctx = await began;
    await settle();
    expect(endOf(ctx)).toBe(alive);
    client.leave();
    await ended(ctx);
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("ends although there is a large unread body [H18]", async () => {
    const { server, began } = await start();
    const client = await RawClient.connect(server.port);
    client.post("/wait", 10_000_000);
    client.socket.write(Buffer.alloc(9_000_000));
    const ctx = await began;
    client.leave();
    await ended(ctx);
  });

  test("is alive until the response has been sent, a fresh one for each request [H17]", async () => {
    const { server, contexts } = await start();
    const client = await RawClient.connect(server.port);
    for (let i = 1; i <= 3; i++) {
      client.received = "";
      client.get("/now");
      await client.receive(`answer ${alive}`);
      const ctx = contexts[i - 1] as Context;
      await ended(ctx);
      expect(endOf(ctx)).toBe(canceledPlainly);
    }
    expect(new Set(contexts).size).toBe(3);
  });

  test("has the server and the local address [H19]", async () => {
    const { server, contexts } = await start();
    await (await fetch(`${server.url}/now`)).text();
    const [ctx] = contexts as [Context];
    expect(ctx.value(http.serverContextKey)).toBe(server);
    expect(String(ctx.value(http.localAddrContextKey))).toBe(`127.0.0.1:${server.port}`);
    await ended(ctx);
  });
});

describe("in Express", () => {
  test("middleware and handler share the context, and middleware can set another one [H2]", async () => {
    const seen: Context[] = [];
    const app = express();
    app.use((req, res, next) => {
      seen.push(http.context(req, res));
      http.setContext(req, res, withName(http.context(req, res), "set"));
      next();
    });
    app.use((req, res, next) => {
      seen.push(http.context(req, res));
      next();
    });
    app.get(
      "/",
      http.handler((ctx, req, res) => {
        seen.push(ctx, http.context(req, res));
        res.end("done");
      }),
    );
    const server = await listen(createServer(app));
    await (await fetch(server.url)).text();
    const [original, ...set] = seen as [Context, ...Context[]];
    expect(new Set(set).size).toBe(1);
    expect(set[0]).not.toBe(original);
    await ended(original);
    expect(endOf(set[0] as Context)).toBe(canceledPlainly);
  });

  test("what a handler throws when its client has gone does not reach Express", async () => {
    const app = express();
    const began = later<Context>();
    const errors: unknown[] = [];
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 does catch what they throw.
    app.get("/", async (req, res) => {
      const ctx = http.context(req, res);
      began.resolve(ctx);
      await ended(ctx);
      throw ctx.err() as Error;
    });
    app.use((err: unknown, _req: express.Request, _res: express.Response, _next: express.NextFunction) => {
      errors.push(err);
    });
    const server = await listen(createServer(app));
    const client = await RawClient.connect(server.port);
    client.get("/");
    const ctx = await began.promise;
    client.leave();
    await ended(ctx);
    await settle();
    // Express passes it to the app's error handler unchanged, which can recognize it.
    expect(errors).toEqual([ctx.err()]);
  });
});

describe("in Fastify", () => {
  test("a request that no server has received has a context too [H1]", async () => {
    const app = fastify();
    atEnd(() => app.close());
    const contexts: Context[] = [];
    app.get("/", async (request, reply) => {
      contexts.push(http.context(request, reply));
      await settle();
      return endOf(contexts[0] as Context);
    });
    const { body } = await app.inject("/");
    expect(body).toBe(alive);
    await ended(contexts[0] as Context);
  });
});

describe("in Hono", () => {
  /** A minimal adapter that runs a handler of the web's kind on a socket of Node. */
  async function bridge(handler: (request: Request) => Response | Promise<Response>) {
    const server = await listen(
      createServer((req, res) => {
        const gone = new AbortController();
        res.once("close", () => {
          if (!res.writableFinished) gone.abort();
        });
        const request = new Request(`http://${req.headers.host}${req.url}`, { signal: gone.signal });
        void Promise.resolve(handler(request)).then(async (response) => {
          res.writeHead(response.status, Object.fromEntries(response.headers));
          for await (const chunk of response.body ?? []) res.write(chunk);
          res.end();
        });
      }),
    );
    return server;
  }

  test("a wrapped app gives its routes the context [H17] [H18]", async () => {
    const contexts: Context[] = [];
    const began = later();
    const app = new Hono();
    app.onError((error) => {
      throw error;
    });
    app.get("/now", async (c) => {
      const ctx = http.context(c.req.raw);
      contexts.push(ctx);
      await settle();
      return c.text(endOf(ctx));
    });
    app.get("/wait", async (c) => {
      const ctx = http.context(c.req.raw);
      contexts.push(ctx);
      began.resolve();
      await ended(ctx);
      throw ctx.err() as Error;
    });
    const server = await bridge(http.fetchHandler((_ctx, request) => app.fetch(request)));
    expect(await (await fetch(`${server.url}/now`)).text()).toBe(alive);
    await ended(contexts[0] as Context);
    const client = await RawClient.connect(server.port);
    client.get("/wait");
    await began.promise;
    client.leave();
    await ended(contexts[1] as Context);
    expect(contexts.map(endOf)).toEqual([canceledPlainly, canceledPlainly]);
  });

  test("a route can be a fetchHandler by itself [H17] [H18]", async () => {
    const began = later<Context>();
    const app = new Hono();
    app.get("/", async (c) =>
      http.fetchHandler(async (ctx) => {
        began.resolve(ctx);
        await ended(ctx);
        return c.text("late");
      })(c.req.raw),
    );
    const server = await bridge((request) => app.fetch(request));
    const client = await RawClient.connect(server.port);
    client.get("/");
    const ctx = await began.promise;
    expect(endOf(ctx)).toBe(alive);
    client.vanish();
    await ended(ctx);
  });
});

function withName(ctx: Context, name: string): Context {
  return context.withValue(ctx, "name", name);
}

/** The error handlers of docs/cancel-real-work.md, with a log; each app parses JSON or reads the body itself. */
const uploads: Record<string, (log: unknown[]) => RequestListener | Promise<RequestListener>> = {
  "Express 5, express.json": (log) => {
    const app = express();
    app.use(express.json());
    app.post("/", (req, res) => void res.json(req.body));
    app.use(expressErrors(log));
    return app;
  },
  "Express 5, for await": (log) => {
    const app = express();
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 does catch what they throw.
    app.post("/", async (req, res) => {
      for await (const _ of req);
      res.end();
    });
    app.use(expressErrors(log));
    return app;
  },
  "Fastify 5": async (log) => {
    const app = fastify();
    app.post("/", (request, reply) => reply.send(request.body));
    app.setErrorHandler(async (err, request, reply) => {
      log.push("asked");
      if (http.context(request, reply).err() === context.canceled) return reply.code(499).send();
      log.push(err);
      throw err;
    });
    await app.ready();
    atEnd(() => app.close());
    return (req, res) => app.routing(req, res);
  },
  "Koa 3": (log) => {
    const app = new Koa();
    app.use(async (c) => {
      for await (const _ of c.req);
      c.body = "read";
    });
    app.on("error", (err: unknown, c: Koa.Context) => {
      log.push("asked");
      if (http.context(c.req, c.res).err() !== context.canceled) log.push(err);
    });
    const callback = app.callback();
    return (req, res) => void callback(req, res);
  },
  "http.handler": (log) =>
    http.handler(
      async (_ctx, req, res) => {
        try {
          for await (const _ of req);
          res.end();
        } catch (error) {
          log.push("asked");
          throw new Error("cannot read the body", { cause: error });
        }
      },
      { onError: (error) => log.push(error) },
    ),
};

function expressErrors(log: unknown[]): express.ErrorRequestHandler {
  return (err, req, res, next) => {
    log.push("asked");
    if (http.context(req, res).err() === context.canceled) return void res.status(499).end();
    log.push(err);
    next(err);
  };
}

test.for(Object.entries(uploads))("%s reports nothing when an upload breaks off [H18]", async ([, make]) => {
  for (const how of ["leave", "vanish"] as const) {
    const log: unknown[] = [];
    const listener = await make(log);
    const began = later();
    const server = await listen(
      createServer((req, res) => {
        began.resolve();
        listener(req, res);
      }),
    );
    const client = await RawClient.connect(server.port);
    client.socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[1,");
    await began.promise;
    await settle();
    client[how]();
    while (log.length === 0) await settle();
    await settle();
    // Koa calls it twice.
    expect([...new Set(log)]).toEqual(["asked"]);
  }
});
