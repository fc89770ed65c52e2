import { context, type Context } from "gocsp";
import * as http from "gocsp/http";
import { describe, expect, test } from "vitest";
import { alive } from "../context/contexts.ts";
import { collect } from "../support/memory.ts";
import { settle } from "../support/settle.ts";
import { background, canceledPlainly, ended, endOf, expectNothingOpen } from "./server.ts";

expectNothingOpen();

const url = "http://localhost/";

/** A request whose client can go away. */
function request(init?: RequestInit): { request: Request; leave: () => void } {
  const controller = new AbortController();
  return {
    request: new Request(url, { ...init, signal: controller.signal }),
    leave: () => controller.abort(),
  };
}

/** A body that yields one chunk, and then as many as the test asks for. */
function stream() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const canceled: unknown[] = [];
  const body = new ReadableStream<Uint8Array>({
    start: (started) => {
      controller = started;
      controller.enqueue(new TextEncoder().encode("begin "));
    },
    cancel: (reason) => void canceled.push(reason),
  });
  return { body, controller, canceled };
}

describe("the context of a fetchHandler", () => {
  test("is alive during the handler, and ends with it if there is no body [H17]", async () => {
    const seen: string[] = [];
    let ctx: Context | undefined;
    const handler = http.fetchHandler(async (got) => {
      ctx = got;
      await settle();
      seen.push(endOf(got));
      return new Response(null, { status: 204 });
    });
    const response = await handler(request().request);
    expect([response.status, response.body, seen, endOf(ctx as Context)]).toEqual([
      204,
      null,
      [alive],
      canceledPlainly,
    ]);
  });

  test.for(["read", "canceled", "failed"] as const)("ends when the body of the response is %s [H17]", async (how) => {
    const { body, controller, canceled } = stream();
    let ctx: Context | undefined;
    const handler = http.fetchHandler((got) => {
      ctx = got;
      return new Response(body, { status: 201, statusText: "Made", headers: { "X-A": "1" } });
    });
    const response = await handler(request().request);
    expect([response.status, response.statusText, response.headers.get("x-a")]).toEqual([201, "Made", "1"]);
    await settle();
    expect(endOf(ctx as Context)).toBe(alive);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("begin ");
    const error = new Error("no more");
    const next = reader.read().catch((thrown: unknown) => thrown);
    if (how === "read") controller.close();
    if (how === "failed") controller.error(error);
    if (how === "canceled") await reader.cancel(error);
    expect(await next).toEqual(how === "failed" ? error : { done: true, value: undefined });
    expect(endOf(ctx as Context)).toBe(canceledPlainly);
    expect(canceled).toEqual(how === "canceled" ? [error] : []);
  });

  test.for(["in the handler", "in the body"] as const)("ends when the client goes away: %s [H18]", async (when) => {
    const { request: req, leave } = request();
    let ctx: Context | undefined;
    const handler = http.fetchHandler(async (got) => {
      ctx = got;
      if (when === "in the handler") {
        leave();
        expect(endOf(got)).toBe(canceledPlainly);
      }
      return new Response(stream().body);
    });
    const response = await handler(req);
    if (when === "in the body") {
      expect(endOf(ctx as Context)).toBe(alive);
      leave();
    }
    expect(endOf(ctx as Context)).toBe(canceledPlainly);
    await response.body?.cancel();
  });

  test("has ended before if the client has [H18]", async () => {
    const { request: req, leave } = request();
    leave();
    const ends: string[] = [];
    await http.fetchHandler((ctx) => {
      ends.push(endOf(ctx));
      return new Response();
    })(req);
    expect(ends).toEqual([canceledPlainly]);
  });

  test("ends with the handler for a HEAD, whose body is not read [H17]", async () => {
    let ctx: Context | undefined;
    const handler = http.fetchHandler((got) => {
      ctx = got;
      return new Response("text");
    });
    await handler(request({ method: "HEAD" }).request);
    expect(endOf(ctx as Context)).toBe(canceledPlainly);
  });

  test("ends when the host has lost the body [H17]", async () => {
    let ctx: Context | undefined;
    const handler = http.fetchHandler((got) => {
      ctx = got;
      return new Response(stream().body);
    });
    await (async () => void (await handler(request().request)))();
    await collect();
    await ended(ctx as Context);
  });

  test("is that of http.context, also within handlers in handlers [H1]", async () => {
    const { request: req } = request();
    const same: unknown[] = [];
    const inner = http.fetchHandler((ctx, request) => {
      same.push(http.context(request), context.cause(ctx));
      return new Response("inner");
    });
    let ctx: Context | undefined;
    const outer = http.fetchHandler((got, request) => {
      ctx = got;
      same.push(http.context(request) === got);
      return inner(request);
    });
    expect(await (await outer(req)).text()).toBe("inner");
    expect(same).toEqual([true, ctx, undefined]);
    expect(endOf(ctx as Context)).toBe(canceledPlainly);
  });

  test("comes from BaseContext, which gets the host's arguments; so does the handler [H20]", async () => {
    const key = context.key<string>("key");
    const handler = http.fetchHandler(
      (ctx, _request, server: { id: string }, info: number) => new Response(`${ctx.value(key)} ${server.id} ${info}`),
      {
        baseContext: (request, server, info) =>
          context.withValue(background, key, `${request.method}${server.id}${info}`),
      },
    );
    expect(await (await handler(request().request, { id: "s" }, 7)).text()).toBe("GETs7 s 7");
    const missing = http.fetchHandler(() => new Response(), { baseContext: () => undefined as never });
    await expect(missing(request().request)).rejects.toThrow("BaseContext returned a nil context");
  });

  test("ends with the base [H20]", async () => {
    const [base, cancel] = context.withCancel(background);
    const handler = http.fetchHandler(
      async (ctx) => {
        cancel();
        return new Response(endOf(ctx));
      },
      { baseContext: () => base },
    );
    expect(await (await handler(request().request)).text()).toBe(canceledPlainly);
  });
});

