import { describe, expect, test, vi } from "vitest";
import { uuidv7 } from "../../src/topic/postgres/uuid.ts";

describe("the ids of messages", () => {
  test("are UUIDs of version 7, all different, in the order in which they were made [P32]", () => {
    const ids = Array.from({ length: 20_000 }, uuidv7);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(ids.length);
  });

  test("stay in order when the clock jumps back [P32]", () => {
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    const before = uuidv7();
    clock.mockRestore();
    expect(uuidv7() > before).toBe(true);
  });
});
