import { context, errors } from "gocsp";
import { describe, expect, expectTypeOf, test } from "vitest";

const inner = new TypeError("inner");

describe("errorf", () => {
  test("wraps the error in its text, wherever it stands [W4]", () => {
    const name = "a.txt";
    for (const [err, message] of [
      [errors.errorf`reading ${name}: ${inner}`, "reading a.txt: inner"],
      [errors.errorf`${inner}: while reading ${name}`, "inner: while reading a.txt"],
      [errors.errorf`(${inner})`, "(inner)"],
    ] as const) {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expect(err.message).toBe(message);
      expect([errors.unwrap(err), errors.is(err, inner), errors.as(err, TypeError)]).toEqual([inner, true, inner]);
    }
  });

  test("without an error it is a plain one [W4]", () => {
    const err = errors.errorf`${1} of ${null} and ${Symbol("s")}`;
    expect([err.message, "cause" in err, errors.unwrap(err)]).toEqual(["1 of null and Symbol(s)", false, undefined]);
    expect(errors.errorf`only text`.message).toBe("only text");
  });

  test("several errors are all wrapped, and unwrap finds none of them, as in Go [W4]", () => {
    const err = errors.errorf`${inner} and ${context.canceled}`;
    expect(err.message).toBe("inner and context canceled");
    expect([errors.is(err, inner), errors.is(err, context.canceled), errors.unwrap(err)]).toEqual([
      true,
      true,
      undefined,
    ]);
  });

  test("an error that is only mentioned is not wrapped [W4]", () => {
    expect(errors.is(errors.errorf`seen ${inner.message}`, inner)).toBe(false);
  });

  test("what is wrapped twice is found through both [W4]", () => {
    const err = errors.errorf`outer: ${errors.errorf`middle: ${inner}`}`;
    expect([err.message, errors.is(err, inner)]).toEqual(["outer: middle: inner", true]);
  });

  test("its stack begins where it was made [W4]", () => {
    expect(errors.errorf`here`.stack).toContain("errorf.test.ts");
  });

  test("a call without a template says how to write it [W4]", () => {
    for (const text of ["reading %s: %w", undefined, ["a"]]) {
      expect(() => errors.errorf(text as never, inner)).toThrow(
        new TypeError("errors.errorf: write a template: errors.errorf`reading ${name}: ${err}`"),
      );
    }
  });
});
