// http: fetch and fetchHandler on the runtime's own server, and node:http where there is one. In a page only what needs no server.
import { context, errors } from "gocsp";
import * as http from "gocsp/http";
import { check, equal, thrownBy } from "./check.mjs";

const background = context.background();

/** Starts a server with a handler of the web's kind, on whatever this runtime has. Tells its address, and how to stop. */
async function start(handler) {
  if (globalThis.Bun !== undefined) {
    const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 60, fetch: handler });
    return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
  }
  if (globalThis.Deno !== undefined) {
    const abort = new AbortController();
    const options = { hostname: "127.0.0.1", port: 0, signal: abort.signal, onListen() {} };
    const server = Deno.serve(options, handler);
    const stop = async () => {
      abort.abort();
      await server.finished;
    };
    return { url: `http://127.0.0.1:${server.addr.port}`, stop };
  }
  const { createServer } = await import("node:http");
  const answer = async (req, res) => {
    const gone = new AbortController();
    res.once("close", () => gone.abort());
    const request = new Request(`http://${req.headers.host}${req.url}`, { method: req.method, signal: gone.signal });
    const response = await handler(request);
    res.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const chunk of response.body ?? []) res.write(chunk);
    res.end();
  };
  const server = createServer((req, res) => void answer(req, res));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

async function withServer(handler, body) {
  const { url, stop } = await start(handler);
  try {
    await body(url);
  } finally {
    await stop();
  }
}

/** Resolves when a context ends. */
const ended = (ctx) => ctx.done().receive();

/** A value that comes later. */
function later() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A body that begins and never ends; it tells when it is canceled. */
function endless(canceled = () => undefined) {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("begin")),
    cancel: canceled,
  });
}

/** A response that waits for ever. */
const never = () => new Promise(() => {});

await check("http: a request made with a context has it", async () => {
  const [ctx, cancel] = context.withCancel(background);
  const request = http.newRequestWithContext(ctx, "http://localhost/");
  equal(http.context(request), ctx);
  cancel();
  equal(request.signal.reason, context.canceled);
});

