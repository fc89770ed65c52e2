import { time } from "gocsp";
import * as rate from "gocsp/rate";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  // Fake timers, not a bubble: time moves in the middle of a step, where a bubble's stands still.
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Makes `n` calls at regular intervals, and returns the numbers of those that went through. */
function passed(sometimes: rate.Sometimes, calls: number, apart = 0): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < calls; i++) {
    sometimes.do(() => numbers.push(i));
    vi.advanceTimersByTime(apart);
  }
  return numbers;
}

test.each<[string, { first?: number; every?: number; interval?: number } | undefined, number, number[]]>([
  ["without filters it happens once", undefined, 0, [0]],
  ["so it does with zeros", { first: 0, every: 0, interval: 0 }, 1000, [0]],
  ["the first", { first: 4 }, 0, [0, 1, 2, 3]],
  ["every third, from the first on", { every: 3 }, 0, [0, 3, 6, 9]],
  ["every single one", { every: 1 }, 0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ["once per interval", { interval: 300 }, 100, [0, 3, 6, 9]],
  ["an interval that is over at that very moment counts", { interval: 100 }, 100, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ["an interval that is longer than all the calls", { interval: time.hour }, 100, [0]],
  ["the first and every", { first: 2, every: 4 }, 0, [0, 1, 4, 8]],
  ["the first, every and per interval", { first: 2, every: 5, interval: 300 }, 100, [0, 1, 4, 5, 8]],
])("%s [R18]", (_, filters, apart, wanted) => {
  expect(passed(new rate.Sometimes(filters), 10, apart)).toEqual(wanted);
});

test("an interval begins when a call went through, by whichever filter [R18]", () => {
  expect(passed(new rate.Sometimes({ every: 2, interval: 150 }), 6, 100)).toEqual([0, 2, 4]);
});

test("an interval begins when f has returned [R18]", () => {
  const sometimes = new rate.Sometimes({ interval: 100 });
  sometimes.do(() => vi.advanceTimersByTime(80));
  vi.advanceTimersByTime(99);
  expect(passed(sometimes, 1)).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(passed(sometimes, 1)).toEqual([0]);
});

test("a call that throws is not counted [R18]", () => {
  const sometimes = new rate.Sometimes();
  let calls = 0;
  const failing = (): void => {
    calls++;
    throw new Error("x");
  };
  for (let i = 0; i < 3; i++) expect(() => sometimes.do(failing)).toThrow("x");
  expect(calls).toBe(3);
  expect(passed(sometimes, 3)).toEqual([0]);
});

test("the function of a call cannot make one: in Go it would wait for itself [R18]", () => {
  const sometimes = new rate.Sometimes({ every: 1 });
  const inner = vi.fn<() => void>();
  expect(() => sometimes.do(() => sometimes.do(inner))).toThrow(Error);
  expect(inner).not.toHaveBeenCalled();
  expect(passed(sometimes, 2)).toEqual([0, 1]);
});
