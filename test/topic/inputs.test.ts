// What is wrong is told at once, with what was given.
import { chan, context, errors, sync, time } from "gocsp";
import { numGoroutine } from "gocsp/runtime";
import * as synctest from "gocsp/synctest";
import * as topic from "gocsp/topic";
import { conformance } from "gocsp/topic/topictest";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { Registering } from "../context/contexts.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const bg = context.background();

async function start<T>(options?: topic.TopicOptions): Promise<[topic.Topic<T>, topic.Broker]> {
  const broker = await topic.open(bg, topic.memory());
  return [broker.topic<T>("jobs", options), broker];
}

describe("bad input gets a sentence", () => {
  test("values that JSON cannot carry, or that are too large [P4]", async () => {
    const [jobs] = await start<unknown>({ maxSize: 100 });
    await expect(jobs.send(bg, undefined)).rejects.toThrow("topic: the value must be JSON: undefined is none");
    await expect(jobs.send(bg, () => 1)).rejects.toThrow("topic: the value must be JSON: function is none");
    await expect(jobs.send(bg, 1n)).rejects.toThrow(
      "topic: the value must be JSON: Do not know how to serialize a BigInt",
    );
    for (const [value, what] of [
      [NaN, "NaN is none"],
      [{ total: Infinity }, 'Infinity in "total" is none'],
      [{ job: { f: () => 1 } }, 'function f in "f" is none'],
      [[1, undefined], 'undefined in "1" is none'],
      [{ s: Symbol("x") }, 'Symbol(x) in "s" is none'],
      [new Map([[1, 2]]), "Map is none"],
      [{ tags: new Set(["a"]) }, 'Set in "tags" is none'],
      [{ err: new Error("x") }, 'Error in "err" is none'],
      [new Uint8Array(2), "Uint8Array is none"],
      [{ later: Promise.resolve(1) }, 'Promise in "later" is none'],
      [{ pattern: /x/ }, 'RegExp in "pattern" is none'],
      [Symbol("x"), "Symbol(x) is none"],
      [new Date(NaN), "Invalid Date is none"],
      [{ at: new Date("tomorrow") }, 'Invalid Date in "at" is none'],
      [[new Date(NaN)], 'Invalid Date in "0" is none'],
      [{ n: 1n }, "Do not know how to serialize a BigInt"],
    ] as const) {
      await expect(jobs.send(bg, value)).rejects.toThrow(`topic: the value must be JSON: ${what}`);
    }
    await expect(
      jobs.send(bg, {
        get a(): number {
          throw new Error("no getter");
        },
      }),
    ).rejects.toThrow("topic: the value must be JSON: no getter");
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    await expect(jobs.send(bg, deep)).rejects.toThrow(
      "topic: the value must be JSON: Maximum call stack size exceeded",
    );
    // What has a form of its own, or is not there, is no surprise.
    await jobs.send(bg, { at: new Date(0), none: undefined, nothing: null });
    await jobs.send(bg, null);
    expect(await jobs.purge(bg, "waiting")).toBe(2);
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    await expect(jobs.send(bg, loop)).rejects.toThrow(/^topic: the value must be JSON: Converting circular structure/);
    await expect(jobs.send(bg, "ä".repeat(60))).rejects.toThrow(
      'topic: the value has 122 bytes of JSON, more than the maxSize 100 of "jobs"',
    );
    await expect(jobs.schedule(bg, "large", time.hour, "ä".repeat(60))).rejects.toThrow(
      'topic: the value has 122 bytes of JSON, more than the maxSize 100 of "jobs"',
    );
    await expect(jobs.send(bg, "😀\u20ac".repeat(14))).resolves.toMatchObject({ duplicate: false });
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 1 });
  });

  test("identities and keys that are none [P4]", async () => {
    const [jobs] = await start<number>();
    await expect(jobs.send(bg, 1, { id: "x".repeat(10_240) })).rejects.toThrow(
      "topic: the id must have 1 to 255 characters, got 10240",
    );
    await expect(jobs.send(bg, 1, { id: "" })).rejects.toThrow("topic: the id must have 1 to 255 characters, got none");
    await expect(jobs.send(bg, 1, { key: 7 as never })).rejects.toThrow(
      "topic: the key must have 1 to 255 characters, got 7",
    );
    for (const id of ["a\0b", "a\nb", "\ud800"]) {
      await expect(jobs.send(bg, 1, { id })).rejects.toThrow(
        "topic: the id must have no control characters and no halves of characters",
      );
    }
    await expect(jobs.cancel(bg, "x".repeat(300))).rejects.toThrow(
      "topic: the id must have 1 to 255 characters, got 300",
    );
  });

  test("topics and options that are none [P4]", async () => {
    const [jobs, broker] = await start<number>({ lease: 1000 });
    for (const name of ["", "a b", "ä", "x".repeat(101), 5]) {
      expect(() => broker.topic(name as string)).toThrow(
        /^topic: the name must have 1 to 100 letters, digits, "_", "-" or ".", got/,
      );
    }
    expect(() => broker.topic("other", { lease: 5 })).toThrow(
      "topic: lease must be a number of milliseconds of at least 100, got 5",
    );
    expect(() => broker.topic("other", { maxAttempts: 0 })).toThrow(
      "topic: maxAttempts must be an integer of at least 1, got 0",
    );
    expect(() => broker.topic("other", { perKey: 1.5 })).toThrow(
      "topic: perKey must be an integer of at least 1, got 1.5",
    );
    expect(() => broker.topic("other", { backoff: 5 as never })).toThrow("topic: backoff: 5 is not a function");
    expect(() => broker.topic("jobs", { lease: 2000 })).toThrow('topic: "jobs" has other options here already');
    expect(broker.topic("jobs", { lease: 1000 })).toBe(jobs);
    expect(broker.topic("jobs")).toBe(jobs);
    expect(() => jobs.receiver(bg, { concurrency: 0 })).toThrow(
      "topic: concurrency must be an integer of at least 1, got 0",
    );
    expect(() => jobs.receiver(5 as never)).toThrow("topic: the first argument must be a Context, got 5");
    await expect(jobs.send(bg, 1, { delay: -1 })).rejects.toThrow(
      "topic: the delay must be a number of milliseconds of at least 0, got -1",
    );
    await expect(jobs.send(bg, 1, { delay: 1e300 })).rejects.toThrow(
      "topic: the delay must be a hundred years at most, got 1e+300 milliseconds",
    );
    expect(() => broker.topic("other", { lease: Infinity })).toThrow(
      "topic: lease must be a day at most, got Infinity milliseconds",
    );
    await expect(jobs.sendAll(bg, [[1, { tx: {} as never }]])).rejects.toThrow(
      "topic: sendAll takes the transaction as its third argument, for all messages",
    );
    await expect(jobs.sendAll(bg, [1 as never])).rejects.toThrow(
      "topic: sendAll takes a list of [value, options?], got Array",
    );
    await expect(jobs.purge(bg, "all" as never)).rejects.toThrow('topic: purge takes "dead" or "waiting", got "all"');
    await expect(topic.open(bg, "postgres://secret@x" as never)).rejects.toThrow(
      "topic.open: the engine must be one of topic.memory(), postgres(…), jetstream(…), got a string",
    );
    expect(() => conformance({} as never)).toThrow("topictest: the option engine must be a function, got undefined");
    // Nobody has to know a topic before it is asked.
    expect(await broker.topic("unknown").inspect(bg)).toMatchObject({ ready: 0, dead: 0 });
    expect(await broker.topic("unknown").cancel(bg, "1")).toBe(false);
  });

  test("what is larger than the engine can deliver [P4]", async () => {
    const memory = topic.memory();
    const broker = await topic.open(bg, {
      name: "a small one",
      transactions: false,
      fenced: true,
      keyed: true,
      maxSize: 2 << 20,
      open: (ctx, listener) => memory.open(ctx, listener),
    });
    expect(() => broker.topic("jobs", { maxSize: (2 << 20) + 1 })).toThrow(
      "topic: maxSize must be 2097152 bytes at most on a small one, got 2097153",
    );
    const jobs = broker.topic<string>("jobs", { maxSize: 2 << 20 });
    expect(await jobs.send(bg, "x".repeat((2 << 20) - 2), { id: "1" })).toEqual({ id: "1", duplicate: false });
    await broker.close();
  });

  test("handleTx that cannot begin leaves nothing with its context [P4]", async () => {
    const memory = topic.memory();
    const broker = await topic.open(bg, {
      name: "one with transactions",
      transactions: true,
      fenced: true,
      keyed: true,
      open: (ctx, listener) => memory.open(ctx, listener),
    });
    const jobs = broker.topic("jobs");
    const ctx = new Registering(bg);
    const db = { beginTx: () => undefined } as never;
    await expect(jobs.handleTx(ctx, { concurrency: 0 }, db, () => undefined)).rejects.toThrow(
      "topic: concurrency must be an integer of at least 1, got 0",
    );
    expect(ctx.registered).toEqual([]);
    await broker.close();
    await expect(jobs.handleTx(ctx, {}, db, () => undefined)).rejects.toThrow(topic.errClosed);
    expect(ctx.registered).toEqual([]);
    expect(ctx.stops).toBe(2);
  });

  test("schedules that are none [P5]", async () => {
    const [jobs] = await start<number>();
    const must = (got: string): string =>
      `topic: the schedule must be a cron expression of five fields, or a number of milliseconds, got ${got}`;
    for (const when of [
      "",
      "* * * *",
      "60 * * * *",
      "* * * * mo",
      "*/0 * * * *",
      "5-1 * * * *",
      "*-5 * * * *",
      "1,,2 * * * *",
    ]) {
      await expect(jobs.schedule(bg, "x", when, 1)).rejects.toThrow(must(JSON.stringify(when)));
    }
    await expect(jobs.schedule("x", null as never, 1)).rejects.toThrow(must("null"));
    await expect(jobs.schedule("x", 10, 1)).rejects.toThrow(
      "topic: the period of a schedule must be at least 1000 milliseconds, got 10",
    );
    await expect(jobs.schedule("x", "0 0 30 2 *", 1)).rejects.toThrow('topic: the schedule "0 0 30 2 *" never fires');
  });

  test("settling twice, after the lease, and on a closed broker [P4]", async () => {
    await synctest.test(async () => {
      const [jobs, broker] = await start<number>({ lease: 1000, backoff: () => 0 });
      await jobs.send(bg, 1, { id: "one" });
      const [ctx, cancel] = context.withCancel(bg);
      const deliveries = jobs.receiver(ctx);
      const [d] = (await deliveries.receiveOk()) as [topic.Delivery<number>, true];
      await d.nack();
      await expect(d.ack()).rejects.toThrow('topic: the delivery of "one" is settled already: nack was called');
      expect(errors.is(await errors.result(d.ack()).then(([, err]) => err), topic.errSettled)).toBe(true);
      expect(d.settled).toBe(true);
      const [again] = (await deliveries.receiveOk()) as [topic.Delivery<number>, true];
      await expect(again.nack(-5)).rejects.toThrow(
        "topic: the delay must be a number of milliseconds of at least 0, got -5",
      );
      await expect(again.reject(5 as never)).rejects.toThrow("topic: the reason must be a string, got 5");
      await expect(again.ack({} as never)).rejects.toThrow(
        "topic: topic.memory() has no transactions: ack(tx) cannot be kept",
      );
      // None of these has settled it.
      expect(again.settled).toBe(false);
      cancel();
      await broker.close();
      await expect(again.ack()).rejects.toBe(topic.errClosed);
      expect(() => jobs.receiver(bg)).toThrow("topic: the broker is closed");
      expect(() => broker.topic("x")).toThrow("topic: the broker is closed");
      await expect(jobs.send(bg, 1)).rejects.toBe(topic.errClosed);
      await broker.close();
    });
  });
});

