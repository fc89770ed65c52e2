import { chan, defer, go, sync } from "gocsp";
import * as assert from "gocsp/golib/assert";
import * as goleak from "gocsp/golib/goleak";
import * as require from "gocsp/golib/require";
import * as testing from "gocsp/golib/testing";
import { goexit, isGoexit } from "gocsp/runtime";
import { afterEach, describe, expect, test, vi } from "vitest";

/** Runs a Go test and returns the error that the runner receives: undefined if the test passes. */
async function failureOf(f: (t: testing.T) => unknown, name = "TestX"): Promise<string | undefined> {
  try {
    await testing.test(f)({ name });
    return undefined;
  } catch (error) {
    return (error as Error).message.replaceAll(/\(\d+\.\d\ds\)/g, "(time)");
  }
}

describe("a test", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test("passes if nothing fails [B11]", async () => {
    expect(await failureOf((t) => t.log("fine"))).toBeUndefined();
  });

  test("fails with all its texts, and goes on after error but not after fatal [B11]", async () => {
    const seen: string[] = [];
    const text = await failureOf((t) => {
      t.errorf("%d is wrong", 1);
      seen.push("after error");
      t.fatal("stop", 2);
      seen.push("after fatal");
    });
    expect(text).toBe("--- FAIL: TestX (time)\n    1 is wrong\n    stop 2\n");
    expect(seen).toEqual(["after error"]);
  });

  test("runs deferred calls and cleanups after fatal, last one first [B11]", async () => {
    const seen: string[] = [];
    await failureOf((t) => {
      t.cleanup(() => seen.push("cleanup 1"));
      t.cleanup(async () => seen.push("cleanup 2"));
      using _ = defer(() => seen.push("deferred"));
      t.fatal("stop");
    });
    expect(seen).toEqual(["deferred", "cleanup 2", "cleanup 1"]);
  });

  test("fails when its function panics, with the panic as the cause [B11]", async () => {
    const run = testing.test(() => {
      throw new TypeError("broken");
    });
    const error = await run({ name: "TestX" }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(error?.message).toContain("panic: broken");
    expect(error?.cause).toBeInstanceOf(TypeError);
  });

  test("has subtests with Go's names, which fail their parent [B11]", async () => {
    const results: boolean[] = [];
    const text = await failureOf(async (t) => {
      results.push(await t.run("good one", () => undefined));
      results.push(await t.run("bad", (t) => t.error(t.name())));
      results.push(await t.run("bad", (t) => t.error(t.name())));
      results.push(t.failed());
    });
    expect(results).toEqual([true, false, false, true]);
    expect(text).toBe(
      [
        "--- FAIL: TestX (time)",
        "    --- PASS: TestX/good_one (time)",
        "    --- FAIL: TestX/bad (time)",
        "        TestX/bad",
        "    --- FAIL: TestX/bad#01 (time)",
        "        TestX/bad#01",
        "",
      ].join("\n"),
    );
  });

  test("lets parallel subtests go on together when the parent has returned [B11]", async () => {
    const seen: string[] = [];
    const both = new sync.WaitGroup();
    both.add(2);
    await failureOf(async (t) => {
      for (const name of ["a", "b"]) {
        await t.run(name, async (t) => {
          seen.push(`${name} starts`);
          await t.parallel();
          both.done();
          await both.wait();
          seen.push(`${name} ends`);
        });
      }
      t.cleanup(() => seen.push("cleanup"));
      seen.push("parent returns");
    });
    expect(seen).toEqual(["a starts", "b starts", "parent returns", "a ends", "b ends", "cleanup"]);
  });

  test("can be skipped, which the runner is told [B11]", async () => {
    const skip = vi.fn<(text: string) => void>();
    await testing.test((t) => t.skip("not here"))({ name: "TestX", skip });
    expect(skip).toHaveBeenCalledExactlyOnceWith("not here");
  });

  test("prints a line of JSON for each test and subtest if GOTEST_JSON is set [B11]", async () => {
    vi.stubEnv("GOTEST_JSON", "1");
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await failureOf(async (t) => {
      await t.run("sub", (t) => t.skip("why"));
      t.error("bad");
    });
    const lines = write.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
    expect(lines.map(({ Test, Action }) => [Test, Action])).toEqual([
      ["TestX/sub", "skip"],
      ["TestX", "fail"],
    ]);
    expect(lines[0]?.["Output"]).toBe("    why\n");
  });

  test("has a context that ends before the cleanups, a folder and an environment of its own [B11]", async () => {
    let ended: boolean | undefined;
    let folder = "";
    await failureOf(async (t) => {
      const ctx = t.context();
      t.cleanup(() => (ended = ctx.err() !== undefined));
      folder = t.tempDir();
      t.setenv("GOLIB_TEST", "inside");
      expect(process.env["GOLIB_TEST"]).toBe("inside");
      expect(ctx.err()).toBeUndefined();
    });
    expect(ended).toBe(true);
    expect(process.env["GOLIB_TEST"]).toBeUndefined();
    const { existsSync } = await import("node:fs");
    expect(existsSync(folder)).toBe(false);
  });

  test("fails when a goroutine of its own says so [B11]", async () => {
    const text = await failureOf(async (t) => {
      const done = new sync.WaitGroup();
      done.add(1);
      go(async () => {
        using _ = defer(() => done.done());
        t.fatal("from a goroutine");
      });
      await done.wait();
    });
    expect(text).toContain("from a goroutine");
  });
});

