import { inspect } from "node:util";
import { chan, type Chan, context, go, nilChan, select, send } from "gocsp";
import { selector } from "gocsp/select";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { StandingClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("built once, used many times, ready or waiting [S5] [S11]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    const turn = selector({ a, b });
    for (let i = 0; i < 100; i++) {
      const selecting = turn.select();
      (i % 3 === 0 ? a : b).trySend(i);
      expect(await selecting).toEqual({ case: i % 3 === 0 ? "a" : "b", value: i, ok: true });
      const sending = (i % 2 === 0 ? a : b).send(i);
      expect(await turn.select()).toEqual({ case: i % 2 === 0 ? "a" : "b", value: i, ok: true });
      await sending;
    }
    expect([a.tryReceive(), b.tryReceive()]).toEqual([undefined, undefined]);
  });

  test("trySelect proceeds or returns undefined, and takes the default if there is one [S5] [S6]", () => {
    const ch = chan<number>(capacity);
    const turn = selector({ ch });
    expect(turn.trySelect()).toBeUndefined();
    expect(ch.trySend(1)).toBe(capacity > 0);
    if (capacity > 0) expect(turn.trySelect()).toEqual({ case: "ch", value: 1, ok: true });
    ch.close();
    expect(turn.trySelect()).toEqual({ case: "ch", value: undefined, ok: false });
    expect(selector({ never: chan(), default: true }).trySelect()).toEqual({
      case: "default",
      value: undefined,
      ok: false,
    });
  });

  test("trySelect leaves nothing in the queues [S11]", () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    for (let i = 0; i < capacity; i++) b.trySend(i);
    const turn = selector({ a, sent: send(b, 100) });
    for (let i = 0; i < 10; i++) expect(turn.trySelect()).toBeUndefined();
    expect(a.trySend(1)).toBe(capacity > 0);
    for (let i = 0; i < capacity; i++) expect(b.tryReceive()?.value).toBe(i);
    expect(b.tryReceive()).toBeUndefined();
  });

  test("a send case sends the value that it has at each use [S1]", async () => {
    const ch = chan<number>(capacity);
    const quit = chan<void>();
    const sent = send(ch, 0);
    const turn = selector({ quit, sent });
    go(async () => {
      for (let n = 1; ; n++) {
        sent.value = n;
        const op = turn.trySelect() ?? (await turn.select());
        if (op.case === "quit") return;
      }
    });
    for (let n = 1; n <= 50; n++) expect(await ch.receive()).toBe(n);
    quit.close();
  });

  test("changing the value of a send case does not reach a select that waits [S1]", async () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(-1);
    const sent = send(ch, 1);
    const selecting = selector({ sent }).select();
    sent.value = 2;
    for (let i = 0; i < capacity; i++) ch.tryReceive();
    expect(ch.tryReceive()?.value).toBe(1);
    await selecting;
  });

  test("set replaces a case from the next use on, and disables it with nothing [S8]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    const turn = selector({ ch: a, other: nilChan<number>() });
    turn.set("ch", b);
    const selecting = turn.select();
    expect(a.trySend(1)).toBe(capacity > 0);
    b.trySend(2);
    expect((await selecting).value).toBe(2);
    for (const nothing of [null, undefined, false] as const) {
      turn.set("ch", nothing);
      expect(turn.trySelect()).toBeUndefined();
    }
    turn.set("ch", a);
    expect(turn.trySelect()?.value).toBe(capacity > 0 ? 1 : undefined);
  });

  test("a loop over closing channels switches each off by set [S8] [S9]", async () => {
    const chans = { a: chan<number>(capacity), b: chan<number>(capacity) };
    for (const ch of Object.values(chans)) {
      go(async () => {
        for (let i = 0; i < 10; i++) await ch.send(i);
        ch.close();
      });
    }
    const turn = selector(chans);
    const seen: Record<string, number[]> = { a: [], b: [] };
    for (let open = 2; open > 0;) {
      const op = await turn.select();
      if (op.ok) seen[op.case]?.push(op.value);
      else {
        turn.set(op.case, null);
        open--;
      }
    }
    expect(seen).toEqual({ a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], b: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
  });

  test("two reusable selects meet, and none meets itself [S13] [S18]", async () => {
    const ch = chan<number>(capacity);
    const [sent, got] = [selector({ sent: send(ch, 7), never: chan() }), selector({ got: ch, never: chan() })];
    for (let i = 0; i < 10; i++) {
      const both = i % 2 === 0 ? [sent.select(), got.select()] : [got.select(), sent.select()].reverse();
      expect((await Promise.all(both)).map((op) => op.case).sort()).toEqual(["got", "sent"]);
    }
    if (capacity > 0) return;
    const self = selector({ sent: send(ch, 1), got: ch });
    expect(self.trySelect()).toBeUndefined();
    const alone = follow(self.select());
    await settle();
    expect(alone.state).toBe("waits");
    expect(ch.tryReceive()?.value).toBe(1);
  });

  test("it can be used again after a panic, ready or waiting [S9] [C13]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    for (let i = 0; i < capacity; i++) a.trySend(i);
    const turn = selector({ sent: send(a, 1), b });
    const waiting = follow(turn.select());
    a.close();
    await settle();
    expect(waiting.state).toBe("threw");
    await expect(turn.select()).rejects.toThrow("send on closed channel");
    expect(() => turn.trySelect()).toThrow("send on closed channel");
    turn.set("sent", null);
    const again = turn.select();
    b.trySend(7);
    expect(await again).toEqual({ case: "b", value: 7, ok: true });
  });
});

