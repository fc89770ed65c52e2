// What a call leaves behind, and which objects keep others alive.
import { context } from "gocsp";
import * as http from "gocsp/http";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { collect, heapGrowth, survivors } from "../support/memory.ts";
import { settle } from "../support/settle.ts";
import { run } from "../runtime/run.ts";
import { Counting, ended, expectNothingOpen, later, listen, RawClient, serve } from "./server.ts";

expectNothingOpen();

describe("a call of fetch leaves nothing on its context", () => {
  test("nor on its signal, when its body was read: 10,000 calls [H10]", { timeout: 180_000 }, async () => {
    const server = await serve((_req, res) => res.end("answer"));
    const ctx = new Counting();
    let listeners = 0;
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => (listeners++, add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => (listeners--, remove(...args)),
    });
    const calls = (n: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 20 }, async () => {
          for (let i = 0; i < n / 20; i++) {
            const response = await http.fetch(ctx, server.url, { signal });
            await (i % 2 === 0 ? response.text() : response.arrayBuffer());
          }
        }),
      );
    await calls(1000);
    const warnings: string[] = [];
    const warn = (warning: Error): unknown => warnings.push(warning.message);
    process.on("warning", warn);
    const growth = await heapGrowth(() => calls(10_000));
    process.off("warning", warn);
    expect([ctx.waiting, listeners, warnings]).toEqual([0, 0, []]);
    // What the host keeps of a call varies by some dozens of bytes.
    expect(growth).toBeLessThan(10_000 * 400);
  });

  test("when it has failed", async () => {
    const ctx = new Counting();
    await expect(http.fetch(ctx, "http://127.0.0.1:1")).rejects.toThrow();
    await expect(http.fetch(ctx, "no url")).rejects.toThrow();
    expect(ctx.waiting).toBe(0);
  });

  test.for(["HEAD", "canceled", "failed"] as const)("when its body is over: %s", async (how) => {
    const ctx = new Counting();
    const server = await serve((_req, res) => {
      if (how === "HEAD") res.end();
      else res.write("begin", () => how === "failed" && res.destroy());
    });
    const response = await http.fetch(ctx, server.url, { method: how === "HEAD" ? "HEAD" : "GET" });
    expect(ctx.waiting).toBe(how === "HEAD" ? 0 : 1);
    if (how === "canceled") await response.body?.cancel();
    if (how === "failed") await expect(response.text()).rejects.toThrow();
    expect(ctx.waiting).toBe(0);
  });

  test("when its response was dropped without reading the body, whose connection is closed", async () => {
    const ctx = new Counting();
    const at = { open: 0 };
    const server = await serve((_req, res) => {
      at.open++;
      res.once("close", () => at.open--);
      res.write(Buffer.alloc(100_000));
    });
    const responses = new Map<string, WeakRef<object>>();
    await (async () => {
      for (let i = 0; i < 5; i++) {
        const response = await http.fetch(ctx, server.url);
        responses.set(`${i}`, new WeakRef(response));
      }
    })();
    expect([ctx.waiting, at.open]).toEqual([5, 5]);
    expect(await survivors(responses)).toEqual([]);
    for (let i = 0; i < 1000 && (ctx.waiting > 0 || at.open > 0); i++) await collect();
    expect([ctx.waiting, at.open]).toEqual([0, 0]);
  });

  test("and the end of a context counts as long as there is a body to read [H8]", async () => {
    const ctx = new Counting();
    const server = await serve((_req, res) => res.write("begin"));
    const response = await http.fetch(ctx, server.url);
    const read = response.text().catch((error: unknown) => error);
    await collect();
    ctx.end();
    expect(await read).toBe(context.canceled);
  });
});

describe("a request's context", () => {
  test("is garbage once its request is over [H17]", async () => {
    const contexts = new Map<string, WeakRef<object>>();
    const over = later();
    let count = 0;
    const server = await serve(
      http.handler((ctx, req, res) => {
        contexts.set(req.url as string, new WeakRef(ctx));
        void ended(ctx).then(() => ++count === 10 && over.resolve());
        res.end("answer");
      }),
    );
    const client = await RawClient.connect(server.port);
    for (let i = 0; i < 10; i++) {
      client.get(`/${i}`);
      client.received = "";
      await client.receive("answer");
    }
    await over.promise;
    await settle();
    // The connection is still open; what it holds does not grow with its requests.
    expect((await survivors(contexts)).length).toBeLessThanOrEqual(1);
  });

  test("leaves no listener on a connection that is kept alive [H17]", async () => {
    const counts = new Set<string>();
    const server = await serve(
      http.handler((_ctx, req, res) => {
        counts.add(["close", "pause"].map((event) => req.socket.listenerCount(event)).join());
        res.end("answer");
      }),
    );
    const client = await RawClient.connect(server.port);
    for (let i = 0; i < 30; i++) {
      client.received = "";
      client.post(`/${i}`, 5);
      client.socket.write("hello");
      await client.receive("answer");
    }
    expect(counts.size).toBeLessThanOrEqual(2);
  });

  test("warns of no listeners however many requests are pipelined [H18]", async () => {
    const warnings: string[] = [];
    const warn = (warning: Error): unknown => warnings.push(warning.message);
    process.on("warning", warn);
    const all = later();
    let count = 0;
    const server = await listen(
      createServer(
        http.handler((_ctx, _req, res) => {
          if (++count === 50) all.resolve();
          void all.promise.then(() => res.end("answer"));
        }),
      ),
    );
    const client = await RawClient.connect(server.port);
    for (let i = 0; i < 50; i++) {
      client.post(`/${i}`, 5);
      client.socket.write("hello");
    }
    while (client.received.split("answer").length <= 50) await settle();
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });

  test("keeps no process alive", async () => {
    const { code, stdout, stderr } = await run("../../http/programs/unref.ts");
    expect([code, stdout, stderr]).toEqual([0, "alive\n", ""]);
  });
});
