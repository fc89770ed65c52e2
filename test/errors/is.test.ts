import { context, errors, PanicError } from "gocsp";
import { describe, expect, test } from "vitest";

/** Wraps `cause` in as many errors as `depth`. */
function wrap(cause: unknown, depth: number): Error {
  let err = new Error("0", { cause });
  for (let i = 1; i < depth; i++) err = new Error(String(i), { cause: err });
  return err;
}

const target = new Error("target");

describe("is", () => {
  test("an error is itself, and not another one that looks the same", () => {
    expect(errors.is(target, target)).toBe(true);
    expect(errors.is(new Error("target"), target)).toBe(false);
  });

  test("it finds what is wrapped at any depth, without recursion", () => {
    for (const depth of [1, 2, 100_000]) {
      expect(errors.is(wrap(target, depth), target)).toBe(true);
      expect(errors.is(wrap(undefined, depth), target)).toBe(false);
    }
  });

  test("it finds it among joined errors, and among the causes of those", () => {
    const joined = errors.join(new Error("a"), wrap(errors.join(new Error("b"), wrap(target, 2)), 3));
    expect(errors.is(joined, target)).toBe(true);
    expect(errors.is(joined, context.canceled)).toBe(false);
  });

  test("an AggregateError may have a cause besides its errors", () => {
    const aggregate = new AggregateError([new Error("a")], "several", { cause: target });
    expect(errors.is(aggregate, target)).toBe(true);
    expect(errors.is(aggregate, aggregate.errors[0])).toBe(true);
  });

  test("very many joined errors are no problem", () => {
    const many = Array.from({ length: 500_000 }, (_, i) => new Error(String(i)));
    expect(errors.is(new AggregateError(many), many.at(-1))).toBe(true);
    expect(errors.is(new AggregateError(many), target)).toBe(false);
  });

  test("nothing is nothing, in either of its forms, and no error is nothing", () => {
    for (const nil of [undefined, null]) {
      for (const other of [undefined, null]) expect(errors.is(nil, other)).toBe(true);
      expect([errors.is(nil, target), errors.is(target, nil)]).toEqual([false, false]);
      expect(errors.is(new Error("wraps nothing", { cause: nil }), nil)).toBe(false);
    }
  });

  test("cycles end", () => {
    const first = new Error("first");
    const second = new Error("second", { cause: first });
    first.cause = second;
    expect(errors.is(first, second)).toBe(true);
    expect(errors.is(first, target)).toBe(false);
    const own = new Error("own");
    own.cause = own;
    expect(errors.is(own, target)).toBe(false);
    const ring = new AggregateError([first]);
    ring.errors.push(ring, target);
    expect(errors.is(ring, target)).toBe(true);
  });

  test("an error that many paths lead to is looked at once", () => {
    let asked = 0;
    class Counting extends Error {
      is(): boolean {
        asked++;
        return false;
      }
    }
    const shared = new Counting("shared");
    let err: Error = shared;
    for (let i = 0; i < 30; i++) err = new AggregateError([err, err], "twice", { cause: err });
    expect(errors.is(err, target)).toBe(false);
    expect(asked).toBe(1);
  });

  test("any thrown value may be the target or the cause", () => {
    const symbol = Symbol("thrown");
    expect(errors.is("text", "text")).toBe(true);
    expect(errors.is(new Error("x", { cause: symbol }), symbol)).toBe(true);
    expect(errors.is(new Error("x", { cause: "text" }), "text")).toBe(true);
    expect(errors.is(42, 43)).toBe(false);
  });

  test("an object that is not an error but has a cause is searched", () => {
    expect(errors.is({ cause: { cause: target } }, target)).toBe(true);
    expect(errors.is({ errors: [target] }, target)).toBe(true);
    expect(errors.is({ errors: "target" }, target)).toBe(false);
  });
});

describe("a method is of the error's own", () => {
  class NotFound extends Error {
    is(other: unknown): boolean {
      return other === "not found" || other instanceof RangeError;
    }
  }

  test("it decides for targets that are other values", () => {
    expect(errors.is(wrap(new NotFound("page"), 2), "not found")).toBe(true);
    expect(errors.is(new NotFound("page"), new RangeError("any"))).toBe(true);
    expect(errors.is(new NotFound("page"), new TypeError("any"))).toBe(false);
  });

  test("identity counts, whatever it says", () => {
    class Denying extends Error {
      is(): boolean {
        return false;
      }
    }
    const denying = new Denying("no");
    expect(errors.is(denying, denying)).toBe(true);
  });

  test("what it wraps is looked at, although it says no", () => {
    const wrapping = new NotFound("page", { cause: target });
    expect(errors.is(wrapping, target)).toBe(true);
  });

  test("only true means yes, and a member that is not a function is ignored", () => {
    expect(errors.is(Object.assign(new Error("x"), { is: () => "yes" }), target)).toBe(false);
    expect(errors.is(Object.assign(new Error("x"), { is: true }), target)).toBe(false);
  });

  test("the target's own method is not asked", () => {
    const claiming = Object.assign(new Error("claims everything"), { is: () => true });
    expect(errors.is(target, claiming)).toBe(false);
    expect(errors.is(claiming, target)).toBe(true);
  });
});

describe("as", () => {
  class Timeout extends Error {
    readonly after: number;

    constructor(after: number, options?: ErrorOptions) {
      super(`timeout after ${after}`, options);
      this.after = after;
    }
  }

  test("it returns the first instance, from the outside in, depth first", () => {
    const outer = new Timeout(1, { cause: new Timeout(2) });
    expect(errors.as(new Error("x", { cause: outer }), Timeout)).toBe(outer);
    const [left, right] = [new Error("left", { cause: new Timeout(3) }), new Timeout(4)];
    expect(errors.as(errors.join(left, right), Timeout)?.after).toBe(3);
    expect(errors.as(errors.join(new Error("none"), right), Timeout)).toBe(right);
  });

  test("it returns undefined if there is none", () => {
    expect(errors.as(new Error("x"), Timeout)).toBeUndefined();
    for (const nothing of [undefined, null, "text", 42]) expect(errors.as(nothing, Error)).toBeUndefined();
  });

  test("it knows subclasses and the library's own class", () => {
    expect(errors.as(new Error("x", { cause: new Timeout(5) }), Error)?.message).toBe("x");
    const refused = new PanicError("close of closed channel");
    expect(errors.as(new Error("x", { cause: refused }), PanicError)).toBe(refused);
    expect(errors.as(refused, TypeError)).toBeUndefined();
  });

  test("cycles end, and depth needs no stack", () => {
    const ring = new Error("ring");
    ring.cause = ring;
    expect(errors.as(ring, Timeout)).toBeUndefined();
    expect(errors.as(wrap(new Timeout(6), 100_000), Timeout)?.after).toBe(6);
  });
});
