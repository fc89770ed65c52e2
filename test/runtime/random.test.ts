// The generator of all random choices.
import { afterEach, expect, test, vi } from "vitest";
import { attach } from "gocsp/runtime";
import { choose, detour, seed } from "../../src/runtime/random.ts";
import { endPlay, reload } from "./hosts.ts";

afterEach(async () => {
  vi.restoreAllMocks();
  await endPlay();
});

/** Recorded in November 2026: the first choices among a thousand, and after which step which detour comes. */
const recorded: [value: number, choices: number[], detours: number[][]][] = [
  [
    0,
    [266, 619, 544, 854, 808, 838, 166, 702],
    [
      [13, 3],
      [31, 4],
      [66, 4],
      [118, 3],
      [129, 1],
      [155, 2],
    ],
  ],
  [
    1,
    [313, 261, 713, 54, 858, 203, 394, 904],
    [
      [60, 2],
      [81, 1],
      [127, 1],
    ],
  ],
  [
    42,
    [807, 13, 529, 24, 66, 464, 988, 9],
    [
      [55, 1],
      [107, 1],
      [141, 2],
      [146, 1],
    ],
  ],
  [
    -1,
    [678, 813, 531, 767, 112, 369, 721, 463],
    [
      [44, 4],
      [88, 4],
      [122, 2],
      [130, 2],
    ],
  ],
  [
    2 ** 31,
    [247, 67, 68, 403, 146, 201, 867, 332],
    [
      [56, 1],
      [72, 2],
      [77, 1],
      [87, 2],
      [143, 1],
      [149, 1],
    ],
  ],
  [
    2 ** 40 + 7,
    [23, 803, 461, 168, 273, 860, 577, 20],
    [
      [7, 4],
      [9, 1],
      [39, 4],
      [57, 1],
      [94, 4],
      [125, 3],
    ],
  ],
  [
    -(2 ** 53 - 1),
    [995, 854, 477, 800, 605, 214, 748, 40],
    [
      [34, 4],
      [98, 4],
      [129, 1],
    ],
  ],
];

/** Returns the detours in this many steps, each with its step. */
function detours(steps: number): number[][] {
  const found: number[][] = [];
  for (let step = 1; step <= steps; step++) {
    const lag = detour(1);
    if (lag !== 0) found.push([step, lag]);
  }
  return found;
}

test.each(recorded)(
  "the seed %d, once written down, repeats its run in every version [J18]",
  (value, choices, wanted) => {
    seed(value);
    expect(choices.map(() => choose(1000))).toEqual(choices);
    seed(value);
    expect(detours(160)).toEqual(wanted);
  },
);

test("a goroutine that yields counts as two steps towards the next detour [J22]", () => {
  seed(42);
  let calls = 0;
  while (detour(2) === 0) calls++;
  // The first one of seed 42 comes with step 55.
  expect(2 * (calls + 1)).toBe(56);
});

test("an attached schedule alone decides the order: there are no detours then [J22]", () => {
  seed(42);
  using _ = attach({ schedule: () => false });
  expect(detours(1000)).toEqual([]);
});

test("an attached choice decides, or leaves it to the generator [S30]", () => {
  let next: number | undefined = 0;
  const asked: number[] = [];
  using _ = attach({ choose: (ready) => (asked.push(ready), next) });
  seed(42);
  expect([choose(3), choose(1000)]).toEqual([0, 0]);
  next = undefined;
  expect(choose(1000)).toBe(807);
  expect(asked).toEqual([3, 1000, 1000]);
});

const load = () => reload(() => import("../../src/runtime/random.ts"));

test("without a seed two programs choose differently, whatever chance the host gives them [S4]", async () => {
  const runs = new Set<string>();
  const chances = [0, 2 ** -32, 0.25, 0.5, 1 - 2 ** -32];
  for (const chance of chances) {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    const random = await load();
    const choices = Array.from({ length: 8 }, () => random.choose(1000));
    expect(new Set(choices).size).toBeGreaterThan(1);
    runs.add(choices.join());
    // A detour comes within the next 64 steps.
    let steps = 1;
    while (random.detour(1) === 0) steps++;
    expect(steps).toBeLessThanOrEqual(64);
  }
  // 0 and 2 ** -32 are the same for a generator that must not start from zero.
  expect(runs.size).toBeGreaterThanOrEqual(chances.length - 1);
});
