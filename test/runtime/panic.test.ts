import { fileURLToPath } from "node:url";
import { expect, describe, test } from "vitest";
import { place, run } from "./run.ts";

const at = (marker: string, text = "new Error"): string => place("panics.ts", marker, text);

test.concurrent.each([
  ["atOnce", "at-once", "at once"],
  ["later", "later", "later"],
])(
  "an error thrown in a goroutine, %s, ends the program with Go's report [G7] [J7] [Z5]",
  async (scenario, marker, text) => {
    const { code, stdout, stderr } = await run("panics.ts", [scenario]);
    expect(stderr).toBe(`panic: ${text}

goroutine 2 [running]:
work(...)
	${at(marker)}
created by ${scenario}
	${at(`${marker}-go`, "go(")}
`);
    expect([code, stdout]).toEqual([2, ""]);
  },
);

test.concurrent("a rejected promise is a panic as well [G7] [G28]", async () => {
  const { code, stderr } = await run("panics.ts", ["rejected"]);
  expect([code, stderr.split("\n", 3)]).toEqual([2, ["panic: rejected", "", "goroutine 2 [running]:"]]);
});

test.concurrent("the report names every async function on the way [G7]", async () => {
  const { stderr } = await run("panics.ts", ["nested"]);
  expect(stderr).toContain(`inner(...)\n\t${at("inner")}\nouter(...)\n\t${at("outer", "await ")}\ncreated by nested\n`);
});

test.concurrent.each([
  ["inMain", "in-main", "in main"],
  ["inMainAtOnce", "in-main-at-once", "in main at once"],
])("a panic of main, %s, is one of goroutine 1 [G7] [J6]", async (scenario, marker, text) => {
  const { code, stderr } = await run("panics.ts", [scenario]);
  expect([code, stderr]).toEqual([2, `panic: ${text}\n\ngoroutine 1 [running]:\n${scenario}(...)\n\t${at(marker)}\n`]);
});

test.concurrent.each([
  ["afterFunc", "after-func"],
  ["afterFuncAsync", "after-func-async"],
])("a panic in the function of an %s ends the program [T25] [G7]", async (scenario, marker) => {
  const { code, stderr } = await run("panics.ts", [scenario]);
  expect([code, stderr.split("\n", 5)]).toEqual([
    2,
    ["panic: late", "", "goroutine 2 [running]:", "func(...)", `\t${at(marker)}`],
  ]);
});

test.concurrent("the library's own panics carry Go's text, and the place is the user's line [G14]", async () => {
  const { code, stderr } = await run("panics.ts", ["library"]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining(`panic: send on closed channel\n\ngoroutine 2 [running]:\n`),
  ]);
  expect(stderr).toContain(`work(...)\n\t${at("library", "ch.send")}`.replace(/\d+$/, ""));
});

test.concurrent("a close panics in the goroutine that waits to send [G14]", async () => {
  const { code, stderr } = await run("panics.ts", ["parkedSender"]);
  expect([code, stderr.split("\n", 3)]).toEqual([2, ["panic: send on closed channel", "", "goroutine 2 [running]:"]]);
  expect(stderr).toContain(`work(...)\n\t${at("parked", "await ")}`);
});

test.concurrent("an error of the engine prints with its kind [G9]", async () => {
  const { stderr } = await run("panics.ts", ["script"]);
  expect(stderr).toMatch(/^panic: TypeError: Cannot read properties of undefined/);
});

test.concurrent.each(["atOnce", "inMainAtOnce", "rejected", "script", "exitListener", "library", "goNil"])(
  "no report shows the library's own frames: %s [G7]",
  async (scenario) => {
    const { stderr } = await run("panics.ts", [scenario]);
    expect(stderr).not.toContain(fileURLToPath(new URL("../../dist", import.meta.url)));
  },
);

test.concurrent("deferred calls and finally blocks of other goroutines do not run, its own do [G7] [G18]", async () => {
  const { code, stdout, stderr } = await run("panics.ts", ["others"]);
  expect([code, stdout, stderr.split("\n", 1)]).toEqual([
    2,
    "its own deferred call\nits own finally\n",
    ["panic: others"],
  ]);
});

test.concurrent("main cannot recover another goroutine's panic [G8]", async () => {
  const { code, stdout, stderr } = await run("panics.ts", ["notByMain"]);
  expect([code, stdout, stderr.split("\n", 1)]).toEqual([2, "", ["panic: unseen"]]);
});

test.concurrent("a recovered panic ends only the call that it unwound [G24] [J6]", async () => {
  expect(await run("panics.ts", ["recovered"])).toEqual({
    code: 0,
    stdout: "recovered\nalive\nmain's finally\n",
    stderr: "",
  });
});

