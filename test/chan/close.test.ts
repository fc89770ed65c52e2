import { chan, context, go, PanicError, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const sendOnClosed = expect.objectContaining({ name: "PanicError", message: "send on closed channel" });

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  const numbers = Array.from({ length: capacity }, (_, i) => i);

  test("a send on a closed channel panics, in every form [C12]", async () => {
    const ch = chan<number>(capacity);
    ch.close();
    const failure = await ch.send(1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PanicError);
    expect(failure).toBeInstanceOf(Error);
    await expect(ch.send(1)).rejects.toEqual(sendOnClosed);
    await expect(ch.send(1, context.background())).rejects.toEqual(sendOnClosed);
    expect(() => ch.trySend(1)).toThrow(sendOnClosed);
  });

  test("a send that panics does so at its await, not at its call [C12]", async () => {
    const ch = chan<number>(capacity);
    ch.close();
    const log: string[] = [];
    const sending = ch.send(1);
    log.push("called");
    await sending.catch((error: Error) => log.push(error.message));
    expect(log).toEqual(["called", "send on closed channel"]);
  });

  test("closing a closed channel panics [C14]", () => {
    const ch = chan<number>(capacity);
    ch.close();
    expect(() => ch.close()).toThrow(
      expect.objectContaining({ name: "PanicError", message: "close of closed channel" }),
    );
    expect(() => ch.close()).toThrow(PanicError);
  });

  test("a parked sender panics when the channel closes, in its own goroutine, and its value is lost [C13] [C18]", async () => {
    const ch = chan<number>(capacity);
    const log: string[] = [];
    for (const n of numbers) ch.trySend(n);
    for (const name of ["a", "b"]) {
      go(async () => {
        try {
          await ch.send(100);
          log.push(`${name} sent`);
        } catch (error) {
          log.push(`${name}: ${(error as Error).message}`);
        }
      });
    }
    await settle();
    ch.close();
    log.push("closed");
    await settle();
    expect(log).toEqual(["closed", "a: send on closed channel", "b: send on closed channel"]);
    const rest: unknown[] = [];
    for await (const n of ch) rest.push(n);
    expect(rest).toEqual(numbers);
  });

  test("every kind of parked sender panics when the channel closes [C13] [S9]", async () => {
    const ch = chan<number>(capacity);
    const never = chan<number>();
    for (const n of numbers) ch.trySend(n);
    const senders = [
      follow(ch.send(100)),
      follow(ch.send(101, context.background())),
      follow(select({ sent: send(ch, 102) })),
      follow(select({ never, sent: send(ch, 103), again: send(ch, 104) })),
    ];
    await settle();
    expect(senders.map(({ state }) => state)).toEqual(senders.map(() => "waits"));
    ch.close();
    await settle();
    expect(senders.map(({ error }) => error)).toEqual(senders.map(() => sendOnClosed));
    expect(ch.length).toBe(capacity);
  });

  test("after the close buffered values are still received, then undefined and false every time [C15]", async () => {
    const ch = chan<number>(capacity);
    for (const n of numbers) await ch.send(n);
    ch.close();
    for (const n of numbers) {
      expect(ch.length).toBe(capacity - n);
      expect(await ch.receiveOk()).toEqual([n, true]);
    }
    for (let i = 0; i < 10; i++) {
      expect(await ch.receiveOk()).toEqual([undefined, false]);
      expect(await ch.receive()).toBeUndefined();
      expect(ch.tryReceive()).toEqual({ value: undefined, ok: false });
      expect(await select({ ch, default: true })).toEqual({ case: "ch", value: undefined, ok: false });
    }
    expect([ch.length, ch.capacity]).toEqual([0, capacity]);
  });

  test("the failed send leaves no value behind [C16]", async () => {
    const ch = chan<number>(capacity);
    if (capacity > 0) ch.trySend(1);
    ch.close();
    expect(() => ch.trySend(2)).toThrow();
    await expect(ch.send(3)).rejects.toThrow();
    await expect(select({ sent: send(ch, 4) })).rejects.toThrow();
    const left: unknown[] = [];
    for await (const n of ch) left.push(n);
    expect(left).toEqual(capacity > 0 ? [1] : []);
  });

  test("every kind of parked receiver wakes at the close [C17]", async () => {
    const ch = chan<number>(capacity);
    const never = chan<number>();
    const receivers = [
      follow(ch.receive()),
      follow(ch.receiveOk()),
      follow(ch.receive(context.background())),
      follow(ch.receiveOk(context.background())),
      follow(ch[Symbol.asyncIterator]().next()),
      follow(ch.range(context.background())[Symbol.asyncIterator]().next()),
      follow(select({ ch })),
      follow(select({ never, ch, sent: send(never, 1) })),
    ];
    await settle();
    expect(receivers.map(({ state }) => state)).toEqual(receivers.map(() => "waits"));
    ch.close();
    await settle();
    expect(receivers.map(({ value }) => value)).toEqual([
      undefined,
      [undefined, false],
      undefined,
      [undefined, false],
      { value: undefined, done: true },
      { value: undefined, done: true },
      { case: "ch", value: undefined, ok: false },
      { case: "ch", value: undefined, ok: false },
    ]);
    expect(receivers.every(({ state }) => state === "returned")).toBe(true);
  });

  test("all waiters are woken by one close, in any order [C10] [C17] [Z2]", { timeout: 60_000 }, async () => {
    const ch = chan<number>(capacity);
    const count = 100_000;
    let woken = 0;
    for (let i = 0; i < count; i++) {
      void ch.receiveOk().then(([, ok]) => {
        if (!ok) woken++;
      });
    }
    ch.close();
    expect(woken).toBe(0);
    await settle();
    expect(woken).toBe(count);
  });

  test("operations that come after the close see it, even if the buffer is full of unreceived values [C18]", async () => {
    const ch = chan<number>(capacity);
    for (const n of numbers) ch.trySend(n);
    const parked = follow(ch.send(100));
    ch.close();
    await settle();
    expect(parked.error).toEqual(sendOnClosed);
    expect(ch.length).toBe(capacity);
  });

  test("what is done before the close is visible to a receiver that sees the channel closed [C41]", async () => {
    const ch = chan<void>(capacity);
    let message = "";
    go(async () => {
      message = "hello, world";
      ch.close();
    });
    expect((await ch.receiveOk())[1]).toBe(false);
    expect(message).toBe("hello, world");
  });

  test("a select parked on one channel in both directions is woken once by its close [C17] [S13]", async () => {
    const ch = chan<number>(0);
    const both = follow(select({ received: ch, sent: send(ch, 1) }));
    ch.close();
    await settle();
    expect(both.value).toEqual({ case: "received", value: undefined, ok: false });
  });
});

test("the errors of several parked senders are objects of their own [C13]", async () => {
  const ch = chan<number>();
  const failures = [ch.send(1), ch.send(2)].map((sending) => sending.catch((error: unknown) => error));
  ch.close();
  const [first, second] = await Promise.all(failures);
  expect(first).toEqual(second);
  expect(first).not.toBe(second);
});
