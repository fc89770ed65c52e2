import { defer, go, gosched, recover } from "gocsp";
import { attach, goexit, isGoexit } from "gocsp/runtime";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

/** Runs `body` as a goroutine and returns what it logs and how it ends. */
async function ends(body: (log: string[]) => unknown): Promise<string[]> {
  const log: string[] = [];
  using _ = attach({
    end: () => void log.push("ends"),
    panic: (_id, error) => log.push(`panics: ${text(error)}`) > 0,
  });
  go(body, log);
  await settle();
  return log;
}

function text(error: unknown): string {
  if (!(error instanceof SuppressedError)) return String(error);
  return `${text(error.error)}, which replaced ${text(error.suppressed)}`;
}

test("deferred calls run last in, first out [G10] [J14]", async () => {
  const log = await ends((log) => {
    using _1 = defer(() => log.push("first"));
    using _2 = defer(() => log.push("second"));
    using _3 = defer(() => log.push("third"));
    log.push("body");
  });
  expect(log).toEqual(["body", "third", "second", "first", "ends"]);
});

test("function and arguments are fixed at the defer statement; closures see later changes [G10] [J14]", async () => {
  const log = await ends((log) => {
    let n = 1;
    let f = (...args: unknown[]) => log.push(`old ${args.join()}`);
    using _1 = defer(f, n, "and more");
    using _2 = defer(() => log.push(`closure ${n}`));
    f = () => log.push("new");
    n = 2;
  });
  expect(log).toEqual(["closure 2", "old 1,and more", "ends"]);
});

test("they run on return, on break and on a panic [G10] [J14]", async () => {
  const log = await ends((log) => {
    (() => {
      using _ = defer(() => log.push("after return"));
      return log.push("return");
    })();
    for (const i of [1, 2, 3]) {
      using _ = defer(() => log.push(`after turn ${i}`));
      if (i === 2) break;
    }
    using _ = defer(() => log.push("after panic"));
    throw new Error("panic");
  });
  expect(log).toEqual([
    "return",
    "after return",
    "after turn 1",
    "after turn 2",
    "after panic",
    "panics: Error: panic",
  ]);
});

test("a deferred call that waits is awaited before the block is left [J14]", async () => {
  const log = await ends(async (log) => {
    {
      await using _1 = defer(async () => {
        await gosched();
        log.push("first");
      });
      await using _2 = defer(async () => {
        await gosched();
        log.push("second");
      });
      log.push("body");
    }
    log.push("after the block");
  });
  expect(log).toEqual(["body", "second", "first", "after the block", "ends"]);
});

test("a deferred call that panics replaces the panic, which stays readable, and can be recovered further out [G12]", async () => {
  const log = await ends((log) => {
    try {
      using _ = defer(() => {
        throw new Error("new");
      });
      throw new Error("old");
    } catch (error) {
      log.push(`recovered ${text(error)}`);
    }
  });
  expect(log).toEqual(["recovered Error: new, which replaced Error: old", "ends"]);
});

test("a deferred call that recovers a panic of its own does not stop the outer one [G12]", async () => {
  const log = await ends((log) => {
    using _ = defer(() => {
      try {
        throw new Error("inner");
      } catch {
        log.push("recovered the inner one");
      }
    });
    throw new Error("outer");
  });
  expect(log).toEqual(["recovered the inner one", "panics: Error: outer"]);
});

test("recovering returns the function to its caller [G11] [G24]", async () => {
  const log = await ends((log) => {
    const divide = (a: bigint, b: bigint): bigint | undefined => {
      try {
        return a / b;
      } catch (error) {
        log.push(`recovered ${(error as Error).name}`);
        return undefined;
      }
    };
    log.push(`${divide(6n, 2n)} ${divide(1n, 0n)}`);
  });
  expect(log).toEqual(["recovered RangeError", "3 undefined", "ends"]);
});

