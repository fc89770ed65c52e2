import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { utcTime } from "../../src/sql/driver/utc.ts";
import { makerOf, type RowObject } from "../../src/sql/row-maker.ts";

/** Names that would be something else in a piece of a program, or in an object. */
const names = [
  "id",
  "__proto__",
  "constructor",
  "toString",
  "0",
  "10",
  "-1",
  "",
  " ",
  "a b",
  'quote"d',
  "it's",
  "back\\slash",
  "${row}",
  "`",
  '"]: row[0] }; process.exit(1); //',
  "line\nbreak",
  "\u2028",
  "\0",
  "é🐬",
  "\uD800",
  "class",
];

describe("rows become objects", () => {
  test("that are the same whether there are few of them or many, whatever the columns are called", () => {
    const make = makerOf(names);
    const made = Array.from({ length: 300 }, (_, n) => make(names.map((_, i) => `${n} ${i}`)));
    for (const [n, object] of made.entries()) {
      const expected = Object.fromEntries(names.map((name, i) => [name, `${n} ${i}`]));
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect(Object.getOwnPropertyDescriptors(object)).toEqual(Object.getOwnPropertyDescriptors(expected));
      expect(Object.keys(object)).toEqual(Object.keys(expected));
    }
  });

  test("each of its own, also where many kinds of rows are read by turns", () => {
    const kinds = Array.from({ length: 600 }, (_, kind) => [`id${kind}`, "title", `price${kind % 7}`]);
    const makers = kinds.map(makerOf);
    const seen = new Set<RowObject>();
    for (let n = 0; n < 70; n++) {
      for (const [kind, make] of makers.entries()) {
        const object = make([n, kind, null]);
        const expected = `{"id${kind}":${n},"title":${kind},"price${kind % 7}":null}`;
        if (JSON.stringify(object) !== expected) expect.unreachable(`${JSON.stringify(object)} instead of ${expected}`);
        seen.add(object);
      }
    }
    expect(seen.size).toBe(600 * 70);
  });

  test("also in a host that makes no functions of texts", () => {
    const program = fileURLToPath(new URL("fake/programs/no-eval.ts", import.meta.url));
    const flags = ["--disallow-code-generation-from-strings", program];
    expect(execFileSync(process.execPath, flags, { encoding: "utf8" })).toBe("EvalError\n200 199 199 of 200\n");
  });
});

describe("a time in UTC", () => {
  test("is that of Date.UTC, from the year 100 to 9999", () => {
    const wrong: number[][] = [];
    const times: readonly (readonly [day: number, hour: number, minute: number, second: number, ms: number])[] = [
      [1, 0, 0, 0, 0],
      [28, 12, 30, 30, 500],
      [31, 23, 59, 59, 999],
    ];
    for (let year = 100; year <= 9999; year++) {
      for (let month = 1; month <= 12; month++) {
        for (const parts of times) {
          if (utcTime(year, month, ...parts) !== Date.UTC(year, month - 1, ...parts))
            wrong.push([year, month, ...parts]);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