describe("a benchmark and a fuzz test", () => {
  test("run their loop once, and their seeds [B11]", async () => {
    const turns: number[] = [];
    await testing.benchmark((b) => {
      for (let i = 0; i < b.n; i++) turns.push(i);
      while (b.loop()) turns.push(7);
    })({ name: "BenchmarkX" });
    expect(turns).toEqual([0, 7]);
    const seeds: unknown[] = [];
    const run = testing.fuzz(async (f) => {
      f.add(1, "a");
      f.add(2, "b");
      await f.fuzz((t, n: number, s: string) => {
        seeds.push([n, s]);
        if (n === 2) t.error("two");
      });
    });
    await expect(run({ name: "FuzzX" })).rejects.toThrow("two");
    expect(seeds).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
  });
});

describe("testify", () => {
  const passes: Record<string, (t: testing.T) => unknown> = {
    equal: (t) => assert.equal(t, { a: [1] }, { a: [1] }),
    notEqual: (t) => assert.notEqual(t, 1, 2),
    nil: (t) => assert.nil(t, undefined),
    true: (t) => assert.true(t, true),
    len: (t) => assert.len(t, [1, 2], 2),
    contains: (t) => assert.contains(t, "seafood", "foo"),
    elementsMatch: (t) => assert.elementsMatch(t, [1, 2, 2], [2, 1, 2]),
    errorIs: (t) => assert.errorIs(t, new Error("outer", { cause: same }), same),
    panics: (t) =>
      assert.panics(t, () => {
        throw new Error("no");
      }),
    empty: (t) => assert.empty(t, ""),
    inDelta: (t) => assert.inDelta(t, 1, 1.05, 0.1),
  };
  const fails: Record<string, (t: testing.T) => unknown> = {
    equal: (t) => assert.equal(t, { a: [1] }, { a: [2] }),
    notEqual: (t) => assert.notEqual(t, 1, 1),
    nil: (t) => assert.nil(t, 0),
    true: (t) => assert.true(t, false),
    len: (t) => assert.len(t, [1, 2], 3),
    contains: (t) => assert.contains(t, "seafood", "bar"),
    elementsMatch: (t) => assert.elementsMatch(t, [1, 2, 2], [1, 1, 2]),
    errorIs: (t) => assert.errorIs(t, new Error("outer"), same),
    panics: (t) => assert.panics(t, () => undefined),
    empty: (t) => assert.empty(t, [0]),
    inDelta: (t) => assert.inDelta(t, 1, 1.2, 0.1),
  };
  const same = new Error("same");

  test.each(Object.keys(passes))("%s holds, and fails [B12]", async (name) => {
    expect(await failureOf(async (t) => void (await passes[name]?.(t)))).toBeUndefined();
    expect(await failureOf(async (t) => void (await fails[name]?.(t)))).toContain("Error: ");
  });

  test("assert goes on and require does not [B12]", async () => {
    const seen: string[] = [];
    await failureOf((t) => {
      assert.equal(t, 1, 2, "of %s", "numbers");
      seen.push("after assert");
      require.equal(t, 1, 2);
      seen.push("after require");
    });
    expect(seen).toEqual(["after assert"]);
  });
});

