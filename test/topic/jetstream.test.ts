// Topics on NATS JetStream keep what gocsp/topic promises of them: the suite for engines, on a server of its own.
import { connect } from "@nats-io/transport-node";
import { context, time } from "gocsp";
import { jetstream } from "gocsp/topic/jetstream";
import * as topic from "gocsp/topic";
import { conformance } from "gocsp/topic/topictest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startProxy } from "../sql/servers/proxy.ts";
import { type NatsServer, noNats, startNats } from "./nats.ts";

const bg = context.background();
let server: NatsServer;

beforeAll(async () => {
  if (noNats === undefined) server = await startNats();
});
afterAll(() => server?.stop());

/** How to cut a broker's way to the server. */
const cut = new WeakMap<object, () => void>();

function engine(): topic.Engine {
  return {
    name: "NATS JetStream",
    transactions: false,
    fenced: false,
    keyed: false,
    open: async (ctx, listener) => {
      const proxy = await startProxy(server.port);
      cut.set(listener, () => proxy.drop());
      const connect = { ignoreClusterUpdates: true };
      const session = await jetstream(`nats://127.0.0.1:${proxy.port}`, { connect }).open(ctx, listener);
      const close = session.close.bind(session);
      return Object.assign(session, {
        close: async () => {
          await close();
          await proxy.stop();
        },
      });
    },
  };
}

describe.skipIf(noNats !== undefined)("jetstream() [P14]", () => {
  const checks = conformance({ engine, crash: (broker) => cut.get(broker)?.(), patience: 120_000 });
  for (const { name, run } of checks) test.concurrent(name, { timeout: 300_000 }, run);
});

describe.skipIf(noNats !== undefined)("with faults", () => {
  test("the server is killed, and a stream deleted, while messages are sent and worked off: none is lost [P14]", async () => {
    const own = await startNats();
    const url = own.url;
    const broker = await topic.open(bg, jetstream(url), { onError: () => undefined });
    const jobs = broker.topic<number>("faults", { lease: 2000 });
    const [ctx, stop] = context.withCancel(bg);
    const seen = new Map<number, number>();
    const handled = jobs.handle(ctx, { concurrency: 8 }, (_ctx, n) => void seen.set(n, (seen.get(n) ?? 0) + 1));
    const n = 300;
    const sending = (async (): Promise<void> => {
      for (let i = 0; i < n; i++) {
        await jobs.send(bg, i, { id: String(i) });
        if (i % 10 === 0) await time.sleep(5);
      }
    })();
    await expect.poll(() => seen.size, { timeout: 30_000 }).toBeGreaterThan(20);
    await own.kill();
    await own.restart();
    await sending;
    await expect.poll(() => seen.size, { timeout: 30_000 }).toBe(n);
    const again = [...seen].filter(([, times]) => times > 1).length;
    console.log(`jetstream: ${n} sent, ${n - seen.size} lost, ${again} done again`);
    // What was in a stream that somebody deletes is gone; what is sent afterwards is not.
    const other = await connect({ servers: url });
    await other.request("$JS.API.STREAM.DELETE.TOPIC_faults", "", { timeout: 5000 });
    await other.close();
    await jobs.send(bg, n);
    await expect.poll(() => seen.has(n), { timeout: 30_000 }).toBe(true);
    stop();
    await handled;
    await broker.close();
    await own.stop();
  });
});

test("what JetStream cannot keep is said by the engine, and bad servers are refused [P14]", async () => {
  const { transactions, fenced, keyed } = jetstream("nats://localhost");
  expect({ transactions, fenced, keyed }).toEqual({ transactions: false, fenced: false, keyed: false });
  expect(() => jetstream(5 as never)).toThrow("topic: the servers must be URLs, got 5");
  expect(() => jetstream([])).toThrow("topic: the servers must be URLs, got Array");
});
