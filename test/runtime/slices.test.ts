// How long goroutines keep the event loop waiting, on a clock and an event loop that the test moves.
import { afterEach, describe, expect, test, vi } from "vitest";
import { endPlay, reload } from "./hosts.ts";

afterEach(endPlay);

/** An event loop whose turns and whose clock the test moves. */
async function play() {
  let now = 100;
  let reads = 0;
  let requested: { callback: () => void; held: boolean }[] = [];
  vi.stubGlobal("performance", Object.assign(Object.create(performance), { now: () => (reads++, now) }));
  vi.stubGlobal("setImmediate", (callback: () => void) => {
    const request = { callback, held: true, unref: () => (request.held = false) };
    requested.push(request);
    return request;
  });
  vi.stubGlobal("clearImmediate", (cleared: object) => {
    requested = requested.filter((request) => request !== cleared);
  });
  const turn = await reload(() => import("../../src/runtime/turn.ts"));
  vi.unstubAllGlobals();
  return {
    ...turn,
    pass: (milliseconds: number): void => void (now += milliseconds),
    now: (): number => now,
    reads: (): number => reads,
    /** Whether a turn is requested, and keeps the process alive. */
    requests: (): boolean[] => requested.map(({ held }) => held),
    /** Turns the event loop once. */
    turnLoop(): void {
      const due = requested;
      requested = [];
      for (const { callback } of due) callback();
    },
  };
}

/** Lets all microtasks run. */
async function microtasks(): Promise<void> {
  for (let i = 0; i < 2000; i++) await undefined;
}

describe("a slice ends after a millisecond, whatever an operation costs [J12]", () => {
  test.each([0.0005, 0.002, 0.01, 0.05, 0.1, 0.3, 0.9, 2, 20])("%d ms", async (cost) => {
    const loop = await play();
    /** Runs operations until one has to wait for a turn. */
    const slice = (): [elapsed: number, operations: number, reads: number] => {
      const [start, before] = [loop.now(), loop.reads()];
      for (let operations = 1; ; operations++) {
        loop.pass(cost);
        if (loop.owesTurn()) return [loop.now() - start, operations, loop.reads() - before];
      }
    };
    slice();
    expect(loop.requests()).toEqual([true]);
    for (let i = 0; i < 5; i++) {
      loop.turnLoop();
      await microtasks();
      const [elapsed, operations, reads] = slice();
      expect(elapsed).toBeGreaterThanOrEqual(1);
      // There are eight looks in a slice, so the last comes an eighth of it too late; and an operation behind it.
      expect(elapsed).toBeLessThanOrEqual(Math.max(1.3 + cost, 2 * cost));
      // A look costs half an operation: fast ones must not look at each.
      if (cost < 0.005) expect(reads).toBeLessThan(operations / 16);
      expect(loop.requests()).toEqual([true]);
    }
  });
});

test("until a slice ends, its turn does not keep the process alive", async () => {
  const loop = await play();
  for (let i = 0; i < 100; i++) {
    expect(loop.owesTurn()).toBe(false);
    loop.pass(0.001);
  }
  expect(loop.requests()).toEqual([false]);
  loop.pass(1);
  while (!loop.owesTurn());
  expect(loop.requests()).toEqual([true]);
});

test("a turn that comes by itself begins a new slice", async () => {
  const loop = await play();
  for (let i = 0; i < 20; i++) {
    for (let operation = 0; operation < 100; operation++) expect(loop.owesTurn()).toBe(false);
    loop.pass(0.9);
    loop.turnLoop();
  }
});

test("where the clock stands still while code runs, the number of operations ends a slice [J12]", async () => {
  const loop = await play();
  for (let i = 0; i < 3; i++) {
    let operations = 0;
    while (!loop.owesTurn()) operations++;
    expect(operations).toBeGreaterThan(1000);
    expect(operations).toBeLessThan(64 * 300);
    loop.turnLoop();
  }
});

