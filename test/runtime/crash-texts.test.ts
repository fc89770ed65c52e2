// What the reports of panics and fatal errors say; the process is played.
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test } from "vitest";
import { endPlay, playProcess, reload } from "./hosts.ts";

afterEach(endPlay);

const place = { stack: "Error\n    at start (/app/main.ts:1:2)" };

/** Returns the report of a panic in goroutine 7, or in another one. */
async function reportOf(panic: unknown, id = 7, name = "work"): Promise<string> {
  const { log } = playProcess();
  const { crash } = await reload(() => import("../../src/runtime/crashreport.ts"));
  crash(panic, { id, place } as never, name);
  return log.find((line) => line.startsWith("writes to 2: "))?.slice("writes to 2: ".length) as string;
}

const created = "created by start\n\t/app/main.ts:1:2\n";
const bare = (message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { stack: `Error: ${message}` }, more);
const named = (name: string, message: string): Error => bare(message, { name });
const suppressed = (error: unknown, inner: unknown): Error =>
  bare("", { name: "SuppressedError", error, suppressed: inner });
function ring(): Error {
  const [one, two] = [bare("one"), bare("two")];
  one.cause = two;
  two.cause = one;
  return one;
}
class Point {
  x = 1;
}
class Shown {
  toString(): string {
    return "shown";
  }
}

const panics: [value: unknown, text: string][] = [
  ["text", "text"],
  ["two\nlines", "two\n\tlines"],
  [42, "42"],
  [false, "false"],
  [10n, "10"],
  [Symbol("s"), "Symbol(s)"],
  [undefined, "panic called with nil argument"],
  [null, "panic called with nil argument"],
  [{ a: 1 }, '(Object) {"a":1}'],
  [new Point(), '(Point) {"x":1}'],
  [new Shown(), "shown"],
  [Object.assign(Object.create(null) as object, { a: 1 }), '(object) {"a":1}'],
  [{ toString: () => "" }, "(Object) {}"],
  [{ toString: fails, toJSON: fails }, "(Object)"],
  [bare("message"), "message"],
  [named("TypeError", "wrong"), "TypeError: wrong"],
  [named("RangeError", "wrong"), "RangeError: wrong"],
  [named("ReferenceError", "wrong"), "ReferenceError: wrong"],
  [named("SyntaxError", "wrong"), "SyntaxError: wrong"],
  [named("EvalError", "wrong"), "EvalError: wrong"],
  [named("URIError", "wrong"), "URIError: wrong"],
  [named("MyError", "wrong"), "wrong"],
  [bare("outer", { cause: bare("inner") }), "outer\n\tcaused by: inner"],
  [bare("outer", { cause: "a text" }), "outer\n\tcaused by: a text"],
  [bare("outer", { cause: null }), "outer\n\tcaused by: panic called with nil argument"],
  [ring(), "one\n\tcaused by: two"],
  [bare("", { errors: [bare("one"), 2] }), "one\n\t2"],
  [bare("both", { errors: [bare("one")] }), "both"],
  [bare("", { errors: "none" }), ""],
  [runInNewContext("Object.assign(new Error('of another realm'), { stack: 'Error' })"), "of another realm"],
  [unreadable(), "an unprintable value"],
];

test.each(panics.map(([value, text]) => [text, value] as const))(
  "a panic prints %j [G9] [G13]",
  async (text, value) => {
    expect(await reportOf(value)).toBe(`panic: ${text}\n\ngoroutine 7 [running]:\n${created}`);
  },
);

function fails(): never {
  throw new Error("not printable");
}

/** What throws whatever is asked. */
function unreadable(): unknown {
  return new Proxy({}, { get: fails, getPrototypeOf: fails, has: fails });
}

describe("the report of a panic", () => {
  test("has the panics of deferred calls in their order, and the stack of the last [G12]", async () => {
    const last = bare("last", { stack: "Error: last\n    at cleanup (/app/a.ts:3:4)" });
    const report = await reportOf(suppressed(last, suppressed(bare("second"), "first")));
    expect(report).toBe(
      `panic: first\n\tpanic: second\n\tpanic: last\n\ngoroutine 7 [running]:\ncleanup(...)\n\t/app/a.ts:3:4\n${created}`,
    );
  });

  test("leaves out a goexit that a panic has aborted [G17]", async () => {
    const { log } = playProcess();
    const [{ crash }, { goexitSignal }] = await reload(() =>
      Promise.all([import("../../src/runtime/crashreport.ts"), import("../../src/runtime/goexit.ts")]),
    );
    crash(suppressed("boom", goexitSignal), { id: 7, place } as never, "work");
    expect(log).toContain(`writes to 2: panic: boom\n\ngoroutine 7 [running]:\n${created}`);
  });

  test("of main does not say where it was started [G7]", async () => {
    expect(await reportOf("boom", 1)).toBe("panic: boom\n\ngoroutine 1 [running]:\n");
  });

  test("shows the error itself to the monitor [G29]", async () => {
    const { log } = playProcess();
    const { crash } = await reload(() => import("../../src/runtime/crashreport.ts"));
    crash(bare("boom"), { id: 1, place } as never, "main");
    expect(log[0]).toBe("emits uncaughtExceptionMonitor: Error: boom, uncaughtException");
  });
});

describe("the report of a fatal error", () => {
  const load = () =>
    reload(async () => {
      const [{ crashFatally }, { program, setOnStack, Goroutine }, { live }] = await Promise.all([
        import("../../src/runtime/crashreport.ts"),
        import("../../src/runtime/program.ts"),
        import("../../src/runtime/live.ts"),
      ]);
      return { crashFatally, program, setOnStack, Goroutine, live };
    });
  const trace = "misuse(...)\n\t/app/a.ts:3:4\n";
  const fatal = (): Error => bare("misuse", { stack: "Error: misuse\n    at misuse (/app/a.ts:3:4)" });

  test("without a stack is one line [J8]", async () => {
    const { log } = playProcess();
    const { crashFatally } = await load();
    crashFatally(bare("misuse"));
    expect(log).toContain("writes to 2: fatal error: misuse\n");
  });

  test.each([
    ["module", 1, ""],
    ["running", 0, ""],
  ] as const)("outside goroutines, while main is %s, has the number %d [J8]", async (main, id, started) => {
    const { log } = playProcess();
    const { crashFatally, program } = await load();
    program.main = main;
    crashFatally(fatal());
    expect(log).toContain(`writes to 2: fatal error: misuse\n\ngoroutine ${id} [running]:\n${trace}${started}`);
  });

  test.each([
    [7, created],
    [1, ""],
  ])("in goroutine %d says which one it is, and where it was started [J8]", async (id, started) => {
    const { log } = playProcess();
    const { crashFatally, live, Goroutine, setOnStack } = await load();
    live.add(new Goroutine(id, place));
    setOnStack(id);
    crashFatally(fatal());
    setOnStack(0);
    expect(log).toContain(`writes to 2: fatal error: misuse\n\ngoroutine ${id} [running]:\n${trace}${started}`);
  });
});
