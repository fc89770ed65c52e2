import { errors, PanicError } from "gocsp";
import * as golib from "gocsp/golib";
import * as cmp from "gocsp/golib/cmp";
import { describe, expect, test } from "vitest";

const panic = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(PanicError);
    return (error as Error).message;
  }
  return "no panic";
};

describe("the language", () => {
  test.each<[text: string, f: () => unknown]>([
    ["runtime error: index out of range [5] with length 3", () => golib.at([1, 2, 3], 5)],
    ["runtime error: index out of range [-1]", () => golib.at([1, 2, 3], -1)],
    ["runtime error: index out of range [0] with length 0", () => golib.at(undefined, 0)],
    ["runtime error: index out of range [2] with length 2", () => golib.at("é", 2)],
    ["runtime error: index out of range [3] with length 3", () => golib.put([1, 2, 3], 3, 4)],
    ["runtime error: slice bounds out of range [:5] with capacity 3", () => golib.slice([1, 2, 3], 0, 5)],
    ["runtime error: slice bounds out of range [2:1]", () => golib.slice([1, 2, 3], 2, 1)],
    ["runtime error: slice bounds out of range [:3] with length 2", () => golib.slice("ab", 0, 3)],
    ["runtime error: integer divide by zero", () => golib.div(1, 0)],
    ["runtime error: integer divide by zero", () => golib.rem(1, 0)],
    ["runtime error: negative shift amount", () => golib.shl64(1, -1)],
    ["runtime error: invalid memory address or nil pointer dereference", () => golib.deref(undefined)],
    ["runtime error: makeslice: len out of range", () => golib.make(-1, 0)],
    ["runtime error: makeslice: cap out of range", () => golib.makeBytes(2, 1)],
    ["assignment to entry in nil map", () => golib.setEntry(undefined, 1, 1)],
    ["assignment to entry in nil map", () => golib.nilMap<number, number>().set(1, 1)],
    ["runtime error: hash of unhashable type func()", () => golib.hashKey(() => 1)],
    ["runtime error: comparing uncomparable type map[string]int", () => golib.equal(new Map([["a", 1]]), new Map())],
    ["interface conversion: interface {} is string, not int", () => golib.assertType("a", false, "int", "string")],
    ["interface conversion: interface {} is nil, not int", () => golib.assertType(undefined, false, "int", "")],
  ])("panics with Go's text: %s [B13]", (text, f) => {
    expect(panic(f)).toBe(text);
  });

  test("an error that is thrown is caught as an error, a panic with the same error is not [B13]", () => {
    const error = new Error("no luck");
    expect(golib.caughtError(error)).toBe(error);
    expect(golib.caughtError("text")).toMatchObject({ message: "text", cause: "text" });
    let thrown: unknown;
    try {
      golib.panic(error);
    } catch (panicked) {
      thrown = panicked;
    }
    expect(() => golib.caughtError(thrown)).toThrow(PanicError);
    expect((thrown as Error).message).toBe("no luck");
    expect(golib.recovered(thrown)).toBe(error);
    expect(panic(() => errors.resultSync(() => golib.panic(error)))).toBe("no luck");
    expect(panic(() => errors.resultSync(() => golib.unported("goto")))).toBe("not ported from Go: goto");
  });

  test("a key map finds keys by their contents [B14]", () => {
    class Point {
      x: number;
      y: number;
      constructor(x: number, y: number) {
        this.x = x;
        this.y = y;
      }
    }
    const map = new golib.KeyMap<unknown, string>([[new Point(1, 2), "first"]]);
    map.set(new Point(1, 2), "second").set([1, "a"], "array").set(1, "number").set("1", "text").set(0, "zero");
    map.set(Number.NaN, "lost").set(Number.NaN, "lost");
    expect(map.get(new Point(1, 2))).toBe("second");
    expect(map.get({ x: 1, y: 2 })).toBeUndefined();
    expect(map.get([1, "a"])).toBe("array");
    expect(map.get(-0)).toBe("zero");
    expect(map.has(Number.NaN)).toBe(false);
    expect([map.size, [...map.values()].slice(0, 2)]).toEqual([7, ["second", "array"]]);
    expect(map.delete(new Point(1, 2))).toBe(true);
    expect([...map].map(([, value]) => value)).toEqual(["array", "number", "text", "zero", "lost", "lost"]);
    map.clear();
    expect(map.size).toBe(0);
    const key = new Error("a pointer");
    map.set(key, "error");
    expect([map.get(key), map.get(new Error("a pointer"))]).toEqual(["error", undefined]);
  });

  test("values are equal as Go's == has it [B14]", () => {
    expect(golib.equal({ a: 1, b: [1, 2] }, { a: 1, b: [1, 2] })).toBe(true);
    expect(golib.equal({ a: 1 }, { a: 2 })).toBe(false);
    expect(golib.equal(Number.NaN, Number.NaN)).toBe(false);
    expect(golib.equal(golib.float64(1), golib.float64(1))).toBe(true);
    expect(golib.equal(golib.float64(1), golib.duration(1))).toBe(false);
    expect(golib.equal(undefined, null)).toBe(true);
    const error = new Error("e");
    expect([golib.equal(error, error), golib.equal(error, new Error("e"))]).toEqual([true, false]);
  });

  test("pointers to variables and fields change what they point to [B14]", () => {
    const count = golib.ref(1);
    count.value++;
    const list = [1, 2];
    golib.refTo(list, 1).value = 9;
    expect([count.value, list]).toEqual([2, [1, 9]]);
    expect(golib.refTo(list, 1)).toBe(golib.refTo(list, 1));
    expect(golib.refTo(list, 1)).not.toBe(golib.refTo([...list], 1));
    expect(() => golib.refTo(list, 2)).toThrow("runtime error: index out of range [2] with length 2");
  });

  test("undefined stands for the zero value of a type parameter, whichever type the other operand has [B14]", () => {
    const none = golib.zero<number | string>();
    expect([golib.orZero(none, 2), golib.orZero(none, "b"), golib.orZero(3, none), golib.orZero(none, none)]).toEqual([
      0,
      "",
      3,
      0,
    ]);
    expect([golib.orZero<unknown>(undefined, 1n), golib.orZero<unknown>(undefined, true)]).toEqual([0n, false]);
    expect([golib.sameOrZero(none, 0), golib.sameOrZero("", none), golib.sameOrZero(none, none)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([golib.sameOrZero(none, { x: 0 }), golib.sameOrZero({ x: 1 }, none), golib.sameOrZero(1, 1)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([golib.maximum(none, -1), golib.minimum("a", none), golib.maximum(-2, none)]).toEqual([0, "", 0]);
    expect([cmp.compare(none, -1), cmp.compare("a", none), cmp.compare(none, none), cmp.less(none, 1)]).toEqual([
      1,
      1,
      0,
      true,
    ]);
  });

  test("a negative number is larger than any other once it is unsigned [B14]", () => {
    expect([golib.unsigned(-1) < golib.unsigned(3), golib.unsigned(2) < golib.unsigned(3)]).toEqual([false, true]);
  });

  test("a copy into a part that is out of range panics [B14]", () => {
    const list = [1, 2, 3];
    expect(() => golib.copyInto(list, [7], 5)).toThrow("runtime error: slice bounds out of range [5:3]");
    expect(() => golib.copyInto(list, [7], 1, 4)).toThrow(
      "runtime error: slice bounds out of range [:4] with capacity 3",
    );
    expect(golib.copyInto(list, [7, 8], 2)).toBe(1);
    expect(list).toEqual([1, 2, 7]);
  });

  test("a box keeps its type and its methods [B14]", () => {
    class Even extends golib.Boxed<number> {
      static override typeName = "main.Even";
    }
    expect(golib.typeName(golib.box(Even, 4))).toBe("main.Even");
    expect(golib.unbox(golib.box(Even, 4))).toBe(4);
    expect(`${golib.box(Even, 4)}`).toBe("4");
  });

  test("copy takes the smaller length, and overlapping parts in their old state [B14]", () => {
    const list = [1, 2, 3, 4, 5];
    expect(golib.copy(list, list.slice(0, 4))).toBe(4);
    expect(list).toEqual([1, 2, 3, 4, 5]);
    const bytes = golib.toBytes("abcdef");
    expect(golib.copy(bytes.subarray(2), bytes)).toBe(4);
    expect(golib.fromBytes(bytes)).toBe("ababcd");
    expect(golib.copy(bytes, "xyz")).toBe(3);
    expect(golib.fromBytes(bytes)).toBe("xyzbcd");
  });
});
