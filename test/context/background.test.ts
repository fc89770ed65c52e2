import { context, nilChan } from "gocsp";
import { describe, expect, test } from "vitest";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { expectNothingLeft } from "./contexts.ts";

expectNothingLeft();

describe.each([
  ["background", context.background],
  ["todo", context.todo],
] as const)("%s", (name, root) => {
  test("it has no end, no deadline, no values and no cause [X1]", () => {
    const ctx = root();
    expect(ctx.err()).toBeUndefined();
    expect(ctx.deadline()).toBeUndefined();
    expect(context.cause(ctx)).toBeUndefined();
    for (const key of ["a", 0, Symbol("s"), {}, undefined, null, NaN, "toString", "__proto__"]) {
      expect(ctx.value(key)).toBeUndefined();
    }
  });

  test("its done is the nil channel, on which a receive never returns [X1]", async () => {
    expect(root().done()).toBe(nilChan());
    expect(root().done().tryReceive()).toBeUndefined();
    const [ctx, cancel] = context.withCancel(context.background());
    const receive = follow(root().done().receive(ctx));
    await settle();
    expect(receive.state).toBe("waits");
    cancel();
    await settle();
    expect(receive.error).toBe(context.canceled);
  });

  test("it is one and the same at every call [X1]", () => {
    expect(root()).toBe(root());
    expect(root().done()).toBe(root().done());
  });

  test("it prints as its name [X2]", () => {
    expect(String(root())).toBe(name === "background" ? "context.Background" : "context.TODO");
  });
});

test("background and todo are distinct [X1]", () => {
  expect(context.background()).not.toBe(context.todo());
});

test("a context derived from the background ends only by itself [X1]", () => {
  const [first, cancelFirst] = context.withCancel(context.background());
  const [second, cancelSecond] = context.withCancel(context.background());
  cancelFirst();
  expect([first.err(), second.err(), context.background().err()]).toEqual([context.canceled, undefined, undefined]);
  cancelSecond();
});
