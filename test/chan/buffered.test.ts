import { chan, go } from "gocsp";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

describe.each([1, 2, 3, 16])("capacity %i", (capacity) => {
  const numbers = Array.from({ length: capacity }, (_, i) => i);

  test("sends do not wait while there is room, the next one does [C5]", async () => {
    const ch = chan<number>(capacity);
    const sends = [...numbers, capacity].map((n) => follow(ch.send(n)));
    await settle();
    expect(sends.map(({ state }) => state)).toEqual([...numbers.map(() => "returned"), "waits"]);
    expect(await ch.receive()).toBe(0);
    await settle();
    expect(sends.at(-1)?.state).toBe("returned");
  });

  test("receives do not wait while there is a value, the next one does [C5]", async () => {
    const ch = chan<number>(capacity);
    for (const n of numbers) ch.trySend(n);
    const receives = [...numbers, capacity].map(() => follow(ch.receive()));
    await settle();
    expect(receives.map(({ value }) => value)).toEqual([...numbers, undefined]);
    expect(receives.at(-1)?.state).toBe("waits");
    await ch.send(capacity);
    await settle();
    expect(receives.at(-1)?.value).toBe(capacity);
  });

  test("a value goes straight to a parked receiver although the buffer has room [C7]", async () => {
    const ch = chan<string>(capacity);
    const receiver = follow(ch.receive());
    await ch.send("direct");
    expect(ch.length).toBe(0);
    expect(ch.tryReceive()).toBeUndefined();
    await settle();
    expect(receiver.value).toBe("direct");
  });

  test("more values than parked receivers: the receivers get the first ones, the buffer the others [C7]", async () => {
    const ch = chan<number>(capacity);
    const receives = [ch.receive(), ch.receive()];
    for (const n of [100, 101, ...numbers]) expect(ch.trySend(n)).toBe(true);
    expect(ch.trySend(-1)).toBe(false);
    expect(ch.length).toBe(capacity);
    expect(await Promise.all(receives)).toEqual([100, 101]);
    for (const n of numbers) expect(ch.tryReceive()?.value).toBe(n);
  });

  test("a receive from a full buffer moves the first parked sender's value up in the same step [C8]", async () => {
    const ch = chan<number>(capacity);
    for (const n of numbers) ch.trySend(n);
    const first = follow(ch.send(100));
    const second = follow(ch.send(101));
    await settle();
    expect(ch.tryReceive()).toEqual({ value: 0, ok: true });
    // No other goroutine has run since: the buffer must be full again, with the sender's value at its end.
    expect(ch.length).toBe(capacity);
    expect(ch.trySend(-1)).toBe(false);
    await settle();
    expect([first.state, second.state]).toEqual(["returned", "waits"]);
    const rest: (number | undefined)[] = [];
    for (let got = ch.tryReceive(); got !== undefined; got = ch.tryReceive()) rest.push(got.value);
    expect(rest).toEqual([...numbers.slice(1), 100, 101]);
    await settle();
    expect(second.state).toBe("returned");
  });

  test("a sender goes on ahead of the receiver that its value has woken, so that the buffer gets used [C49]", async () => {
    const ch = chan<number>(capacity);
    const found: number[] = [];
    go(async () => {
      for (let i = 0; i < 5 * capacity; i++) await ch.send(i);
      ch.close();
    });
    for await (const _ of ch) found.push(ch.length);
    expect(Math.max(...found)).toBeGreaterThan(0);
  });

  test("the ring keeps its order while it turns, half full and full [C3]", () => {
    const ch = chan<number>(capacity);
    let sent = 0;
    let received = 0;
    const bursts = [capacity, Math.ceil(capacity / 2), 1, capacity, capacity - 1, 1];
    for (let round = 0; round < 100; round++) {
      const burst = bursts[round % bursts.length] as number;
      for (let i = 0; i < burst; i++) if (ch.trySend(sent)) sent++;
      const drain = bursts[(round * 5 + 3) % bursts.length] as number;
      for (let i = 0; i < drain; i++) {
        const got = ch.tryReceive();
        if (got !== undefined) expect(got.value).toBe(received++);
      }
      expect(ch.length).toBe(sent - received);
    }
  });

  test("it is a counting semaphore: the k-th receive comes before send k+C completes [C43]", async () => {
    const limit = chan<void>(capacity);
    let inside = 0;
    let most = 0;
    const left = chan<void>();
    const workers = 3 * capacity + 1;
    for (let i = 0; i < workers; i++) {
      go(async () => {
        await limit.send();
        most = Math.max(most, ++inside);
        await settle();
        inside--;
        await limit.receive();
        await left.send();
      });
    }
    for (let i = 0; i < workers; i++) await left.receive();
    expect(most).toBe(capacity);
  });

  test("a buffer grown while its values wrap around loses none [C3]", () => {
    // The ring is grown on demand by doubling, so each length at which it doubles meets each position of its head.
    for (let offset = 0; offset < 20; offset++) {
      const ch = chan<number>(40);
      for (let i = 0; i < offset; i++) {
        ch.trySend(-1);
        ch.trySend(-1);
        ch.tryReceive();
        ch.tryReceive();
      }
      const values = Array.from({ length: 40 }, (_, i) => i);
      for (const n of values) expect(ch.trySend(n)).toBe(true);
      expect(values.map(() => ch.tryReceive()?.value)).toEqual(values);
    }
  });
});

test("a full buffer in one goroutine is no reason to wait for the other end [C5]", async () => {
  const ch = chan<number>(3);
  const log: string[] = [];
  for (let i = 0; i < 3; i++) await ch.send(i);
  log.push("3 sent and nobody has received");
  for (let i = 0; i < 3; i++) log.push(`received ${await ch.receive()}`);
  expect(log).toEqual(["3 sent and nobody has received", "received 0", "received 1", "received 2"]);
});
