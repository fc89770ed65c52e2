import { context, errors } from "gocsp";
import { describe, expect, test, vi } from "vitest";

test("canceled says context canceled and has no timeout method [X3]", () => {
  expect(context.canceled.message).toBe("context canceled");
  expect(context.canceled).toBeInstanceOf(Error);
  expect("timeout" in context.canceled).toBe(false);
  expect("temporary" in context.canceled).toBe(false);
});

test("deadlineExceeded says context deadline exceeded and is a temporary timeout [X4]", () => {
  expect(context.deadlineExceeded.message).toBe("context deadline exceeded");
  expect(context.deadlineExceeded).toBeInstanceOf(Error);
  expect(context.deadlineExceeded.timeout()).toBe(true);
  expect(context.deadlineExceeded.temporary()).toBe(true);
});

test("the two errors match themselves and nothing else [X4]", () => {
  const lookalike = new Error("context deadline exceeded");
  lookalike.name = context.deadlineExceeded.name;
  const hostTimeout = AbortSignal.timeout(0);
  expect(errors.is(context.deadlineExceeded, context.deadlineExceeded)).toBe(true);
  expect(errors.is(context.canceled, context.canceled)).toBe(true);
  expect(errors.is(context.deadlineExceeded, context.canceled)).toBe(false);
  expect(errors.is(context.canceled, context.deadlineExceeded)).toBe(false);
  expect(errors.is(lookalike, context.deadlineExceeded)).toBe(false);
  expect(errors.is(context.deadlineExceeded, lookalike)).toBe(false);
  expect(errors.is(hostTimeout.reason, context.deadlineExceeded)).toBe(false);
});

test("a wrapped one is found, and so is one among joined errors [X3]", () => {
  const wrapped = new Error("query users", { cause: context.canceled });
  expect(errors.is(wrapped, context.canceled)).toBe(true);
  expect(errors.is(errors.join(new Error("close"), wrapped), context.canceled)).toBe(true);
  expect(errors.is(wrapped, context.deadlineExceeded)).toBe(false);
});

describe("for the web's APIs", () => {
  test("their names are the ones by which those know cancellation and timeouts [X3]", () => {
    expect(context.canceled.name).toBe("AbortError");
    expect(context.deadlineExceeded.name).toBe("TimeoutError");
  });

  test("their stack has no place, because they are shared [X3]", () => {
    expect(context.canceled.stack).toBe("AbortError: context canceled");
    expect(context.deadlineExceeded.stack).toBe("TimeoutError: context deadline exceeded");
  });
});

test("a second copy of the library has its own errors, which count as the same [X3]", async () => {
  vi.resetModules();
  const copy = (await import("gocsp")) as { context: typeof context; errors: typeof errors };
  expect(copy.context.canceled).not.toBe(context.canceled);
  expect(errors.is(copy.context.canceled, context.canceled)).toBe(true);
  expect(errors.is(context.canceled, copy.context.canceled)).toBe(true);
  expect(copy.errors.is(context.deadlineExceeded, copy.context.deadlineExceeded)).toBe(true);
  expect(errors.is(copy.context.canceled, context.deadlineExceeded)).toBe(false);
});
