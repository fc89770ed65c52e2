import { expect, test } from "vitest";
import { Rejections } from "../../src/conductor/rejections.ts";

test("two copies of the library that listen at once leave who listened before, in whichever order they end [O23]", () => {
  const before = process.rawListeners("unhandledRejection");
  for (const first of [0, 1]) {
    // Each copy has its own, for all its runs.
    const copies = [new Rejections(() => false), new Rejections(() => false)] as const;
    for (const copy of copies) expect(copy.hold()).toBe(true);
    expect(process.rawListeners("unhandledRejection")).toHaveLength(1);
    copies[first as 0 | 1].release();
    copies[(1 - first) as 0 | 1].release();
    expect(process.rawListeners("unhandledRejection")).toEqual(before);
  }
});
