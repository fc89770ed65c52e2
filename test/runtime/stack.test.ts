// Stacks as text: what is taken from them, whatever the program has made of them.
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  findOwnFolder,
  type Format,
  frameLines,
  frames,
  options,
  outside,
  programsFormat,
  readStack,
  stackHere,
  usersFrames,
  usersFramesHere,
  usersOnly,
  withOption,
} from "../../src/runtime/stack.ts";

const before = { ...options, prepareStackTrace: options.prepareStackTrace, stackTraceLimit: options.stackTraceLimit };
afterEach(() => {
  options.prepareStackTrace = before.prepareStackTrace;
  options.stackTraceLimit = before.stackTraceLimit as number;
});

describe("the frames of a stack", () => {
  test.each<[line: string, name: string, at: string]>([
    ["    at work (/app/a.ts:1:2)", "work", "/app/a.ts:1:2"],
    ["    at async work (/app/a.ts:1:2)", "work", "/app/a.ts:1:2"],
    ["    at new Store (/app/a.ts:1:2)", "Store", "/app/a.ts:1:2"],
    ["    at async /app/a.ts:10:20", "", "/app/a.ts:10:20"],
    ["    at /app/a.ts:10:20", "", "/app/a.ts:10:20"],
    ["    at Object.f [as g] (/app (copy)/a.ts:1:2)", "Object.f [as g]", "/app (copy)/a.ts:1:2"],
    ["    at f (file:///app/a%20b.ts:1:2)", "f", "/app/a b.ts:1:2"],
    ["    at f (file:///C:/app/a.ts:1:2)", "f", "C:/app/a.ts:1:2"],
    ["    at f (file:///app/C:/a.ts:1:2)", "f", "/app/C:/a.ts:1:2"],
    ["    at f (file:///app/50%/a.ts:1:2)", "f", "file:///app/50%/a.ts:1:2"],
    ["    at f (https://host/a%20b.ts:1:2)", "f", "https://host/a%20b.ts:1:2"],
    ["    at async Promise.all (index 12)", "Promise.all", "index 12"],
  ])("%s", (line, name, at) => {
    expect(frames(`Error: no place\n${line}`)).toEqual([{ name, at }]);
  });

  test.each([
    "Error: at f (/app/a.ts:1:2)",
    "at f (/app/a.ts:1:2)",
    "    at f (node:internal/timers:1:2)",
    "    at node:internal/timers:1:2",
    "    at f (<anonymous>)",
    "    at f (native)",
    "    at f (/app/a.ts)",
    "    at f (/app/a.ts:1:2:x)",
    "    at Promise.all (the index 1)",
    "    at Promise.all (index 1 of 2)",
    "f@/app/a.ts:1:2",
    "",
  ])("are none in the line '%s'", (line) => {
    expect(frames(line)).toEqual([]);
  });

  test("come in the order of the lines", () => {
    expect(frames("Error\n    at a (/x:1:1)\n    at b (/x:2:2)").map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

test("a frame is printed with the name of its function, or as a function without one", () => {
  expect(frameLines({ name: "work", at: "/a.ts:1:2" })).toBe("work(...)\n\t/a.ts:1:2\n");
  expect(frameLines({ name: "", at: "/a.ts:1:2" })).toBe("func(...)\n\t/a.ts:1:2\n");
});

describe("the library's own frames", () => {
  test("are left out, and only those", () => {
    const own = findOwnFolder();
    expect(own).toMatch(/\/src\/$/);
    const stack = frames(
      `\n    at f (${own}chan/channel.ts:1:2)\n    at g (/app${own}a.ts:1:2)\n    at h (/app/b.ts:1:2)`,
    );
    expect(usersOnly(stack).map(({ name }) => name)).toEqual(["g", "h"]);
  });

  test("are not known in a bundle: all frames are kept", () => {
    const stack = frames("\n    at f (/app/a.ts:1:2)");
    expect(outside("", stack)).toBe(stack);
    expect(outside("/app/", stack)).toEqual([]);
  });

  test("are found as the program formats them, too", () => {
    const format: Format = () => "Error\n    at f (/mapped/src/runtime/stack.ts:1:2)";
    expect(findOwnFolder(format)).toBe("/mapped/src/");
    expect(findOwnFolder(() => "Error\n    at f (/bundle.js:1:2)")).toBe("");
    expect(findOwnFolder(() => "no stack")).toBe("");
  });
});

describe("an option of the engine", () => {
  test("is set for a call, and put back even if that throws", () => {
    options.stackTraceLimit = 7;
    expect(withOption("stackTraceLimit", 3, () => options.stackTraceLimit)).toBe(3);
    const failing = (): never => {
      throw new Error("inside");
    };
    expect(() => withOption("stackTraceLimit", 3, failing)).toThrow("inside");
    expect(options.stackTraceLimit).toBe(7);
  });

  test("that cannot be set makes the call be left out", () => {
    Object.defineProperty(options, "stackTraceLimit", { value: 7, writable: false, configurable: true });
    try {
      expect(withOption("stackTraceLimit", 3, () => expect.unreachable())).toBe(undefined);
    } finally {
      Object.defineProperty(options, "stackTraceLimit", { value: 7, writable: true });
    }
  });
});

describe("a stack", () => {
  function deep(n: number): string {
    return n === 0 ? stackHere(5) : deep(n - 1);
  }

  test("has as many frames as asked for, whatever the program's limit", () => {
    options.stackTraceLimit = 1;
    expect(frames(deep(9)).length).toBe(5);
    expect(frames(stackHere(1)).length).toBe(1);
  });

  test("is read in the engine's format, unless another one is given", () => {
    options.prepareStackTrace = () => "the program's";
    expect(frames(readStack(new Error("here"))).length).toBeGreaterThan(0);
    expect(readStack(new Error("here"), () => "another")).toBe("another");
  });

  test.each([undefined, null, {}, { stack: 1 }])("is empty where there is no text: %j", (target) => {
    expect(readStack(target)).toBe("");
  });
});

describe("the format of the program", () => {
  const sites = ["f (/app/a.ts:1:2)", "g (/app/b.ts:3:4)"];
  const plain = "Error: x\n    at f (/app/a.ts:1:2)\n    at g (/app/b.ts:3:4)";

  test.each([undefined, null, "text"])("is the engine's unless it is a function: %j", (own) => {
    options.prepareStackTrace = own;
    expect(programsFormat()).toBe(undefined);
  });

  test("is used where it names places, as a method of Error", () => {
    const own = vi.fn((error: unknown, list: unknown[]) => `${String(error)}\n    at ${String(list[1])}`);
    options.prepareStackTrace = own;
    const error = new Error("x");
    expect(programsFormat()?.(error, sites)).toBe("Error: x\n    at g (/app/b.ts:3:4)");
    expect(own.mock.contexts).toEqual([Error]);
  });

  test.each<[string, Format]>([
    ["call sites", (_, list) => list],
    ["no places", () => "Error: x"],
    [
      "an error",
      () => {
        throw new Error("the formatter's");
      },
    ],
  ])("is the engine's where that yields %s", (_, own) => {
    options.prepareStackTrace = own;
    expect(programsFormat()?.(new Error("x"), sites)).toBe(plain);
  });

  test("has no title for an error that cannot be printed", () => {
    options.prepareStackTrace = () => "Error: x";
    const unprintable = {
      toString() {
        throw new Error("not printable");
      },
    };
    expect(programsFormat()?.(unprintable, sites)).toBe("\n    at f (/app/a.ts:1:2)\n    at g (/app/b.ts:3:4)");
  });

  test("maps the user's frames, and the library's with them", () => {
    const own = findOwnFolder();
    const stack = `\n    at f (${own}a.ts:1:2)\n    at g (/mapped/src/chan.ts:1:2)\n    at h (/app/a.ts:1:2)`;
    expect(usersFrames(stack).map(({ name }) => name)).toEqual(["g", "h"]);
    options.prepareStackTrace = () => "Error\n    at f (/mapped/src/runtime/stack.ts:1:2)";
    expect(usersFrames(stack).map(({ name }) => name)).toEqual(["h"]);
  });

  test("shows the caller's own lines, as many as asked for", () => {
    options.prepareStackTrace = before.prepareStackTrace;
    function outer(n: number): ReturnType<typeof usersFramesHere> {
      return n === 0 ? usersFramesHere(6) : outer(n - 1);
    }
    const found = outer(9);
    expect(found[0]?.name).toBe("outer");
    expect(found[0]?.at).toMatch(/stack\.test\.ts:\d+:\d+$/);
    expect(found.length).toBeLessThanOrEqual(6);
    expect(found.length).toBeGreaterThan(2);
  });
});