describe("the end of a delivery's context has a cause", () => {
  test("a worker that is cut off learns it from its own clock before anybody else has the job [P6]", async () => {
    await synctest.test(async () => {
      const engine = topic.memory();
      const problems: string[] = [];
      const dying = await topic.open(bg, engine, { onError: () => undefined });
      const jobs = dying.topic<number>("jobs", { lease: 1000 });
      await jobs.send(bg, 1, { id: "one" });
      const [d] = (await jobs.receiver(bg).receiveOk()) as [topic.Delivery<number>, true];
      engine.crash(dying);
      const next = await topic.open(bg, engine);
      const [ctx, cancel] = context.withCancel(bg);
      const handled = next.topic<number>("jobs", { lease: 1000 }).handle(ctx, {}, () => {
        if (!(context.cause(d.ctx) instanceof topic.LeaseLost)) problems.push("two have it");
        cancel();
      });
      await handled;
      expect(problems).toEqual([]);
      expect(String(context.cause(d.ctx))).toBe('LeaseLost: topic: the lease of "one" is lost');
      await expect(d.ack()).rejects.toThrow('topic: the lease of "one" is lost');
      await dying.close();
      await next.close();
    });
  });

  test("what stops after the grace is not charged [P7]", async () => {
    await synctest.test(async () => {
      const [jobs, broker] = await start<number>();
      await jobs.send(bg, 1);
      const [ctx, cancel] = context.withCancel(bg);
      let why: unknown;
      const handled = jobs.handle(ctx, { grace: 5 * time.second }, async (ctx) => {
        cancel();
        await time.sleep(4 * time.second);
        expect(ctx.err()).toBeUndefined();
        await ctx.done().receiveOk();
        why = context.cause(ctx);
        throw ctx.err() as Error;
      });
      await handled;
      expect(why).toBeInstanceOf(topic.Stopping);
      const [d] = (await jobs.receiver(bg).receiveOk()) as [topic.Delivery<number>, true];
      expect(d.attempt).toBe(1);
      await broker.close();
    });
  });

  test("shutdown waits for what is out, and says so to what takes longer than its context [P7]", async () => {
    await synctest.test(async () => {
      const [jobs, broker] = await start<string>();
      await jobs.sendAll(bg, [["short"], ["long"]]);
      const ended = chan<string>(2);
      const handled = jobs.handle(bg, { concurrency: 2, grace: time.hour }, async (ctx, value) => {
        const [until, cancel] = context.withTimeout(ctx, value === "short" ? time.second : time.hour);
        using _ = cancel;
        await until.done().receiveOk();
        await ended.send(`${value}: ${String(context.cause(ctx))}`);
      });
      const [soon, cancel] = context.withTimeout(bg, time.minute);
      using _ = cancel;
      await time.sleep(1);
      await expect(broker.shutdown(soon)).rejects.toBe(context.deadlineExceeded);
      expect(await ended.receive()).toBe("short: undefined");
      expect(await ended.receive()).toBe("long: Stopping: topic: the receiver is stopping");
      await handled;
    });
  });

  test("the sender's end cancels only if that was asked for [P8]", async () => {
    await synctest.test(async () => {
      const [jobs, broker] = await start<string>();
      const [sender, cancel] = context.withCancelCause(bg);
      await jobs.send(sender, "free");
      await jobs.sendAll(sender, [["bound", { id: "bound", inheritCancel: true }]]);
      const deliveries = jobs.receiver(bg, { concurrency: 2 });
      const [[free], [own]] = [
        (await deliveries.receiveOk()) as [topic.Delivery<string>, true],
        (await deliveries.receiveOk()) as [topic.Delivery<string>, true],
      ];
      cancel(new Error("the tab is closed"));
      await own.ctx.done().receiveOk();
      expect(String(context.cause(own.ctx))).toBe("JobCanceled: topic: canceled: the tab is closed");
      expect(free.ctx.err()).toBeUndefined();
      await own.nack();
      await free.ack();
      await broker.close();
    });
  });

  test("a send whose context ends before the answer is of unknown outcome, and can be repeated [P9]", async () => {
    const memory = topic.memory();
    const gate = new sync.WaitGroup();
    gate.add(1);
    const engine: topic.Engine = {
      name: "slow",
      transactions: false,
      fenced: true,
      keyed: true,
      open: async (ctx, listener) => {
        const session = await memory.open(ctx, listener);
        const send = session.send.bind(session);
        session.send = async (...args) => {
          const sent = await send(...args);
          await gate.wait();
          return sent;
        };
        return session;
      },
    };
    const broker = await topic.open(bg, engine);
    const jobs = broker.topic<number>("jobs");
    const [ctx, cancel] = context.withCancel(bg);
    const sending = jobs.send(ctx, 1);
    cancel();
    const [, err] = await errors.result(sending);
    const unknown = errors.as(err, topic.UnknownOutcomeError);
    expect(unknown?.message).toBe(`topic: it is unknown whether "${unknown?.id}" was sent`);
    expect(errors.is(err, context.canceled)).toBe(true);
    gate.done();
    expect(await jobs.send(bg, 1, { id: unknown?.id as string })).toEqual({ id: unknown?.id, duplicate: true });
    expect(await jobs.inspect(bg)).toMatchObject({ ready: 1 });
    await broker.close();
  });
});

