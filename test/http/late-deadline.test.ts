// Deadlines that pass while the event loop is busy, at every moment at which http could notice.
import { context } from "gocsp";
import * as http from "gocsp/http";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { lateDeadlines } from "../support/late-deadline.ts";
import { settle } from "../support/settle.ts";
import { Counting } from "./server.ts";

/** A server for clients, which is there before the clock is counted. */
const target = createServer((req, res) => {
  res.write("begin");
  if (req.url !== "/endless") res.end(" and end");
});
let url = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(target.address() as { port: number }).port}`;
});

afterAll(() => {
  target.close();
  target.closeAllConnections();
});

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe("http.fetch", () => {
  for (const how of ["text", "cancel", "endless"] as const) {
    test(`gets an answer or says that it was too late: ${how} [H28]`, async () => {
      const reads = await lateDeadlines(async (run) => {
        const ctx = run.deadline();
        const response = await outcome(http.fetch(ctx, `${url}/${how}`));
        if (!(response instanceof Response)) {
          expect([run.passed, (response as http.url.Error).timeout()]).toEqual([true, true]);
          return;
        }
        if (how === "cancel") {
          await response.body?.cancel();
        } else if (how === "text") {
          const text = await outcome(response.text());
          if (text !== "begin and end") expect([run.passed, text]).toEqual([true, context.deadlineExceeded]);
        } else {
          const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
          const first = await outcome(reader.read());
          if (first === context.deadlineExceeded) return;
          ctx.err();
          if (run.passed) expect(await outcome(reader.read())).toBe(context.deadlineExceeded);
          else await reader.cancel();
        }
      });
      expect(reads).toBeGreaterThan(0);
    });
  }
});

describe("a handler", () => {
  /** What a handler does after it has been called; each looks at its context at moments of its own. */
  const bodies: Record<string, http.Handler> = {
    answers: async (_ctx, _req, res) => res.end("done"),
    returns: async () => undefined,
    "looks and answers": async (ctx, _req, res) => {
      ctx.err();
      await Promise.resolve();
      res.write("a");
      ctx.err();
      res.end("done");
      ctx.err();
    },
    throws: async (ctx) => {
      ctx.err();
      throw new Error("a bug");
    },
    "throws its context's error": async (ctx) => {
      await settle();
      throw ctx.err() ?? new Error("a bug");
    },
    "writes and throws": async (ctx, _req, res) => {
      res.write("a");
      await ctx.done().receive();
      throw ctx.err() as Error;
    },
  };

  test.for(Object.entries(bodies))("under timeoutHandler answers once, and is called once: %s [H28]", async ([, f]) => {
    const onError = vi.fn<() => void>();
    await lateDeadlines(
      async (run) => {
        let calls = 0;
        let ends = 0;
        const ctx = run.deadline();
        const counted: http.Handler = (ctx, req, res) => {
          calls++;
          return f(ctx, req, res);
        };
        const limited = http.timeoutHandler(counted, 1000);
        const server = new http.Server({
          handler: (ctx, req, res) => {
            const end = res.end.bind(res) as (...args: unknown[]) => never;
            res.end = (...args: unknown[]) => {
              ends++;
              return end(...args);
            };
            return limited(ctx, req, res);
          },
          baseContext: () => ctx,
          onError,
        });
        await server.listen("127.0.0.1:0");
        const answer = await ask(server.addr()?.port as number);
        expect(answer).toMatch(/^HTTP\/1\.1 (200|500|503) /);
        expect(answer.split("HTTP/1.1").length).toBe(2);
        expect([calls, ends]).toEqual([1, 1]);
        await server.shutdown(context.background());
      },
      { every: 3 },
    );
  });
});

describe("a shutdown", () => {
  test("ends, drained or with its context's error, and leaves nothing on it [H28]", async () => {
    await lateDeadlines(async (run) => {
      const began = context.withCancel(context.background());
      const server = new http.Server({
        handler: async (ctx) => {
          began[1]();
          await ctx.done().receive();
        },
      });
      await server.listen("127.0.0.1:0");
      const socket = connect(server.addr()?.port as number, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      await began[0].done().receive();
      const ctx = run.deadline();
      const shutdown = outcome(server.shutdown(ctx));
      await settle();
      socket.destroy();
      const error = await shutdown;
      if (error !== undefined) expect([run.passed, error]).toEqual([true, context.deadlineExceeded]);
      server.close();
    });
  });

  test("of an idle server succeeds although its context has ended, as in Go [H22]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    cancel();
    const server = new http.Server({ handler: async () => undefined });
    await server.listen("127.0.0.1:0");
    const socket = connect(server.addr()?.port as number, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    await server.shutdown(ctx);
    socket.destroy();
    const never = new http.Server({ handler: async () => undefined });
    await never.shutdown(ctx);
  });
});

test("nothing stays on a user's context, however a call ends [H10] [H28]", async () => {
  const ctx = new Counting();
  await (await http.fetch(ctx, url)).text();
  await (await http.fetch(ctx, `${url}/endless`)).body?.cancel();
  await outcome(http.fetch(ctx, "http://127.0.0.1:1"));
  await outcome(http.fetch(ctx, url, { signal: AbortSignal.abort() }));
  await outcome(http.fetch(ctx, "no url"));
  expect(ctx.waiting).toBe(0);
  ctx.end();
});

function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  });
}
