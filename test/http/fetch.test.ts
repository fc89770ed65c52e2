import { context, type Context, errors, time } from "gocsp";
import * as http from "gocsp/http";
import http2 from "node:http2";
import { createServer as createTcpServer, type Socket } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { Agent } from "undici";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import { atEnd, background, Counting, ended, expectNothingOpen, later, listen, serve } from "./server.ts";
import { cert, key } from "./tls.ts";

expectNothingOpen();

const thrown = (operation: Promise<unknown>): Promise<unknown> =>
  operation.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );

/** Returns the error that is wrapped in the error of a call without an answer. */
const reason = async (call: Promise<unknown>): Promise<unknown> => {
  const err = await thrown(call);
  return err instanceof http.url.Error ? err.unwrap() : `not an error with its URL: ${String(err)}`;
};

/** The three ways for a context to end, each with the error of a call. */
const ways = {
  "is canceled": () => {
    const [ctx, cancel] = context.withCancel(background);
    return { ctx, end: cancel, error: context.canceled };
  },
  "is canceled with a cause": () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const error = new Error("the user left");
    return { ctx, end: () => cancel(error), error };
  },
  "has a deadline": () => {
    const [ctx, cancel] = context.withTimeout(background, 300);
    atEnd(cancel);
    // By itself.
    return { ctx, end: () => undefined, error: context.deadlineExceeded };
  },
};

describe.for(Object.entries(ways))("a call whose context %s", ([name, begin]) => {
  test("fails without dialing if that was before [H5] [H6] [H7]", async () => {
    const { ctx, end, error } = begin();
    end();
    await ended(ctx);
    let dialed = 0;
    const server = await listen(createTcpServer(() => dialed++));
    expect(await reason(http.fetch(ctx, server.url))).toBe(error);
    await settle();
    expect(dialed).toBe(0);
  });

  test("fails while it waits for the headers, and its connection is closed [H6] [H7] [H8] [H12] [H24]", async () => {
    const { ctx, end, error } = begin();
    const closed = later();
    const server = await serve((_req, res) => {
      res.once("close", () => closed.resolve());
      end();
    });
    expect(await reason(http.fetch(ctx, server.url))).toBe(error);
    await closed.promise;
  });

  test("fails while it sends the body [H8]", async () => {
    const { ctx, end, error } = begin();
    const closed = later();
    const server = await serve((req, res) => {
      res.once("close", () => closed.resolve());
      req.once("data", end);
    });
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await time.sleep(1);
        controller.enqueue(new Uint8Array(1000));
      },
    });
    expect(await reason(http.fetch(ctx, server.url, { method: "POST", body, duplex: "half" }))).toBe(error);
    await closed.promise;
  });

  test.for(["text", "json", "arrayBuffer", "read", "for await", "byob", "clone", "not before"] as const)(
    "fails while it reads the body, and its connection is closed: %s [H6] [H7] [H8] [H9]",
    async (how) => {
      const { ctx, end, error } = begin();
      const closed = later();
      const server = await serve((_req, res) => {
        res.once("close", () => closed.resolve());
        res.write("begin");
      });
      let response = await http.fetch(ctx, server.url).catch((err: unknown) => {
        // The deadline came before the headers: that is another test.
        if (name !== "has a deadline") throw err;
      });
      if (response === undefined) return;
      if (how === "not before") {
        end();
        await ended(ctx);
        expect(await thrown(response.text())).toBe(error);
      } else {
        if (how === "clone") response = response.clone();
        const read = thrown(readAll(response, how));
        await settle();
        end();
        expect(await read).toBe(error);
      }
      await closed.promise;
    },
  );

  test("gets the reason as the error [H6]", async () => {
    const { ctx, end, error } = begin();
    end();
    await ended(ctx);
    const err = await thrown(http.fetch(ctx, "http://127.0.0.1:1"));
    expect(errors.is(err, error)).toBe(true);
    expect((err as { timeout?: () => boolean }).timeout?.() ?? false).toBe(name === "has a deadline");
    expect(errors.is(err, context.canceled)).toBe(name === "is canceled");
  });
});

