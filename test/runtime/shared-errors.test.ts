import { expect, test } from "vitest";
import { place, run } from "./run.ts";

const scenarios = ["receive", "ended", "range", "thrown", "lock", "acquire", "cleaning up", "rows"];

test.concurrent.each(
  scenarios.flatMap((scenario) => ["named", "nameless", "main"].map((how) => [scenario, how] as const)),
)("the report of an error that many share names the line that waited or threw: %s, %s [G31]", async (scenario, how) => {
  const { code, stderr } = await run("shared-errors.ts", [scenario, how]);
  const id = how === "main" ? 1 : 5;
  const error = scenario === "rows" ? "sql: no rows in result set" : "context canceled";
  const [line] = place("shared-errors.ts", scenario, "").split(/:\d+$/);
  const name = scenario === "cleaning up" ? scenario : `Object.${scenario}`;
  expect(stderr).toContain(`panic: ${error}\n\ngoroutine ${id} [running]:\n${name}(...)\n\t${line}:`);
  expect(code).toBe(2);
});
