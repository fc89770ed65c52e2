import { chan, context, errors, go, PanicError, sync } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import { goexit } from "gocsp/runtime";
import * as semaphore from "gocsp/semaphore";
import { describe, expect, expectTypeOf, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const failure = new Error("failure");

function throws(thrown: unknown): never {
  throw thrown;
}

describe("result", () => {
  test.each<[kind: string, work: Promise<number> | (() => number | Promise<number>)]>([
    ["a promise", Promise.resolve(7)],
    ["a function", () => 7],
    ["an async function", async () => 7],
  ])("%s yields its value [W1]", async (_, work) => {
    const [v, err] = await errors.result(work);
    expect([v, err]).toEqual([7, undefined]);
  });

  test.each<[kind: string, make: () => Promise<number> | (() => number | Promise<number>)]>([
    ["a promise", () => Promise.reject(failure)],
    ["a function that throws synchronously", () => () => throws(failure)],
    ["an async function", () => async () => throws(failure)],
  ])("%s yields its error [W1]", async (_, make) => {
    expect(await errors.result(make())).toEqual([undefined, failure]);
  });

  test("the compiler knows the value once the error has been looked at [W1]", async () => {
    const [n, err] = await errors.result(async () => 7);
    expectTypeOf(n).toEqualTypeOf<number | undefined>();
    if (err !== undefined) {
      expectTypeOf(err).toEqualTypeOf<Error>();
      return expect.unreachable();
    }
    expectTypeOf(n).toEqualTypeOf<number>();
    const [, nothing] = await errors.result(new sync.WaitGroup().wait());
    expectTypeOf(nothing).toEqualTypeOf<Error | undefined>();
    expect([n + 1, nothing]).toEqual([8, undefined]);
    return undefined;
  });

  test.each<[thrown: unknown, message: string]>([
    [undefined, "undefined"],
    [null, "null"],
    ["text", "text"],
    [42, "42"],
    [{ code: 1 }, "Object"],
  ])("%o is an error too, and its cause [W1]", async (thrown, message) => {
    for (const [v, err] of [await errors.result(() => throws(thrown)), errors.resultSync(() => throws(thrown))]) {
      expect([v, err?.message, err?.cause]).toEqual([undefined, message, thrown]);
      expect(err).toBeInstanceOf(Error);
    }
  });

  test("an error of another realm is the error itself [W1]", async () => {
    const { runInNewContext } = await import("node:vm");
    const foreign = runInNewContext("new TypeError('elsewhere')") as Error;
    expect((await errors.result(() => throws(foreign)))[1]).toBe(foreign);
  });

  test("a panic is not an error value [W2]", async () => {
    const closed = chan<number>();
    closed.close();
    await expect(errors.result(closed.send(1))).rejects.toThrow(new PanicError("send on closed channel"));
    expect(() => errors.resultSync(() => closed.close())).toThrow(new PanicError("close of closed channel"));
  });

  test("goexit ends the goroutine through it [W2]", async () => {
    const wg = new sync.WaitGroup();
    let after = false;
    wg.go(async () => {
      await errors.result(async () => goexit());
      after = true;
    });
    wg.go(() => {
      errors.resultSync(() => goexit());
      after = true;
    });
    await wg.wait();
    expect(after).toBe(false);
  });
});

describe("resultSync", () => {
  test("returns the value or the error without a promise [W3]", () => {
    const parse = (text: string): errors.Result<number> => errors.resultSync(() => JSON.parse(text) as number);
    const [n, err] = parse("7");
    if (err !== undefined) throw err;
    expectTypeOf(n).toEqualTypeOf<number>();
    expect([n, parse("{")[0], parse("{")[1]?.name]).toEqual([7, undefined, "SyntaxError"]);
  });

  test("refuses a function that waits [W3]", () => {
    expect(() => errors.resultSync(async () => 7)).toThrow(
      new TypeError("errors.resultSync: the function has returned a promise; await errors.result instead"),
    );
  });
});

describe("where Go discards an error", () => {
  test("a goroutine whose operation ends with its context continues, or ends silently [W6]", async () => {
    const [ctx, cancel] = context.withCancel(context.background());
    const sem = new semaphore.Weighted(1);
    const ch = chan<number>();
    const mu = new sync.Mutex();
    await mu.lock();
    const wg = new sync.WaitGroup();
    wg.add(1);
    for (const operation of [
      () => sem.acquire(ctx, 2),
      () => ch.receive(ctx),
      () => ch.send(1, ctx),
      () => mu.lock(ctx),
      () => wg.wait(ctx),
    ]) {
      go(() => errors.result<unknown>(operation));
    }
    await settle();
    cancel();
    await settle();
    expect(sem.tryAcquire(1)).toBe(true);
  });

  test("the code after a failed group runs [W6]", async () => {
    const group = new errgroup.Group();
    const results = chan<number>();
    await group.go(() => throws(failure));
    go(async () => {
      await errors.result(group.wait());
      results.close();
    });
    expect(await results.receiveOk()).toEqual([undefined, false]);
  });
});
