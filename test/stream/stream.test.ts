import { context } from "gocsp";
import * as stream from "gocsp/stream";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const background = context.background();
const closed = [undefined, false];

/** Three kinds of streams that yield numbers, and how each was ended. */
const kinds: Record<
  string,
  (n: number, fail?: Error) => { source: stream.Source<number>; read: () => number; ended: () => unknown }
> = {
  "of Node": (n, fail) => {
    let i = 0;
    const source = new Readable({
      objectMode: true,
      highWaterMark: 1,
      read() {
        if (i < n) this.push(i++);
        else if (fail === undefined) this.push(null);
        else this.destroy(fail);
      },
    });
    return { source, read: () => i, ended: () => source.destroyed };
  },
  "of the web": (n, fail) => {
    let i = 0;
    let canceled = false;
    const source = new ReadableStream<number>(
      {
        pull(controller) {
          if (i < n) controller.enqueue(i++);
          else if (fail === undefined) controller.close();
          else controller.error(fail);
        },
        cancel: () => void (canceled = true),
      },
      { highWaterMark: 0 },
    );
    return { source, read: () => i, ended: () => canceled };
  },
  "that are iterators": (n, fail) => {
    let i = 0;
    let isOver = false;
    const source = (async function* () {
      try {
        while (i < n) yield i++;
        if (fail !== undefined) throw fail;
      } finally {
        isOver = true;
      }
    })();
    return { source, read: () => i, ended: () => isOver };
  },
};

describe.for(Object.entries(kinds))("stream.receive of streams %s", ([, make]) => {
  test("yields all of it, in order, and is closed at its end [A5]", async () => {
    const ch = stream.receive(background, make(1000).source);
    const got: number[] = [];
    for await (const n of ch) got.push(n);
    expect(got).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([stream.cause(ch), await ch.receiveOk()]).toEqual([undefined, closed]);
  });

  test("reads no more than is taken [A5]", async () => {
    const { source, read } = make(1000);
    const ch = stream.receive(background, source);
    for (let i = 0; i < 10; i++) {
      expect(await ch.receive()).toBe(i);
      for (let j = 0; j < 5; j++) await settle();
      expect(read()).toBeLessThanOrEqual(i + 4);
    }
    stream.stop(ch);
    await settle();
    expect([await ch.receiveOk(), stream.cause(ch)]).toEqual([closed, undefined]);
  });

  test("tells what the stream has failed with [A6]", async () => {
    const error = new Error("broken");
    const ch = stream.receive(background, make(2, error).source);
    const got: number[] = [];
    for await (const n of ch) got.push(n);
    expect(stream.cause(ch)).toBe(error);
    expect(got.length).toBeLessThanOrEqual(2);
  });

  test("ends the stream when the context ends, whether a value waits or not [A6]", async () => {
    for (const before of [false, true]) {
      const [ctx, cancel] = context.withCancelCause(background);
      const { source, ended } = make(1000);
      const why = new Error("the user left");
      if (before) cancel(why);
      const ch = stream.receive(ctx, source);
      if (!before) expect(await ch.receive()).toBe(0);
      await settle();
      cancel(why);
      await settle();
      expect([await ch.receiveOk(), stream.cause(ch)]).toEqual([closed, why]);
      if (!before) expect(ended()).toBe(true);
    }
  });
});

test("a stream that waits for its source ends with the context, too [A6]", async () => {
  const [ctx, cancel] = context.withCancel(background);
  const node = new Readable({ read() {} });
  const web = new ReadableStream<number>({});
  const channels = [stream.receive(ctx, node), stream.receive(ctx, web)];
  await settle();
  cancel();
  for (const ch of channels) expect([await ch.receiveOk(), stream.cause(ch)]).toEqual([closed, context.canceled]);
  expect(node.destroyed).toBe(true);
});

test("a source that never answers, or fails to end, does not hold the channel [A6]", async () => {
  const silent = async function* () {
    yield 1;
    await new Promise(() => undefined);
  };
  const refusing: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value: 1 }),
      return() {
        throw new Error("cannot end");
      },
    }),
  };
  const failing = (): Readable =>
    new Readable({
      objectMode: true,
      read() {
        this.push(1);
      },
      destroy: (_reason, done) => done(new Error("cannot end")),
    });
  const web = new ReadableStream<number>({
    pull: (controller) => controller.enqueue(1),
    cancel: () => Promise.reject(new Error("cannot end")),
  });
  for (const source of [silent(), refusing, failing(), web]) {
    const [ctx, cancel] = context.withCancel(background);
    const ch = stream.receive<number>(ctx, source);
    expect(await ch.receive()).toBe(1);
    await settle();
    cancel();
    expect([await ch.receiveOk(), stream.cause(ch)]).toEqual([closed, context.canceled]);
  }
  const [ended, end] = context.withCancel(background);
  end();
  expect(await stream.receive(ended, failing()).receiveOk()).toEqual(closed);
  await settle();
  // Once it has ended, others may read it.
  expect(web.locked).toBe(false);
});

test("an iterator that has ended or failed is not ended again [A6]", async () => {
  for (const next of [async () => ({ done: true, value: 0 }), () => Promise.reject(new Error("broken"))]) {
    let returned = 0;
    const iterator = { next, return: async () => ({ done: true, value: returned++ }) };
    await stream.receive(background, { [Symbol.asyncIterator]: () => iterator }).receiveOk();
    await settle();
    expect(returned).toBe(0);
  }
});

test("100 MB go through in flat memory, and a value that is not a stream is refused [A5]", async () => {
  const chunk = Buffer.alloc(64 * 1024, "x");
  const source = Readable.from(
    (function* () {
      for (let i = 0; i < 1600; i++) yield Buffer.from(chunk);
    })(),
  );
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  let bytes = 0;
  for await (const part of stream.receive(background, source as AsyncIterable<Buffer>)) {
    bytes += part.length;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  expect(bytes).toBe(1600 * chunk.length);
  expect((peak - before) / 1024 / 1024).toBeLessThan(90);
  expect(() => stream.receive(background, {} as never)).toThrow("stream.receive: Object is no stream");
  expect(() => stream.receive({} as never, source)).toThrow("stream.receive: the context");
});
