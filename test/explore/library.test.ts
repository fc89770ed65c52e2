import { explore } from "gocsp/explore";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { library } from "./library/library.ts";

expectNoGoroutinesLeft();

/** Over all programs. `EXPLORE_LIBRARY=1000000` looks longer. */
const schedules = Number(process.env["EXPLORE_LIBRARY"] ?? 20_000);
const seed = Number(process.env["EXPLORE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const runs = Math.ceil(schedules / library.length);

describe("under every schedule", () => {
  test.each(library)(
    "$name [O19]",
    async ({ run, slow }) => {
      const result = await explore(run, { runs, seed, ...(slow === undefined ? {} : { slow }) });
      expect(result.exhausted || result.runs === runs).toBe(true);
    },
    schedules > 20_000 ? 3_600_000 : undefined,
  );
});
