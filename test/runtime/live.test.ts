// The list of the goroutines that have not ended.
import { expect, test, vi } from "vitest";
import type * as Live from "../../src/runtime/live.ts";
import { Goroutine } from "../../src/runtime/program.ts";
import { reload } from "./hosts.ts";

const load = (): Promise<typeof Live> => reload(() => import("../../src/runtime/live.ts"));
const goroutines = (count: number): Goroutine[] =>
  Array.from({ length: count }, (_, i) => new Goroutine(i + 1, undefined));

test("any goroutine leaves it, and the others stay, the latest first", async () => {
  const { live } = await load();
  vi.resetModules();
  const [a, b, c, d] = goroutines(4) as [Goroutine, Goroutine, Goroutine, Goroutine];
  const listed = (): unknown[] => [live.size, ...[...live].map(({ id }) => id)];
  for (const goroutine of [a, b, c, d]) live.add(goroutine);
  expect(listed()).toEqual([4, 4, 3, 2, 1]);
  live.delete(b);
  expect(listed()).toEqual([3, 4, 3, 1]);
  live.delete(d);
  expect(listed()).toEqual([2, 3, 1]);
  live.add(d);
  live.delete(a);
  expect(listed()).toEqual([2, 4, 3]);
  live.delete(c);
  live.delete(d);
  expect(listed()).toEqual([0]);
  live.add(a);
  expect(listed()).toEqual([1, 1]);
});

test("one that is not in it, any more or yet, leaves the others alone", async () => {
  const { live } = await load();
  vi.resetModules();
  const [a, b, c] = goroutines(3) as [Goroutine, Goroutine, Goroutine];
  live.delete(a);
  expect(live.size).toBe(0);
  live.add(a);
  live.add(b);
  live.delete(c);
  live.delete(b);
  live.delete(b);
  expect([live.size, ...live]).toEqual([1, a]);
  live.delete(a);
  live.delete(a);
  expect([live.size, ...live]).toEqual([0]);
});

test("what has left it keeps no other goroutine alive", async () => {
  const { live } = await load();
  vi.resetModules();
  const [a, b, c] = goroutines(3) as [Goroutine, Goroutine, Goroutine];
  for (const goroutine of [a, b, c]) live.add(goroutine);
  live.delete(b);
  expect([b.next, b.previous]).toEqual([undefined, undefined]);
  expect([a.next, c.previous]).toEqual([c, a]);
});
