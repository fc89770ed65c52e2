// Two copies of the library in one program: a bundle that has it twice, or packages that bring two versions.
import type * as gocsp from "gocsp";
import { chan, type Chan, context, errors, select, selector, selectList, send, sync } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import { Weighted } from "gocsp/semaphore";
import { expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

async function otherCopy(): Promise<typeof gocsp> {
  vi.resetModules();
  return import("gocsp");
}

const hint = "of another copy of gocsp (npm ls gocsp shows where from)";

test("a channel of another copy is refused in words that say so [J24]", async () => {
  const copy = await otherCopy();
  const foreign = copy.chan<number>(1);
  const channel = `Channel ${hint}`;
  await expect(select({ foreign })).rejects.toThrow(channel);
  await expect(selectList([foreign])).rejects.toThrow(channel);
  expect(() => selector({ foreign })).toThrow(channel);
  expect(() => send(foreign, 1)).toThrow(channel);
});

test("so is a context of another copy, by every operation that takes one [J24]", async () => {
  const copy = await otherCopy();
  const [ctx, cancel] = copy.context.withCancel(copy.context.background());
  const refused = `must return a channel, got Channel ${hint}`;
  await expect(chan<number>().receive(ctx)).rejects.toThrow(refused);
  await expect(chan<number>().send(1, ctx)).rejects.toThrow(refused);
  await expect(new sync.Mutex().lock(ctx)).rejects.toThrow(refused);
  await expect(new Weighted(1).acquire(ctx)).rejects.toThrow(refused);
  for (const derive of [
    () => context.withCancel(ctx),
    () => context.withTimeout(ctx, 1000),
    () => context.afterFunc(ctx, () => undefined),
    () => context.signal(ctx),
    () => errgroup.withContext(ctx),
  ]) {
    expect(derive).toThrow(refused);
  }
  cancel();
  // Its errors are recognized nevertheless.
  expect(errors.is(ctx.err(), context.canceled)).toBe(true);
});

test("an object that happens to have such a field does not count as another copy's [J24]", async () => {
  const lookalikes = [{ thread: 7 }, { thread: Symbol("mine") }, Object.create({ thread: Symbol("mine") }) as object];
  for (const object of lookalikes) {
    await expect(select({ object: object as Chan<number> })).rejects.toThrow(/got Object$/);
  }
});
