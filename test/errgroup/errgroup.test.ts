import { chan, context, PanicError } from "gocsp";
import * as errgroup from "gocsp/errgroup";
import * as synctest from "gocsp/synctest";
import { goexit, numGoroutine } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { endOf, expectNothingLeft } from "../context/contexts.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNothingLeft();

const background = context.background();
const first = new Error("first");
const second = new Error("second");

const fails = (error: unknown) => async () => {
  throw error;
};

describe("a new group", () => {
  test("needs no context and no limit, and waiting for nothing is over at once [E1]", async () => {
    const group = new errgroup.Group();
    await expect(group.wait()).resolves.toBeUndefined();
  });

  test("runs any number of functions at a time [E1]", async () => {
    const group = new errgroup.Group();
    const gate = chan<void>();
    const before = numGoroutine();
    for (let i = 0; i < 1000; i++) void group.go(() => gate.receive());
    expect(numGoroutine() - before).toBe(1000);
    gate.close();
    await group.wait();
  });

  test("never runs a function on its caller's stack [E1]", async () => {
    const group = new errgroup.Group();
    const log: string[] = [];
    void group.go(() => log.push("f"));
    expect(group.tryGo(() => log.push("g"))).toBe(true);
    log.push("caller");
    await group.wait();
    expect(log).toEqual(["caller", "f", "g"]);
  });

  test.each([
    [[], undefined],
    [[undefined], undefined],
    [[first], first],
    [[undefined, first], first],
    [[first, second], first],
    [[first, undefined, second], first],
  ])("that runs %j waits for all and throws %s [E2]", async (errors, wanted) => {
    const group = new errgroup.Group();
    for (const error of errors) await group.go(error === undefined ? () => undefined : fails(error));
    const waited = follow(group.wait());
    await settle();
    expect(waited).toEqual(wanted === undefined ? { state: "returned" } : { state: "threw", error: wanted });
  });
});

describe("wait", () => {
  test("throws the error that came first in time, not that of the first function [E2]", async () => {
    const group = new errgroup.Group();
    const gates = [chan<void>(), chan<void>()] as const;
    void group.go(() => gates[0].receive().then(fails(first)));
    void group.go(() => gates[1].receive().then(fails(second)));
    gates[1].close();
    await settle();
    gates[0].close();
    await expect(group.wait()).rejects.toBe(second);
  });

  test("parks until the last function has returned, though one has failed [E2] [E4]", async () => {
    const [group, ctx] = errgroup.withContext(background);
    const gate = chan<string>();
    const got: unknown[] = [];
    void group.go(fails(first));
    void group.go(async () => void got.push(await gate.receive()));
    const waited = follow(group.wait());
    await settle();
    expect([waited.state, endOf(ctx)]).toEqual(["waits", "context canceled, first, done closed"]);
    await gate.send("still running");
    await settle();
    expect([waited, got]).toEqual([{ state: "threw", error: first }, ["still running"]]);
  });

  test("throws the same error again, also after more work has succeeded [E3]", async () => {
    const group = new errgroup.Group();
    void group.go(fails(first));
    await expect(group.wait()).rejects.toBe(first);
    void group.go(() => undefined);
    await expect(group.wait()).rejects.toBe(first);
    void group.go(fails(second));
    await expect(Promise.allSettled([group.wait(), group.wait()])).resolves.toEqual([
      { status: "rejected", reason: first },
      { status: "rejected", reason: first },
    ]);
  });

  test("does not wait for what is started after it has returned [E17]", async () => {
    const group = new errgroup.Group();
    const gate = chan<void>();
    await group.wait();
    void group.go(() => gate.receive());
    const waited = follow(group.wait());
    await settle();
    expect(waited.state).toBe("waits");
    gate.close();
    await settle();
    expect(waited.state).toBe("returned");
  });

  test("an error without a wait is not reported [E18]", async () => {
    const group = new errgroup.Group();
    void group.go(fails(first));
    await settle();
  });
});

