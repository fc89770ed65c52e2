import { chan, type Chan, select, send } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow, type Outcome } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

// A plain operation and the select with one case, as functions of the same kind, and what they come to.
const receives: Record<string, (ch: Chan<number>) => Promise<readonly [number | undefined, boolean]>> = {
  plain: (ch) => ch.receiveOk(),
  select: async (ch) => {
    const op = await select({ ch });
    return [op.value, op.ok];
  },
};
const sends: Record<string, (ch: Chan<number>, n: number) => Promise<unknown>> = {
  plain: (ch, n) => ch.send(n),
  select: (ch, n) => select({ sent: send(ch, n) }),
};

async function summary(outcome: Outcome<unknown>): Promise<string> {
  await settle();
  return outcome.state === "threw" ? (outcome.error as Error).message : outcome.state;
}

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test.each(Object.entries(receives))("receiving: %s [S17]", async (_, receive) => {
    const ch = chan<number>(capacity);
    const parked = follow(receive(ch));
    expect(await summary(parked)).toBe("waits");
    ch.trySend(1);
    expect(await summary(parked)).toBe("returned");
    expect(parked.value).toEqual([1, true]);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const sender = follow(ch.send(capacity));
    for (let i = 0; i <= capacity; i++) expect(await receive(ch)).toEqual([i, true]);
    expect(await summary(sender)).toBe("returned");
    const atClose = follow(receive(ch));
    ch.close();
    expect(await summary(atClose)).toBe("returned");
    expect(atClose.value).toEqual([undefined, false]);
    expect(await receive(ch)).toEqual([undefined, false]);
  });

  test.each(Object.entries(sends))("sending: %s [S17]", async (_, operation) => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) expect(await summary(follow(operation(ch, i)))).toBe("returned");
    const parked = follow(operation(ch, capacity));
    expect(await summary(parked)).toBe("waits");
    for (let i = 0; i <= capacity; i++) expect(ch.tryReceive()?.value).toBe(i);
    expect(await summary(parked)).toBe("returned");
    const receiver = follow(ch.receive());
    expect(await summary(follow(operation(ch, 7)))).toBe("returned");
    expect(receiver.value).toBe(7);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const atClose = follow(operation(ch, 8));
    ch.close();
    expect(await summary(atClose)).toBe("send on closed channel");
    expect(await summary(follow(operation(ch, 9)))).toBe("send on closed channel");
    expect(ch.length).toBe(capacity);
  });
});
