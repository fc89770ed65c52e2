import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Chan, chan, context, go, nilChan, type ReceiveChan, select, time } from "gocsp";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const over = { value: undefined, done: true };

/** The ways to iterate over a channel. */
const ways: [name: string, iterate: <T>(ch: ReceiveChan<T>) => AsyncIterator<T>][] = [
  ["the channel", (ch) => ch[Symbol.asyncIterator]()],
  ["range(ctx)", (ch) => ch.range(context.background())[Symbol.asyncIterator]()],
  [
    "range(ctx) of a context that can end",
    (ch) => {
      const [ctx, cancel] = context.withCancel(context.background());
      onTestFinished(cancel);
      return ch.range(ctx)[Symbol.asyncIterator]();
    },
  ],
];

describe.each(ways)("%s", (_, iterate) => {
  describe.each([0, 1, 16])("capacity %i", (capacity) => {
    test("return withdraws a next that waits: the next value stays in the channel [C47]", async () => {
      const ch = chan<string>(capacity);
      const iterator = iterate(ch);
      const waiting = follow(iterator.next());
      await settle();
      expect(await iterator.return?.()).toEqual(over);
      expect(waiting).toEqual({ state: "returned", value: over });
      expect(ch.trySend("job")).toBe(capacity > 0);
      expect(ch.length).toBe(capacity > 0 ? 1 : 0);
      expect(await iterator.next()).toEqual(over);
      expect(ch.length).toBe(capacity > 0 ? 1 : 0);
    });

    test("throw withdraws it too, and throws [C47]", async () => {
      const ch = chan<string>(capacity);
      const iterator = iterate(ch);
      const waiting = follow(iterator.next());
      await expect(iterator.throw?.(new Error("destroyed"))).rejects.toThrow("destroyed");
      expect(waiting).toEqual({ state: "returned", value: over });
      expect(ch.trySend("job")).toBe(capacity > 0);
      expect(await iterator.next()).toEqual(over);
    });

    test("return withdraws every next of its iterator that waits, and no other [C47]", async () => {
      const ch = chan<number>(capacity);
      const [left, stays] = [iterate(ch), iterate(ch)];
      const log: string[] = [];
      const next = (name: string, iterator: AsyncIterator<number>): void => {
        go(async () => {
          const { value, done } = await iterator.next();
          log.push(`${name} ${done === true ? "over" : value}`);
        });
      };
      for (const [name, iterator] of Object.entries({ a: left, b: stays, c: left, d: left, e: stays, f: left })) {
        next(name, iterator);
      }
      await settle();
      ch.trySend(1);
      await settle();
      await left.return?.();
      await settle();
      for (const n of [2, 3]) expect(ch.trySend(n)).toBe(true);
      expect(ch.trySend(4)).toBe(capacity > 0);
      await settle();
      expect(log).toEqual(["a 1", "c over", "d over", "f over", "b 2", "e 3"]);
    });

    test("a value that next was given stays its caller's, even if that has not resumed yet [C47]", async () => {
      const ch = chan<number>(capacity);
      const iterator = iterate(ch);
      const both = [iterator.next(), iterator.next()];
      expect(ch.trySend(1)).toBe(true);
      const returned = iterator.return?.();
      expect(await Promise.all(both)).toEqual([{ value: 1, done: false }, over]);
      expect(await returned).toEqual(over);
    });

    test("one iterator in the hands of two goroutines shares the values, and ends for both [C47]", async () => {
      const ch = chan<number>(capacity);
      const iterator = iterate(ch);
      const shared = { [Symbol.asyncIterator]: () => iterator };
      const log: string[] = [];
      for (const name of ["a", "b"]) {
        go(async () => {
          for await (const n of shared) {
            log.push(`${name} ${n}`);
            if (n === 3) break;
          }
          log.push(`${name} over`);
        });
      }
      for (const n of [1, 2, 3]) {
        await ch.send(n);
        await settle();
      }
      expect(log.slice(0, 3).map((line) => line.slice(2))).toEqual(["1", "2", "3"]);
      expect(log.slice(3).sort()).toEqual(["a over", "b over"]);
      expect(ch.trySend(4)).toBe(capacity > 0);
    });

    test("return after return, after the end, and before the first next does nothing [C47]", async () => {
      const ch = chan<number>(capacity);
      const fresh = iterate(ch);
      expect(await fresh.return?.()).toEqual(over);
      expect(await fresh.return?.()).toEqual(over);
      expect(await fresh.next()).toEqual(over);
      const ended = iterate(ch);
      const last = ended.next();
      ch.close();
      expect(await last).toEqual(over);
      expect(await ended.return?.()).toEqual(over);
      expect(await ended.next()).toEqual(over);
    });

    test("many pending calls of next keep no served one alive [C47]", async () => {
      const ch = chan<number>(capacity);
      const iterator = iterate(ch);
      const window = [iterator.next(), iterator.next(), iterator.next()];
      for (let n = 0; n < 100; n++) {
        expect(ch.trySend(n)).toBe(true);
        expect(await window.shift()).toEqual({ value: n, done: false });
        window.push(iterator.next());
      }
      await iterator.return?.();
      expect(await Promise.all(window)).toEqual([over, over, over]);
      expect(ch.trySend(100)).toBe(capacity > 0);
    });
  });
});