describe("checks that call a function", () => {
  const no = new Error("no");
  const bad = (): void => {
    throw no;
  };
  const later = async (): Promise<void> => bad();

  test("return at once if it does, and end the test there [B12]", async () => {
    const seen: unknown[] = [];
    const failure = await failureOf((t) => {
      seen.push(assert.panics(t, bad), assert.panicsWithError(t, "no", bad), assert.panicsWithValue(t, no, bad));
      seen.push(require.notPanics(t, () => 1));
      require.panics(t, () => 1);
      seen.push("after require");
    });
    expect([seen, failure]).toEqual([[true, true, true, true], expect.stringContaining("func should panic")]);
  });

  test("return a promise if it does [B12]", async () => {
    const found = await failureOf(async (t) => {
      const checks = [
        assert.panics(t, later),
        assert.panicsWithError(t, "no", later),
        assert.notPanics(t, async () => 1),
      ];
      expect(checks.every((check) => check instanceof Promise)).toBe(true);
      expect(await Promise.all(checks)).toEqual([true, true, true]);
      await require.notPanics(t, later);
      expect.fail("not reached");
    });
    expect(found).toContain("func should not panic, but: no");
  });

  test("are no recover: the end of a goroutine goes through [B12]", () => {
    const t: assert.TestingT = { errorf: () => expect.fail(), helper: () => undefined };
    let thrown: unknown;
    try {
      assert.panics(t, () => goexit());
    } catch (value) {
      thrown = value;
    }
    expect(isGoexit(thrown)).toBe(true);
  });
});

describe("allocsPerRun", () => {
  test("starts a run when the one before has ended, and waits for the last [B12]", async () => {
    const numbers = chan<number>();
    go(async () => {
      for (let n = 1; n <= 3; n++) await numbers.send(n);
    });
    const seen: unknown[] = [];
    const result = testing.allocsPerRun(2, async () => {
      seen.push("begin");
      seen.push(await numbers.receive());
    });
    expect(seen).toEqual(["begin"]);
    expect(await result).toBe(0);
    expect(seen).toEqual(["begin", 1, "begin", 2, "begin", 3]);
  });

  test("ends at the run that fails, in either form [B12]", async () => {
    let runs = 0;
    const failure = new Error("third");
    const run = (): void => {
      if (++runs === 3) throw failure;
    };
    expect(() => testing.allocsPerRun(5, run)).toThrow(failure);
    expect(runs).toBe(3);
    runs = 0;
    await expect(testing.allocsPerRun(5, async () => run())).rejects.toBe(failure);
    expect(runs).toBe(3);
  });

  test("returns a number if no run returns a promise [B12]", () => {
    let runs = 0;
    expect(testing.allocsPerRun(4, () => void runs++)).toBe(0);
    expect(runs).toBe(5);
  });
});

describe("goleak", () => {
  test("finds a goroutine that does not end, and waits for one that does [B12]", async () => {
    const before = goleak.ignoreCurrent();
    const stop = chan<void>();
    go(async () => {
      await stop.receive();
    });
    expect(await failureOf(async (t) => goleak.verifyNone(t, before))).toContain("found unexpected goroutines: 1");
    stop.close();
    expect(await failureOf(async (t) => goleak.verifyNone(t, before))).toBeUndefined();
  });
});
