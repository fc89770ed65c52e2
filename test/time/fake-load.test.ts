import type * as Gocsp from "gocsp";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
});

/** Loads the library again, as the first test of a file that fakes something does. */
async function load(): Promise<typeof Gocsp> {
  vi.resetModules();
  return import("gocsp");
}

test("a fake performance clock alone does not stop real timers", async () => {
  const { time } = await load();
  // Fake timers, not a bubble: this is about the clock and the host's timers below it, which a bubble replaces.
  vi.useFakeTimers({ toFake: ["performance"] });
  await time.sleep(3);
  vi.useRealTimers();
  await time.sleep(3);
});

test("a library that was loaded under fake timers obeys them", async () => {
  vi.useFakeTimers({ now: 0 });
  const { chan, go, select, time } = await load();
  const log: unknown[] = [];
  go(async () => {
    const op = await select({ late: time.after(1 * time.hour), never: chan() });
    log.push(op.case, Date.now());
  });
  await vi.advanceTimersByTimeAsync(1 * time.hour);
  expect(log).toEqual(["late", 1 * time.hour]);
});

test("a library that was loaded under fake timers is fair to the event loop afterwards [J12]", async () => {
  vi.useFakeTimers();
  const { chan, go } = await load();
  vi.useRealTimers();
  const timer = { fired: false };
  setTimeout(() => (timer.fired = true), 5);
  const ch = chan<void>();
  const start = performance.now();
  go(async () => {
    while (!timer.fired && performance.now() - start < 1000) await ch.send();
    ch.close();
  });
  for await (const _ of ch);
  expect(timer.fired).toBe(true);
});