test("from the end of a slice on, each operation waits for the turn, in its order [J12]", async () => {
  const loop = await play();
  loop.pass(5);
  while (!loop.owesTurn());
  const log: unknown[] = [];
  for (let i = 0; i < 10; i++) {
    expect(loop.owesTurn()).toBe(true);
    expect(loop.owesTurnToWake()).toBe(true);
    loop.afterTurn((n: number) => log.push(n), i);
  }
  void loop.ready("ready").then((value) => log.push(value));
  void loop.readyVoid().then(() => log.push("void"));
  loop.readyError("failed").catch((error: unknown) => log.push(error));
  await microtasks();
  expect([log, loop.requests()]).toEqual([[], [true]]);
  loop.turnLoop();
  await microtasks();
  expect(log).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "ready", "void", "failed"]);
  expect(loop.owesTurn()).toBe(false);
});

describe("what waits for a turn is released in portions, while a millisecond lasts [J12]", () => {
  test.each([0, 0.001, 0.01, 0.05, 0.2, 0.5, 3])("each takes %d ms", async (cost) => {
    const loop = await play();
    const count = 600;
    const released: number[] = [];
    for (let i = 0; i < count; i++) {
      loop.afterTurn((n: number) => {
        released.push(n);
        // What resumes computes in a microtask of its own.
        void Promise.resolve().then(() => loop.pass(cost));
      }, i);
    }
    let turns = 0;
    let longest = 0;
    let later = 0;
    while (released.length < count) {
      const before = loop.now();
      loop.turnLoop();
      await microtasks();
      longest = Math.max(longest, loop.now() - before);
      if (turns++ > 3) later = Math.max(later, loop.now() - before);
      expect(turns).toBeLessThanOrEqual(count);
    }
    expect(released).toEqual(Array.from({ length: count }, (_, i) => i));
    // All in one turn if that is short enough; otherwise no turn is much longer, once it is known how long each takes.
    if (cost <= 0.001) expect(turns).toBe(1);
    else expect(later).toBeLessThan(1.6 + cost);
    if (cost === 0.05) expect(turns).toBeLessThan(40);
    await microtasks();
    expect(loop.owesTurn()).toBe(cost > 0 && loop.requests()[0] === true);
  });
});

test("more than 64 goroutines that are woken in one step wait for a turn, fewer do not [J12]", async () => {
  const loop = await play();
  const burst = (count: number): boolean[] => Array.from({ length: count }, () => loop.owesTurnToWake());
  expect(burst(64)).not.toContain(true);
  loop.endBurst();
  expect(burst(64)).not.toContain(true);
  // An operation that is awaited ends a step, one that is not does not.
  loop.owesTurn();
  expect(burst(60)).not.toContain(true);
  void loop.ready(1);
  expect(burst(60)).not.toContain(true);
  loop.countTry();
  expect(burst(5).at(-1)).toBe(true);
  loop.turnLoop();
  expect(burst(64)).not.toContain(true);
});

test("callbacks for the next turn come once, behind what the turn releases, and hold nothing", async () => {
  const loop = await play();
  const log: string[] = [];
  loop.onNextTurn(() => {
    log.push("first");
    loop.onNextTurn(() => log.push("third"));
  });
  loop.onNextTurn(() => log.push("second"));
  expect(loop.requests()).toEqual([false]);
  loop.afterTurn(() => log.push("released"), undefined);
  expect(loop.requests()).toEqual([true]);
  loop.turnLoop();
  expect(log).toEqual(["released", "first", "second"]);
  loop.turnLoop();
  loop.turnLoop();
  expect(log).toEqual(["released", "first", "second", "third"]);
});

test("a halted program releases nothing, and all of it when it is resumed [G30]", async () => {
  const loop = await play();
  const log: string[] = [];
  loop.halt();
  expect(loop.owesTurn()).toBe(true);
  loop.afterTurn(() => log.push("released"), undefined);
  void loop.readyVoid().then(() => log.push("ready"));
  for (let i = 0; i < 3; i++) {
    loop.turnLoop();
    await microtasks();
  }
  expect(log).toEqual([]);
  loop.resume();
  expect(log).toEqual([]);
  loop.turnLoop();
  await microtasks();
  expect(log).toEqual(["released", "ready"]);
  expect(loop.owesTurn()).toBe(false);
  // What was not halted is not resumed.
  loop.turnLoop();
  const before = loop.requests().length;
  loop.resume();
  expect(loop.requests().length).toBe(before);
});
