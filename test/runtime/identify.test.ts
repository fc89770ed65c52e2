import { chan, go, time } from "gocsp";
import { attach } from "gocsp/runtime";
import { expect, test } from "vitest";
import { currentGoroutine } from "../../src/runtime/identify.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

/** Starts `body` as a goroutine, and returns its number and the one that is found where `body` calls `look`. */
async function found(body: (look: () => void) => unknown): Promise<[number, number | undefined]> {
  let started = 0;
  const done = chan<number | undefined>(1);
  {
    using _ = attach({ spawn: (id) => (started = id) });
    go(body, () => void done.trySend(currentGoroutine()?.id));
  }
  return [started, await done.receive()];
}

const bodies: Record<string, (look: () => void) => unknown> = {
  "before its first await": (look) => look(),
  "after an await": async (look) => {
    await time.sleep(1);
    look();
  },
  "in a function that it awaits": async (look) => {
    const inner = async (): Promise<void> => {
      await time.sleep(1);
      look();
    };
    await inner();
  },
  "in a deferred call": async (look) => {
    using _ = { [Symbol.dispose]: look };
    await time.sleep(1);
  },
  "a second time": async (look) => {
    await time.sleep(1);
    currentGoroutine();
    await time.sleep(1);
    look();
  },
};

test.each(Object.entries(bodies))("code knows its goroutine: %s [G7] [J8]", async (_, body) => {
  // Others that have and have not begun must not be taken for it.
  const stop = chan<never>();
  go(() => stop.receive());
  const result = found(body);
  go(() => stop.receive());
  const [started, looked] = await result;
  stop.close();
  expect([typeof started, looked]).toEqual(["number", started]);
  await time.sleep(0);
});

test("a callback of the host belongs to no goroutine [G7] [J8]", async () => {
  const looked = await new Promise((resolve) => setTimeout(() => resolve(currentGoroutine()), 1));
  expect([looked, currentGoroutine()]).toEqual([undefined, undefined]);
});
