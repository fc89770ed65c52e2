import { numGoroutine } from "gocsp/runtime";
import { afterEach, beforeEach, expect } from "vitest";
import { settle } from "./settle.ts";

/** Makes a test fail that leaves a goroutine behind. Call it at the top of the file. */
export function expectNoGoroutinesLeft(): void {
  let before = 0;
  beforeEach(() => {
    before = numGoroutine();
  });
  afterEach(async () => {
    await settle();
    expect(numGoroutine(), "goroutines left behind by this test").toBe(before);
  });
}
