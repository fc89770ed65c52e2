import { chan, context, type ContextLike, go, select, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const withCancel = (): ReturnType<typeof context.withCancel> => context.withCancel(context.background());
const sendOnClosed = expect.objectContaining({ name: "PanicError", message: "send on closed channel" });

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("an ended context is checked first, even if the operation could proceed [S27]", async () => {
    const [ctx, cancel] = withCancel();
    cancel();
    const ch = chan<number>(capacity);
    const parked = follow(ch.receive());
    await expect(ch.send(1, ctx)).rejects.toBe(context.canceled);
    ch.trySend(2);
    await expect(ch.receive(ctx)).rejects.toBe(context.canceled);
    await expect(ch.receiveOk(ctx)).rejects.toBe(context.canceled);
    await settle();
    expect(parked.value).toBe(2);
    ch.close();
    await expect(ch.send(1, ctx)).rejects.toBe(context.canceled);
    await expect(ch.receive(ctx)).rejects.toBe(context.canceled);
  });

  test("an ended context leaves a value where it is that could be received at once [S27] [Z6]", async () => {
    const [ctx, cancel] = withCancel();
    const ch = chan<number>(capacity);
    const looping = ch.range(ctx)[Symbol.asyncIterator]();
    cancel();
    const sending = follow(ch.send(1));
    await expect(ch.receive(ctx)).rejects.toBe(context.canceled);
    await expect(ch.receiveOk(ctx)).rejects.toBe(context.canceled);
    await expect(looping.next()).rejects.toBe(context.canceled);
    expect(ch.tryReceive()).toEqual({ value: 1, ok: true });
    await settle();
    expect(sending.state).toBe("returned");
  });

  test("a receive that gives up takes nothing, later or ever [S11] [Z6]", async () => {
    const [ctx, cancel] = withCancel();
    const ch = chan<number>(capacity);
    const receives = [follow(ch.receive(ctx)), follow(ch.receiveOk(ctx)), follow(ch.receive(ctx))];
    await settle();
    expect(receives.map(({ state }) => state)).toEqual(["waits", "waits", "waits"]);
    cancel();
    // No other goroutine has run since, but the withdrawn receive must not take this value.
    expect(ch.trySend(1)).toBe(capacity > 0);
    await settle();
    expect(receives.map(({ error }) => error)).toEqual([context.canceled, context.canceled, context.canceled]);
    expect(ch.tryReceive()).toEqual(capacity > 0 ? { value: 1, ok: true } : undefined);
  });

  test("a send that gives up sends nothing, later or ever [S11] [Z6]", async () => {
    const [ctx, cancel] = withCancel();
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const sends = [follow(ch.send(100, ctx)), follow(ch.send(101, ctx))];
    await settle();
    cancel();
    await settle();
    expect(sends.map(({ error }) => error)).toEqual([context.canceled, context.canceled]);
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()?.value).toBe(i);
    expect(ch.tryReceive()).toBeUndefined();
  });

  test("an operation that was served is served, also if the context ends before its goroutine runs [S23]", async () => {
    const [ctx, cancel] = withCancel();
    const ch = chan<number>(capacity);
    const receive = follow(ch.receive(ctx));
    ch.trySend(1);
    cancel();
    await settle();
    expect(receive).toEqual({ state: "returned", value: 1 });
    const [ctx2, cancel2] = withCancel();
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const send = follow(ch.send(capacity, ctx2));
    ch.tryReceive();
    cancel2();
    await settle();
    expect(send.state).toBe("returned");
  });

  test("an operation whose context ended has failed, also if a partner comes before its goroutine runs [S23]", async () => {
    const [ctx, cancel] = withCancel();
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const send = follow(ch.send(capacity, ctx));
    cancel();
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()?.value).toBe(i);
    expect(ch.tryReceive()).toBeUndefined();
    await settle();
    expect(send.error).toBe(context.canceled);
  });

  test("closing the channel wins over an end that comes later [C13] [C17]", async () => {
    const [ctx, cancel] = withCancel();
    const full = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) full.trySend(i);
    const send = follow(full.send(1, ctx));
    const empty = chan<number>(capacity);
    const receive = follow(empty.receiveOk(ctx));
    full.close();
    empty.close();
    cancel();
    await settle();
    expect(send.error).toEqual(sendOnClosed);
    expect(receive.value).toEqual([undefined, false]);
  });

  test("the error is err(), not the cause, and each operation throws the same one [S27]", async () => {
    const [ctx, cancel] = context.withCancelCause(context.background());
    const ch = chan<number>(capacity);
    const receive = follow(ch.receive(ctx));
    cancel(new Error("the cause"));
    await settle();
    expect(receive.error).toBe(context.canceled);
    await expect(ch.receive(ctx)).rejects.toBe(context.canceled);
  });

  test("a deadline ends it with its own error [S27]", async () => {
    const [ctx, cancel] = context.withTimeout(context.background(), 1 * time.millisecond);
    using _ = cancel;
    await expect(chan<number>(capacity).receive(ctx)).rejects.toBe(context.deadlineExceeded);
  });

  test("a deadline that has passed while the event loop was busy counts [S27]", async () => {
    const clock = {
      time: 0,
      now: () => clock.time,
      wall: () => clock.time,
      setTimeout: () => 0,
      clearTimeout: () => {},
    };
    using _ = attach({ clock });
    const [ctx, cancel] = context.withTimeout(context.background(), 1 * time.second);
    using _1 = cancel;
    const ch = chan<number>(1);
    ch.trySend(1);
    clock.time += 2 * time.second;
    await expect(ch.receive(ctx)).rejects.toBe(context.deadlineExceeded);
    expect(ch.length).toBe(1);
  });

  test("with a context that never ends it is the plain operation [S17]", async () => {
    const ch = chan<number>(capacity);
    go(() => ch.send(1, context.background()));
    expect(await ch.receive(context.background())).toBe(1);
    const receiving = ch.receiveOk(context.todo());
    ch.trySend(2);
    expect(await receiving).toEqual([2, true]);
  });
});

