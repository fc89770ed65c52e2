import { errors, PanicError } from "gocsp";
import { describe, expect, expectTypeOf, test } from "vitest";

class HttpError extends Error {
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(String(status), options);
    this.status = status;
  }
}

interface Coded {
  readonly code: string;
}

function isCoded(err: unknown): err is Coded {
  return typeof (err as Partial<Coded> | null)?.code === "string";
}

const coded = Object.assign(new Error("coded"), { code: "ENOENT" });
const failure = new Error("outer", { cause: new AggregateError([new HttpError(404), coded]) });

describe("as", () => {
  test("finds by class [W5]", () => {
    const found = errors.as(failure, HttpError);
    expectTypeOf(found).toEqualTypeOf<HttpError | undefined>();
    expect([found?.status, errors.as(failure, PanicError)]).toEqual([404, undefined]);
  });

  test.each<[kind: string, recognize: (err: unknown) => err is Coded]>([
    ["a function", isCoded],
    ["an arrow function", (err): err is Coded => isCoded(err)],
    ["a bound function", isCoded.bind(undefined)],
  ])("finds by %s that recognizes it [W5]", (_, recognize) => {
    const found = errors.as(failure, recognize);
    expectTypeOf(found).toEqualTypeOf<Coded | undefined>();
    expect(found).toBe(coded);
    expect(errors.as(new Error("other"), recognize)).toBeUndefined();
  });

  test("a predicate that narrows nothing finds it as it is [W5]", () => {
    const found = errors.as(failure, (err) => (err as Error).message === "coded");
    expectTypeOf(found).toEqualTypeOf<unknown>();
    expect(found).toBe(coded);
  });

  test("classes in the form of functions are classes [W5]", () => {
    // What compilers make of a class for old engines.
    const inheriting = function (this: Error) {} as unknown as new () => Error;
    inheriting.prototype = Object.create(Error.prototype, { constructor: { value: inheriting } }) as Error;
    const plain = function (this: unknown) {} as unknown as new () => object;
    (plain.prototype as Record<string, unknown>)["method"] = () => undefined;
    for (const type of [inheriting, plain, Error, DOMException, HttpError, class extends Error {}]) {
      const instance = type === DOMException ? new DOMException("x") : Reflect.construct(type, [1]);
      expect(errors.as(new Error("outer", { cause: instance }), type)).toSatisfy((found) => found !== undefined);
      expect(errors.as(7, type)).toBeUndefined();
    }
  });

  test("a value that is not a function is refused [W5]", () => {
    expect(() => errors.as(failure, 42 as never)).toThrow(new TypeError("errors.as: 42 is not a function"));
  });
});