test("functions run in the asynchronous context in which they were handed over [P12]", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  const see = (what: string): void => void seen.push(`${what}: ${storage.getStore()}`);
  const tenant = context.key<string>("tenant");
  const codec = topic.codec(
    "tenant",
    tenant,
    (value) => (see("encode"), value),
    (text) => (see("decode"), text),
  );
  const options = { codecs: [codec], onError: see };
  const broker = await storage.run("open", () => topic.open(bg, topic.memory(), options));
  const backoff = (): number => {
    see("backoff");
    throw new Error("no idea");
  };
  const jobs = storage.run("topic", () => broker.topic<number>("jobs", { backoff, maxAttempts: 2 }));
  const [ctx, cancel] = context.withCancel(bg);
  const handled = storage.run("handle", () =>
    jobs.handle(ctx, {}, () => {
      see("handler");
      cancel();
      throw new Error("no luck");
    }),
  );
  await storage.run("send", () => jobs.send(context.withValue(bg, tenant, "a"), 1));
  await handled;
  expect(seen).toEqual([
    "encode: undefined",
    "decode: undefined",
    "handler: handle",
    "backoff: topic",
    "backoff (jobs): open",
  ]);
  await broker.close();
});

describe("times", () => {
  test("cron expressions fire when cron would, in UTC; periods go on from when they were due [P5]", async () => {
    const { next } = await import("../../src/topic/cron.ts");
    const times = (spec: string, from: string, n: number): string[] => {
      const all: string[] = [];
      let at = new Date(from);
      for (let i = 0; i < n; i++) all.push((at = next(spec, at, at)).toISOString().slice(0, 16));
      return all;
    };
    expect(times("30 4 * * 1-5", "2026-11-27T04:30:00Z", 2)).toEqual(["2026-11-30T04:30", "2026-12-01T04:30"]);
    expect(times("*/20 22-23 * * *", "2026-12-31T23:25:10Z", 3)).toEqual([
      "2026-12-31T23:40",
      "2027-01-01T22:00",
      "2027-01-01T22:20",
    ]);
    expect(times("0 0 29 feb *", "2026-01-01T00:00:00Z", 2)).toEqual(["2028-02-29T00:00", "2032-02-29T00:00"]);
    // Either will do if both say something.
    expect(times("0 0 13 * fri", "2026-02-10T00:00:00Z", 3)).toEqual([
      "2026-02-13T00:00",
      "2026-02-20T00:00",
      "2026-02-27T00:00",
    ]);
    expect(times("0 12 * * sun,7", "2026-11-29T12:00:00Z", 1)).toEqual(["2026-12-06T12:00"]);
    const [last, now] = [new Date(1000), new Date(1_000_000_900)];
    expect(next("1000", last, now)).toEqual(new Date(1_000_001_000));
    expect(next("1000", new Date(5000), new Date(4000))).toEqual(new Date(6000));
  });

  test("a schedule of an hour takes no time in a bubble, and its times are not made up for [P5]", async () => {
    await synctest.test(async () => {
      const [jobs, broker] = await start<string>();
      await jobs.schedule("hourly", "0 * * * *", "tick");
      await time.sleep(3.5 * time.hour);
      const [ctx, cancel] = context.withCancel(bg);
      const minutes: number[] = [];
      await jobs.handle(ctx, {}, (_ctx, _value, d) => {
        minutes.push(Number(/T\d\d:(\d\d)/.exec(d.id)?.[1]));
        if (minutes.length === 3) cancel();
      });
      expect(minutes).toEqual([0, 0, 0]);
      expect(await jobs.inspect(bg)).toMatchObject({ ready: 0 });
      await broker.close();
    });
  });

  test("retries wait for longer and longer, by the topic's backoff, and what it throws is reported [P10]", async () => {
    await synctest.test(async () => {
      const errors: string[] = [];
      const broker = await topic.open(bg, topic.memory(), {
        onError: (what, err) => errors.push(`${what}: ${String(err)}`),
      });
      const jobs = broker.topic<number>("jobs", {
        maxAttempts: 4,
        backoff: (attempt) => {
          if (attempt === 2) throw new Error("no idea");
          return attempt * time.hour;
        },
      });
      await jobs.send(bg, 1);
      const at: number[] = [];
      const start = time.now();
      const [ctx, cancel] = context.withCancel(bg);
      await jobs.handle(ctx, {}, () => {
        at.push(Math.round(time.since(start) / time.second));
        if (at.length === 4) cancel();
        throw new Error("no luck");
      });
      expect(at).toEqual([0, 3600, 3601, 14_401]);
      expect(errors).toEqual(["backoff (jobs): Error: no idea"]);
      expect(await jobs.inspect(bg)).toMatchObject({ dead: 1 });
      await broker.close();
    });
  });

  test("the dead are kept for as long as was said [P10]", async () => {
    await synctest.test(async () => {
      const [jobs, broker] = await start<number>({ keepDead: time.hour });
      await jobs.send(bg, 1);
      const deliveries = jobs.receiver(bg);
      await ((await deliveries.receiveOk()) as [topic.Delivery<number>, true])[0].reject("no");
      await time.sleep(59 * time.minute);
      expect(await jobs.inspect(bg)).toMatchObject({ dead: 1 });
      await time.sleep(2 * time.minute);
      await jobs.send(bg, 2);
      await ((await deliveries.receiveOk()) as [topic.Delivery<number>, true])[0].ack();
      expect(await jobs.inspect(bg)).toMatchObject({ dead: 0 });
      await broker.close();
    });
  });

  test("a closed broker leaves no goroutine and no timer [P11]", async () => {
    const before = numGoroutine();
    const [jobs, broker] = await start<number>();
    void jobs.receiver(bg);
    await jobs.schedule("x", time.hour, 1);
    await broker.close();
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(numGoroutine()).toBe(before);
  });
});
