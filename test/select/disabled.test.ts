import { chan, type Chan, go, nilChan, select, send, type SendChan } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const disabled = {
  null: null,
  undefined,
  false: false,
  nil: nilChan<number>(),
  sendNull: send<number>(null, 1),
  sendUndefined: send<number>(undefined, 1),
  sendNil: send(nilChan<number>(), 1),
} as const;

test("a send on a nil channel, in whichever form, has no channel [S7]", () => {
  const sends = [disabled.sendNull, disabled.sendUndefined, disabled.sendNil];
  expect(sends.map(({ channel }) => channel)).toEqual([undefined, undefined, undefined]);
});

test("no cases at all: it never returns [S7]", async () => {
  const selecting = follow(select({}));
  await settle();
  await settle();
  expect(selecting.state).toBe("waits");
});

test("only cases on nil channels: it never returns [S7]", async () => {
  const selecting = Object.entries(disabled).map(([name, given]) => follow(select({ [name]: given })));
  selecting.push(follow(select(disabled)));
  await settle();
  expect(selecting.map(({ state }) => state)).toEqual(selecting.map(() => "waits"));
});

test("only cases on nil channels and default: default is taken [S7]", async () => {
  expect((await select({ ...disabled, default: true })).case).toBe("default");
});

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test.each(Object.entries(disabled))(
    "a case that is %s is never ready and disturbs no other [S7]",
    async (_, given) => {
      const ch = chan<number>(capacity);
      go(() => ch.send(7));
      expect(await select({ first: given, ch, last: given })).toEqual({ case: "ch", value: 7, ok: true });
      const parked = select({ first: given, ch, last: given });
      ch.trySend(8);
      expect((await parked).value).toBe(8);
    },
  );

  test("setting a variable to nil disables its case from the next select on, not in the one that waits [S8]", async () => {
    let ch: Chan<number> | null = chan<number>(capacity);
    const same = ch;
    const selecting = select({ ch });
    ch = null;
    same.trySend(1);
    expect(await selecting).toEqual({ case: "ch", value: 1, ok: true });
    expect((await select({ ch, default: true })).case).toBe("default");
  });

  test("a loop over two channels sets each to nil as it closes, and ends with both [S8] [S9]", async () => {
    let a: Chan<number> | null = chan<number>(capacity);
    let b: Chan<number> | null = chan<number>(capacity);
    for (const [ch, from] of [
      [a, 0],
      [b, 100],
    ] as const) {
      go(async () => {
        for (let i = 0; i < 10; i++) await ch.send(from + i);
        ch.close();
      });
    }
    const seen: number[] = [];
    while (a !== null || b !== null) {
      const op: { case: string; value: number | undefined; ok: boolean } = await select({ a, b });
      if (op.ok) seen.push(op.value as number);
      else if (op.case === "a") a = null;
      else b = null;
    }
    expect(seen.filter((n) => n < 100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seen.filter((n) => n >= 100)).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);
  });

  test("a send case is enabled only while there is something to send [S8]", async () => {
    const input = chan<number>(capacity);
    const output = chan<number>(capacity);
    go(async () => {
      const pending: number[] = [];
      let more: Chan<number> | null = input;
      while (more !== null || pending.length > 0) {
        const out: SendChan<number> | null = pending.length > 0 ? output : null;
        const op: { case: string; value: number | undefined; ok: boolean } = await select({
          more,
          sent: send(out, pending[0] as number),
        });
        if (op.case === "sent") pending.shift();
        else if (op.ok) pending.push(op.value as number);
        else more = null;
      }
      output.close();
    });
    // The pump has no limit, so nothing here waits for the reader.
    for (let i = 0; i < 50; i++) await input.send(i);
    input.close();
    const seen: number[] = [];
    for await (const n of output) seen.push(n);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});
