// What recording the places of goroutines and errors may cost, and what is recorded.
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Format, options } from "../../src/runtime/stack.ts";
import { endPlay, reload } from "./hosts.ts";

let now = 0;
let reads = 0;
beforeEach(() => {
  [now, reads] = [5000, 0];
  vi.stubGlobal("performance", Object.assign(Object.create(performance), { now: () => (reads++, now) }));
});
afterEach(endPlay);

const load = () => reload(() => import("../../src/runtime/place.ts"));

const { setImmediate } = globalThis;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the starts of goroutines", () => {
  test("are recorded a thousand times in a second; then the clock is read now and then", async () => {
    const { placeIfAffordable } = await load();
    const recorded = (calls: number): number => {
      let count = 0;
      for (let i = 0; i < calls; i++) if (placeIfAffordable(recorded) !== undefined) count++;
      return count;
    };
    expect(recorded(1000)).toBe(1000);
    expect(reads).toBe(1);
    expect(recorded(640)).toBe(0);
    expect(reads).toBeLessThanOrEqual(11);
    now += 999;
    expect(recorded(64)).toBe(0);
    now += 1;
    // The clock is read at one of the next 64 calls.
    expect(recorded(64 + 1000)).toBe(1000);
  });

  test("show the line that called, and nothing else", async () => {
    const { placeIfAffordable, placeLines } = await load();
    const start = () => placeIfAffordable(start);
    function work() {
      return start();
    }
    expect(placeLines(work())).toMatch(/^created by work\n\t.*places\.test\.ts:\d+:\d+\n$/);
    expect(placeLines((() => start())())).toMatch(/^created by \S+\n\t.*places\.test\.ts:\d+:\d+\n$/);
    expect(placeLines({ stack: "Error\n    at /app/a.ts:1:2" })).toBe("created by go\n\t/app/a.ts:1:2\n");
    expect(placeLines(undefined)).toBe("");
  });
});

describe("the throws of errors that many share", () => {
  const origin = { name: "work", started: undefined };
  const shared = Object.assign(new Error("shared"), { stack: "Error: shared" });

  test("are recorded a hundred times in a second; what was before is forgotten when one is not", async () => {
    const { thrownHere, stackLines } = await load();
    function work(): unknown {
      return thrownHere(shared);
    }
    const line = /^work\(\.\.\.\)\n\t.*places\.test\.ts:\d+:\d+\n/;
    for (let i = 0; i < 100; i++) expect(work()).toBe(shared);
    expect(stackLines(shared, origin)).toMatch(line);
    work();
    expect(stackLines(shared, origin)).toBe("");
    now += 1000;
    for (let i = 0; i < 64; i++) work();
    expect(stackLines(shared, origin)).toMatch(line);
  });

  test("of nothing cost nothing", async () => {
    const { thrownHere } = await load();
    for (let i = 0; i < 500; i++) expect(thrownHere(undefined)).toBe(undefined);
    expect(reads).toBe(0);
  });

  test("are looked up among the latest 32, by error and function", async () => {
    const { thrownHere, stackLines } = await load();
    const other = Object.assign(new Error("other"), { stack: "Error: other" });
    function work(): unknown {
      return thrownHere(shared);
    }
    function elsewhere(error: unknown): unknown {
      return thrownHere(error);
    }
    work();
    for (let i = 0; i < 31; i++) elsewhere(i % 2 === 0 ? shared : other);
    expect(stackLines(shared, origin)).toMatch(/^work\(/);
    expect(stackLines(other, origin)).toBe("");
    expect(stackLines(shared)).toBe("");
    elsewhere(other);
    expect(stackLines(shared, origin)).toBe("");
    expect(stackLines(shared, { ...origin, name: "elsewhere" })).toMatch(/^elsewhere\(/);
  });

  test("are also found as methods, and nothing that only looks like one", async () => {
    const { thrownHere, stackLines } = await load();
    const object = { method: () => thrownHere(shared), mymethod: () => thrownHere(shared) };
    object.mymethod();
    expect(stackLines(shared, { name: "method", started: undefined })).toBe("");
    object.method();
    expect(stackLines(shared, { name: "method", started: undefined })).toMatch(/^(Object\.)?method\(/);
  });

  test("are formatted behind the next turn at the latest, once, since they would keep objects alive", async () => {
    const { thrownHere, stackLines } = await load();
    const before = options.prepareStackTrace;
    let formatted = 0;
    const format: Format = (error, sites) => {
      formatted++;
      return `${String(error)}\n${sites.map((site) => `    at ${String(site)}`).join("\n")}`;
    };
    options.prepareStackTrace = format;
    try {
      function work(): unknown {
        return thrownHere(shared);
      }
      work();
      work();
      expect(formatted).toBe(0);
      await turn();
      expect(formatted).toBe(2);
      work();
      await turn();
      expect(formatted).toBe(3);
      expect(stackLines(shared, origin)).toMatch(/^work\(/);
    } finally {
      options.prepareStackTrace = before;
    }
  });
});

describe("the stack of an error", () => {
  test.each<[expected: boolean, what: string, value: unknown]>([
    [true, "an error", new TypeError("x")],
    [true, "an error without a stack", Object.assign(new Error("x"), { stack: undefined })],
    [true, "an error of another realm", runInNewContext("new Error('x')")],
    [true, "an object with a message and a stack", { message: "x", stack: "Error: x" }],
    [false, "an object without a stack", { message: "x" }],
    [false, "an object whose message is no text", { message: 1, stack: "Error: 1" }],
    [false, "a text", "x"],
    [false, "null", null],
    [false, "nothing", undefined],
    [false, "a function", Object.assign(() => undefined, { message: "x", stack: "y" })],
  ])("belongs to what counts as one: %j for %s [G9]", async (expected, _, value) => {
    const { isErrorLike, stackLines } = await load();
    expect(isErrorLike(value)).toBe(expected);
    if (!expected) expect(stackLines(value)).toBe("");
  });

  test("is printed without the message, which may look like frames [G9]", async () => {
    const { stackLines } = await load();
    const error = new Error("of\n    at fake (/fake.ts:1:2)");
    error.stack = `Error: ${error.message}\n    at real (/real.ts:3:4)`;
    expect(stackLines(error)).toBe("real(...)\n\t/real.ts:3:4\n");
    error.message = "changed";
    expect(stackLines(error)).toBe("fake(...)\n\t/fake.ts:1:2\nreal(...)\n\t/real.ts:3:4\n");
    error.message = "";
    expect(stackLines(error)).toBe("fake(...)\n\t/fake.ts:1:2\nreal(...)\n\t/real.ts:3:4\n");
  });
});
