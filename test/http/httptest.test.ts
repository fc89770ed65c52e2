import { context, type Context } from "gocsp";
import * as http from "gocsp/http";
import * as httptest from "gocsp/http/httptest";
import express from "express";
import http2 from "node:http2";
import { connect } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { atEnd, ended, expectNothingOpen, later, RawClient } from "./server.ts";
import { cert, key } from "./tls.ts";

expectNothingOpen();

afterEach(() => {
  vi.restoreAllMocks();
});

describe("httptest.newServer", () => {
  test("serves a handler on a port of its own, until the block ends [H30]", async () => {
    let url = "";
    {
      await using server = await httptest.newServer((_ctx, req, res) => res.end(`hello from ${req.url}`));
      await using other = await httptest.newServer(async () => undefined);
      url = server.url;
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(await (await fetch(`${url}/world`)).text()).toBe("hello from /world");
      expect((await fetch(other.url)).status).toBe(200);
      expect(server.config.addr()?.port).toBe(Number(new URL(url).port));
    }
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("takes apps, and the options of http.Server [H30]", async () => {
    const app = express().get("/", (_req, res) => void res.send("an app"));
    const base = context.key<string>("base");
    const errors: unknown[] = [];
    await using server = await httptest.newServer(http.handlerFunc(app));
    await using withOptions = await httptest.newServer(
      (ctx) => {
        throw new Error(ctx.value(base));
      },
      {
        baseContext: () => context.withValue(context.background(), base, "a bug"),
        onError: (error) => errors.push(error),
      },
    );
    expect(await (await fetch(server.url)).text()).toBe("an app");
    expect((await fetch(withOptions.url)).status).toBe(500);
    expect(errors).toEqual([new Error("a bug")]);
  });

  test("speaks HTTP/2 over TLS with a certificate [H30]", async () => {
    await using server = await httptest.newServer(async (_ctx, req, res) => void res.end(req.httpVersion), {
      tls: { key, cert },
    });
    expect(server.url).toMatch(/^https:/);
    const session = http2.connect(server.url, { ca: cert, rejectUnauthorized: false });
    atEnd(() => session.destroy());
    let text = "";
    const stream = session.request({ ":path": "/" }).setEncoding("utf8");
    for await (const chunk of stream) text += chunk as string;
    expect(text).toBe("2.0");
  });

  test("refuses a value that is not a handler [H30]", async () => {
    await expect(httptest.newServer(42 as never)).rejects.toThrow("http.Server: 42 is not a function");
  });
});

describe("httptest.Server.close", () => {
  test("waits for the requests in progress, and closes idle and new connections [H30]", async () => {
    const began = later();
    const finish = later();
    const server = await httptest.newServer(async (_ctx, _req, res) => {
      began.resolve();
      await finish.promise;
      res.end("answered");
    });
    const { port } = new URL(server.url);
    const idle = await RawClient.connect(Number(port));
    const answer = fetch(server.url);
    await began.promise;
    let isClosed = false;
    const closed = server.close().then(() => (isClosed = true));
    await idle.closed;
    await settle();
    expect(isClosed).toBe(false);
    finish.resolve();
    expect(await (await answer).text()).toBe("answered");
    await closed;
    await server.close();
  });

  test("prints after five seconds which connections it waits for, as Go does [H30]", async () => {
    // Fake timers, not a bubble: the server and its connections are real, and only the limit of five seconds is not waited for.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    atEnd(() => vi.useRealTimers());
    const printed: unknown[] = [];
    vi.spyOn(console, "error").mockImplementation((text) => void printed.push(text));
    const began = later();
    const server = await httptest.newServer((_ctx, _req, _res) => began.resolve());
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    atEnd(() => socket.destroy());
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await began.promise;
    const closed = server.close();
    await settle();
    await vi.advanceTimersByTimeAsync(5000);
    expect(printed).toEqual([
      `httptest.Server blocked in close after 5 seconds, waiting for connections:\n  127.0.0.1:${socket.localPort}`,
    ]);
    server.closeClientConnections();
    await settle();
    await vi.advanceTimersByTimeAsync(500);
    await closed;
  });

  test("closeClientConnections ends the contexts of requests, and the server continues [H30]", async () => {
    const began = later<Context>();
    await using server = await httptest.newServer(async (ctx, req) => {
      if (req.url === "/now") return;
      began.resolve(ctx);
      await ended(ctx);
    });
    const answer = expect(fetch(server.url)).rejects.toThrow("fetch failed");
    const ctx = await began.promise;
    server.closeClientConnections();
    await answer;
    await ended(ctx);
    expect(ctx.err()).toBe(context.canceled);
    expect((await fetch(`${server.url}/now`)).status).toBe(200);
  });
});