test("goexit runs all deferred calls and finally blocks, and ends the goroutine [G15] [J15]", async () => {
  const log = await ends(async (log) => {
    using _ = defer(() => log.push("outermost"));
    const inner = async (): Promise<void> => {
      await using _ = defer(async () => gosched().then(() => log.push("deferred")));
      try {
        await gosched();
        goexit();
      } finally {
        log.push("finally");
      }
    };
    await inner();
    log.push("not reached");
  });
  expect(log).toEqual(["finally", "deferred", "outermost", "ends"]);
});

test("goexit before the first await is as good [G15]", async () => {
  const log = await ends((log) => {
    using _ = defer(() => log.push("deferred"));
    goexit();
  });
  expect(log).toEqual(["deferred", "ends"]);
});

test("a panic that is recovered while goexit unwinds does not stop it [G17]", async () => {
  const log = await ends((log) => {
    using _ = defer(() => {
      try {
        throw new Error("inner");
      } catch {
        log.push("recovered");
      }
    });
    goexit();
  });
  expect(log).toEqual(["recovered", "ends"]);
});

test("of a panic and a goexit the later one counts, however deep they are nested [G17]", async () => {
  const panics = (message: string) => () => {
    throw new Error(message);
  };
  expect(
    await ends(() => {
      using _ = defer(goexit);
      using _1 = defer(panics("second"));
      throw new Error("first");
    }),
  ).toEqual(["ends"]);
  const [last] = await ends(() => {
    using _ = defer(panics("last"));
    using _1 = defer(goexit);
    throw new Error("first");
  });
  expect(last).toMatch(/^panics: Error: last/);
});

test("a catch block sees goexit, and has to throw it on [J15]", async () => {
  const log = await ends((log) => {
    try {
      goexit();
    } catch (signal) {
      log.push(`${signal instanceof Error} ${String(signal)}`);
      throw signal;
    }
  });
  expect(log).toEqual(["false goexit: caught by mistake; rethrow it", "ends"]);
});

test.each([42, undefined, null, {}, Object.create(null)])(
  "what is no function cannot be deferred",
  (given: unknown) => {
    expect(() => defer(given as never)).toThrow(/^defer: .+ is not a function$/);
  },
);

test("recover returns what was caught, and lets goexit pass [J15] [G15]", async () => {
  const log = await ends((log) => {
    try {
      throw new Error("panic");
    } catch (thrown) {
      log.push(String(recover(thrown)));
    }
    try {
      goexit();
    } catch (thrown) {
      log.push(`goexit: ${isGoexit(thrown)}`, `an error: ${isGoexit(new Error("panic"))}`);
      recover(thrown);
      log.push("never");
    }
  });
  expect(log).toEqual(["Error: panic", "goexit: true", "an error: false", "ends"]);
});

test("recover sees a goexit behind a deferred call's, and a panic in front of it [G17]", async () => {
  const log = await ends((log) => {
    try {
      using _ = defer(() => {
        throw new Error("later");
      });
      goexit();
    } catch (thrown) {
      log.push(text(recover(thrown)));
    }
    try {
      using _ = defer(goexit);
      throw new Error("earlier");
    } catch (thrown) {
      recover(thrown);
      log.push("never");
    }
  });
  expect(log).toEqual(["Error: later, which replaced goexit: caught by mistake; rethrow it", "ends"]);
});

test("using refuses a deferred call that returns a promise; await using waits for it [J14]", async () => {
  const log: string[] = [];
  const wait = async (): Promise<void> => {
    await gosched();
    log.push("deferred");
  };
  const refused = (): void => {
    // The types refuse it as well, but not where they are stripped.
    using _ = defer(wait) as never as Disposable;
  };
  expect(refused).toThrow(
    new TypeError("defer: the deferred call returned a promise; write await using _ = defer(…) to wait for it"),
  );
  {
    await using _ = defer(wait);
  }
  expect(log).toEqual(["deferred", "deferred"]);
});
