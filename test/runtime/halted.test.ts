import { chan, defer, go, time } from "gocsp";
import { afterEach, expect, test } from "vitest";
import { halt, resume } from "../../src/runtime/turn.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();
afterEach(resume);

/** Returns what is logged until all microtasks have run. */
async function microtasks(): Promise<void> {
  for (let i = 0; i < 100; i++) await undefined;
}

test("no goroutine of a halted program resumes, and all do once the halt is undone [G30]", async () => {
  const log: string[] = [];
  const ch = chan<number>(2);
  go(async () => {
    log.push(`got ${await ch.receive()}`);
    await ch.send(2);
    log.push("sent");
  });
  await settle();
  halt();
  ch.trySend(1);
  go(() => log.push("started"));
  const slept = time.sleep(1).then(() => log.push("slept"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(log).toEqual([]);
  resume();
  await slept;
  expect(log.toSorted()).toEqual(["got 1", "sent", "slept", "started"]);
});

test("operations of a deferred call in a halted program proceed, for a panic that unwinds [G5] [G7]", async () => {
  const log: string[] = [];
  const ch = chan<number>(3);
  const goroutine = async (): Promise<void> => {
    await using _1 = defer(async () => {
      await ch.send(1);
      log.push("second");
    });
    await using _2 = defer(async () => {
      await ch.send(2);
      log.push("first");
    });
    halt();
  };
  const other = ch.send.bind(ch);
  const ended = goroutine();
  const frozen = other(3).then(() => log.push("other"));
  await microtasks();
  expect(log).toEqual(["first", "second"]);
  resume();
  await Promise.all([ended, frozen]);
  expect(log.at(-1)).toBe("other");
});
