import { chan, type Chan, go, PanicError, select, send } from "gocsp";
import { attach, seed } from "gocsp/runtime";
import { selector } from "gocsp/select";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const sendOnClosed = expect.objectContaining({ name: "PanicError", message: "send on closed channel" });

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  const closed = (): Chan<number> => {
    const ch = chan<number>(capacity);
    ch.close();
    return ch;
  };

  test("a closed channel's receive case stays ready, with ok false [S9]", async () => {
    const [ch, never] = [closed(), chan<number>()];
    for (let i = 0; i < 3; i++)
      expect(await select({ never, ch })).toEqual({ case: "ch", value: undefined, ok: false });
  });

  test("buffered values come first [S9] [C15]", async () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    ch.close();
    for (let i = 0; i < capacity; i++) expect(await select({ ch })).toEqual({ case: "ch", value: i, ok: true });
    expect(await select({ ch })).toEqual({ case: "ch", value: undefined, ok: false });
  });

  test("a send case on a closed channel panics, also when there is a default [S9]", async () => {
    const ch = closed();
    await expect(select({ sent: send(ch, 1) })).rejects.toEqual(sendOnClosed);
    await expect(select({ sent: send(ch, 1), default: true })).rejects.toEqual(sendOnClosed);
    await expect(select({ sent: send(ch, 1), never: chan() })).rejects.toBeInstanceOf(PanicError);
    expect(() => selector({ sent: send(ch, 1), default: true }).trySelect()).toThrow(sendOnClosed);
    await expect(selector({ sent: send(ch, 1) }).select()).rejects.toEqual(sendOnClosed);
  });

  test("with another ready case it panics in some of the turns and leaves the other case alone then [S10]", async () => {
    seed(7);
    const [ch, other] = [closed(), chan<number>(1)];
    other.trySend(1);
    let panics = 0;
    for (let i = 0; i < 200; i++) {
      const outcome = await select({ sent: send(ch, 1), other }).catch(() => "panic");
      if (outcome === "panic") {
        panics++;
        expect(other.length).toBe(1);
      } else {
        other.trySend(1);
      }
    }
    expect(panics).toBeGreaterThan(50);
    expect(panics).toBeLessThan(150);
  });

  test("receive and send on the same closed channel: either is chosen [S10]", async () => {
    const ch = closed();
    const outcomes: unknown[] = [];
    for (const answer of [0, 1]) {
      using _ = attach({ choose: () => answer });
      outcomes.push(await select({ got: ch, sent: send(ch, 1) }).catch((error: Error) => error.message));
    }
    expect(outcomes).toEqual([{ case: "got", value: undefined, ok: false }, "send on closed channel"]);
  });

  test("a parked select is woken by a close: its receive case is chosen [C17] [S9]", async () => {
    const [a, b] = [chan<number>(capacity), chan<number>(capacity)];
    const selecting = select({ a, b });
    b.close();
    expect(await selecting).toEqual({ case: "b", value: undefined, ok: false });
    expect(a.trySend(1)).toBe(capacity > 0);
  });

  test("a parked select panics when the channel of its send case closes, and leaves the others [C13] [S9]", async () => {
    const [full, other] = [chan<number>(capacity), chan<number>(capacity)];
    for (let i = 0; i < capacity; i++) full.trySend(i);
    const selecting = follow(select({ sent: send(full, 1), other }));
    full.close();
    expect(other.trySend(7)).toBe(capacity > 0);
    await settle();
    expect(selecting.error).toEqual(sendOnClosed);
    expect(full.length).toBe(capacity);
  });

  test("a select that panicked can be followed by another: nothing is left over [S9]", async () => {
    const [ch, other] = [closed(), chan<number>(capacity)];
    for (let i = 0; i < 100; i++) {
      await expect(select({ sent: send(ch, i) })).rejects.toEqual(sendOnClosed);
      const selecting = select({ other, again: other });
      other.trySend(i);
      expect((await selecting).value).toBe(i);
    }
  });
});

test("a panic of a select reaches only the goroutine that selects [S9] [C13]", async () => {
  const ch = chan<number>();
  const log: string[] = [];
  for (const name of ["sender", "selector"]) {
    go(async () => {
      try {
        await (name === "sender" ? ch.send(1) : select({ sent: send(ch, 1), never: chan() }));
      } catch (error) {
        log.push(`${name}: ${(error as Error).message}`);
      }
    });
  }
  await settle();
  ch.close();
  log.push("closed");
  await settle();
  expect(log).toEqual(["closed", "sender: send on closed channel", "selector: send on closed channel"]);
});
