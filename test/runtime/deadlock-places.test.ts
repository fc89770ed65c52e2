import { describe, expect, test } from "vitest";
import { goroutines, type Reported } from "./report.ts";
import { place, run } from "./run.ts";

const at = (marker: string, text?: string): string => place("deadlocks.ts", marker, text);
const frames = (found: Reported[], id: number): string[][] =>
  found.filter((goroutine) => goroutine.id === id).map((goroutine) => goroutine.frames);

describe.concurrent("the report of a deadlock names", () => {
  test("every async function on the way, private methods too, and where the goroutine was started [G18]", async () => {
    const { stderr } = await run("deadlocks.ts", ["places"]);
    const found = goroutines(stderr);
    expect(frames(found, 1)).toEqual([[`places ${at("main of places")}`]]);
    expect(frames(found, 2)).toEqual([[`inner ${at("inner")}`, `middle ${at("middle")}`, `outer ${at("outer")}`]]);
    expect(frames(found, 3)).toEqual([
      [`#next ${at("private")}`, expect.stringMatching(/first .+/), expect.stringMatching(/run .+/)],
    ]);
    expect(frames(found, 3)[0]?.map((frame) => frame.split(" ").at(-1))).toEqual([
      at("private"),
      at("method"),
      at("static"),
    ]);
    expect(found.find(({ id }) => id === 2)?.started).toBe(at("go outer", "go("));
    expect(found.find(({ id }) => id === 3)?.started).toBe(at("go store", "go("));
  });

  test("each operation of a goroutine that waits for several [G18]", async () => {
    const { stderr } = await run("deadlocks.ts", ["places"]);
    const found = goroutines(stderr);
    const own = (id: number) =>
      found.filter((goroutine) => goroutine.id === id).map(({ state, frames }) => `${state} ${frames.at(-1)}`);
    for (const [id, marker] of [
      [4, "all"],
      [5, "race"],
    ] as const) {
      expect(own(id)).toEqual([`chan receive func ${at(marker)}`, `chan receive func ${at(marker)}`]);
    }
    expect(own(6).at(0)).toBe(`chan receive func ${at("any")}`);
  });

  test("an async generator and the loop over it [G18]", async () => {
    const { stderr } = await run("deadlocks.ts", ["places"]);
    const [stack] = frames(goroutines(stderr), 7);
    expect(stack?.map((frame) => frame.split(" ").at(-1))).toEqual([at("generator"), at("over a generator", "n of")]);
  });

  test("goroutines that were started by goroutines [G18]", async () => {
    const { stderr } = await run("deadlocks.ts", ["places"]);
    const found = goroutines(stderr);
    expect(frames(found, 8)).toEqual([[`func ${at("child")}`]]);
    expect(frames(found, 9)).toEqual([[`func ${at("grandchild")}`]]);
  });

  test("goroutines whose channels nothing else references, also after a garbage collection [G18] [G26]", async () => {
    const { code, stderr } = await run("deadlocks.ts", ["collected"], ["--expose-gc"]);
    expect([code, goroutines(stderr)]).toEqual([
      2,
      [
        { id: 1, state: "chan receive", frames: [`collected ${at("collected main")}`], started: undefined },
        expect.objectContaining({ id: 2, state: "chan receive", frames: [`func ${at("collected child")}`] }),
      ],
    ]);
  });
});