async function readAll(response: Response, how: string): Promise<void> {
  const body = response.body as ReadableStream<Uint8Array<ArrayBuffer>>;
  switch (how) {
    case "read": {
      const reader = body.getReader();
      while (!(await reader.read()).done);
      return;
    }
    case "byob": {
      const reader = body.getReader({ mode: "byob" });
      while (!(await reader.read(new Uint8Array(100))).done);
      return;
    }
    case "for await":
      for await (const _ of body);
      return;
    default:
      await response[how === "clone" ? "text" : (how as "text" | "json" | "arrayBuffer")]();
  }
}

describe("a call", () => {
  test("that is still connecting when its context ends fails [H8]", async () => {
    const dialed = later();
    // It never answers the handshake.
    const server = await listen(createTcpServer(() => dialed.resolve()));
    const [ctx, cancel] = context.withCancel(background);
    const call = reason(http.fetch(ctx, `https://127.0.0.1:${server.port}`));
    await dialed.promise;
    cancel();
    expect(await call).toBe(context.canceled);
  });

  test("does not end another one [H11]", async () => {
    const release = later();
    const began = later();
    let calls = 0;
    const server = await serve((_req, res) => {
      if (++calls === 2) began.resolve();
      void release.promise.then(() => res.end("answer"));
    });
    const [first, cancel] = context.withCancel(background);
    const canceled = reason(http.fetch(first, server.url));
    const other = http.fetch(background, server.url);
    await began.promise;
    cancel();
    expect(await canceled).toBe(context.canceled);
    release.resolve();
    expect(await (await other).text()).toBe("answer");
  });

  test("does not end another one on the same connection of HTTP/2 [H11]", async () => {
    const release = later();
    const both = later();
    let calls = 0;
    const sessions = new Set<unknown>();
    const server = await listen(
      http2.createSecureServer({ key, cert }, (req, res) => {
        sessions.add(req.stream.session);
        res.write("begin ");
        if (++calls === 2) both.resolve();
        void release.promise.then(() => {
          if (!res.stream.destroyed) res.end("end");
        });
      }),
    );
    const dispatcher = new Agent({ allowH2: true, connections: 1, connect: { ca: cert } });
    atEnd(() => dispatcher.destroy());
    const url = `https://127.0.0.1:${server.port}`;
    // The host's fetch takes the agent of another copy of undici, but its types do not.
    const init = { dispatcher } as unknown as RequestInit;
    const [ctx, cancel] = context.withCancel(background);
    const [first, second] = await Promise.all([http.fetch(ctx, url, init), http.fetch(background, url, init)]);
    await both.promise;
    cancel();
    expect(await thrown(first.text())).toBe(context.canceled);
    release.resolve();
    expect(await second.text()).toBe("begin end");
    expect(sessions.size).toBe(1);
  });

  test("is not touched by an end after the body was read [H10]", async () => {
    let sockets = 0;
    const server = await serve((_req, res) => res.end("answer"));
    server.on("connection", () => sockets++);
    const [ctx, cancel] = context.withCancel(background);
    const response = await http.fetch(ctx, server.url);
    expect(await response.text()).toBe("answer");
    cancel();
    await settle();
    expect(await (await http.fetch(background, server.url)).text()).toBe("answer");
    // The connection was kept.
    expect(sockets).toBe(1);
  });

  test("keeps its context through redirects [H16]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const closed = later();
    const server = await serve((req, res) => {
      if (req.url === "/there") {
        res.once("close", () => closed.resolve());
        cancel();
      } else {
        res.writeHead(302, { Location: "/there" }).end();
      }
    });
    expect(await reason(http.fetch(ctx, server.url))).toBe(context.canceled);
    await closed.promise;
  });

  test("with a timeout covers headers and body: as Go's Client.Timeout [H14] [H15]", async () => {
    const server = await serve((req, res) => {
      if (req.url === "/body") res.write("begin");
    });
    for (const path of ["/", "/body"]) {
      const [ctx, cancel] = context.withTimeout(background, 300);
      using _ = cancel;
      const read = async (): Promise<string> => (await http.fetch(ctx, server.url + path)).text();
      const err = (await thrown(read())) as typeof context.deadlineExceeded;
      expect([errors.is(err, context.deadlineExceeded), err.timeout()]).toEqual([true, true]);
      // As in Go the body throws the error itself.
      expect(err.message).toBe(`${path === "/" ? `Get "${server.url}/": ` : ""}context deadline exceeded`);
    }
  });

  test("has the deadline that is earlier, its own or its caller's [H14]", () => {
    const [early, cancel] = context.withTimeout(background, time.second);
    using _ = cancel;
    const [late, cancelLate] = context.withTimeout(early, time.minute);
    using _1 = cancelLate;
    expect(late.deadline()).toEqual(early.deadline());
  });

  test("ends with a signal in init, or of a Request, as well", async () => {
    const server = await serve((_req, res) => res.write("begin"));
    const reason = new Error("enough");
    for (const how of ["init", "request", "init over request"]) {
      for (const when of ["before", "body"]) {
        const controller = new AbortController();
        const other = new AbortController();
        if (when === "before") controller.abort(reason);
        const read = async (): Promise<unknown> => {
          const response = await http.fetch(
            background,
            how === "init"
              ? server.url
              : new Request(server.url, { signal: (how === "request" ? controller : other).signal }),
            how === "request" ? undefined : { signal: controller.signal },
          );
          controller.abort(reason);
          return response.text();
        };
        expect(await thrown(read()), `${how}, ${when}`).toBe(reason);
      }
    }
  });

  test("with the signal null ignores that of the Request, as fetch does", async () => {
    const server = await serve((_req, res) => res.end("answer"));
    const request = new Request(server.url, { signal: AbortSignal.abort() });
    expect(await (await http.fetch(background, request, { signal: null })).text()).toBe("answer");
  });

  test("that fails for another reason wraps what fetch throws [H27]", async () => {
    const server = await listen(createTcpServer((socket: Socket) => socket.destroy()));
    expect(await reason(http.fetch(background, server.url))).toBeInstanceOf(TypeError);
    expect(await reason(http.fetch(background, "no url"))).toBeInstanceOf(TypeError);
  });

  test("that gets no answer names the method and the URL, as in Go [H6] [H27]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    const text = async (input: string | URL | Request, init?: RequestInit): Promise<string> =>
      String(await thrown(http.fetch(ctx, input, init)));
    expect(await text("http://localhost/a?b=c#d")).toBe('url.Error: Get "http://localhost/a?b=c#d": context canceled');
    expect(await text(new URL("http://localhost/a"), { method: "POST" })).toContain('Post "http://localhost/a": ');
    expect(await text(new Request("http://localhost/a", { method: "delete" }))).toContain(
      'Delete "http://localhost/a": ',
    );
    expect(await text("http://localhost/a", { method: "patch" })).toContain('Patch "http://localhost/a": ');
  });

  test("that is refused says why, not just that it failed [H27]", async () => {
    const server = await listen(createTcpServer());
    const { url, port } = server;
    await new Promise((resolve) => server.close(resolve));
    const err = (await thrown(http.fetch(background, url))) as http.url.Error;
    expect([err.message, err.op, err.url, err.timeout(), err.temporary()]).toEqual([
      `Get "${url}": connect ECONNREFUSED 127.0.0.1:${port}`,
      "Get",
      url,
      false,
      false,
    ]);
    expect(errors.as(err, http.url.Error)).toBe(err);
  });

  test("never contains the password of its URL [H27]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    cancel();
    for (const on of [ctx, background]) {
      for (const url of [
        "http://user:s3cret@localhost/",
        "http://:s3cret@localhost",
        "http://u:s3cret@x@localhost/?a",
      ]) {
        const err = await thrown(http.fetch(on, url));
        expect(inspect(err), url).not.toContain("s3cret");
        expect(inspect(err), url).toContain(":***@localhost");
      }
    }
  });

  test.for([
    [1, "1"],
    [{}, "Object"],
    ["abort", '"abort"'],
    [null, ""],
  ] as const)("refuses what is no signal, and leaves nothing behind: %o", async ([signal, described]) => {
    const ctx = new Counting();
    const err = await thrown(http.fetch(ctx, "http://127.0.0.1:1", { signal: signal as never }));
    if (signal === null) expect(err).toBeInstanceOf(http.url.Error);
    else expect(err).toEqual(new TypeError(`http.fetch: the signal must be an AbortSignal, got ${described}`));
    expect(ctx.waiting).toBe(0);
  });

  test("that has been read stays read if its deadline passes while the loop is busy [H10] [H28]", async () => {
    const server = await serve((_req, res) => res.end("answer"));
    for (const how of ["text", "read", "cancel"] as const) {
      const [ctx, cancel] = context.withTimeout(background, 200);
      using _ = cancel;
      const response = await http.fetch(ctx, server.url);
      const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>;
      if (how !== "cancel") expect((await reader.read()).done).toBe(false);
      const deadline = ctx.deadline() as Date;
      while (Date.now() <= deadline.getTime() + 1);
      if (how === "cancel") await reader.cancel();
      else expect(await reader.read()).toEqual({ done: true, value: undefined });
    }
  });

  test("whose connection breaks in the body throws what the body throws", async () => {
    const server = await serve((_req, res) => {
      res.writeHead(200, { "Content-Length": "100" });
      res.write("begin", () => res.destroy());
    });
    const response = await http.fetch(background, server.url);
    expect(await thrown(response.text())).toBeInstanceOf(TypeError);
  });

  test("needs a context [H4]", async () => {
    expect(await thrown(http.fetch(undefined as never, "http://localhost"))).toEqual(
      new Error("net/http: nil Context"),
    );
    expect(await thrown(http.fetch({} as Context, "http://localhost"))).toEqual(
      new TypeError("http.fetch: the context must be a Context, got Object"),
    );
  });
});

