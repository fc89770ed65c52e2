import { context, errors } from "gocsp";
import { describe, expect, test } from "vitest";

describe("unwrap", () => {
  test("it returns the cause, one step at a time", () => {
    const inner = new Error("inner");
    const outer = new Error("outer", { cause: new Error("middle", { cause: inner }) });
    expect(errors.unwrap(errors.unwrap(outer))).toBe(inner);
    expect(errors.unwrap(inner)).toBeUndefined();
  });

  test("it does not look into joined errors", () => {
    expect(errors.unwrap(errors.join(new Error("a")))).toBeUndefined();
  });

  test("of nothing, and of what wraps nothing, it is nothing", () => {
    for (const nothing of [undefined, null, "text", 42, {}, new Error("x", { cause: undefined })]) {
      expect(errors.unwrap(nothing)).toBeUndefined();
    }
  });
});

describe("join", () => {
  test("its message has a line for each error", () => {
    const joined = errors.join(new Error("first"), new Error("second"), context.canceled);
    expect(joined).toBeInstanceOf(AggregateError);
    expect(joined?.message).toBe("first\nsecond\ncontext canceled");
  });

  test("it keeps the errors, in order and by identity", () => {
    const given = [new Error("a"), new Error("b"), new Error("a")];
    const joined = errors.join(...given);
    expect(joined?.errors).toEqual(given);
    expect(joined?.errors.every((err, i) => err === given[i])).toBe(true);
  });

  test("nothing is left out, and of nothing but that it is nothing", () => {
    expect(errors.join()).toBeUndefined();
    expect(errors.join(undefined, null, undefined)).toBeUndefined();
    expect(errors.join(undefined, new Error("only"), null)?.message).toBe("only");
    expect(errors.join(undefined, new Error("only"), null)?.errors.length).toBe(1);
  });

  test("joined errors can be joined again", () => {
    const inner = errors.join(new Error("a"), new Error("b"));
    expect(errors.join(inner, new Error("c"))?.message).toBe("a\nb\nc");
    expect(errors.is(errors.join(inner, new Error("c")), inner)).toBe(true);
  });

  test("errors of users' classes and without messages are kept as they are", () => {
    class Silent extends Error {}
    const silent = new Silent();
    const joined = errors.join(silent, new Error("loud"));
    expect([joined?.message, joined?.errors[0] === silent]).toEqual(["\nloud", true]);
  });

  test("the list that was given can be changed afterwards", () => {
    const given: Error[] = [new Error("a")];
    const joined = errors.join(...given);
    given.push(new Error("b"));
    expect(joined?.errors.length).toBe(1);
  });
});
