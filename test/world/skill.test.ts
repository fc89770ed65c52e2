// The programs of the skill for coding agents compile, and the first one prints what it says.
import { expect, test } from "vitest";
import { startAlone } from "../guide/program.ts";
import { programsOf } from "./pages.ts";

const page = programsOf("../skills/gocsp/SKILL.md");

test("the program of the skill runs", async () => {
  expect(await startAlone(page.folder, "shape.ts", {})).toBe("5050\n");
});