describe("a response", () => {
  test("is that of fetch, except for the body", async () => {
    const server = await serve((req, res) => {
      if (req.url === "/from") return res.writeHead(307, { Location: "/to" }).end();
      res.setHeader("Set-Cookie", ["a=1", "b=2"]);
      res.writeHead(203, "Not Quite", { "Content-Type": "application/json", "Content-Encoding": "gzip" });
      return res.end(gzipSync(`{"answer":42}`));
    });
    const url = `${server.url}/from`;
    const plain = await fetch(url);
    const response = await http.fetch(background, url);
    const look = (r: Response): unknown => [
      r.status,
      r.statusText,
      r.ok,
      r.url,
      r.redirected,
      r.type,
      [...r.headers].filter(([name]) => name !== "date"),
      r.headers.getSetCookie(),
      r.bodyUsed,
    ];
    expect(look(response)).toEqual(look(plain));
    expect(response).toBeInstanceOf(Response);
    const copy = response.clone();
    expect(look(copy)).toEqual(look(plain));
    expect(look(copy.clone())).toEqual(look(plain));
    expect([await response.json(), await copy.text()]).toEqual([{ answer: 42 }, `{"answer":42}`]);
    expect([response.bodyUsed, copy.bodyUsed]).toEqual([true, true]);
    await plain.text();
  });

  test.for([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ] as const)("without a body is passed on: %s %i", async ([method, status]) => {
    const server = await serve((_req, res) => res.writeHead(status).end());
    const response = await http.fetch(background, server.url, { method });
    expect([response.status, response.body, await response.text()]).toEqual([status, null, ""]);
  });

  test("has the whole of a large body, read in any way", async () => {
    const size = 5_000_000;
    const server = await serve((_req, res) => res.end(Buffer.alloc(size, "x")));
    const get = (): Promise<Response> => http.fetch(background, server.url);
    expect((await (await get()).arrayBuffer()).byteLength).toBe(size);
    expect((await (await get()).blob()).size).toBe(size);
    let length = 0;
    for await (const chunk of (await get()).body as ReadableStream<Uint8Array>) length += chunk.length;
    expect(length).toBe(size);
    const reader = ((await get()).body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader({ mode: "byob" });
    length = 0;
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(100_000));
      length += value?.length ?? 0;
      if (done) break;
    }
    expect(length).toBe(size);
  });

  test("whose body is canceled closes its connection", async () => {
    const closed = later();
    const server = await serve((_req, res) => {
      res.once("close", () => closed.resolve());
      res.write("begin");
    });
    const response = await http.fetch(background, server.url);
    await response.body?.cancel();
    await closed.promise;
  });
});