describe("what counts as an error", () => {
  test.each([
    ["an async function's rejection", fails(first), first],
    [
      "what a plain function throws",
      () => {
        throw second;
      },
      second,
    ],
    ["undefined that is thrown", fails(undefined), undefined],
    ["null that is thrown", fails(null), null],
    ["a string", fails("text"), "text"],
    ["an object without a prototype", fails(Object.create(null)), Object.create(null)],
  ])("%s [E14] [E18]", async (_, f, wanted) => {
    const group = new errgroup.Group();
    void group.go(f);
    const waited = follow(group.wait());
    await settle();
    expect(waited).toEqual({ state: "threw", error: wanted });
  });

  test.each([["text"], [7], [undefined], [Symbol("s")], [Object.create(null)]])(
    "a thrown value that is not an error gives the context an error as its cause: number %# [E14] [E6]",
    async (thrown) => {
      const [group, ctx] = errgroup.withContext(background);
      group.setLimit(1);
      await group.go(fails(thrown));
      const waited = follow(group.wait());
      await settle();
      expect(waited).toEqual({ state: "threw", error: thrown });
      expect(context.cause(ctx)).toBeInstanceOf(Error);
      expect(context.cause(ctx)?.cause).toBe(thrown);
      expect(group.tryGo(() => undefined)).toBe(true);
      await settle();
    },
  );

  test("an error that is returned is a result, and success [E14]", async () => {
    const group = new errgroup.Group();
    void group.go(() => first);
    await expect(group.wait()).resolves.toBeUndefined();
  });

  test("a panic of the runtime is delivered by wait, like every rejection [E15] [E18]", async () => {
    const group = new errgroup.Group();
    const closed = chan<number>();
    closed.close();
    void group.go(() => closed.send(1));
    await expect(group.wait()).rejects.toThrow(new PanicError("send on closed channel"));
  });

  test("goexit in a function is success, and its slot comes free [E16]", async () => {
    const [group, ctx] = errgroup.withContext(background);
    group.setLimit(1);
    await group.go(() => goexit());
    await group.go(async () => goexit());
    await group.wait();
    expect(endOf(ctx)).toBe("context canceled, context canceled, done closed");
  });

  test.each([
    [undefined, "undefined"],
    [null, "null"],
    [42, "42"],
  ] as [never, string][])("%s instead of a function is refused by go and tryGo", async (f, printed) => {
    const group = new errgroup.Group();
    const error = new TypeError(`errgroup: ${printed} is not a function`);
    expect(() => group.go(f)).toThrow(error);
    expect(() => group.tryGo(f)).toThrow(error);
    await group.wait();
  });
});

describe("the context of a group", () => {
  test("ends with the first error, before wait returns, and tells the other functions [E5] [E6]", async () => {
    const [group, ctx] = errgroup.withContext(background);
    void group.go(() => ctx.done().receive());
    void group.go(() => ctx.done().receive());
    void group.go(fails(first));
    await expect(group.wait()).rejects.toBe(first);
    expect([ctx.err(), context.cause(ctx)]).toEqual([context.canceled, first]);
  });

  test("ends when wait returns after success, with canceled as its cause [E5] [E6]", async () => {
    const [group, ctx] = errgroup.withContext(background);
    void group.go(() => undefined);
    await settle();
    expect(ctx.err()).toBeUndefined();
    await group.wait();
    expect([ctx.err(), context.cause(ctx)]).toEqual([context.canceled, context.canceled]);
  });

  test("ends when an empty group is waited for [E5]", async () => {
    const [group, ctx] = errgroup.withContext(background);
    await group.wait();
    expect(ctx.err()).toBe(context.canceled);
  });

  test("keeps the first error as its cause whatever fails later [E6]", async () => {
    const [group, ctx] = errgroup.withContext(background);
    void group.go(fails(first));
    void group.go(() => ctx.done().receive().then(fails(second)));
    await expect(group.wait()).rejects.toBe(first);
    expect(context.cause(ctx)).toBe(first);
  });

  test("that ends with its parent is not an error of the group [E7]", async () => {
    const [parent, cancel] = context.withCancelCause(background);
    const [group, ctx] = errgroup.withContext(parent);
    void group.go(() => ctx.done().receive());
    cancel(second);
    await expect(group.wait()).resolves.toBeUndefined();
    expect([ctx.err(), context.cause(ctx)]).toEqual([context.canceled, second]);
  });

  test("that ends with its parent is one if a function throws it [E7]", async () => {
    const [parent, cancel] = context.withCancel(background);
    const [group, ctx] = errgroup.withContext(parent);
    void group.go(() => chan().receive(ctx));
    cancel();
    await expect(group.wait()).rejects.toBe(context.canceled);
  });

  test("has the values and the deadline of its parent [E8]", async () => {
    await synctest.test(async () => {
      const [parent, cancel] = context.withTimeout(context.withValue(background, "k", 7), 50);
      using _ = cancel;
      const [group, ctx] = errgroup.withContext(parent);
      expect([ctx.value("k"), ctx.deadline()]).toEqual([7, parent.deadline()]);
      void group.go(() => chan().receive(ctx));
      await expect(group.wait()).rejects.toBe(context.deadlineExceeded);
      expect(performance.now()).toBe(50);
    });
  });

  test("needs a parent [E8]", () => {
    expect(() => errgroup.withContext(null as never)).toThrow(new PanicError("cannot create context from nil parent"));
  });
});
