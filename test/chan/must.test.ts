import { chan, context, go, mustReceive, nilChan, PanicError, select } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const panic = expect.objectContaining({ name: "PanicError", message: "receive on closed channel" });

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("mustReceive yields a buffered value, and one that arrives later [C48]", async () => {
    const ch = chan<number | undefined>(capacity);
    go(async () => {
      for (const n of [1, undefined, 3]) await ch.send(n);
    });
    expect([await mustReceive(ch), await mustReceive(ch), await mustReceive(ch)]).toEqual([1, undefined, 3]);
  });

  test("on a closed channel it drains, then panics; one that waits panics at the close [C48]", async () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    ch.close();
    for (let i = 0; i < capacity; i++) expect(await mustReceive(ch)).toBe(i);
    await expect(mustReceive(ch)).rejects.toEqual(panic);
    const other = chan<number>(capacity);
    const waiting = follow(mustReceive(other));
    await settle();
    other.close();
    await settle();
    expect(waiting).toEqual({ state: "threw", error: panic });
  });

  test("with a context it gives up when that ends, and nothing is lost [C48]", async () => {
    const ch = chan<number>(capacity);
    const [ctx, cancel] = context.withCancel(context.background());
    const waiting = follow(mustReceive(ch, ctx));
    await settle();
    cancel();
    await settle();
    expect(waiting).toEqual({ state: "threw", error: context.canceled });
    expect(ch.trySend(1)).toBe(capacity > 0);
    await expect(mustReceive(ch, ctx)).rejects.toBe(context.canceled);
    const selecting = select({ ch });
    ch.trySend(2);
    expect(await selecting).toMatchObject({ value: capacity > 0 ? 1 : 2 });
    await expect(mustReceive(chan<number>(), 42 as never)).rejects.toThrow(
      "chan: the context must be a Context, got 42",
    );
  });

  test("it waits in the same queue as all receives [C9] [C48]", async () => {
    const ch = chan<number>(capacity);
    const got = [follow(ch.receive()), follow(mustReceive(ch)), follow(ch.receive())];
    for (const n of [1, 2, 3]) ch.trySend(n);
    await settle();
    expect(got.map(({ value }) => value)).toEqual([1, 2, 3]);
  });
});

test("a value that is not a channel is refused [C48]", async () => {
  await expect(mustReceive(null as never)).rejects.toThrow(new TypeError("mustReceive: null is not a channel"));
  await expect(mustReceive({ receiveOk: () => [] } as never)).rejects.toThrow("mustReceive: Object is not a channel");
});

test("on the nil channel it waits [C48]", async () => {
  const waiting = follow(mustReceive(nilChan<number>()));
  await settle();
  expect(waiting.state).toBe("waits");
});

test("the panic names the line that received [C48]", async () => {
  async function receivesHere(): Promise<number> {
    const ch = chan<number>();
    setImmediate(() => ch.close());
    return await mustReceive(ch);
  }
  const error = await receivesHere().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PanicError);
  expect((error as PanicError).stack).toContain("receivesHere");
});