describe("a body that the function of a fetchHandler does not read", () => {
  /** A request whose body has up to 50 chunks of 1000 bytes on demand, and counts those that were read. */
  function upload(fail?: Error): { request: Request; asked: () => number } {
    let asked = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (fail !== undefined && asked === 10) throw fail;
          if (asked === 50) controller.close();
          else controller.enqueue(new Uint8Array(1000).fill(asked++));
        },
      },
      { highWaterMark: 0 },
    );
    return { request: new Request(url, { method: "POST", body, duplex: "half" }), asked: () => asked };
  }

  test("is left alone", async () => {
    const { request, asked } = upload();
    await http.fetchHandler(async (_ctx, got) => {
      await settle();
      expect([got === request, asked()]).toEqual([true, 0]);
      return new Response();
    })(request);
  });

  test("is read ahead on demand, and is there in order for a late reader [H9] [H18]", async () => {
    const { request, asked } = upload();
    const handler = http.fetchHandler(
      async (ctx, got) => {
        await settle();
        expect([asked(), http.context(got) === ctx, got.url, got.method]).toEqual([20, true, url, "POST"]);
        const bytes = new Uint8Array(await got.arrayBuffer());
        return new Response(`${bytes.length} ${bytes.every((byte, i) => byte === Math.trunc(i / 1000))}`);
      },
      { readAhead: 20_000 },
    );
    expect(await (await handler(request)).text()).toBe("50000 true");
  });

  test("ends the context when it breaks off, if it is read ahead [H18]", async () => {
    const { request } = upload(new Error("connection lost"));
    const handler = http.fetchHandler(
      async (ctx) => {
        await ended(ctx);
        return new Response(endOf(ctx));
      },
      { readAhead: 20_000 },
    );
    expect(await (await handler(request)).text()).toBe(canceledPlainly);
  });
});

describe("what a fetchHandler's function throws", () => {
  test("goes to the host, and ends the context [H17]", async () => {
    let ctx: Context | undefined;
    const error = new Error("a bug");
    const handler = http.fetchHandler((got) => {
      ctx = got;
      throw error;
    });
    await expect(handler(request().request)).rejects.toBe(error);
    expect(endOf(ctx as Context)).toBe(canceledPlainly);
  });

  test("is dropped if it only says that the client has gone [H18]", async () => {
    const { request: req, leave } = request();
    const handler = http.fetchHandler((ctx) => {
      leave();
      throw new Error("query failed", { cause: ctx.err() });
    });
    const response = await handler(req);
    expect([response.status, response.body]).toEqual([499, null]);
  });

  test("is rethrown if the client has gone, but it says something else", async () => {
    const { request: req, leave } = request();
    const handler = http.fetchHandler(() => {
      leave();
      throw new Error("a bug");
    });
    await expect(handler(req)).rejects.toThrow("a bug");
  });
});

describe("a fetchHandler", () => {
  test("passes on undefined, with which Bun's handlers return after an upgrade", async () => {
    const handler = http.fetchHandler(() => undefined as never);
    expect(await handler(request().request)).toBeUndefined();
  });

  test("passes a response without a body on as it is", async () => {
    const response = Response.redirect(url);
    expect(await http.fetchHandler(() => response)(request().request)).toBe(response);
  });

  test("leaves no listener on the request's signal [H17]", async () => {
    const { request: req } = request();
    let listeners = 0;
    const { signal } = req;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => (listeners++, add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => (listeners--, remove(...args)),
    });
    const handler = http.fetchHandler(() => {
      expect(listeners).toBe(1);
      return new Response("text");
    });
    await (await handler(req)).text();
    expect(listeners).toBe(0);
  });

  test("must be made of a function", () => {
    expect(() => http.fetchHandler(1 as never)).toThrow("http.fetchHandler: 1 is not a function");
  });
});
