import { chan, context, go, PanicError } from "gocsp";
import { goexit, numGoroutine } from "gocsp/runtime";
import * as singleflight from "gocsp/singleflight";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { counted, failure } from "./counted.ts";

expectNoGoroutinesLeft();

/** A function whose promise the test rejects. */
function later<V>(): { f: () => Promise<V>; fail: (error: Error) => void } {
  let fail!: (error: Error) => void;
  const promise = new Promise<V>((_, reject) => (fail = reject));
  return { f: () => promise, fail };
}

describe("doResult", () => {
  test("yields the value, no error, and whether it was shared [F13]", async () => {
    const group = new singleflight.Group<string>();
    expect(await group.doResult("key", () => "value")).toEqual({ val: "value", err: undefined, shared: false });
  });

  test("a failure is shared like a value, also with callers of do [F13]", async () => {
    const group = new singleflight.Group<string>();
    const { f, fail } = later<string>();
    const first = group.doResult("key", f);
    const second = group.doResult("key", f);
    const third = group.do("key", f);
    fail(failure);
    const result = { val: undefined, err: failure, shared: true };
    expect(await Promise.all([first, second])).toEqual([result, result]);
    await expect(third).rejects.toBe(failure);
  });

  test("a failure of one's own is not shared [F13]", async () => {
    const group = new singleflight.Group<string>();
    const result = await group.doResult("key", () => Promise.reject(failure));
    expect(result).toEqual({ val: undefined, err: failure, shared: false });
  });

  test("nothing that is thrown looks like success [F13]", async () => {
    const group = new singleflight.Group<string>();
    for (const nothing of [undefined, null]) {
      const thrower = (): never => {
        throw nothing;
      };
      const { err } = await group.doResult("key", thrower);
      expect([(err as Error).message, (err as Error).cause]).toEqual([String(nothing), nothing]);
      expect((await group.doChan("key", thrower).receive())?.err).toBeInstanceOf(Error);
    }
  });

  test("a goexit ends the waiters, as in do [F13]", async () => {
    const group = new singleflight.Group<string>();
    let went = false;
    go(async () => {
      await group.doResult("key", () => goexit());
      went = true;
    });
    await settle();
    expect(went).toBe(false);
  });
});

