import { defer, go, gosched } from "gocsp";
import { goexit } from "gocsp/runtime";
import { Once, WaitGroup } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { Log } from "./log.ts";

expectNoGoroutinesLeft();

describe("the first call", () => {
  test("runs f; later calls run nothing, whichever f they pass [Y25]", async () => {
    const once = new Once();
    const log = new Log();
    await once.do(() => log.add("first"));
    await once.do(() => log.add("first again"));
    await once.do(() => log.add("another f"));
    expect(log.take()).toEqual(["first"]);
  });

  test("of 10 goroutines exactly one runs f [Y25]", async () => {
    const once = new Once();
    const wg = new WaitGroup();
    let runs = 0;
    const seen: number[] = [];
    for (let i = 0; i < 10; i++) {
      wg.go(async () => {
        await once.do(async () => {
          await gosched();
          runs++;
        });
        seen.push(runs);
      });
    }
    await wg.wait();
    expect([runs, seen]).toEqual([1, Array(10).fill(1)]);
  });

  test("is decided when do is called, not when it is awaited [Y33]", async () => {
    const once = new Once();
    const log = new Log();
    const first = once.do(() => log.add("first"));
    const second = once.do(() => log.add("second"));
    await Promise.all([second, first]);
    expect(log.take()).toEqual(["first"]);
  });

  test("makes calls that come while it runs wait until f has returned [Y26]", async () => {
    const once = new Once();
    const log = new Log();
    let finish!: () => void;
    const running = new Promise<void>((resolve) => (finish = resolve));
    log.follow(
      "first",
      once.do(() => running.then(() => log.add("f ends"))),
    );
    for (let i = 0; i < 3; i++)
      log.follow(
        `waiter ${i}`,
        once.do(() => log.add("never")),
      );
    await settle();
    expect(log.take()).toEqual([]);
    finish();
    await settle();
    const events = log.take();
    expect([events[0], events.slice(1).toSorted()]).toEqual(["f ends", ["first", "waiter 0", "waiter 1", "waiter 2"]]);
    log.follow(
      "late",
      once.do(() => log.add("never")),
    );
    await settle();
    expect(log.take()).toEqual(["late"]);
  });

  test("shares nothing with f's result: it resolves with undefined [Y33]", async () => {
    const once = new Once();
    const results = await Promise.all([once.do(async () => 7), once.do(() => 8), once.do(() => 9)]);
    expect(results).toEqual([undefined, undefined, undefined]);
  });
});

describe("an f that does not return", () => {
  const failure = new Error("f failed");
  const fails: [how: string, f: () => unknown][] = [
    [
      "throws",
      () => {
        throw failure;
      },
    ],
    [
      "rejects",
      async () => {
        await gosched();
        throw failure;
      },
    ],
  ];

  test.each(fails)("what it %s goes to its caller alone, and the Once is done [Y27]", async (_, f) => {
    const once = new Once();
    const log = new Log();
    log.follow("first", once.do(f));
    log.follow(
      "second",
      once.do(() => log.add("never")),
    );
    await settle();
    expect(log.take().toSorted()).toEqual(["first: f failed", "second"]);
    await once.do(() => log.add("never"));
    expect(log.take()).toEqual([]);
  });

  test("so it is with goexit, which ends the goroutine of its caller [Y27]", async () => {
    const once = new Once();
    const log = new Log();
    go(async () => {
      using _ = defer(() => log.add("deferred"));
      await once.do(async () => {
        await gosched();
        goexit();
      });
      log.add("never");
    });
    go(async () => {
      await once.do(() => log.add("never"));
      log.add("second");
    });
    await settle();
    expect(log.take().toSorted()).toEqual(["deferred", "second"]);
    await once.do(() => log.add("never"));
    expect(log.take()).toEqual([]);
  });

  test.each([undefined, null])("do(%o) throws and counts as done [Y29]", async (nothing) => {
    const once = new Once();
    const log = new Log();
    await expect(once.do(nothing as never)).rejects.toThrow(TypeError);
    await once.do(() => log.add("never"));
    // It is ignored.
    await once.do(nothing as never);
    expect(log.take()).toEqual([]);
  });
});

describe("within its own f", () => {
  test("do waits for itself, and never returns [Y28]", async () => {
    const once = new Once();
    const log = new Log();
    let inner: Promise<void> | undefined;
    const outer = follow(
      once.do(async () => {
        inner = once.do(() => log.add("never"));
        await Promise.race([inner, settle()]);
        log.add("the inner one waits");
      }),
    );
    await settle();
    await settle();
    // Only the test's own escape has ended it.
    expect([outer.state, log.take()]).toEqual(["returned", ["the inner one waits"]]);
    await inner;
  });

  test("another Once is fine [Y28]", async () => {
    const [outer, inner] = [new Once(), new Once()];
    const log = new Log();
    await outer.do(async () => {
      await inner.do(() => log.add("inner"));
      log.add("outer");
    });
    await inner.do(() => log.add("never"));
    expect(log.take()).toEqual(["inner", "outer"]);
  });
});

describe("doSync", () => {
  test("runs f once, synchronously, whichever method the others use [Y49]", async () => {
    const once = new Once();
    const log: string[] = [];
    once.doSync(() => log.push("first"));
    log.push("after");
    once.doSync(() => log.push("second"));
    await once.do(() => log.push("third"));
    expect(log).toEqual(["first", "after"]);
  });

  test("do has started f when it returns its promise [Y49]", async () => {
    const once = new Once();
    let started = false;
    const doing = once.do(async () => {
      started = true;
      await gosched();
    });
    expect(started).toBe(true);
    await doing;
  });

  test("does nothing after a do that has returned, and refuses while one is running [Y49]", async () => {
    const once = new Once();
    let finish!: () => void;
    const doing = once.do(() => new Promise<void>((resolve) => (finish = resolve)));
    const text = "Once.doSync: the first call is still running, and this one cannot wait for it";
    expect(() => once.doSync(() => expect.unreachable())).toThrow(new Error(text));
    finish();
    await doing;
    once.doSync(() => expect.unreachable());
  });

  test("one that calls itself throws an error that says so [Y49]", () => {
    const once = new Once();
    expect(() => once.doSync(() => once.doSync(() => undefined))).toThrow(/is still running/);
    once.doSync(() => expect.unreachable());
  });

  test("resumes goroutines that wait in do meanwhile [Y49]", async () => {
    const once = new Once();
    let waiting: Promise<void> | undefined;
    once.doSync(() => {
      waiting = once.do(() => expect.unreachable());
    });
    await waiting;
  });

  test("what f throws goes to the first caller, and the Once is done [Y49]", () => {
    const once = new Once();
    expect(() =>
      once.doSync(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    once.doSync(() => expect.unreachable());
  });

  test.each<[given: unknown, text: string]>([
    [42, "Once.doSync: 42 is not a function"],
    [async (): Promise<void> => undefined, "Once.doSync: the function has returned a promise; use do"],
  ])("%o is refused, and the Once is done [Y49]", (given, text) => {
    const once = new Once();
    expect(() => once.doSync(given as () => void)).toThrow(new TypeError(text));
    once.doSync(() => expect.unreachable());
  });
});
