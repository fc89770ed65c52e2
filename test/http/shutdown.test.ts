import { context, type Context, errors } from "gocsp";
import * as http from "gocsp/http";
import express from "express";
import { createServer, request as httpRequest } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { describe, expect, test } from "vitest";
import { alive } from "../context/contexts.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import {
  atEnd,
  background,
  canceledPlainly,
  ended,
  endOf,
  expectNothingOpen,
  later,
  listen,
  RawClient,
} from "./server.ts";
import { cert, key } from "./tls.ts";

expectNothingOpen();

/** A server whose handler answers when it is released, and reports each request. */
async function start(options: Partial<http.ServerOptions> = {}) {
  const began = later<Context>();
  const release = later();
  const server = new http.Server({
    addr: "127.0.0.1:0",
    ...options,
    handler: async (ctx, req, res) => {
      if (req.url === "/now") {
        res.end("now");
        return;
      }
      began.resolve(ctx);
      await release.promise;
      res.end(`released ${endOf(ctx)}`);
    },
  });
  await server.listen();
  atEnd(() => server.close());
  const { port } = server.addr() as http.Addr;
  return { server, port, url: `http://${server.addr()}`, began: began.promise, release };
}

describe("shutdown", () => {
  test("waits for the running requests, and does not end their contexts [H22]", async () => {
    const { server, port, began, release } = await start();
    const client = await RawClient.connect(port);
    client.get("/");
    const ctx = await began;
    const down = follow(server.shutdown(background));
    await settle();
    expect([down.state, endOf(ctx)]).toEqual(["waits", alive]);
    await expect(fetch(`http://127.0.0.1:${port}/now`)).rejects.toThrow();
    release.resolve();
    await client.receive(`released ${alive}`);
    await client.closed;
    while (down.state === "waits") await settle();
    expect(down).toEqual({ state: "returned", value: undefined });
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("closes idle connections at once [H22]", async () => {
    const { server, port } = await start();
    const client = await RawClient.connect(port);
    client.get("/now");
    await client.receive("now");
    await server.shutdown(background);
    await client.closed;
  });

  test.for([
    ["HTTP/1.1", {}],
    ["HTTP/2", { unencryptedHTTP2: true }],
    ["TLS", { tls: { key, cert } }],
  ] as const)(
    "closes connections on which nothing came, after five seconds as Go or sooner: %s [H22]",
    async ([, options]) => {
      const { server, port } = await start(options);
      const silent = await RawClient.connect(port);
      await server.shutdown(background);
      await silent.closed;
    },
  );

  test("closes idle connections of HTTP/1.1 over TLS at once [H22]", async () => {
    const { server, port } = await start({ tls: { key, cert } });
    const agent = new https.Agent({ keepAlive: true, ca: cert });
    atEnd(() => agent.destroy());
    const closed = later();
    await new Promise<void>((resolve, reject) => {
      https
        .get({ host: "127.0.0.1", port, path: "/now", agent }, (res) => {
          res.socket.once("close", () => closed.resolve());
          res.resume().once("end", resolve);
        })
        .once("error", reject);
    });
    // Less than the time after which Node closes idle connections by itself.
    const [limit, cancel] = context.withTimeout(background, 3000);
    using _ = cancel;
    await server.shutdown(limit);
    await closed.promise;
  });

  test("closes connections of HTTP/2 when their streams are done [H22]", async () => {
    const { server, port, began, release } = await start({ unencryptedHTTP2: true });
    const session = http2.connect(`http://127.0.0.1:${port}`);
    atEnd(() => session.destroy());
    const stream = session.request({ ":path": "/" });
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const ctx = await began;
    const down = follow(server.shutdown(background));
    await settle();
    expect([down.state, endOf(ctx)]).toEqual(["waits", alive]);
    release.resolve();
    while (down.state === "waits") await settle();
    expect([down.state, text]).toEqual(["returned", `released ${alive}`]);
  });

  test.for([
    ["is canceled", () => context.withCancel(background), context.canceled],
    ["has a deadline", () => context.withTimeout(background, 20), context.deadlineExceeded],
  ] as const)("gives up when its context ends: %s [H22]", async ([, make, error]) => {
    const { server, port, began } = await start();
    const client = await RawClient.connect(port);
    client.get("/");
    const ctx = await began;
    const [limit, cancel] = make();
    using _ = cancel;
    const down = follow(server.shutdown(limit));
    await settle();
    if (error === context.canceled) cancel();
    while (down.state === "waits") await settle();
    expect([down.error, endOf(ctx)]).toEqual([error, alive]);
    server.close();
    await client.closed;
    await ended(ctx);
  });

  test("calls what was registered, in goroutines, each time [H22]", async () => {
    const { server } = await start();
    const calls: number[] = [];
    server.registerOnShutdown(() => calls.push(1));
    server.registerOnShutdown(async () => calls.push(2));
    await server.shutdown(background);
    await server.shutdown(background);
    await settle();
    expect(calls).toEqual([1, 2, 1, 2]);
    expect(() => server.registerOnShutdown(1 as never)).toThrow("http.Server.registerOnShutdown: 1 is not a function");
  });

  test("needs a context", async () => {
    const { server } = await start();
    await expect(server.shutdown(undefined as never)).rejects.toThrow("net/http: nil Context");
    await expect(http.shutdown(background, {} as never)).rejects.toThrow("http.shutdown: Object is no server");
  });
});

describe("http.shutdown", () => {
  test("drains a server of Node that Express listens on [H22]", async () => {
    const app = express();
    const began = later<Context>();
    const release = later();
    app.get("/", (req, res, next) => {
      began.resolve(http.context(req, res));
      release.promise.then(() => res.send("released"), next);
    });
    const server = await listen(createServer(app));
    const [client, idle] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    idle.get("/nowhere");
    await idle.receive("404");
    client.get("/");
    const ctx = await began.promise;
    const down = follow(http.shutdown(background, server));
    await idle.closed;
    expect([down.state, endOf(ctx)]).toEqual(["waits", alive]);
    release.resolve();
    await client.receive("released");
    while (down.state === "waits") await settle();
    expect(down.state).toBe("returned");
  });

  test("drains a server of HTTP/2 whose handler is ours [H22]", async () => {
    const began = later();
    const release = later();
    const server = await listen(
      http2.createServer(
        http.handler(async (_ctx, _req, res) => {
          began.resolve();
          await release.promise;
          res.end("released");
        }),
      ),
    );
    const session = http2.connect(server.url);
    atEnd(() => session.destroy());
    const closed = later();
    session.once("close", () => closed.resolve());
    session.request({ ":path": "/" }).resume();
    await began.promise;
    const down = follow(http.shutdown(background, server));
    await settle();
    expect(down.state).toBe("waits");
    release.resolve();
    await closed.promise;
    while (down.state === "waits") await settle();
    expect(down.state).toBe("returned");
  });

  test("returns at once for a server that does not listen", async () => {
    await http.shutdown(background, createServer());
  });
});

describe("a Server", () => {
  test("serves until it is shut down, and says so [H22]", async () => {
    const server = new http.Server({ addr: "127.0.0.1:0", handler: (_ctx, _req, res) => res.end("hello") });
    const serving = follow(server.listenAndServe());
    while (server.addr() === undefined) await settle();
    expect(await (await fetch(`http://${server.addr()}`)).text()).toBe("hello");
    expect(serving.state).toBe("waits");
    await server.shutdown(background);
    await settle();
    expect(serving.error).toBe(http.errServerClosed);
    expect(errors.is(serving.error, http.errServerClosed)).toBe(true);
    await expect(server.listen()).rejects.toBe(http.errServerClosed);
    await expect(server.listenAndServe()).rejects.toBe(http.errServerClosed);
    expect(http.errServerClosed.message).toBe("http: Server closed");
  });

  test("that is closed ends its requests' contexts [H18]", async () => {
    const { server, port, began } = await start();
    const client = await RawClient.connect(port);
    client.get("/");
    const ctx = await began;
    server.close();
    await ended(ctx);
    await client.closed;
    await expect(server.listen()).rejects.toBe(http.errServerClosed);
  });

  test("is the server in the contexts of its requests, and BaseContext gets it [H19] [H20]", async () => {
    const got: unknown[] = [];
    const server = new http.Server({
      handler: (ctx, _req, res) => {
        got.push(ctx.value(http.serverContextKey));
        res.end(String(ctx.value(http.localAddrContextKey)));
      },
      baseContext: (server) => {
        got.push(server);
        return background;
      },
    });
    await server.listen("127.0.0.1:0");
    atEnd(() => server.close());
    expect(await (await fetch(`http://${server.addr()}`)).text()).toBe(String(server.addr()));
    expect(got).toEqual([server, server]);
  });

  test("speaks HTTP/2 and HTTP/1.1 over TLS", async () => {
    const versions: string[] = [];
    const server = new http.Server({
      tls: { key, cert },
      handler: (_ctx, req, res) => {
        versions.push(req.httpVersion);
        res.end("hello");
      },
    });
    await server.listen("127.0.0.1:0");
    atEnd(() => server.close());
    const { port } = server.addr() as http.Addr;
    await new Promise<void>((resolve, reject) => {
      https
        .get({ host: "127.0.0.1", port, ca: cert, agent: false }, (res) => res.resume().once("end", resolve))
        .once("error", reject);
    });
    const session = http2.connect(`https://127.0.0.1:${port}`, { ca: cert });
    await new Promise<void>((resolve, reject) => {
      session.once("error", reject);
      session.request({ ":path": "/" }).resume().once("end", resolve);
    });
    expect(versions).toEqual(["1.1", "2.0"]);
    await server.shutdown(background);
    session.destroy();
  });

  test.for(["close", "shutdown"] as const)(
    "that is told to end while it begins to listen does not: %s",
    async (how) => {
      for (const addr of ["127.0.0.1:0", "localhost:0", ":0"]) {
        for (const ticks of [0, 1, 2, 3, 5, 8, 20]) {
          const server = new http.Server({ addr, handler: () => undefined });
          const listening = follow(server.listen());
          for (let i = 0; i < ticks; i++) await Promise.resolve();
          if (how === "close") server.close();
          else await server.shutdown(background);
          while (listening.state === "waits") await settle();
          if (listening.state === "threw") expect(listening.error).toBe(http.errServerClosed);
          await settle();
          if (server.addr() !== undefined) await expect(fetch(`http://${server.addr()}`)).rejects.toThrow();
        }
      }
    },
  );

  test("refuses invalid arguments", async () => {
    const handler = (): void => undefined;
    expect(() => new http.Server({} as never)).toThrow("http.Server: undefined is not a function");
    const refusal = (options: Partial<http.ServerOptions>, addr?: string | number): Promise<unknown> =>
      new http.Server({ handler, ...options }).listen(addr).catch((error: Error) => `${error.name}: ${error.message}`);
    expect(await refusal({}, "localhost")).toBe("Error: http: address localhost: missing port in address");
    expect(await refusal({}, "localhost:65536")).toBe('Error: http: "65536" is no port');
    expect(await refusal({}, -1)).toBe("Error: http: -1 is no port");
    expect(await refusal({ addr: "127.0.0.1:0", baseContext: () => undefined as never })).toBe(
      "PanicError: BaseContext returned a nil context",
    );
    const { server, port } = await start();
    expect(await refusal({}, `127.0.0.1:${port}`)).toContain("EADDRINUSE");
    await expect(server.listen(0)).rejects.toThrow(`http: the server listens already, on 127.0.0.1:${port}`);
  });

  test("can try again to listen after it could not", async () => {
    const { port } = await start();
    const server = new http.Server({ handler: (_ctx, _req, res) => res.end("hello") });
    await expect(server.listen(`127.0.0.1:${port}`)).rejects.toThrow("EADDRINUSE");
    await server.listen("127.0.0.1:0");
    atEnd(() => server.close());
    expect(await (await fetch(`http://${server.addr()}`)).text()).toBe("hello");
  });
});

test("the context of an upgraded connection lasts as long as the socket, whatever the client sends [H23]", async () => {
  const upgraded = later<[Context, Context]>();
  const server = await listen(createServer());
  server.on("upgrade", (req, socket) => {
    socket.on("error", () => undefined);
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n");
    socket.on("data", (chunk: Buffer) => socket.write(`echo ${chunk.toString()}`));
    upgraded.resolve([http.context(req, socket), http.context(req, socket)]);
  });
  const client = await RawClient.connect(server.port);
  client.get("/", "Connection: Upgrade", "Upgrade: chat");
  const [ctx, again] = await upgraded.promise;
  expect(again).toBe(ctx);
  expect(ctx.value(http.serverContextKey)).toBe(server);
  client.socket.write("one");
  await client.receive("echo one");
  expect(endOf(ctx)).toBe(alive);
  client.leave();
  await ended(ctx);
  expect(endOf(ctx)).toBe(canceledPlainly);
});

test("a response that was hijacked from its handler keeps its context until the socket closes [H23]", async () => {
  const got = later<Context>();
  const server = await listen(
    createServer(
      http.handler((ctx, _req, res) => {
        const { socket } = res;
        socket?.write("raw\r\n");
        got.resolve(ctx);
      }),
    ),
  );
  const client = await RawClient.connect(server.port);
  client.get("/");
  const ctx = await got.promise;
  await client.receive("raw");
  await settle();
  expect(endOf(ctx)).toBe(alive);
  client.leave();
  await ended(ctx);
});

test("a Unix socket has an address too [H19]", async () => {
  const { temporaryFolder } = await import("../../scripts/project.ts");
  const path = `${temporaryFolder()}/http.sock`;
  const got = later<http.Addr | undefined>();
  const server = createServer(
    http.handler((ctx, _req, res) => {
      got.resolve(ctx.value(http.localAddrContextKey));
      res.end();
    }),
  );
  await new Promise<void>((resolve) => server.listen(path, resolve));
  atEnd(() => server.close());
  await new Promise<void>((resolve) => {
    httpRequest({ socketPath: path, agent: false }, (res) => res.resume().once("end", resolve)).end();
  });
  const addr = await got.promise;
  expect([addr?.network(), String(addr)]).toEqual(["unix", path]);
});

test("an address prints as in Go [H19]", () => {
  expect([new http.Addr("::1", 80), new http.Addr("127.0.0.1", 80), new http.Addr("/tmp/s")].map(String)).toEqual([
    "[::1]:80",
    "127.0.0.1:80",
    "/tmp/s",
  ]);
});
