import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

/** What is thrown, and the lines that it prints, or a pattern for them. */
const printed: Record<string, string | RegExp> = {
  string: "as is",
  empty: "",
  lines: "one\n\ttwo\n\t three",
  errorLines: "one\n\ttwo",
  number: "42",
  float: "1.5",
  boolean: "false",
  bigint: "10",
  symbol: "Symbol(s)",
  undefined: "panic called with nil argument",
  null: "panic called with nil argument",
  object: /^\(Object\) .*a.*1/,
  array: /1.*2/,
  stringer: "I am a stringer",
  date: /1970/,
  noPrototype: /./,
  cyclicObject: /Object/,
  badToString: /./,
  proxy: /./,
  revoked: /./,
  cause: /^outer\n\t.*inner\n\t.*innermost$/,
  cyclic: /^cyclic/,
  ring: /^one\n\t.*two/,
  typeError: "TypeError: of the wrong type",
  coded: "with a code",
  noMessage: /^(Error)?$/,
  badMessage: /(?:)/,
  badStack: "no text for a stack",
  noStack: "no stack",
  fakeFrames: "first line\n\t    at fake (file:///fake.js:1:2)",
  aggregate: /^both failed/,
  aggregateAlone: /one[^]*two/,
  otherRealm: /of another realm$/,
  domException: "aborted",
};

/** Splits a report into what was printed for the value, and the rest. */
function parts(stderr: string): { text: string | undefined; trace: string | undefined } {
  const match = /^panic: ([^]*?)\n\ngoroutine 2 \[running\]:\n([^]*)$/.exec(stderr);
  return { text: match?.[1], trace: match?.[2] };
}

describe.concurrent.each(Object.entries(printed))("a goroutine that throws %s", (name, wanted) => {
  test("ends the program with a report, status 2 [G9] [G13] [J6] [J7]", async () => {
    const { code, stdout, stderr } = await run("panic-values.mjs", [name, "async"]);
    const { text, trace } = parts(stderr);
    expect(text, stderr).toEqual(typeof wanted === "string" ? wanted : expect.stringMatching(wanted));
    expect(trace).toContain("created by ");
    expect(trace).not.toContain("fake.js");
    expect([code, stdout]).toEqual([2, ""]);
  });
});

test.concurrent.each(["number", "noPrototype", "cyclic", "revoked"])(
  "so does one that throws %s before its first await [G9]",
  async (name) => {
    const { code, stderr } = await run("panic-values.mjs", [name, "sync"]);
    expect([code, parts(stderr).trace]).toEqual([2, expect.stringContaining("created by ")]);
  },
);
