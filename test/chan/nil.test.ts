import { type Chan, chan, context, go, nilChan, PanicError, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

test("sends, receives and ranges on the nil channel never return [C11]", async () => {
  const nil = nilChan<number>();
  const waiting = [
    follow(nil.send(1)),
    follow(nil.receive()),
    follow(nil.receiveOk()),
    follow(nil[Symbol.asyncIterator]().next()),
    follow(nil.send(1, context.background())),
    follow(nil.receive(context.background())),
    follow(nil.receiveOk(context.background())),
    follow(nil.range(context.background())[Symbol.asyncIterator]().next()),
  ];
  await settle();
  await settle();
  expect(waiting.map(({ state }) => state)).toEqual(waiting.map(() => "waits"));
});

test("a sender and a receiver on the nil channel never meet [C11]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const log: string[] = [];
  go(async () => {
    await nilChan<number>()
      .send(1, ctx)
      .catch((error: Error) => log.push(`send: ${error.message}`));
  });
  go(async () => {
    await nilChan<number>()
      .receive(ctx)
      .catch((error: Error) => log.push(`receive: ${error.message}`));
  });
  go(async () => {
    try {
      for await (const n of nilChan<number>().range(ctx)) log.push(`got ${n}`);
    } catch (error) {
      log.push(`range: ${(error as Error).message}`);
    }
  });
  await settle();
  expect(log).toEqual([]);
  cancel();
  await settle();
  expect(log.sort()).toEqual(["range: context canceled", "receive: context canceled", "send: context canceled"]);
});

test("with a context that has ended they give up at once [C11]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  cancel();
  await expect(nilChan<number>().send(1, ctx)).rejects.toBe(context.canceled);
  await expect(nilChan<number>().receive(ctx)).rejects.toBe(context.canceled);
  await expect(nilChan<number>().receiveOk(ctx)).rejects.toBe(context.canceled);
});

test("operations that must not wait do nothing on the nil channel [C11]", () => {
  expect(nilChan<number>().trySend(1)).toBe(false);
  expect(nilChan<number>().tryReceive()).toBeUndefined();
});

test("closing the nil channel panics [C14]", () => {
  const close = (): void => nilChan<number>().close();
  expect(close).toThrow(PanicError);
  expect(close).toThrow("close of nil channel");
});

test("there is one nil channel, equal to itself and to no other [C21]", () => {
  expect(nilChan<number>()).toBe(nilChan<string>());
  expect(nilChan<number>()).not.toBe(chan<number>());
});

describe("in a select", () => {
  const [nothing, missing] = [null, undefined] as (Chan<number> | null | undefined)[];

  test("its cases are never ready [C11] [S7]", async () => {
    const cases = {
      nothing,
      missing,
      nil: nilChan<number>(),
      a: send(nilChan(), 1),
      b: send(nothing, 1),
      default: true,
    };
    expect(await select(cases as { nil: Chan<number>; default: true })).toEqual({
      case: "default",
      value: undefined,
      ok: false,
    });
  });

  test("the others go on without it [C11] [S7]", async () => {
    const ch = chan<number>();
    const selecting = select({ nothing, missing, nil: nilChan<number>(), a: send(missing, 1), ch });
    await ch.send(7);
    expect(await selecting).toEqual({ case: "ch", value: 7, ok: true });
  });
});

test("nil is an ordinary element: a channel of channels delivers it [C30]", async () => {
  const ch = chan<Chan<number> | null>(2);
  await ch.send(nilChan());
  await ch.send(null);
  expect(await ch.receive()).toBe(nilChan());
  expect(await ch.receiveOk()).toEqual([null, true]);
});
