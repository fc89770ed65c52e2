// Topics on NATS JetStream keep what gocsp/topic promises of them: the suite for engines, on a server of its own.
import { connect } from "@nats-io/transport-node";
import { context, mustReceive, time } from "gocsp";
import { jetstream } from "gocsp/topic/jetstream";
import * as topic from "gocsp/topic";
import { conformance } from "gocsp/topic/topictest";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
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
    givesBackFree: false,
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
    onTestFinished(() => own.stop());
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
  });
});

describe.skipIf(noNats !== undefined)("sizes", () => {
  test("the largest value that a topic may have is delivered, with others around it [P14]", async () => {
    const own = await startNats("max_payload: 33554432");
    onTestFinished(() => own.stop());
    const broker = await topic.open(bg, jetstream(own.url));
    const jobs = broker.topic<string>("large", { maxSize: 16_711_680 });
    await jobs.send(bg, "before");
    await jobs.send(bg, "x".repeat(16_711_678), { id: "ä".repeat(255), key: "ä".repeat(255) });
    await jobs.send(bg, "after");
    const deliveries = jobs.receiver(bg, { concurrency: 3 });
    const lengths: number[] = [];
    for (let i = 0; i < 3; i++) {
      const d = await mustReceive(deliveries);
      lengths.push(d.value.length);
      await d.ack();
    }
    expect(lengths.sort((a, b) => a - b)).toEqual([5, 6, 16_711_678]);
    await broker.close();
  });

  test("a message of a stranger's that no pull can bring is reported, and what is behind it comes when it is gone [P14]", async () => {
    const own = await startNats("max_payload: 33554432");
    onTestFinished(() => own.stop());
    const stranger = await connect({ servers: own.url });
    const ask = (what: string, request: object): Promise<unknown> =>
      stranger.request(`$JS.API.${what}`, JSON.stringify(request), { timeout: 5000 });
    // A stream of somebody who knows nothing of what pulls can bring.
    const name = "TOPIC_strange";
    const subjects = ["gocsp.topic.strange.>"];
    await ask(`STREAM.CREATE.${name}`, { name, subjects, retention: "workqueue", allow_msg_schedules: true });
    await stranger.request("gocsp.topic.strange.q.eA", JSON.stringify("x".repeat(17 << 20)), { timeout: 5000 });
    const reported: string[] = [];
    const onError = (what: string, error: unknown): void => void reported.push(`${what}: ${(error as Error).message}`);
    const broker = await topic.open(bg, jetstream(own.url), { onError });
    const jobs = broker.topic<string>("strange");
    await jobs.send(bg, "behind");
    const handed = mustReceive(jobs.receiver(bg));
    await expect
      .poll(() => reported[0], { timeout: 30_000 })
      .toBe(
        'claim (strange): topic: the next message of "strange" at the NATS server has more than 16777216 bytes with its headers: ' +
          "it keeps back all behind it until it is removed from the stream TOPIC_strange",
      );
    await ask(`STREAM.MSG.DELETE.${name}`, { seq: 1 });
    const d = await handed;
    expect(d.value).toBe("behind");
    await d.ack();
    await broker.close();
    await stranger.close();
  });

  test("what the server would not take is refused at once, and leaves room for headers [P14]", async () => {
    const broker = await topic.open(bg, jetstream(server.url));
    const jobs = broker.topic<string>("payload");
    const message =
      "topic: the value has 983041 bytes of JSON, more than the NATS server takes: its max_payload is 1048576, of which 65536 are for headers";
    await expect(jobs.send(bg, "x".repeat(983_039))).rejects.toThrow(message);
    await expect(jobs.sendAll(bg, [["small"], ["x".repeat(983_039)]])).rejects.toThrow(message);
    await expect(jobs.schedule(bg, "s", time.hour, "x".repeat(983_039))).rejects.toThrow(message);
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, delayed: 0 });
    await jobs.send(bg, "x".repeat(983_038));
    // What is dead has more headers.
    const d = await mustReceive(jobs.receiver(bg));
    await d.reject("ä".repeat(1000));
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 0, running: 0, dead: 1 });
    await broker.close();
  });
});

describe.skipIf(noNats !== undefined)("clocks", () => {
  test.each([1, -1])(
    "a sender whose clock is wrong by %d hours delays and limits by that of the server [P14]",
    async (hours) => {
      const nobody: topic.Listener = {
        wake: () => false,
        canceled: () => undefined,
        check: () => undefined,
        failed: () => undefined,
      };
      const settings = { name: `clock${hours}`, lease: 30_000, perKey: 0, maxAttempts: 20, keepDead: Infinity };
      const message = { key: undefined, headers: undefined, expires: time.hour, value: "1" };
      onTestFinished(() => void vi.useRealTimers());
      const right = Date.now();
      vi.setSystemTime(right + hours * time.hour);
      const sender = await jetstream(server.url).open(bg, nobody);
      await sender.declare(settings);
      await sender.send(settings, [
        { ...message, id: "late", delay: 2000 },
        { ...message, id: "soon", delay: 0 },
      ]);
      await sender.close();
      vi.useRealTimers();
      const worker = await jetstream(server.url).open(bg, nobody);
      await worker.declare(settings);
      const claims: topic.Claim[] = [];
      while (claims.length < 2) claims.push(...(await worker.claim(settings, 1, bg)).claims);
      expect(claims.map(({ id }) => id)).toEqual(["soon", "late"]);
      for (const claim of claims) {
        expect(claim.left).toBeGreaterThan(time.hour / 2);
        expect(claim.left).toBeLessThanOrEqual(time.hour + time.second);
        expect(Math.abs(claim.sentAt.getTime() - right)).toBeLessThan(time.hour / 2);
        await worker.ack(settings, claim);
      }
      await worker.close();
    },
  );
});

test("what JetStream cannot keep is said by the engine, and bad servers are refused [P14]", async () => {
  const { transactions, fenced, keyed, maxSize } = jetstream("nats://localhost");
  expect({ transactions, fenced, keyed }).toEqual({ transactions: false, fenced: false, keyed: false });
  // What the suite of engines is run with says the same.
  expect(jetstream("nats://localhost")).toMatchObject({ ...engine(), open: expect.any(Function) });
  expect(maxSize).toBe(16_711_680);
  expect(() => jetstream(5 as never)).toThrow("topic: the servers must be URLs, got 5");
  expect(() => jetstream([])).toThrow("topic: the servers must be URLs, got Array");
});
