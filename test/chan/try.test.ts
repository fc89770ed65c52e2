import { chan, go, select } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("trySend succeeds exactly as long as there is room [C5]", () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) expect(ch.trySend(i)).toBe(true);
    expect(ch.trySend(capacity)).toBe(false);
    expect(ch.length).toBe(capacity);
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()).toEqual({ value: i, ok: true });
    expect(ch.tryReceive()).toBeUndefined();
  });

  test("trySend serves a parked receiver, tryReceive a parked sender [C5] [C7]", async () => {
    const ch = chan<number>(capacity);
    const receiver = follow(ch.receive());
    expect(ch.trySend(1)).toBe(true);
    await settle();
    expect(receiver.value).toBe(1);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const sender = follow(ch.send(capacity));
    for (let i = 0; i <= capacity; i++) expect(ch.tryReceive()).toEqual({ value: i, ok: true });
    await settle();
    expect(sender.state).toBe("returned");
    expect(ch.tryReceive()).toBeUndefined();
  });

  test("tryReceive on a closed channel never reports that it would wait [C15] [C31]", () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    ch.close();
    for (let i = 0; i < capacity; i++) expect(ch.tryReceive()).toEqual({ value: i, ok: true });
    for (let i = 0; i < 3; i++) expect(ch.tryReceive()).toEqual({ value: undefined, ok: false });
  });

  test("trySend and tryReceive never meet each other [C5]", () => {
    const ch = chan<number>(capacity);
    if (capacity === 0) {
      expect([ch.trySend(1), ch.tryReceive()]).toEqual([false, undefined]);
    } else {
      expect([ch.trySend(1), ch.tryReceive()]).toEqual([true, { value: 1, ok: true }]);
    }
  });

  // In Go: a sender puts a value and closes at once; a receive with default must see the value or the close.
  test("a receive that must not wait sees either the value or the close, never nothing [C31]", async () => {
    for (let i = 0; i < 1000; i++) {
      const ch = chan<number>(1);
      const c = chan<void>();
      go(async () => {
        ch.trySend(1);
        ch.close();
        await c.receive();
      });
      await c.send();
      const op = await select({ ch, default: true });
      expect(op).toEqual({ case: "ch", value: 1, ok: true });
      expect(await select({ ch, default: true })).toEqual({ case: "ch", value: undefined, ok: false });
    }
  });

  test("a loop that tries first and waits then loses and repeats nothing [C4]", async () => {
    const ch = chan<number>(capacity);
    go(async () => {
      for (let i = 0; i < 1000; i++) if (!ch.trySend(i)) await ch.send(i);
      ch.close();
    });
    const seen: number[] = [];
    for (;;) {
      const got = ch.tryReceive();
      const [value, ok] = got === undefined ? await ch.receiveOk() : [got.value, got.ok];
      if (!ok) break;
      seen.push(value as number);
    }
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });
});