describe("a context of one's own", () => {
  test("anything with done and err serves; a nil channel means that it never ends", async () => {
    for (const nothing of [null, undefined]) {
      const ch = chan<number>();
      const receiving = ch.receive({ done: () => nothing, err: () => undefined });
      ch.trySend(1);
      expect(await receiving).toBe(1);
    }
  });

  test("its error is thrown when its channel closes", async () => {
    const done = chan<never>();
    const failure = new Error("my own end");
    const end: { error?: Error } = {};
    const ctx: ContextLike = { done: () => done, err: () => end.error };
    const receive = follow(chan<number>().receive(ctx));
    end.error = failure;
    done.close();
    await settle();
    expect(receive.error).toBe(failure);
  });

  test("its error counts although it has no channel that could tell, or none that is closed [S27]", async () => {
    const why = new Error("over");
    for (const done of [null, chan<never>()]) {
      const ended: ContextLike = { err: () => why, done: () => done };
      const ch = chan<number>(1);
      ch.trySend(1);
      await expect(ch.receive(ended)).rejects.toBe(why);
      await expect(chan<number>(1).send(1, ended)).rejects.toBe(why);
      expect(ch.length).toBe(1);
    }
  });

  test("err() may say null for no error", async () => {
    const ch = chan<number>();
    const receiving = ch.receive({ done: () => null, err: () => null });
    ch.trySend(1);
    expect(await receiving).toBe(1);
  });

  test("it may close the channel, or fill it, while it is asked [S16]", async () => {
    const closing = chan<number>();
    expect(await closing.receiveOk({ done: () => (closing.close(), null), err: () => undefined })).toEqual([
      undefined,
      false,
    ]);
    const filling = chan<number>(1);
    expect(await filling.receive({ done: () => (filling.trySend(7), null), err: () => undefined })).toBe(7);
    const failing = chan<number>();
    await expect(failing.send(1, { done: () => (failing.close(), null), err: () => undefined })).rejects.toEqual(
      sendOnClosed,
    );
  });

  test("it may end while it is asked for its channel", async () => {
    const failure = new Error("ended meanwhile");
    const end: { error?: Error } = {};
    const done = chan<never>();
    const ctx: ContextLike = {
      done: () => {
        end.error = failure;
        done.close();
        return done;
      },
      err: () => end.error,
    };
    const ch = chan<number>(1);
    ch.trySend(1);
    await expect(ch.receive(ctx)).rejects.toBe(failure);
    expect(ch.length).toBe(1);
  });

  test("an end without an error is its mistake, and is named as Go names it", async () => {
    const done = chan<never>();
    const ctx: ContextLike = { done: () => done, err: () => undefined };
    const receive = follow(chan<number>().receive(ctx));
    done.close();
    await settle();
    const mistake = expect.objectContaining({ message: "context: internal error: missing cancel error" });
    expect(receive.error).toEqual(mistake);
    await expect(chan<number>(1).send(1, ctx)).rejects.toEqual(mistake);
  });

  test("its channel may be the very one that is received from", async () => {
    const ch = chan<never>();
    const receive = follow(ch.receiveOk({ done: () => ch, err: () => new Error("ended") }));
    ch.close();
    await settle();
    expect(receive.state).not.toBe("waits");
  });

  test("what it throws is what the operation throws", async () => {
    const ch = chan<number>(1);
    const failure = new Error("broken context");
    const fails = (): never => {
      throw failure;
    };
    await expect(ch.receive({ done: fails, err: () => undefined })).rejects.toBe(failure);
    await expect(ch.send(1, { done: () => null, err: fails })).rejects.toBe(failure);
    expect(ch.length).toBe(0);
  });

  test.each([null, 1, {}, { done: (): null => null }, { err: (): null => null }, "ctx"])(
    "%o is refused by name, and nothing is sent",
    async (ctx) => {
      const ch = chan<number>(1);
      await expect(ch.send(1, ctx as never)).rejects.toThrow(/the context must be a Context/);
      await expect(ch.receive(ctx as never)).rejects.toThrow(TypeError);
      expect(ch.length).toBe(0);
    },
  );
});

test("an idle context has nothing left on it after many operations that ended otherwise [C36]", async () => {
  const [ctx, cancel] = withCancel();
  const ch = chan<number>();
  for (let i = 0; i < 10_000; i++) {
    const receiving = ch.receive(ctx);
    ch.trySend(i);
    expect(await receiving).toBe(i);
  }
  const log: string[] = [];
  go(async () => void log.push((await select({ ch, done: ctx.done() })).case));
  await settle();
  cancel();
  await settle();
  expect(log).toEqual(["done"]);
  expect(ch.trySend(0)).toBe(false);
});