test.concurrent("listeners of the host's exit event run, and see status 2 [G28]", async () => {
  const { code, stdout, stderr } = await run("panics.ts", ["exitListener"]);
  expect([code, stdout, stderr.split("\n", 1)]).toEqual([2, "exit 2\n", ["panic: 451 degrees"]]);
});

describe.concurrent("go of nil", () => {
  test("is fatal past catch and finally, with the place of the caller [G3] [J8]", async () => {
    const { code, stdout, stderr } = await run("panics.ts", ["goNil"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^fatal error: go of nil func value\n/);
    expect(stderr).toMatch(/\n\ngoroutine 1 \[running\]:\ngoNil\(\.\.\.\)\n/);
    expect(stderr).toContain(`\t${at("go-nil", "go(")}\n`);
  });
});

describe.concurrent("a panic while panicking", () => {
  test("two print both, the older one first [G9] [G12]", async () => {
    const { code, stderr } = await run("panics.ts", ["two"]);
    expect([code, stderr.split("\n", 4)]).toEqual([
      2,
      ["panic: first", "\tpanic: second", "", "goroutine 1 [running]:"],
    ]);
  });

  test("three print all [G9] [G12]", async () => {
    const { code, stderr } = await run("panics.ts", ["three"]);
    expect([code, stderr.split("\n", 4)]).toEqual([2, ["panic: first", "\tpanic: second", "\tpanic: third", ""]]);
  });
});

describe.concurrent("goexit", () => {
  const alive = "alive\nmain's finally\n";

  test("runs deferred calls and ends the goroutine, without a report [G15] [J15]", async () => {
    expect(await run("panics.ts", ["goexit"])).toEqual({ code: 0, stdout: `deferred\n${alive}`, stderr: "" });
  });

  test("in a deferred call aborts a panic [G17]", async () => {
    expect(await run("panics.ts", ["goexitOverPanic"])).toEqual({ code: 0, stdout: alive, stderr: "" });
  });

  test("is replaced by a panic of a deferred call [G17]", async () => {
    const { code, stderr } = await run("panics.ts", ["panicOverGoexit"]);
    expect([code, stderr.split("\n", 3)]).toEqual([2, ["panic: thrown while leaving", "", "goroutine 2 [running]:"]]);
  });

  test("between two panics is not printed, as in Go [G9] [G17]", async () => {
    const { code, stderr } = await run("panics.ts", ["panicOverGoexitOverPanic"]);
    expect([code, stderr.split("\n", 4)]).toEqual([2, ["panic: first", "\tpanic: last", "", "goroutine 2 [running]:"]]);
  });

  test("in main lets the others run to their end, which is fatal [G16]", async () => {
    const { code, stdout, stderr } = await run("panics.ts", ["goexitInMain"]);
    expect([code, stdout]).toEqual([2, alive]);
    expect(stderr).toBe("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
  });

  test.each(["goexitAfterOutput", "goexitBeforeOutput"])(
    "in main is reported when all that was printed has left (%s) [G16]",
    async (program) => {
      const { code, stdout, stderr } = await run("panics.ts", [program]);
      expect([code, stdout.length]).toEqual([2, 1 << 22]);
      expect(stderr).toBe("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
    },
  );

  test("in main, while another sleeps for good, is the usual deadlock [G16] [G18]", async () => {
    const { code, stderr } = await run("panics.ts", ["goexitInMainAsleep"]);
    expect([code, stderr.split("\n", 3)]).toEqual([
      2,
      ["fatal error: all goroutines are asleep - deadlock!", "", "goroutine 2 [chan receive]:"],
    ]);
  });
});

test.concurrent("a result whose `then` throws is a panic of that goroutine alone [G7]", async () => {
  const { code, stderr } = await run("panics.ts", ["thenGetter"]);
  expect([code, stderr.split("\n", 3)]).toEqual([2, ["panic: in then", "", "goroutine 2 [running]:"]]);
});

describe.concurrent("a goroutine that lets main return while its panic unwinds ends the program", () => {
  test.each([
    "at once",
    "one frame",
    "a hundred frames",
    "after a wait",
    "in a finally block",
    "in an asynchronous deferred call",
    "before other asynchronous deferred calls",
    "after the panic of another",
  ])("%s [G7] [G5]", async (name) => {
    const { code, stdout, stderr } = await run("unwinding.ts", [name]);
    expect([code, stderr.split("\n", 1)]).toEqual([2, ["panic: crash"]]);
    expect(stdout).not.toContain("job 1");
  });
});

test.concurrent("without a panic no goroutine resumes after main has returned [G5]", async () => {
  const { code, stdout, stderr } = await run("unwinding.ts", ["no panic"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).not.toContain("job 1");
});
