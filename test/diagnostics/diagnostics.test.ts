import { context, go } from "gocsp";
import * as diagnostics from "gocsp/diagnostics";
import * as exec from "gocsp/exec";
import * as http from "gocsp/http";
import { attach, goexit } from "gocsp/runtime";
import * as sql from "gocsp/sql";
import type * as driver from "gocsp/sql/driver";
import * as topic from "gocsp/topic";
import { AsyncLocalStorage } from "node:async_hooks";
import { type Channel, channel, type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { get } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { atEnd, expectNothingOpen, later, serve } from "../http/server.ts";
import { settle } from "../support/settle.ts";

expectNothingOpen();
afterEach(() => vi.restoreAllMocks());

const names = [
  "gocsp:http.request",
  "gocsp:sql.query",
  "gocsp:exec.command",
  "gocsp:topic.deliver",
  "gocsp:goroutine",
] as const;
const events = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;
type Name = (typeof names)[number];

const channelsOf = (name: Name): TracingChannel => tracingChannel(name);

/** Subscribes to channels until the end of the test; returns what is published, as it comes. */
function listen<Message extends object>(name: Name): { event: string; message: Message }[] {
  const told: { event: string; message: Message }[] = [];
  for (const event of events) {
    const channel = channelsOf(name)[event] as Channel;
    const hear = (message: unknown): void => void told.push({ event, message: message as Message });
    channel.subscribe(hear);
    atEnd(() => channel.unsubscribe(hear));
  }
  return told;
}

const eventsOf = (told: readonly { event: string }[]): string => told.map(({ event }) => event).join(" ");

/** A database that knows three statements. */
function database(): sql.DB {
  const run = async (text: string): Promise<void> => {
    if (text === "FAIL") throw new Error("syntax error");
  };
  const rows: driver.Rows = { columns: [], next: async () => [], close: async () => undefined };
  const connection: driver.Conn = {
    prepare: async (_ctx, text) => ({
      numInput: -1,
      query: async () => (await run(text), rows),
      exec: async () => (await run(text), { lastInsertId: () => 0, rowsAffected: () => 3 }),
      close: async () => undefined,
    }),
    begin: async () => ({ commit: async () => undefined, rollback: async () => undefined }),
    ping: async () => undefined,
    close: async () => undefined,
  };
  const db = sql.open({ connect: async () => connection });
  atEnd(() => db.close());
  return db;
}

describe("goroutines", () => {
  test("each has one message, from its first line to its end [I1]", async () => {
    const told = listen<diagnostics.GoroutineMessage>("gocsp:goroutine");
    using _ = diagnostics.traceGoroutines();
    const gate = later();
    go(() => gate.promise);
    go(() => undefined);
    await settle();
    expect(eventsOf(told)).toBe("start end start end asyncStart asyncEnd");
    gate.resolve();
    await settle();
    expect(eventsOf(told.slice(6))).toBe("asyncStart asyncEnd");
    expect(told[6]?.message).toBe(told[0]?.message);
    expect(told[0]?.message.id).toBe((told[2]?.message.id ?? 0) - 1);
    expect(told[0]?.message).not.toHaveProperty("error");
  });

  test("a panic is told and stays a panic; goexit is none [I1]", async () => {
    const told = listen<diagnostics.GoroutineMessage>("gocsp:goroutine");
    using _ = diagnostics.traceGoroutines();
    const panics: unknown[] = [];
    using _1 = attach({ panic: (_id, error) => panics.push(error) > 0 });
    const [sync, async] = [new Error("at once"), new Error("later")];
    go(() => {
      throw sync;
    });
    await settle();
    expect(eventsOf(told.splice(0))).toBe("start end error asyncStart asyncEnd");
    go(async () => {
      await settle();
      throw async;
    });
    await settle();
    await settle();
    expect(told.find(({ event }) => event === "error")?.message.error).toBe(async);
    expect(eventsOf(told.splice(0))).toBe("start end error asyncStart asyncEnd");
    expect(panics).toEqual([sync, async]);
    go(goexit);
    go(async () => goexit());
    await settle();
    expect(eventsOf(told)).not.toContain("error");
    expect(told.filter(({ event }) => event === "asyncEnd")).toHaveLength(2);
  });

  test("each has one message, however many ask for it, until the last of them is done [I1]", async () => {
    const told = listen<diagnostics.GoroutineMessage>("gocsp:goroutine");
    const [one, other] = [diagnostics.traceGoroutines(), diagnostics.traceGoroutines()];
    const count = async (): Promise<number> => {
      const before = told.length;
      go(() => undefined);
      await settle();
      return told.slice(before).filter(({ event }) => event === "start").length;
    };
    expect(await count()).toBe(1);
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect(await count()).toBe(1);
    other[Symbol.dispose]();
    expect(await count()).toBe(0);
  });

  test("after the end of traceGoroutines nothing is told of them [I1]", async () => {
    const told = listen("gocsp:goroutine");
    diagnostics.traceGoroutines()[Symbol.dispose]();
    go(() => undefined);
    await settle();
    expect(told).toEqual([]);
  });
});

test("each call to a database has one message, without its arguments [I2]", async () => {
  const told = listen<diagnostics.QueryMessage>("gocsp:sql.query");
  const db = database();
  const ctx = context.background();
  await (await db.queryContext(ctx, "SELECT", "secret")).close();
  await db.queryRowContext(ctx, "SELECT").err();
  await db.execContext(ctx, "INSERT", "secret");
  await db.pingContext(ctx);
  const statement = await db.prepareContext(ctx, "UPDATE");
  await statement.execContext(ctx, "secret");
  await statement.close();
  const committed = await db.beginTx(ctx);
  await committed.commit();
  const dropped = await db.beginTx(ctx);
  await dropped.rollback();
  const ends = told.filter(({ event }) => event === "asyncEnd").map(({ message }) => message);
  expect(ends.map(({ operation, statement }) => `${operation} ${statement}`)).toEqual(
    (
      "query SELECT, queryRow SELECT, exec INSERT, ping undefined, prepare UPDATE, exec UPDATE, " +
      "begin undefined, commit undefined, begin undefined, rollback undefined"
    ).split(", "),
  );
  expect(ends.map(({ on }) => on)).toEqual([db, db, db, db, db, statement, db, committed, db, dropped]);
  expect(ends[0]?.ctx).toBe(ctx);
  expect((ends[2]?.result as driver.Result | undefined)?.rowsAffected()).toBe(3);
  expect(told.flatMap(({ message }) => Object.values(message))).not.toContain("secret");

  told.length = 0;
  await expect(db.execContext(ctx, "FAIL")).rejects.toThrow("syntax error");
  expect(eventsOf(told)).toBe("start end error asyncStart asyncEnd");
  expect(told[0]?.message.error).toEqual(expect.objectContaining({ message: "syntax error" }));
});

describe("requests", () => {
  test("each call of a handler has one message; it is over when the handler is [I3]", async () => {
    const told = listen<diagnostics.RequestMessage>("gocsp:http.request");
    const handler = http.handler(
      async (_ctx, req, res) => {
        await settle();
        if (req.url === "/fails") throw new Error("no luck");
        res.statusCode = 201;
      },
      { onError: () => undefined },
    );
    const server = await serve(handler);
    await fetch(`${server.url}/works`);
    expect(eventsOf(told)).toBe("start end asyncStart asyncEnd");
    expect(told[0]?.message).toMatchObject({
      request: { method: "GET", url: "/works" },
      response: { statusCode: 201 },
    });
    expect(told[0]?.message.ctx.err()).toBe(context.canceled);
    told.length = 0;
    const failed = await fetch(`${server.url}/fails`);
    expect(failed.status).toBe(500);
    expect(eventsOf(told)).toBe("start end error asyncStart asyncEnd");
    expect(told[0]?.message).toMatchObject({ error: { message: "no luck" }, response: { statusCode: 500 } });
  });

  test("the context tells whether the client has left [I3]", async () => {
    const told = listen<diagnostics.RequestMessage>("gocsp:http.request");
    const [left, over] = [later<unknown>(), later()];
    const server = await serve(
      http.handler(async (ctx) => {
        await ctx.done().receive();
        left.resolve(told[0]?.message.ctx.err());
      }),
    );
    const { asyncEnd } = channelsOf("gocsp:http.request");
    const end = (): void => over.resolve();
    asyncEnd.subscribe(end);
    atEnd(() => asyncEnd.unsubscribe(end));
    const request = get(server.url).on("error", () => undefined);
    await new Promise((resolve) => server.once("request", resolve));
    request.destroy();
    expect(await left.promise).toBe(context.canceled);
    await over.promise;
    expect(eventsOf(told)).toBe("start end asyncStart asyncEnd");
  });

  test("a fetch handler's has the response that it has returned [I3]", async () => {
    const told = listen<diagnostics.RequestMessage>("gocsp:http.request");
    const answer = http.fetchHandler((_ctx, request) => {
      if (request.url.endsWith("/fails")) throw new Error("no luck");
      return new Response(null, { status: 204 });
    });
    await answer(new Request("http://localhost/works"));
    expect(told.at(-1)?.message).toMatchObject({
      request: { url: "http://localhost/works" },
      response: { status: 204 },
    });
    told.length = 0;
    await expect(answer(new Request("http://localhost/fails"))).rejects.toThrow("no luck");
    expect(eventsOf(told)).toBe("start end error asyncStart asyncEnd");
  });
});

describe("commands", () => {
  test("each process has one message, which is over when it was waited for [I4]", async () => {
    const told = listen<diagnostics.CommandMessage>("gocsp:exec.command");
    const cmd = exec.command(process.execPath, "-e", "process.exitCode = 3", "secret");
    await cmd.start();
    expect(eventsOf(told)).toBe("start end");
    await expect(cmd.wait()).rejects.toThrow("exit status 3");
    expect(eventsOf(told)).toBe("start end error asyncStart asyncEnd");
    const { message } = told[0] as { message: diagnostics.CommandMessage };
    expect(message).toEqual({ path: process.execPath, cmd, ctx: undefined, error: message.error });
    expect(message.cmd.process?.pid).toBeGreaterThan(0);
    await expect(cmd.wait()).rejects.toThrow("exec: Wait was already called");
    await expect(cmd.start()).rejects.toThrow("exec: already started");
    expect(told).toHaveLength(5);
  });

  test("one that cannot start has failed [I4]", async () => {
    const told = listen<diagnostics.CommandMessage>("gocsp:exec.command");
    const cmd = exec.command(process.execPath);
    cmd.dir = "/no such folder";
    await expect(cmd.run()).rejects.toThrow("chdir");
    expect(eventsOf(told)).toBe("start end error asyncStart asyncEnd");
  });
});

test("each delivery of a message is told of until it is settled, and how [I9]", async () => {
  const told = listen<diagnostics.DeliveryMessage>("gocsp:topic.deliver");
  const [ctx, cancel] = context.withCancel(context.background());
  const broker = await topic.open(ctx, topic.memory());
  const jobs = broker.topic<string>("thumbnails", { maxAttempts: 2, backoff: () => 0 });
  await jobs.send(ctx, "gopher.png");
  const deliveries = jobs.receiver(ctx);
  const first = await deliveries.receive();
  expect(eventsOf(told)).toBe("start end");
  expect(told[0]?.message).toEqual({
    topic: "thumbnails",
    id: first?.id,
    attempt: 1,
    ctx: first?.ctx,
    outcome: undefined,
  });
  const why = new Error("disk full");
  await first?.nack(0, why);
  expect(eventsOf(told.splice(0))).toBe("start end error asyncStart asyncEnd");
  const second = await deliveries.receive();
  await second?.ack();
  expect(eventsOf(told)).toBe("start end asyncStart asyncEnd");
  expect(told[0]?.message).toMatchObject({ attempt: 2, outcome: "ack" });
  expect(told[0]?.message.error).toBeUndefined();
  cancel();
  await broker.close();
});

test("what runs within an operation runs in the store that is bound to it: a request, its goroutines, their calls [I5]", async () => {
  const storage = new AsyncLocalStorage<string>();
  const tree: string[] = [];
  for (const name of names) {
    const start = channel(`tracing:${name}:start`);
    start.bindStore(storage, (message) => {
      const { operation = "" } = message as { operation?: string };
      const path = `${storage.getStore() ?? ""}/${name.slice(6)}${operation === "" ? "" : `:${operation}`}`;
      tree.push(path);
      return path;
    });
    atEnd(() => start.unbindStore(storage));
  }
  using _ = diagnostics.traceGoroutines();
  const db = database();
  const server = await serve(
    http.handler(async (ctx) => {
      const done = [later(), later()] as const;
      go(async () => {
        await db.execContext(ctx, "INSERT");
        done[0].resolve();
      });
      go(async () => {
        await settle();
        await exec.commandContext(ctx, process.execPath, "-e", "").run();
        done[1].resolve();
      });
      await Promise.all(done.map(({ promise }) => promise));
    }),
  );
  await fetch(server.url);
  expect(tree.toSorted()).toEqual([
    "/http.request",
    "/http.request/goroutine",
    "/http.request/goroutine",
    "/http.request/goroutine/exec.command",
    "/http.request/goroutine/sql.query:exec",
  ]);
});

test("while nobody subscribes nothing is published, and nothing is built [I6]", async () => {
  using _ = diagnostics.traceGoroutines();
  for (const name of names) {
    for (const event of events) {
      const channel = channelsOf(name)[event] as Channel;
      const refuse = (): never => {
        throw new Error(`${name} ${event} was used`);
      };
      vi.spyOn(channel, "publish").mockImplementation(refuse);
      vi.spyOn(channel, "runStores").mockImplementation(refuse);
    }
  }
  const db = database();
  const ran = later();
  go(async () => {
    await db.execContext(context.background(), "INSERT");
    await exec.command(process.execPath, "-e", "").run();
    await http.fetchHandler(() => new Response(null))(new Request("http://localhost/"));
    ran.resolve();
  });
  await ran.promise;
});