test("one goroutine at a time: a second use while one waits is refused and disturbs nothing", async () => {
  const ch = chan<number>();
  const turn = selector({ ch });
  const waiting = turn.select();
  await expect(turn.select()).rejects.toThrow("selector: select was called while another call waits");
  expect(() => turn.trySelect()).toThrow("selector: trySelect was called while another call waits");
  expect(() => turn.set("ch", null)).toThrow("selector: set was called while a call waits");
  ch.trySend(1);
  expect((await waiting).value).toBe(1);
  const next = turn.select();
  ch.trySend(2);
  expect((await next).value).toBe(2);
});

test("set refuses an unknown name and a value that is not a case", () => {
  const turn = selector({ ch: chan<number>() });
  expect(() => turn.set("other" as "ch", null)).toThrow(new TypeError('selector: there is no case "other"'));
  expect(() => turn.set("" as "ch", null)).toThrow(new TypeError('selector: there is no case ""'));
  expect(() => turn.set("ch", 42 as never)).toThrow(TypeError);
});

test("a case that set has refused leaves the one before as it was", async () => {
  const ch = chan<number>(1);
  const sent = chan<number>(1);
  const turn = selector({ ch, sent: send(sent, 5), default: true });
  for (const wrong of [42, true, {}]) expect(() => turn.set("ch", wrong as never)).toThrow(TypeError);
  expect(() => turn.set("sent", "x" as never)).toThrow(TypeError);
  expect(() => turn.set("default", ch as never)).toThrow(TypeError);
  expect(await turn.select()).toEqual({ case: "sent", value: undefined, ok: true });
  ch.trySend(1);
  expect(await turn.select()).toEqual({ case: "ch", value: 1, ok: true });
  expect((await turn.select()).case).toBe("default");
});

test("a use from within its own look at a deadline is the one that waits, and the outer one is refused", async () => {
  const clock = new StandingClock({ lazy: true });
  using _ = attach({ clock });
  const ch = chan<number>();
  const [ctx] = context.withTimeout(context.background(), 1);
  const turn = selector({ ch, done: ctx.done() });
  let inner: Promise<unknown> | undefined;
  context.signal(ctx).addEventListener("abort", () => {
    turn.set("done", null);
    inner = turn.select();
  });
  clock.advance(2);
  await expect(turn.select()).rejects.toThrow("selector: select was called while another call waits");
  expect(ch.trySend(7)).toBe(true);
  expect(await inner).toEqual({ case: "ch", value: 7, ok: true });
  expect(ch.trySend(8)).toBe(false);
});

test("a second use is refused while one waits, also when a deadline has passed unnoticed", async () => {
  const clock = new StandingClock({ lazy: true });
  using _ = attach({ clock });
  const ch = chan<number>();
  const [ctx] = context.withTimeout(context.background(), 1);
  const turn = selector({ ch, done: ctx.done() });
  const waiting = follow(turn.select());
  clock.advance(2);
  await expect(turn.select()).rejects.toThrow("selector: select was called while another call waits");
  expect(() => turn.trySelect()).toThrow("selector: trySelect was called while another call waits");
  expect(ch.trySend(7)).toBe(true);
  await settle();
  expect(waiting.value).toEqual({ case: "ch", value: 7, ok: true });
  expect((await turn.select()).case).toBe("done");
});

test("it does what the plain select does, in the same order of the queue [C9] [S18]", async () => {
  const [ch, never] = [chan<number>(), chan<number>()];
  const wait: (() => Promise<number | undefined>)[] = [
    () => ch.receive(),
    async () => (await select({ ch, never })).value,
    async () => (await selector({ ch, never }).select()).value,
  ];
  const waiting = Array.from({ length: 9 }, (_, i) => follow(wait[i % 3]?.() ?? Promise.reject(new Error())));
  for (let i = 0; i < 9; i++) ch.trySend(i);
  await settle();
  expect(waiting.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("it prints as the names of its cases, in logs and in JSON [S31]", () => {
  const turn = selector({ a: chan<number>(), default: false, ["two words"]: null });
  const text = "Selector(a, default, two words)";
  expect([inspect(turn), JSON.stringify(turn)]).toEqual([text, JSON.stringify(text)]);
});

test("it works in a loop with a context, and ends with it [S27]", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const ch: Chan<number> = chan<number>(1);
  const log: string[] = [];
  go(async () => {
    const turn = selector({ ch, done: ctx.done() });
    for (;;) {
      const op = turn.trySelect() ?? (await turn.select());
      log.push(op.case);
      if (op.case === "done") return;
    }
  });
  for (let i = 0; i < 3; i++) await ch.send(i);
  await settle();
  cancel();
  await settle();
  expect(log).toEqual(["ch", "ch", "ch", "done"]);
});

test("its default can be switched off and on [S5]", async () => {
  const ch = chan<number>();
  const turn = selector({ ch, default: true });
  expect((await turn.select()).case).toBe("default");
  turn.set("default", false);
  expect(turn.trySelect()).toBeUndefined();
  const selecting = follow(turn.select());
  await settle();
  expect(selecting.state).toBe("waits");
  expect(ch.trySend(1)).toBe(true);
  await settle();
  expect(selecting.value).toEqual({ case: "ch", value: 1, ok: true });
  turn.set("default", true);
  expect((await turn.select()).case).toBe("default");
});
