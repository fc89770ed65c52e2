// The asynchronous context (AsyncLocalStorage) of a request, on which tracing, loggers and connection pools depend.
import { chan, context, defer, go, select, sync, time } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as http from "gocsp/http";
import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { atEnd, ended, expectNothingOpen, later, RawClient, serve } from "./server.ts";

expectNothingOpen();

const als = new AsyncLocalStorage<string>();

test("100 connections at once: everything that a handler starts sees the store of its own request [J21]", async () => {
  const foreign: string[] = [];
  let looked = 0;
  const look = (what: string, id: string): void => {
    looked++;
    if (als.getStore() !== id) foreign.push(`${what} of ${id} saw ${als.getStore()}`);
  };
  const limited = http.timeoutHandler(async (ctx, req, res) => {
    const id = req.url as string;
    look("timeoutHandler", id);
    using _ = defer(() => look("defer", id));
    const ch = chan<number>();
    const wg = new sync.WaitGroup();
    const [group] = errgroup.withContext(ctx);
    go(async () => {
      look("go", id);
      await ch.send(1, ctx);
      look("go, later", id);
    });
    wg.go(() => look("WaitGroup.go", id));
    group.setLimit(1);
    for (let i = 0; i < 3; i++) {
      await group.go(async () => {
        look("errgroup", id);
        await time.sleep(1);
        look("errgroup, later", id);
      });
    }
    time.afterFunc(1, () => look("time.afterFunc", id));
    await select({ ch, done: ctx.done() });
    await wg.wait();
    await group.wait();
    await time.sleep(2);
    context.afterFunc(http.context(req, res), () => look("context.afterFunc", id));
    context.signal(ctx).addEventListener("abort", () => look("abort", id));
    res.once("close", () => look("close", id));
    res.end("done");
  }, time.minute);
  const handle = http.handler(limited, { onError: (error) => foreign.push(String(error)) });
  const server = await serve((req, res) => als.run(req.url as string, () => handle(req, res)));
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const client = await RawClient.connect(server.port);
      for (let j = 0; j < 3; j++) {
        client.received = "";
        client.get(`/${i}-${j}`);
        await client.receive("done");
      }
      client.leave();
    }),
  );
  expect(foreign).toEqual([]);
  expect(looked).toBeGreaterThan(300 * 13);
});

test("a client that leaves calls the watchers of its request's context, each in its own store [J21]", async () => {
  const seen: string[] = [];
  const all = later();
  let count = 0;
  const handle = http.handler(async (ctx, req, res) => {
    const id = als.getStore();
    context.afterFunc(ctx, () => seen.push(`afterFunc ${id} ${als.getStore()}`));
    context.signal(ctx).addEventListener("abort", () => seen.push(`abort ${id} ${als.getStore()}`));
    if (++count === 20) all.resolve();
    await ended(http.context(req, res));
    seen.push(`handler ${id} ${als.getStore()}`);
  });
  let next = 0;
  const server = await serve((req, res) => als.run(`r${next++}`, () => handle(req, res)));
  // Two connections with ten pipelined requests each: one event ends the contexts of all of them.
  const clients = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
  for (const client of clients) for (let i = 0; i < 10; i++) client.get("/");
  await all.promise;
  als.run("nobody's", () => clients.forEach((client) => client.leave()));
  while (seen.length < 60) await time.sleep(1);
  expect(seen.filter((line) => line.split(" ")[1] !== line.split(" ")[2])).toEqual([]);
});

test("a function registered for shutdowns runs in the store in which it was registered [J21]", async () => {
  const seen: unknown[] = [];
  const server = new http.Server({ addr: "127.0.0.1:0", handler: async () => undefined });
  als.run("owner", () => server.registerOnShutdown(() => seen.push(als.getStore())));
  await server.listen();
  atEnd(() => server.close());
  await als.run("somebody else", () => server.shutdown(context.background()));
  expect(seen).toEqual(["owner"]);
});
