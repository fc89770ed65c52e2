import { EventEmitter, getEventListeners, on, once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { context, errors } from "gocsp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";
import { expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

/** Returns what an operation throws. */
async function failure(operation: Promise<unknown>): Promise<unknown> {
  try {
    await operation;
  } catch (error) {
    return error;
  }
  throw new Error("the operation did not fail");
}

describe("fetch", () => {
  let server: Server;
  let url = "";
  const arrived = new EventEmitter();

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/headers") return void arrived.emit("request");
      response.writeHead(200, { "content-type": "text/plain" });
      if (request.url === "/body") return void response.write("the first half", () => arrived.emit("request"));
      response.end("whole");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  test("a request whose context lives goes through [X64]", async () => {
    const [ctx, cancel] = context.withTimeout(background, 60_000);
    const response = await fetch(`${url}/whole`, { signal: context.signal(ctx) });
    expect(await response.text()).toBe("whole");
    cancel();
    await settle();
  });

  test("with a context that has ended no request is made, and fetch throws the cause [X64]", async () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const cause = new Error("never mind");
    cancel(cause);
    expect(await failure(fetch(`${url}/whole`, { signal: context.signal(ctx) }))).toBe(cause);
  });

  test("cancel while it waits for headers makes fetch throw the cause [X64]", async () => {
    const [ctx, cancel] = context.withCancelCause(background);
    const cause = new Error("the user left");
    const request = once(arrived, "request");
    const failed = failure(fetch(`${url}/headers`, { signal: context.signal(ctx) }));
    await request;
    cancel(cause);
    expect(await failed).toBe(cause);
  });

  test("cancel while it reads the body makes the read throw [X64]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const request = once(arrived, "request");
    const response = await fetch(`${url}/body`, { signal: context.signal(ctx) });
    await request;
    const failed = failure(response.text());
    cancel();
    expect(await failed).toBe(context.canceled);
  });

  test("a deadline makes fetch throw an error that code for the web knows as TimeoutError [X64]", async () => {
    const [ctx] = context.withTimeout(background, 20);
    const failed = await failure(fetch(`${url}/headers`, { signal: context.signal(ctx) }));
    expect(errors.is(failed, context.deadlineExceeded)).toBe(true);
    expect((failed as Error).name).toBe("TimeoutError");
  });
});

describe("Node's own functions", () => {
  test("events.once gives up and removes its listeners [X64]", async () => {
    const emitter = new EventEmitter();
    const [ctx, cancel] = context.withCancelCause(background);
    const failed = failure(once(emitter, "never", { signal: context.signal(ctx) }));
    cancel(new Error("why"));
    expect((await failed) as Error).toMatchObject({ name: "AbortError", cause: { message: "why" } });
    expect([emitter.listenerCount("never"), getEventListeners(context.signal(ctx), "abort").length]).toEqual([0, 0]);
  });

  test("events.on gives up [X64]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const failed = failure(on(new EventEmitter(), "never", { signal: context.signal(ctx) }).next());
    cancel();
    expect((await failed) as Error).toMatchObject({ name: "AbortError", cause: context.canceled });
  });

  test("timers/promises gives up [X64]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const failed = failure(delay(60_000, undefined, { signal: context.signal(ctx) }));
    cancel();
    expect((await failed) as Error).toMatchObject({ name: "AbortError", cause: context.canceled });
  });

  test("a stream pipeline gives up [X64]", async () => {
    const [ctx, cancel] = context.withCancel(background);
    const source = new Readable({ read: () => undefined });
    const never = async (chunks: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of chunks);
    };
    const failed = failure(pipeline(source, never, { signal: context.signal(ctx) }));
    cancel();
    expect(((await failed) as Error).name).toBe("AbortError");
    expect(source.destroyed).toBe(true);
  });

  test("an event target's listener is taken off by the signal [X64]", () => {
    const target = new EventTarget();
    const [ctx, cancel] = context.withCancel(background);
    let heard = 0;
    target.addEventListener("tick", () => heard++, { signal: context.signal(ctx) });
    target.dispatchEvent(new Event("tick"));
    cancel();
    target.dispatchEvent(new Event("tick"));
    expect(heard).toBe(1);
  });
});
