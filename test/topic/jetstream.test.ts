// Topics on NATS JetStream keep what gocsp/topic promises of them: the suite for engines, on a server of its own.
import { jetstream } from "gocsp/topic/jetstream";
import type { Engine } from "gocsp/topic";
import { conformance } from "gocsp/topic/topictest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startProxy } from "../sql/servers/proxy.ts";
import { type NatsServer, noNats, startNats } from "./nats.ts";

let server: NatsServer;

beforeAll(async () => {
  if (noNats === undefined) server = await startNats();
});
afterAll(() => server?.stop());

/** How to cut a broker's way to the server. */
const cut = new WeakMap<object, () => void>();

function engine(): Engine {
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
  const checks = conformance({ engine, crash: (broker) => cut.get(broker)?.() });
  for (const { name, run } of checks) test.concurrent(name, run);
});

test("what JetStream cannot keep is said by the engine, and bad servers are refused [P14]", async () => {
  const { transactions, fenced, keyed } = jetstream("nats://localhost");
  expect({ transactions, fenced, keyed }).toEqual({ transactions: false, fenced: false, keyed: false });
  expect(() => jetstream(5 as never)).toThrow("topic: the servers must be URLs, got 5");
  expect(() => jetstream([])).toThrow("topic: the servers must be URLs, got Array");
});
