import { chan, type Chan, context, go, type ReceiveChan, select, send } from "gocsp";
import { selector } from "gocsp/select";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const ordinary: [name: string, value: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", NaN],
  ["zero", 0],
  ["minus zero", -0],
  ["the empty string", ""],
  ["false", false],
  ["a symbol", Symbol("s")],
  ["a bigint", 0n],
  ["a function", () => undefined],
  ["an error", new Error("only a value")],
  ["an object", { ok: false, done: true, value: undefined }],
  ["an array", [undefined, false]],
  ["a channel", chan<number>()],
  ["a send case", send(chan<number>(), 1)],
];

/** Every form of receive that delivers its element untouched. */
const received: (<T>(ch: Chan<T>) => Promise<readonly [T | undefined, boolean]>)[] = [
  (ch) => ch.receiveOk(),
  (ch) => ch.receiveOk(context.background()),
  async (ch) => {
    const op = await select({ ch });
    return [op.value, op.ok];
  },
  async (ch) => {
    const op = await select({ never: chan<number>(), ch });
    return [op.value as never, op.ok];
  },
  async (ch) => {
    const { value, done } = await ch[Symbol.asyncIterator]().next();
    return [value, done !== true];
  },
  async (ch) => {
    const { value, done } = await ch.range(context.background())[Symbol.asyncIterator]().next();
    return [value as never, done !== true];
  },
  async (ch) => {
    const op = await selector({ ch }).select();
    return [op.value, op.ok];
  },
];

/** Sends one value for each form of receive; all sends begin before all receives, or the other way round. */
async function exchange<T>(
  capacity: number,
  first: "senders" | "receivers",
  value: T,
): Promise<{ ch: Chan<T>; got: (readonly [T | undefined, boolean])[] }> {
  const ch = chan<T>(capacity);
  const send = (): Promise<void>[] => received.map(() => ch.send(value));
  const receive = (): Promise<readonly [T | undefined, boolean]>[] => received.map((each) => each(ch));
  const sends = first === "senders" ? send() : [];
  const receives = receive();
  if (first === "receivers") sends.push(...send());
  await Promise.all(sends);
  return { ch, got: await Promise.all(receives) };
}

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test.each(ordinary)(
    "%s is an ordinary element, told apart from closed in every form [C30] [Z7]",
    async (_, value) => {
      for (const first of ["senders", "receivers"] as const) {
        const { ch, got } = await exchange<unknown>(capacity, first, value);
        expect(got).toHaveLength(received.length);
        expect(got.every(([element, ok]) => Object.is(element, value) && ok)).toBe(true);
        ch.close();
        expect(await ch.receiveOk()).toEqual([undefined, false]);
      }
    },
  );

  test("a promise arrives as a promise, not as what it resolves to [Z1]", async () => {
    for (const first of ["senders", "receivers"] as const) {
      const promise = Promise.resolve(7);
      const { got } = await exchange<unknown>(capacity, first, promise);
      // Compared here, because the assertion would look into the promises.
      expect(got.map(([element, ok]) => element === promise && ok)).toEqual(received.map(() => true));
    }
  });

  test("a loop gets promises as promises, whether they wait for it or it for them [Z1]", async () => {
    const promise = Promise.resolve(7);
    const ch = chan<Promise<number>>(capacity);
    for (const first of ["senders", "loop"]) {
      const sends = (): Promise<void>[] => [0, 1, 2].map(() => ch.send(promise));
      if (first === "senders") void sends();
      else setImmediate(sends);
      let turns = 0;
      // The compiler gives it the type number, as it does for every loop over promises.
      for await (const element of ch as ReceiveChan<unknown>) {
        expect(element === promise).toBe(true);
        if (++turns === 3) break;
      }
    }
  });

  test("a rejected promise is a value too, for its receiver to handle [Z1]", async () => {
    const ch = chan<Promise<never>>(capacity);
    const rejected = Promise.reject(new Error("for the receiver"));
    go(() => ch.send(rejected));
    const [promise] = await ch.receiveOk();
    await expect(promise).rejects.toThrow("for the receiver");
  });

  test("receive awaits a promise as every async function does [Z1]", async () => {
    const ch = chan<Promise<string>>(capacity);
    go(() => ch.send(Promise.resolve("flat")));
    expect(await ch.receive()).toBe("flat");
  });

  test("a thenable is not called on its way [Z1]", async () => {
    let called = 0;
    const thenable = {
      // oxlint-disable-next-line unicorn/no-thenable
      then: (): void => void called++,
    };
    for (const first of ["senders", "receivers"] as const) {
      const { got } = await exchange<unknown>(capacity, first, thenable);
      expect(got.map(([element, ok]) => element === thenable && ok)).toEqual(received.map(() => true));
    }
    expect(called).toBe(0);
  });

  test("objects are shared, not copied [C28]", async () => {
    const ch = chan<{ n: number }>(capacity);
    const sent = { n: 1 };
    go(() => ch.send(sent));
    const received = await ch.receive();
    sent.n = 2;
    expect(received).toBe(sent);
    expect(received?.n).toBe(2);
  });

  test("each form of receive takes exactly one value, also where it is thrown away [C22]", async () => {
    const ch = chan<number>(capacity);
    go(async () => {
      for (let i = 1; i <= 10; i++) await ch.send(i);
      ch.close();
    });
    const [first] = await ch.receiveOk();
    const second = await ch.receive();
    await ch.receive();
    void (await ch.receiveOk());
    if (ch.tryReceive() === undefined) await ch.receive();
    const sixth = (await select({ ch })).value;
    const seventh = (await ch[Symbol.asyncIterator]().next()).value;
    const rest: number[] = [];
    for await (const n of ch) rest.push(n);
    expect([first, second, sixth, seventh, rest]).toEqual([1, 2, 6, 7, [8, 9, 10]]);
  });

  test("channels can be sent: the answer comes back on the channel that was sent [C26]", async () => {
    const requests = chan<Chan<string>>(capacity);
    go(async () => {
      for await (const reply of requests) await reply.send("pong");
    });
    const reply = chan<string>();
    await requests.send(reply);
    expect(await reply.receive()).toBe("pong");
    requests.close();
  });

  test("in one expression: receive a channel, then send to it [C26]", async () => {
    const channels = chan<Chan<number>>(capacity);
    const numbers = chan<number>(1);
    go(() => channels.send(numbers));
    await (await channels.receive())?.send(42);
    expect(numbers.tryReceive()?.value).toBe(42);
  });

  test("channel and value are evaluated left to right, before anything is sent [C25]", async () => {
    const log: string[] = [];
    const ch = chan<string>(capacity);
    const channel = (): Chan<string> => {
      log.push("channel");
      return ch;
    };
    const value = (fails: boolean): string => {
      log.push("value");
      if (fails) throw new Error("no value");
      return "v";
    };
    go(async () => void log.push(`got ${await ch.receive()}`));
    await expect((async () => channel().send(value(true)))()).rejects.toThrow("no value");
    expect(log).toEqual(["channel", "value"]);
    await channel().send(value(false));
    expect(log.slice(2, 4)).toEqual(["channel", "value"]);
  });
});