test("an iterator with a context that is left does not wait for its end either [C47]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const ch = chan<number>();
  const iterator = ch.range(ctx)[Symbol.asyncIterator]();
  const waiting = follow(iterator.next());
  await iterator.return?.();
  cancel();
  await settle();
  expect(waiting).toEqual({ state: "returned", value: over });
  expect(await iterator.next()).toEqual(over);
});

test("a range may be looped over again; each loop is one of its own [C23] [C47]", async () => {
  const ch = chan<number>(4);
  for (const n of [1, 2, 3]) ch.trySend(n);
  const range = ch.range(context.background());
  const seen: number[] = [];
  for (let loop = 0; loop < 3; loop++) {
    for await (const n of range) {
      seen.push(n);
      break;
    }
  }
  expect(seen).toEqual([1, 2, 3]);
});

test("leaving a loop over the nil channel leaves no waiter [C47]", async () => {
  const iterator = nilChan<number>()[Symbol.asyncIterator]();
  const waiting = follow(iterator.next());
  await iterator.return?.();
  await settle();
  expect(waiting).toEqual({ state: "returned", value: over });
});

test("a tick is not taken by a loop that has been left [C47]", async () => {
  const ticker = time.newTicker(1);
  const iterator = ticker.c[Symbol.asyncIterator]();
  const waiting = follow(iterator.next());
  await iterator.return?.();
  await settle();
  expect(waiting).toEqual({ state: "returned", value: over });
  expect(await ticker.c.receive()).toBeInstanceOf(Date);
  ticker.stop();
});

test("a select queued behind an iterator that returns gets the value [C47]", async () => {
  const ch = chan<number>();
  const iterator = ch[Symbol.asyncIterator]();
  void iterator.next();
  const selecting = select({ ch });
  await iterator.return?.();
  expect(ch.trySend(1)).toBe(true);
  expect(await selecting).toEqual({ case: "ch", value: 1, ok: true });
});

describe.each([0, 4])("abandoned by the host, capacity %i", (capacity) => {
  /** Shows that no receiver is left on the channel: what is sent stays there. */
  async function expectUntouched(ch: Chan<string>): Promise<void> {
    await settle();
    const sent = Array.from({ length: capacity + 1 }, (_, i) => ch.trySend(`job ${i}`));
    await settle();
    expect(sent).toEqual([...Array.from({ length: capacity }, () => true), false]);
    expect(ch.length).toBe(capacity);
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()).toEqual({ value: `job ${i}`, ok: true });
  }

  test.each([undefined, new Error("destroyed")])("Readable.from, destroyed with %s [C47]", async (error) => {
    const ch = chan<string>(capacity);
    const readable = Readable.from(ch);
    const seen: string[] = [];
    readable.on("data", (text: string) => seen.push(text)).on("error", () => undefined);
    await settle();
    await ch.send("first");
    await settle();
    readable.destroy(error);
    if (!readable.closed) await once(readable, "close").catch(() => undefined);
    await expectUntouched(ch);
    expect(seen).toEqual(["first"]);
  });

  test("Readable.from a range with a context, destroyed [C47]", async () => {
    const ch = chan<string>(capacity);
    const [ctx, cancel] = context.withTimeout(context.background(), 60 * time.second);
    const readable = Readable.from(ch.range(ctx)).resume();
    await settle();
    readable.destroy();
    await expectUntouched(ch);
    cancel();
  });

  test("a pipeline that is aborted [C47]", async () => {
    const ch = chan<string>(capacity);
    const abort = new AbortController();
    const piping = follow(pipeline(Readable.from(ch), new Writable({ write: (_c, _e, done) => done() }), abort));
    await settle();
    abort.abort();
    await expectUntouched(ch);
    expect(piping.state).toBe("threw");
  });

  // A pipeline over the channel itself does not call `return` when it is aborted: it needs a context.
  test("a pipeline straight from a range whose context ends with its signal [C47]", async () => {
    const ch = chan<string>(capacity);
    const abort = new AbortController();
    const [ctx, cancel] = context.fromSignal(context.background(), abort.signal);
    onTestFinished(cancel);
    const target = new Writable({ write: (_c, _e, done) => done() });
    const piping = follow(pipeline(ch.range(ctx), target, { signal: abort.signal }));
    await settle();
    abort.abort();
    await expectUntouched(ch);
    expect(piping.state).toBe("threw");
  });

  test("ReadableStream.from, canceled while a read waits [C47]", async () => {
    const ch = chan<string>(capacity);
    const reader = (ReadableStream as unknown as { from(source: unknown): ReadableStream<string> })
      .from(ch)
      .getReader();
    const reading = follow(reader.read());
    await settle();
    await reader.cancel();
    await expectUntouched(ch);
    expect(reading).toEqual({ state: "returned", value: over });
  });

  test("an HTTP client that leaves [C47]", async () => {
    const ch = chan<string>(capacity);
    const [left, leaving] = [chan<void>(), chan<void>()];
    const server = createServer((_, res) => {
      pipeline(Readable.from(ch), res).catch(() => left.close());
    }).listen(0);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const request = get({ port: (server.address() as AddressInfo).port });
    request.on("error", () => undefined);
    request.on("response", (response: IncomingMessage) => {
      response.on("error", () => undefined).once("data", () => leaving.close());
    });
    await ch.send("first");
    await leaving.receive();
    request.destroy();
    await left.receive();
    await expectUntouched(ch);
  });
});
