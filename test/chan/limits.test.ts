import { chan, nilChan, PanicError, select, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const impossible: unknown[] = [-1, -0.5, 0.5, NaN, Infinity, -Infinity, 2 ** 32, 2 ** 53, 1e300, "8", null, 8n, {}, []];

describe("making", () => {
  test.each(impossible)("a channel of size %o cannot be made [C2]", (size) => {
    let thrown: unknown;
    try {
      chan(size as number);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(PanicError);
    expect((thrown as Error).message).toBe("makechan: size out of range");
  });

  test.each([0, 1, 2, 3, 1000, 2 ** 31, 2 ** 32 - 1])(
    "a channel of size %i takes no memory beforehand [C2]",
    (size) => {
      const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
      const ch = chan<number>(size);
      expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
      expect(ch.capacity).toBe(size);
      expect(ch.length).toBe(0);
    },
  );

  test("without a size, and with undefined or minus zero, it is unbuffered [C1] [C2]", () => {
    for (const ch of [chan(), chan(undefined), chan(-0)]) {
      expect(ch.capacity).toBe(0);
      expect(ch.trySend(1)).toBe(false);
    }
  });
});

describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("length counts what is buffered, capacity never changes [C1]", async () => {
    const ch = chan<number>(capacity);
    const seen: [length: number, capacity: number][] = [];
    const look = (): unknown => seen.push([ch.length, ch.capacity]);
    const expected: [length: number, capacity: number][] = [];
    look();
    expected.push([0, capacity]);
    for (let i = 1; i <= capacity; i++) {
      await ch.send(i);
      look();
      expected.push([i, capacity]);
    }
    for (let i = capacity - 1; i >= 0; i--) {
      await ch.receive();
      look();
      expected.push([i, capacity]);
    }
    expect(seen).toEqual(expected);
  });

  test("parked senders do not count as length, nor do parked receivers [C1]", async () => {
    const ch = chan<number>(capacity);
    for (let i = 0; i < capacity; i++) ch.trySend(i);
    const sends = [ch.send(100), ch.send(101), ch.send(102)];
    expect(ch.length).toBe(capacity);
    for (let i = 0; i < capacity + 3; i++) await ch.receive();
    await Promise.all(sends);
    const receives = [ch.receive(), ch.receive()];
    expect(ch.length).toBe(0);
    ch.close();
    expect(await Promise.all(receives)).toEqual([undefined, undefined]);
    expect([ch.length, ch.capacity]).toEqual([0, capacity]);
  });

  test("the number of operations parked on one channel has no limit [C46]", { timeout: 60_000 }, async () => {
    const count = 100_000;
    const numbers = Array.from({ length: count }, (_, i) => i);
    const ch = chan<number>(capacity);
    const receives = numbers.map(() => ch.receive());
    expect(numbers.every((n) => ch.trySend(n))).toBe(true);
    expect(await Promise.all(receives)).toEqual(numbers);
    for (let i = 0; i < capacity; i++) ch.trySend(-1);
    const sends = numbers.map((n) => ch.send(n));
    for (let i = 0; i < capacity; i++) ch.tryReceive();
    expect(numbers.every((n) => ch.tryReceive()?.value === n)).toBe(true);
    await Promise.all(sends);
  });

  test("a channel of void works like any other [C29]", async () => {
    const ch = chan<void>(capacity);
    const sent = Promise.all([ch.send(), ch.send(), ch.send()]);
    for (let i = 0; i < 3; i++) expect(await ch.receiveOk()).toEqual([undefined, true]);
    await sent;
    ch.close();
    expect(await ch.receiveOk()).toEqual([undefined, false]);
  });
});

test("the nil channel has neither length nor capacity [C1]", () => {
  expect([nilChan().length, nilChan().capacity]).toEqual([0, 0]);
});

test("a timer's channel shows no buffer, even when its value is waiting [C38]", async () => {
  const { c } = time.newTimer(-1);
  const seen = [[c.length, c.capacity]];
  // A select that takes the other case looks at the channel too: from here on the value is in it.
  using _ = attach({ choose: () => 1 });
  const other = chan<void>();
  other.close();
  expect((await select({ c, other })).case).toBe("other");
  seen.push([c.length, c.capacity]);
  expect(c.tryReceive()?.value).toBeInstanceOf(Date);
  seen.push([c.length, c.capacity]);
  expect(seen).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
