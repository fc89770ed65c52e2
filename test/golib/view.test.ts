import { append, appendAll, cap, cloneArray, copy, has, mulRem, recovered, view } from "gocsp/golib";
import { describe, expect, test } from "vitest";

describe("views: subslices as arrays", () => {
  test("what is written into a part shows in the whole, and the other way round [D7]", () => {
    const all = [1, 2, 3, 4, 5];
    const middle = view(all, 1, 4);
    middle[0] = 20;
    all[3] = 40;
    expect([...middle]).toEqual([20, 3, 40]);
    expect(all).toEqual([1, 20, 3, 40, 5]);
    const inner = view(middle, 1);
    inner[0] = 30;
    expect(all).toEqual([1, 20, 30, 40, 5]);
  });

  test("append overwrites what stands behind a part, and makes a new array where there is no room [D7]", () => {
    const all = [1, 2, 3];
    const one = view(all, 0, 1);
    const two = append(one, 9);
    expect([all, [...one], [...two], cap(one), cap(two)]).toEqual([[1, 9, 3], [1], [1, 9], 3, 3]);
    const apart = appendAll(two, [7, 8]);
    apart[0] = 0;
    expect([all, apart]).toEqual([
      [1, 9, 3],
      [0, 9, 7, 8],
    ]);
    const limited = append(view(all, 0, 1, 1), 5);
    expect([all, limited]).toEqual([
      [1, 9, 3],
      [1, 5],
    ]);
  });

  test("bytes share and grow in the same way [D7]", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const longer = append(view(bytes, 0, 1), 9);
    expect([[...bytes], [...longer]]).toEqual([
      [1, 9, 3],
      [1, 9],
    ]);
  });

  test("a view is an array for all that takes one [D7]", () => {
    const all = [5, 3, 9, 1];
    const part = view(all, 1);
    part.sort((a, b) => a - b);
    expect(all).toEqual([5, 1, 3, 9]);
    part.reverse();
    expect(all).toEqual([5, 9, 3, 1]);
    expect([
      Array.isArray(part),
      part.map((n) => n + 1),
      part.slice(1),
      JSON.stringify(part),
      [...part.entries()],
    ]).toEqual([true, [10, 4, 2], [3, 1], "[9,3,1]", [...[9, 3, 1].entries()]]);
    expect(copy(part, [8])).toBe(1);
    part.fill(0, 1);
    expect(all).toEqual([5, 8, 0, 0]);
    expect(part).toEqual([8, 0, 0]);
    expect(Object.keys(part)).toEqual(["0", "1", "2"]);
    expect(4 in part).toBe(false);
  });

  test("indexes and bounds out of range panic as in Go [D7]", () => {
    const part = view([1, 2, 3], 0, 2);
    expect(() => {
      part[2] = 0;
    }).toThrow("runtime error: index out of range [2] with length 2");
    expect(() => view(part, 0, 4)).toThrow("runtime error: slice bounds out of range [:4] with capacity 3");
    expect([...view(part, 0, 3)]).toEqual([1, 2, 3]);
  });
});

describe("what the translator's output leans on", () => {
  test("what the engine throws at nothing is Go's panic when it is recovered [D8]", () => {
    const thrown = (f: () => unknown): unknown => {
      try {
        return f();
      } catch (error) {
        return (recovered(error) as Error).message;
      }
    };
    const nothing = undefined as unknown as { name: string; f(): void };
    const nil = "runtime error: invalid memory address or nil pointer dereference";
    expect(thrown(() => nothing.name)).toBe(nil);
    expect(thrown(() => nothing.f())).toBe(nil);
    expect(thrown(() => new Uint8Array(-1))).toBe("runtime error: makeslice: len out of range");
    expect(thrown(() => decodeURI("%"))).toBe("URI malformed");
  });

  test("structs without a name are copied, with what is in them [D8]", () => {
    const list = [{ a: 1, b: { c: [2] } }];
    const [copied] = cloneArray(list);
    if (copied !== undefined) copied.b.c[0] = 3;
    expect([list, copied]).toEqual([[{ a: 1, b: { c: [2] } }], { a: 1, b: { c: [3] } }]);
  });

  test("only what has written a toString is a Stringer [D8]", () => {
    class Named {
      toString(): string {
        return "named";
      }
    }
    expect([[], new Map(), () => 1, {}, "text", 1, new Named()].map((value) => has(value, "toString"))).toEqual([
      ...Array.from({ length: 6 }, () => false),
      true,
    ]);
  });

  test("modular products are exact [D8]", () => {
    expect(mulRem(987654321, 123456789012, 1000000007)).toBe(958708962);
    expect(mulRem(-7, 3, 4)).toBe(-1);
    expect(() => mulRem(1, 1, 0)).toThrow("runtime error: integer divide by zero");
  });
});