describe("a Request", () => {
  test("made with a context has it, and a signal [H1] [H4]", () => {
    const [ctx, cancel] = context.withCancel(background);
    const request = http.newRequestWithContext(ctx, "http://localhost/a", { method: "DELETE" });
    expect([http.context(request), request.method, request.signal.aborted]).toEqual([ctx, "DELETE", false]);
    cancel();
    expect(request.signal.reason).toBe(context.canceled);
    expect(() => http.newRequestWithContext(undefined as never, "http://localhost")).toThrow(
      new Error("net/http: nil Context"),
    );
  });

  test("without a context still gets one [H1]", () => {
    const controller = new AbortController();
    const request = new Request("http://localhost", { signal: controller.signal });
    const ctx = http.context(request);
    expect([ctx.err(), http.context(request) === ctx]).toEqual([undefined, true]);
    const child = context.withCancel(ctx)[0];
    controller.abort();
    expect(context.cause(ctx)).toBe(context.canceled);
    expect(child.err()).toBe(context.canceled);
  });

  test("without a context has one that prints as the background, as in Go [H1]", () => {
    const ctx = http.context(new Request("http://localhost"));
    const [child, cancel] = context.withCancel(ctx);
    using _ = cancel;
    const key = context.key<string>("user");
    expect([ctx, child, context.withValue(ctx, key, "secret")].map(String)).toEqual([
      "context.Background",
      "context.Background.WithCancel",
      expect.stringMatching(/^context\.Background\.WithValue\(user, /),
    ]);
    expect([inspect(ctx), JSON.stringify(ctx)]).toEqual(["context.Background", '"context.Background"']);
    expect([ctx.deadline(), ctx.value(key), context.withValue(ctx, key, "a").value(key)]).toEqual([
      undefined,
      undefined,
      "a",
    ]);
  });

  test("is copied with another context, and the original is as it was [H2]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const original = new Request("http://localhost/a", { method: "POST", body: "text", headers: { "X-A": "1" } });
    const before = http.context(original);
    const copy = http.withContext(ctx, original);
    expect([http.context(copy), http.context(original)]).toEqual([ctx, before]);
    cancel();
    expect([copy.signal.aborted, original.signal.aborted, before.err()]).toEqual([true, false, undefined]);
    expect([copy.url, copy.method, copy.headers.get("x-a"), await copy.text()]).toEqual([
      "http://localhost/a",
      "POST",
      "1",
      "text",
    ]);
    expect(() => http.withContext(null as never, original)).toThrow("nil context");
    expect(() => http.withContext(ctx, 7 as never)).toThrow("http.withContext: 7 is no Request");
  });

  test("is cloned with another context: headers and body are its own [H3]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    using _ = cancel;
    const original = new Request("http://localhost/a", { method: "POST", body: "text", headers: { "X-A": "1" } });
    const copy = http.withContext(ctx, original.clone());
    copy.headers.set("X-A", "2");
    expect([original.headers.get("x-a"), copy.headers.get("x-a")]).toEqual(["1", "2"]);
    expect([await original.text(), await copy.text()]).toEqual(["text", "text"]);
    expect(() => http.withContext(undefined as never, copy)).toThrow("nil context");
  });
});