describe("do", () => {
  test("yields the value and that it was not shared [F1] [F2]", async () => {
    const group = new singleflight.Group<string>();
    expect(await group.do("key", () => "value")).toEqual(["value", false]);
    expect(await group.do("key", async () => "later")).toEqual(["later", false]);
  });

  test("throws what the function throws [F1]", async () => {
    const group = new singleflight.Group<string>();
    await expect(group.do("key", () => Promise.reject(failure))).rejects.toBe(failure);
    const thrower = (): string => {
      throw failure;
    };
    await expect(group.do("key", thrower)).rejects.toBe(failure);
  });

  test("callers with the same key at the same time share one call [F1] [F2]", async () => {
    const group = new singleflight.Group<number>();
    const { f, finish, calls } = counted();
    const callers = Array.from({ length: 10 }, () => follow(group.do("key", f)));
    await settle();
    expect([calls(), callers[0]?.state]).toEqual([1, "waits"]);
    finish();
    await settle();
    expect(callers).toEqual(callers.map(() => ({ state: "returned", value: [1, true] })));
  });

  test("all of them get the very same error [F1] [F12]", async () => {
    const group = new singleflight.Group<number>();
    const gate = chan<void>();
    const f = async (): Promise<number> => gate.receive().then(() => Promise.reject(failure));
    const callers = [group.do("key", f), group.do("key", f)].map(follow);
    gate.close();
    await settle();
    expect(callers.map(({ error }) => error)).toEqual([failure, failure]);
    expect(callers.every(({ error }) => error === failure)).toBe(true);
  });

  test("the first caller gets shared true if another joins later [F2]", async () => {
    const group = new singleflight.Group<number>();
    const { f, finish } = counted();
    const first = follow(group.do("key", f));
    await settle();
    const second = follow(group.do("key", f));
    finish();
    await settle();
    expect([first.value, second.value]).toEqual([
      [1, true],
      [1, true],
    ]);
  });

  test("nothing is kept: the next call runs again, after a value and after an error [F3]", async () => {
    const group = new singleflight.Group<number>();
    let calls = 0;
    for (let i = 1; i <= 3; i++) {
      expect(await group.do("key", () => ++calls)).toEqual([i, false]);
      await expect(group.do("key", () => Promise.reject(failure))).rejects.toBe(failure);
    }
  });

  test("a caller that was given a value finds the key free in the same step [F3]", async () => {
    const group = new singleflight.Group<number>();
    let calls = 0;
    const again = group.do("key", () => ++calls).then(() => group.do("key", () => ++calls));
    expect(await again).toEqual([2, false]);
  });

  test("other keys are other calls, and a call may make one of another key [F4]", async () => {
    const group = new singleflight.Group<string>();
    const { f, finish } = counted();
    const slow = follow(group.do("slow", () => f().then(String)));
    const outer = group.do("outer", async () => (await group.do("inner", () => "inner"))[0]);
    expect(await outer).toEqual(["inner", false]);
    expect(slow.state).toBe("waits");
    finish();
    await settle();
    expect(slow.value).toEqual(["1", false]);
  });

  test("the same key from within its own call waits for itself [F4]", async () => {
    const group = new singleflight.Group<unknown>();
    const [ctx, cancel] = context.withCancel(context.background());
    let inner: string | undefined;
    const outer = group.do("key", async () => {
      const again = follow(group.do("key", () => "never called"));
      await ctx.done().receive();
      inner = again.state;
    });
    await settle();
    cancel();
    await outer;
    expect(inner).toBe("waits");
  });

  test("any value is a key, compared by identity [F4]", async () => {
    const group = new singleflight.Group<number, unknown>();
    const { f, finish, calls } = counted();
    const key = {};
    const callers = [key, {}, key, 1, "1", Number.NaN, Number.NaN, undefined].map((k) => follow(group.do(k, f)));
    await settle();
    expect(calls()).toBe(6);
    finish();
    await settle();
    expect(callers.every(({ state }) => state === "returned")).toBe(true);
  });

  test("a promise-like result is waited for; other groups are other calls [F1] [F4]", async () => {
    const [one, two] = [new singleflight.Group<number>(), new singleflight.Group<number>()];
    const { f, finish, calls } = counted();
    const callers = [one.do("key", f), two.do("key", f)];
    await settle();
    expect(calls()).toBe(2);
    finish();
    await Promise.all(callers);
  });

  test("a panic reaches every caller, and later calls run normally [F8]", async () => {
    const group = new singleflight.Group<number>();
    const closed = chan<number>();
    closed.close();
    const f = async (): Promise<number> => closed.send(1).then(() => 1);
    const callers = [group.do("key", f), group.do("key", f)];
    for (const caller of callers) {
      await expect(caller).rejects.toThrow(new PanicError("send on closed channel"));
    }
    expect(await group.do("key", () => 7)).toEqual([7, false]);
  });

  test("a goexit in the function ends the goroutine of every caller [F10]", async () => {
    const group = new singleflight.Group<number>();
    const gate = chan<void>();
    const log: string[] = [];
    const before = numGoroutine();
    for (let i = 0; i < 3; i++) {
      go(async () => {
        try {
          await group.do("key", () => gate.receive().then(() => goexit()));
          log.push("returned");
        } finally {
          log.push("finally");
        }
      });
    }
    await settle();
    gate.close();
    await settle();
    expect(log).toEqual(["finally", "finally", "finally"]);
    expect(numGoroutine()).toBe(before);
    expect(await group.do("key", () => 7)).toEqual([7, false]);
  });

  test.each([
    [undefined, "undefined"],
    [7, "7"],
  ] as [never, string][])("%s is no function", async (f, printed) => {
    const group = new singleflight.Group<number>();
    const error = new TypeError(`singleflight: ${printed} is not a function`);
    await expect(group.do("key", f)).rejects.toThrow(error);
    expect(() => group.doChan("key", f)).toThrow(error);
    expect(await group.do("key", () => 1)).toEqual([1, false]);
  });
});
