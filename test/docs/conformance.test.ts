import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const groups = {
  J: 24,
  G: 31,
  C: 49,
  S: 31,
  X: 71,
  T: 43,
  Y: 51,
  E: 18,
  M: 13,
  F: 13,
  R: 20,
  N: 13,
  Q: 39,
  H: 30,
  U: 34,
  A: 6,
  I: 9,
  Z: 10,
  P: 32,
  B: 17,
  L: 4,
  W: 6,
  V: 24,
  O: 23,
  K: 11,
  PP: 10,
  D: 11,
};
const ids = Object.entries(groups).flatMap(([group, count]) =>
  Array.from({ length: count }, (_, i) => `${group}${i + 1}`),
);

interface Row {
  id: string;
  status: string;
  how: string;
  files: string[];
}

const page = readFileSync(new URL("../../docs/conformance.md", import.meta.url), "utf8");
const rows = page
  .split("\n")
  .map((line) => /^\| ([A-Z]+\d+) \| ([^|]*) \| (.*) \| ([^|]*) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, id, status, how, files]): Row => ({
    id: id as string,
    status: (status as string).trim(),
    how: (how as string).trim(),
    files: (files as string).match(/test\/[\w./-]+/g) ?? [],
  }));

const root = new URL("../", import.meta.url);
const tests = new Map(
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(test|types)\.ts$/.test(name) && !name.includes("node_modules"))
    .map((name) => [`test/${name.replaceAll("\\", "/")}`, readFileSync(new URL(name, root), "utf8")]),
);

describe("docs/conformance.md", () => {
  test("has exactly one row for each id", () => {
    expect(rows.map((row) => row.id).sort()).toEqual([...ids].sort());
  });

  test("gives each id one of the three statuses and says how or why", () => {
    for (const row of rows) {
      expect(["kept", "mapped", "not applicable"], row.id).toContain(row.status);
      expect(row.how, row.id).not.toBe("");
    }
  });

  test.each(rows.filter((row) => row.status !== "not applicable"))(
    "$id is held by the tests it names",
    ({ id, files }) => {
      expect(files).not.toEqual([]);
      for (const file of files) {
        expect(tests.get(file), `${file} for ${id}`).toBeDefined();
        expect(tests.get(file)?.includes(`[${id}]`), `${file} has a test whose name ends in [${id}]`).toBe(true);
      }
    },
  );
});