if (globalThis.window === undefined || globalThis.Deno !== undefined) {
  await check("http: fetchHandler's context is alive in the handler and ended after the response", async () => {
    const got = later();
    const handler = http.fetchHandler(async (ctx, request) => {
      got.resolve(ctx);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new Response(`${request.method} ${ctx.err()}`, { headers: { "X-A": "1" }, status: 201 });
    });
    await withServer(handler, async (url) => {
      const response = await fetch(url, { method: "POST", body: "x".repeat(1000) });
      equal([response.status, response.headers.get("x-a"), await response.text()], [201, "1", "POST undefined"]);
      const ctx = await got.promise;
      await ended(ctx);
      equal(ctx.err(), context.canceled);
    });
  });

  await check("http: fetchHandler's context outlives the handler while the body is streamed", async () => {
    const got = later();
    const next = later();
    const handler = http.fetchHandler((ctx) => {
      got.resolve(ctx);
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode("begin "));
          await next.promise;
          controller.enqueue(new TextEncoder().encode(String(ctx.err())));
          controller.close();
        },
      });
      return new Response(body);
    });
    await withServer(handler, async (url) => {
      const response = await fetch(url);
      const ctx = await got.promise;
      equal(ctx.err(), undefined);
      next.resolve();
      equal(await response.text(), "begin undefined");
      await ended(ctx);
    });
  });

  for (const when of ["headers", "body"]) {
    await check(`http: both sides end when the client cancels while it waits for the ${when}`, async () => {
      const got = later();
      const handler = http.fetchHandler(async (ctx) => {
        got.resolve(ctx);
        if (when === "body") return new Response(endless());
        await ended(ctx);
        throw ctx.err();
      });
      await withServer(handler, async (url) => {
        const [ctx, cancel] = context.withCancelCause(background);
        const why = new Error("the user left");
        const answered = later();
        const read = thrownBy(async () => {
          const response = await http.fetch(ctx, url);
          answered.resolve();
          await response.text();
        });
        const serverCtx = await got.promise;
        if (when === "body") await answered.promise;
        equal(serverCtx.err(), undefined);
        cancel(why);
        equal(when === "body" ? await read : (await read).unwrap(), why);
        await ended(serverCtx);
        equal(context.cause(serverCtx), context.canceled);
      });
    });
  }

  await check("http: a deadline ends a call, in its body too", async () => {
    const handler = http.fetchHandler((_ctx, request) =>
      request.url.endsWith("/body") ? new Response(endless()) : never(),
    );
    await withServer(handler, async (url) => {
      for (const path of ["/", "/body"]) {
        const [ctx, cancel] = context.withTimeout(background, 50);
        const error = await thrownBy(async () => (await http.fetch(ctx, url + path)).text());
        cancel();
        equal([errors.is(error, context.deadlineExceeded), error.timeout()], [true, true]);
      }
    });
  });

  for (const how of ["text", "json", "reader", "byob", "clone"]) {
    await check(`http: reading the body after the end throws the cause: ${how}`, async () => {
      await withServer(
        () => new Response(endless()),
        async (url) => {
          const [ctx, cancel] = context.withCancel(background);
          const response = await http.fetch(ctx, url);
          const other = how === "clone" ? response.clone() : response;
          cancel();
          const error = await thrownBy(async () => {
            if (how === "reader") await other.body.getReader().read();
            else if (how === "byob") await other.body.getReader({ mode: "byob" }).read(new Uint8Array(8));
            else await other[how === "clone" ? "text" : how]();
          });
          equal(error, context.canceled);
        },
      );
    });
  }

  if (globalThis.Bun !== undefined) {
    await check(
      "http: a body that nobody reads does not hide that the client leaves, if it is read ahead",
      async () => {
        const got = later();
        const handler = async (ctx) => {
          got.resolve(ctx);
          await ended(ctx);
          return new Response();
        };
        await withServer(http.fetchHandler(handler, { readAhead: 16_000_000 }), async (url) => {
          const [ctx, cancel] = context.withCancel(background);
          const call = thrownBy(() => http.fetch(ctx, url, { method: "POST", body: new Uint8Array(10_000_000) }));
          const serverCtx = await got.promise;
          cancel();
          equal((await call).unwrap(), context.canceled);
          await ended(serverCtx);
        });
      },
    );
  }

  await check("http: an ended context sends nothing", async () => {
    let requests = 0;
    const handler = () => {
      requests++;
      return new Response();
    };
    await withServer(handler, async (url) => {
      const [ctx, cancel] = context.withCancel(background);
      cancel();
      equal((await thrownBy(() => http.fetch(ctx, url))).message, `Get "${url}": context canceled`);
      equal(requests, 0);
    });
  });

  await check("http: a response is that of fetch but for its body", async () => {
    const handler = (request) =>
      request.url.endsWith("/from")
        ? new Response(null, { status: 302, headers: { Location: "/to" } })
        : new Response(`{"answer":42}`, { headers: { "Content-Type": "application/json" } });
    await withServer(handler, async (url) => {
      const response = await http.fetch(background, `${url}/from`);
      const { redirected, status } = response;
      equal([response instanceof Response, response.url, redirected, status], [true, `${url}/to`, true, 200]);
      const copy = response.clone();
      equal([await response.json(), await copy.text(), copy.url], [{ answer: 42 }, `{"answer":42}`, `${url}/to`]);
      const empty = await http.fetch(background, url, { method: "HEAD" });
      equal(await empty.text(), "");
    });
  });

  await check("http: the end of a context after the body was read does nothing", async () => {
    await withServer(
      () => new Response("answer"),
      async (url) => {
        const [ctx, cancel] = context.withCancel(background);
        const response = await http.fetch(ctx, url);
        equal(await response.text(), "answer");
        cancel();
        equal(await (await http.fetch(background, url)).text(), "answer");
      },
    );
  });

  await check("http: a server on node:http", async () => {
    const got = later();
    const server = new http.Server({
      addr: "127.0.0.1:0",
      handler: async (ctx, req, res) => {
        if (req.url === "/now") {
          res.end(`${ctx.err()} ${ctx.value(http.serverContextKey) === server}`);
          return;
        }
        got.resolve(ctx);
        await ended(ctx);
      },
    });
    await server.listen();
    const url = `http://${server.addr()}`;
    equal(await (await fetch(`${url}/now`)).text(), "undefined true");
    const [ctx, cancel] = context.withCancel(background);
    const call = thrownBy(() => http.fetch(ctx, url));
    const serverCtx = await got.promise;
    cancel();
    equal((await call).unwrap(), context.canceled);
    await ended(serverCtx);
    const [limit, cancelLimit] = context.withTimeout(background, 5000);
    await server.shutdown(limit);
    cancelLimit();
  });
}
