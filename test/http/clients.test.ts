// Clients that people use: undici, curl, and many of them at once.
import { type Context, time } from "gocsp";
import * as http from "gocsp/http";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import http2 from "node:http2";
import { describe, expect, test } from "vitest";
import { Agent, Pool } from "undici";
import { alive } from "../context/contexts.ts";
import { mulberry32 } from "../support/random.ts";
import { settle } from "../support/settle.ts";
import { tally } from "../support/stats.ts";
import { atEnd, canceledPlainly, ended, endOf, expectNothingOpen, later, listen, RawClient } from "./server.ts";

expectNothingOpen();

function curlProblem(): string | undefined {
  try {
    const version = execFileSync("curl", ["--version"], { encoding: "utf8" });
    return version.includes("HTTP2") ? undefined : "this curl has no HTTP/2";
  } catch {
    return "there is no curl";
  }
}

/** A server whose handlers wait for their contexts, or answer at once under `/now`. */
async function start(version: 1 | 2 = 1) {
  const contexts: Context[] = [];
  const began = later<Context>();
  const listener = http.handler(async (ctx, req, res) => {
    contexts.push(ctx);
    began.resolve(ctx);
    if (req.url === "/now") {
      for await (const _ of req);
      res.end(endOf(ctx));
    } else {
      if (req.url === "/begin") res.write("begin");
      await ended(ctx);
    }
  });
  const server =
    version === 1
      ? await listen(createServer(listener))
      : await listen(
          http2.createServer(
            listener as unknown as (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => void,
          ),
        );
  return { server, contexts, began: began.promise };
}

describe("undici", () => {
  test.for(["headers", "body"] as const)(
    "that is aborted while it waits for the %s ends the context [H18]",
    async (when) => {
      const { server, began } = await start();
      const pool = new Pool(server.url, { pipelining: 1 });
      atEnd(() => pool.destroy());
      const controller = new AbortController();
      const request = pool.request({
        path: when === "body" ? "/begin" : "/",
        method: "GET",
        signal: controller.signal,
      });
      const ctx = await began;
      if (when === "body") await (await request).body[Symbol.asyncIterator]().next();
      expect(endOf(ctx)).toBe(alive);
      controller.abort();
      if (when === "headers") await expect(request).rejects.toThrow();
      await ended(ctx);
      expect(endOf(ctx)).toBe(canceledPlainly);
    },
  );

  test("that reuses its connection gets a fresh context each time [H17]", async () => {
    const { server, contexts } = await start();
    const agent = new Agent({ connections: 1, pipelining: 4 });
    atEnd(() => agent.destroy());
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const { body } = await agent.request({
          origin: server.url,
          path: "/now",
          method: i % 2 === 0 ? "GET" : "POST",
          ...(i % 2 === 0 ? {} : { body: "x".repeat(1000 * i) }),
        });
        return body.text();
      }),
    );
    expect(answers).toEqual(Array<string>(12).fill(alive));
    expect(new Set(contexts).size).toBe(12);
    await Promise.all(contexts.map(ended));
  });
});

const problem = curlProblem();

describe(`curl${problem === undefined ? "" : ` (${problem})`}`, () => {
  test.skipIf(problem !== undefined).for([
    ["HTTP/1.1", 1, []],
    ["HTTP/2", 2, ["--http2-prior-knowledge"]],
    ["HTTP/1.1 with a body", 1, ["--data-binary", "@-"]],
    ["HTTP/2 with a body", 2, ["--http2-prior-knowledge", "--data-binary", "@-"]],
  ] as const)("that is killed ends the context: %s [H18]", async ([, version, args]) => {
    const { server, began } = await start(version);
    const curl = spawn("curl", ["--silent", "--no-buffer", ...args, `${server.url}/begin`]);
    curl.stdin.on("error", () => undefined);
    curl.stdin.end(args.includes("@-" as never) ? Buffer.alloc(3_000_000) : "");
    const ctx = await began;
    await once(curl.stdout, "data");
    expect(endOf(ctx)).toBe(alive);
    curl.kill("SIGKILL");
    await ended(ctx);
    expect(endOf(ctx)).toBe(canceledPlainly);
  });

  test.skipIf(problem !== undefined)("that stays gets its answer [H17]", async () => {
    const { server, contexts } = await start();
    const curl = spawn("curl", ["--silent", `${server.url}/now`, `${server.url}/now`]);
    let text = "";
    for await (const chunk of curl.stdout.setEncoding("utf8")) text += chunk;
    expect(text).toBe(alive.repeat(2));
    await Promise.all(contexts.map(ended));
  });
});

test("of 200 clients that go away at random all contexts end, and no other [H17] [H18]", async () => {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  const random = mulberry32(seed);
  const contexts: Context[] = [];
  const answers: string[] = [];
  const server = await listen(
    createServer(
      http.handler(async (ctx, req, res) => {
        contexts.push(ctx);
        if (req.url?.startsWith("/stay") === true) {
          await time.sleep(random() * 20);
          answers.push(endOf(ctx));
          res.end("answer");
        } else {
          if (req.url === "/leave/begin") res.write("begin");
          await ended(ctx);
        }
      }),
    ),
  );
  const kinds = ["stay", "leave", "vanish", "half", "leave/begin", "leave/post", "stay/post"] as const;
  const chosen = Array.from(
    { length: 200 },
    () => kinds[Math.trunc(random() * kinds.length)] as (typeof kinds)[number],
  );
  await Promise.all(
    chosen.map(async (kind) => {
      const client = await RawClient.connect(server.port, { allowHalfOpen: kind === "half" });
      if (kind.endsWith("/post")) {
        const length = Math.trunc(random() * 2_000_000);
        client.post(`/${kind}`, length);
        client.socket.write(Buffer.alloc(kind === "leave/post" ? Math.trunc(length * random()) : length));
      } else {
        client.get(`/${kind}`);
      }
      if (kind.startsWith("stay")) {
        await client.receive("answer");
        client.leave();
        return;
      }
      if (kind === "leave/begin") await client.receive("begin");
      await time.sleep(random() * 20);
      // A client may leave before the server has seen its request; then there is no context.
      if (kind === "vanish") client.vanish();
      else if (kind === "half") client.socket.end();
      else client.leave();
      await client.closed;
    }),
  );
  do {
    await Promise.all(contexts.map(ended));
    await settle();
  } while (contexts.some((ctx) => ctx.err() === undefined));
  const stayed = chosen.filter((kind) => kind.startsWith("stay")).length;
  console.log(
    `seed ${seed}: ${contexts.length} requests of ${chosen.length} clients seen, all contexts ended;`,
    Object.fromEntries(tally(chosen)),
  );
  expect(answers, `seed ${seed}`).toEqual(Array<string>(stayed).fill(alive));
  expect(contexts.map(endOf)).toEqual(Array<string>(contexts.length).fill(canceledPlainly));
});
