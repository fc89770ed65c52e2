import { chan, type Chan, context, go, select, send } from "gocsp";
import { attach, seed } from "gocsp/runtime";
import { selector } from "gocsp/select";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { tally, unevenness } from "../support/stats.ts";

expectNoGoroutinesLeft();

const trials = 10_000;

beforeEach(() => seed(20_261_121));

/** Channels a, b, c … that are closed, so that each of them stays ready. */
function ready(count: number): Record<string, Chan<number>> {
  const chans: Record<string, Chan<number>> = {};
  for (let i = 0; i < count; i++) {
    const ch = chan<number>();
    ch.close();
    chans[String.fromCharCode(97 + i)] = ch;
  }
  return chans;
}

async function choices(count: number, choose: () => Promise<{ case: string }>): Promise<string[]> {
  const chosen: string[] = [];
  for (let i = 0; i < count; i++) chosen.push((await choose()).case);
  return chosen;
}

test("without a seed each run of a program makes other choices [S4]", async () => {
  const runs = new Set<string>();
  for (let run = 0; run < 5; run++) {
    // As a new process does, each has a generator of its own.
    vi.resetModules();
    const { choose } = await import("../../src/runtime/random.ts");
    runs.add(Array.from({ length: 8 }, () => choose(1000)).join(" "));
  }
  expect(runs.size).toBe(5);
});

describe("a uniform choice", () => {
  test.each([2, 3, 4, 5, 8, 16])("among %i ready receives [S4]", async (count) => {
    const cases = ready(count);
    const counts = tally(await choices(trials, () => select(cases)));
    expect(counts.size).toBe(count);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("between two channels that always have a value: within 10 sigma of half, as Go's own test has it [S4]", async () => {
    const [a, b, done] = [chan<number>(1), chan<number>(1), chan<void>()];
    for (const ch of [a, b]) {
      go(async () => {
        while ((await select({ sent: send(ch, 1), done })).case === "sent");
      });
    }
    const counts = tally(await choices(trials, () => select({ a, b })));
    done.close();
    const sigma = Math.sqrt(trials) / 2;
    expect(Math.abs((counts.get("a") ?? 0) - trials / 2)).toBeLessThan(10 * sigma);
  });

  test("among ready sends [S4]", async () => {
    const [a, b, c] = [chan<number>(1), chan<number>(1), chan<number>(1)];
    const counts = tally(
      await choices(trials, async () => {
        const op = await select({ a: send(a, 1), b: send(b, 1), c: send(c, 1) });
        for (const ch of [a, b, c]) ch.tryReceive();
        return op;
      }),
    );
    expect(unevenness([...counts.values()])).toBeLessThan(5);
    expect(counts.size).toBe(3);
  });

  test("a single channel's sends of 0 and 1 are evenly distributed [S4] [S15]", async () => {
    const ch = chan<number>(1);
    const sent: number[] = [];
    for (let i = 0; i < trials; i++) {
      await select({ zero: send(ch, 0), one: send(ch, 1) });
      sent.push(ch.tryReceive()?.value as number);
    }
    expect(unevenness([...tally(sent).values()])).toBeLessThan(5);
  });

  test("among ready cases only, whatever stands between them [S4]", async () => {
    const { a, b, c } = ready(3);
    const [never, full] = [chan<number>(), chan<number>()];
    const counts = tally(
      await choices(trials, () => select({ never, a, x: null, b, full: send(full, 1), y: false, c, default: true })),
    );
    expect([...counts.keys()].sort()).toEqual(["a", "b", "c"]);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("in a reusable select too, waiting or not [S4]", async () => {
    const turns = selector(ready(3));
    for (const choose of [() => turns.select(), async () => turns.trySelect() as { case: string }]) {
      const counts = tally(await choices(trials, choose));
      expect(unevenness([...counts.values()])).toBeLessThan(5);
    }
  });

  test("between an ended context and a ready result [S27]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    cancel();
    const { a: result } = ready(1);
    const counts = tally(await choices(trials, () => select({ done: ctx.done(), result })));
    expect(counts.size).toBe(2);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  test("one choice tells nothing about the next [S4]", async () => {
    const cases = ready(4);
    const chosen = await choices(4 * trials, () => select(cases));
    const pairs = tally(chosen.slice(1).map((name, i) => `${chosen[i]}${name}`));
    expect(pairs.size).toBe(16);
    expect(unevenness([...pairs.values()])).toBeLessThan(5);
  });

  test("nor do two selects that take turns depend on each other [S4]", async () => {
    const [two, three] = [ready(2), ready(3)];
    const pairs: string[] = [];
    for (let i = 0; i < trials; i++) pairs.push((await select(two)).case + (await select(three)).case);
    const counts = tally(pairs);
    expect(counts.size).toBe(6);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });
});

describe("the source of randomness", () => {
  test("the same seed gives the same choices, another one others [S4]", async () => {
    const cases = ready(5);
    const run = async (value: number): Promise<string> => {
      seed(value);
      return (await choices(100, () => select(cases))).join("");
    };
    const first = await run(1);
    expect(await run(1)).toBe(first);
    expect(await run(2)).not.toBe(first);
    expect(await run(-1)).not.toBe(first);
    expect(await run(0)).not.toBe(first);
  });

  test("first choices under neighbouring seeds are even too [S4]", async () => {
    const cases = ready(4);
    const first: string[] = [];
    for (let value = 0; value < trials; value++) {
      seed(value);
      first.push((await select(cases)).case);
    }
    expect(unevenness([...tally(first).values()])).toBeLessThan(5);
  });

  test("an attached choice is asked once for each select with several ready cases, for an index in source order [S4]", async () => {
    const { a, b, c } = ready(3);
    const never = chan<number>();
    const asked: number[] = [];
    let answer = 0;
    using _ = attach({
      choose: (count) => {
        asked.push(count);
        return answer;
      },
    });
    for (const [index, expected] of ["a", "b", "c"].entries()) {
      answer = index;
      expect((await select({ never, a, disabled: null, b, never2: never, c, default: true })).case).toBe(expected);
    }
    expect(asked).toEqual([3, 3, 3]);
    expect((await select({ never, b })).case).toBe("b");
    expect((await select({ never, default: true })).case).toBe("default");
    expect(asked).toEqual([3, 3, 3]);
  });

  test.each([-1, 2, 0.5, NaN, Infinity])(
    "an attached choice of %d among two is refused, nothing communicates [S4]",
    async (choice) => {
      const [a, b] = [chan<number>(1), chan<number>(1)];
      a.trySend(1);
      b.trySend(1);
      using _ = attach({ choose: () => choice });
      await expect(select({ a, b })).rejects.toThrow(RangeError);
      expect(() => selector({ a, b }).trySelect()).toThrow(RangeError);
      await expect(selector({ a, b }).select()).rejects.toThrow(RangeError);
      expect([a.length, b.length]).toEqual([1, 1]);
      // A select that parks chooses too, among the places of its cases in one queue.
      const ch = chan<number>();
      await expect(select({ x: ch, y: ch })).rejects.toThrow(RangeError);
      await expect(selector({ x: ch, y: ch }).select()).rejects.toThrow(RangeError);
      expect(ch.trySend(1)).toBe(false);
    },
  );
});
