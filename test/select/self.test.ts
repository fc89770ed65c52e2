import { type Cases, chan, type Chan, go, select, send } from "gocsp";
import { seed } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const both = (ch: Chan<number>, n: number): Promise<{ case: string; value: number | undefined }> =>
  select({ sent: send(ch, n), got: ch });

test("a select that sends and receives on one unbuffered channel does not meet itself [S13]", async () => {
  for (const cases of [
    (ch: Chan<number>) => ({ sent: send(ch, 1), got: ch }),
    (ch: Chan<number>) => ({ got: ch, sent: send(ch, 1) }),
    (ch: Chan<number>) => ({ a: ch, b: send(ch, 1), c: ch, d: send(ch, 2) }),
  ]) {
    const ch = chan<number>();
    const alone = follow<{ value: number | undefined }>(select<Cases>(cases(ch)) as never);
    await settle();
    expect(alone.state).toBe("waits");
    ch.trySend(7);
    await settle();
    expect(alone.value?.value).toBe(7);
  }
});

test("with a default it takes that [S13]", async () => {
  const ch = chan<number>();
  expect((await select({ sent: send(ch, 1), got: ch, default: true })).case).toBe("default");
});

test("a partner may meet either side of it, and then finds the other side gone [S11] [S13]", async () => {
  const ch = chan<number>();
  const first = both(ch, 1);
  expect(ch.tryReceive()).toEqual({ value: 1, ok: true });
  expect([ch.tryReceive(), ch.trySend(2)]).toEqual([undefined, false]);
  expect((await first).case).toBe("sent");
  const second = both(ch, 3);
  expect(ch.trySend(4)).toBe(true);
  expect([ch.tryReceive(), ch.trySend(2)]).toEqual([undefined, false]);
  expect(await second).toEqual({ case: "got", value: 4, ok: true });
});

test("two goroutines that do it never receive their own value [S13] [S18]", async () => {
  seed(3);
  const ch = chan<number>();
  const rounds = 1000;
  const over = chan<string[]>();
  const cases = new Set<string>();
  for (const me of [0, 1]) {
    go(async () => {
      const wrong: string[] = [];
      for (let i = 0; i < rounds; i++) {
        const op = await both(ch, me);
        cases.add(`${me} ${op.case}`);
        if (op.case === "got" && op.value === me) wrong.push(`${me} received its own value in round ${i}`);
      }
      await over.send(wrong);
    });
  }
  expect([await over.receive(), await over.receive()]).toEqual([[], []]);
  expect(cases.size).toBeGreaterThanOrEqual(2);
});

test("a queue of them pairs off in order: each arrival meets the waiter [C9] [S13]", async () => {
  const ch = chan<number>();
  const selects = Array.from({ length: 10 }, (_, i) => follow(both(ch, i)));
  await settle();
  for (let i = 0; i < 10; i += 2) {
    const [one, other] = [selects[i]?.value, selects[i + 1]?.value];
    expect([one?.case, other?.case].sort((a, b) => (a ?? "").localeCompare(b ?? ""))).toEqual(["got", "sent"]);
    expect(one?.case === "got" ? one.value : other?.value).toBe(one?.case === "got" ? i + 1 : i);
  }
});

describe.each([1, 10, 16])("capacity %i", (capacity) => {
  test("on a buffered channel the same select may put a value and later take it [S14]", async () => {
    seed(5);
    const ch = chan<number>(capacity);
    let [sent, got, own] = [0, 0, 0];
    for (let i = 0; i < 1000; i++) {
      const op = await both(ch, i);
      if (op.case === "sent") {
        sent++;
      } else {
        got++;
        if ((op.value as number) < i) own++;
      }
    }
    expect(sent - got).toBe(ch.length);
    expect([sent > 0, got > 0, own]).toEqual([true, true, got]);
  });

  test("two goroutines on a buffered channel lose nothing and continue [S14]", async () => {
    const ch = chan<number>(capacity);
    const over = chan<number>();
    for (let g = 0; g < 2; g++) {
      go(async () => {
        let balance = 0;
        for (let i = 0; i < 500; i++) balance += (await both(ch, i)).case === "sent" ? 1 : -1;
        await over.send(balance);
      });
    }
    const total = ((await over.receive()) as number) + ((await over.receive()) as number);
    expect(ch.length).toBe(total);
  });
});
