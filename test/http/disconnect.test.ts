import { type Context } from "gocsp";
import * as http from "gocsp/http";
import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { alive } from "../context/contexts.ts";
import { settle, turn } from "../support/settle.ts";
import { canceledPlainly, ended, endOf, expectNothingOpen, later, listen, RawClient, serve } from "./server.ts";
import { createServer } from "node:http";

expectNothingOpen();

/** A server whose handler waits for its context to end, and reports each end. */
async function waitingServer() {
  const began = later<Context>();
  const over = later();
  const contexts: Context[] = [];
  const server = await serve(
    http.handler(async (ctx) => {
      contexts.push(ctx);
      began.resolve(ctx);
      await ended(ctx);
      over.resolve();
    }),
  );
  return { server, began: began.promise, over: over.promise, contexts };
}

describe("the context of a handler ends", () => {
  test.for(["leave", "vanish"] as const)("when the client of a GET goes away (%s) [H18]", async (way) => {
    const { server, began, over } = await waitingServer();
    const client = await RawClient.connect(server.port);
    client.get("/");
    const ctx = await began;
    expect(endOf(ctx)).toBe(alive);
    client[way]();
    await over;
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("when the client closes its side only [H18]", async () => {
    const { server, began, over } = await waitingServer();
    const client = await RawClient.connect(server.port, { allowHalfOpen: true });
    client.get("/");
    const ctx = await began;
    client.socket.end();
    await over;
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("for all pipelined requests of a connection [H18]", async () => {
    const contexts: Context[] = [];
    const all = later();
    const server = await serve(
      http.handler(async (ctx) => {
        if (contexts.push(ctx) === 20) all.resolve();
        await ended(ctx);
      }),
    );
    const client = await RawClient.connect(server.port);
    for (let i = 0; i < 20; i++) client.get(`/${i}`);
    await all.promise;
    expect(new Set(contexts).size).toBe(20);
    client.leave();
    await Promise.all(contexts.map(ended));
    expect(contexts.map(endOf)).toEqual(Array<string>(20).fill(canceledPlainly));
  });

  test("when the server closes the connection [H18]", async () => {
    const { server, began, over } = await waitingServer();
    const client = await RawClient.connect(server.port);
    client.get("/");
    await began;
    server.closeAllConnections();
    await over;
  });

  test("while the response is being sent [H18]", async () => {
    const over = later<Context>();
    const server = await serve(
      http.handler(async (ctx, _req, res) => {
        res.write("begin");
        await ended(ctx);
        over.resolve(ctx);
      }),
    );
    const client = await RawClient.connect(server.port);
    client.get("/");
    await client.receive("begin");
    client.leave();
    expect(endOf(await over.promise)).toBe(canceledPlainly);
  });
});

describe("an unread body", () => {
  test.for(["leave", "vanish"] as const)("does not hide that the client goes away (%s) [H18]", async (way) => {
    const { server, began, over } = await waitingServer();
    const client = await RawClient.connect(server.port);
    client.post("/", 10_000_000);
    client.socket.write(Buffer.alloc(9_000_000));
    const ctx = await began;
    await settle();
    expect(endOf(ctx)).toBe(alive);
    client[way]();
    await over;
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test("does not hide it when it has arrived completely [H18]", async () => {
    const { server, began, over } = await waitingServer();
    const client = await RawClient.connect(server.port);
    client.post("/", 10_000_000);
    await new Promise<void>((resolve) => client.socket.write(Buffer.alloc(10_000_000), () => resolve()));
    await began;
    client.leave();
    await over;
  });

  test("does not hide it from a late caller of http.context [H18]", async () => {
    const began = later<Context>();
    const server = await serve((req, res) => {
      req.socket.once("pause", () => void settle().then(() => began.resolve(http.context(req, res))));
    });
    const client = await RawClient.connect(server.port);
    client.post("/", 10_000_000);
    client.socket.write(Buffer.alloc(9_000_000));
    const ctx = await began.promise;
    await settle();
    expect(endOf(ctx)).toBe(alive);
    client.leave();
    await ended(ctx);
  });

  test("does not hide it when it comes in chunks of unknown number [H18]", async () => {
    const { server, began, over } = await waitingServer();
    const client = await RawClient.connect(server.port);
    client.socket.write("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let i = 0; i < 50; i++) {
      client.socket.write(Buffer.concat([Buffer.from("186a0\r\n"), Buffer.alloc(100_000), Buffer.from("\r\n")]));
    }
    await began;
    client.leave();
    await over;
  });

  test("is there in order for a handler that reads it late [H9]", async () => {
    const body = randomBytes(10_000_000);
    const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
    const sent = later();
    const got = later<string>();
    const server = await serve(
      http.handler(async (ctx, req, res) => {
        await sent.promise;
        const chunks: Buffer[] = [];
        for await (const chunk of req) {
          chunks.push(chunk as Buffer);
          if (chunks.length % 50 === 0) await turn();
        }
        expect(ctx.err()).toBeUndefined();
        got.resolve(hash(Buffer.concat(chunks)));
        res.end("thanks");
      }),
    );
    const client = await RawClient.connect(server.port);
    client.post("/", body.length);
    client.socket.write(body, () => sent.resolve());
    expect(await got.promise).toBe(hash(body));
    await client.receive("thanks");
  });

  test("is read ahead up to the limit only [H18]", async () => {
    const limit = 300_000;
    let most = 0;
    const read = later();
    const began = later();
    const server = await serve(
      http.handler(
        async (ctx, req, res) => {
          req.socket.on("pause", () => (most = Math.max(most, req.readableLength)));
          began.resolve();
          await read.promise;
          let length = 0;
          for await (const chunk of req) length += (chunk as Buffer).length;
          res.end(`got ${length}`);
          void ctx;
        },
        { readAhead: limit },
      ),
    );
    const client = await RawClient.connect(server.port);
    client.post("/", 20_000_000);
    client.socket.write(Buffer.alloc(20_000_000));
    await began.promise;
    for (let turns = 0; turns < 200; turns++) await turn();
    expect(most).toBeGreaterThan(limit / 2);
    expect(most).toBeLessThan(limit + 200_000);
    read.resolve();
    await client.receive("got 20000000");
  });

  test("stays in the kernel if nothing is to be read ahead [H18]", async () => {
    let most = 0;
    const release = later();
    const began = later();
    const server = await listen(
      createServer(
        http.handler(
          async (_ctx, req, res) => {
            req.socket.on("pause", () => (most = Math.max(most, req.readableLength)));
            began.resolve();
            await release.promise;
            res.end("over");
          },
          { readAhead: 0 },
        ),
      ),
    );
    const client = await RawClient.connect(server.port);
    client.post("/", 5_000_000);
    client.socket.write(Buffer.alloc(5_000_000));
    await began.promise;
    for (let turns = 0; turns < 100; turns++) await turn();
    expect(most).toBeLessThan(200_000);
    release.resolve();
    await client.receive("over");
  });

  test("whose handler pauses the stream stays paused [H18]", async () => {
    let seen = 0;
    const began = later();
    const release = later();
    const server = await serve(
      http.handler(async (_ctx, req, res) => {
        req.on("data", (chunk: Buffer) => {
          seen += chunk.length;
          req.pause();
          began.resolve();
        });
        await release.promise;
        expect(req.readableLength).toBeLessThan(300_000);
        res.end(`seen ${seen < 300_000}`);
      }),
    );
    const client = await RawClient.connect(server.port);
    client.post("/", 5_000_000);
    client.socket.write(Buffer.alloc(5_000_000));
    await began.promise;
    for (let turns = 0; turns < 100; turns++) await turn();
    release.resolve();
    await client.receive("seen true");
  });
});
