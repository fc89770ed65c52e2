// What a teacher relies on: a repair that only makes a failure rarer is refused, a level needs its player, a twin fails in one
// way whatever the seed, and the lecturer's page tells of every level and every task.
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { explore, type ExploreError } from "gocsp/explore";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";
import { root } from "../../scripts/project.ts";
import { chapters } from "../../site/content/chapters.ts";
import { levels } from "../../site/content/levels.ts";
import { patterns } from "../../site/content/patterns.ts";
import type { Check } from "../../site/content/types.ts";
import { checked } from "../../site/engine/check.ts";
import { compile } from "../../site/engine/compile.ts";
import { all } from "../../site/engine/more-modules.ts";

interface FalseRepair {
  readonly title: string;
  /** What is written instead of what, in the program that is to be repaired. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** What the failure says. */
  readonly says: string;
}

const tools = { strip: (code: string) => stripTypeScriptTypes(code), parse: (code: string): unknown => parseAst(code) };

function repaired(path: string, { edits }: FalseRepair): string {
  let source = readFileSync(join(root, "examples", path), "utf8");
  for (const [from, to] of edits) {
    expect(source.split(from).length, from).toBe(2);
    source = source.replace(from, () => to);
  }
  return source;
}

async function failure(source: string, check: Check): Promise<string> {
  const f = checked(
    compile(source, tools, (name) => name in all),
    all,
    check,
  );
  const slow = check.slow === true;
  try {
    const { exhausted } = await explore.all(f, { slow });
    return exhausted ? "clean" : "not looked at to the end";
  } catch (error) {
    return (error as ExploreError).message;
  }
}

const ofLevels: Readonly<Record<string, FalseRepair>> = {
  "first-word": {
    title: "Bob sleeps for a while",
    edits: [
      ["go, main", "go, main, time"],
      [
        'go(() => names.send("bob"));',
        'go(async () => {\n    await time.sleep(1000);\n    await names.send("bob");\n  });',
      ],
    ],
    says: 'it prints "first: bob"',
  },
  "lost-update": {
    title: "the second visitor comes later",
    edits: [
      ["main, sync", "main, sync, time"],
      [
        "visitors.go(visit);\n  visitors.go(visit);",
        "visitors.go(visit);\n  await time.sleep(1000);\n  visitors.go(visit);",
      ],
    ],
    says: "an update was lost: 1",
  },
  "two-locks": {
    title: "one of them waits a moment between the locks",
    edits: [
      ["main, sync", "main, sync, time"],
      ["  using _2", '  if (text === "bob pays ann") await time.sleep(10);\n  using _2'],
    ],
    says: "deadlock",
  },
  "one-job-two-workers": {
    title: "whoever comes second leaves the job, and takes no other",
    edits: [["  job.taken = true;", "  if (job.taken) return;\n  job.taken = true;"]],
    says: 'it prints "jobs done: 1"',
  },
  "stale-answer": {
    title: "it looks whether the question is the latest before the server answers",
    edits: [["  await gosched();", "  if (typed !== text) return;\n  await gosched();"]],
    says: "an older question",
  },
  "late-cancel": {
    title: "it asks twice before it waits",
    edits: [["  await gosched();", "  if (ctx.err() !== undefined) return;\n  await gosched();"]],
    says: "booked after the cancel",
  },
  "left-behind": {
    title: "the user has patience",
    edits: [
      ["main, select", "main, select, time"],
      ["go(() => giveUp());", "go(async () => {\n    await time.sleep(1000);\n    giveUp();\n  });"],
    ],
    says: "goroutines are left",
  },
  "closed-too-early": {
    title: "the log has more room",
    edits: [["chan<string>(2)", "chan<string>(100)"]],
    says: "send on closed channel",
  },
  "between-the-halves": {
    title: "the transfer holds the first lock over both halves, and the auditor takes the second first",
    edits: [
      [
        "    await change(accounts[0], -10);\n",
        "    using _ = await accounts[0].mu.lock();\n    accounts[0].money -= 10;\n",
      ],
      ["  using _1 = await accounts[0].mu.lock();\n  using _2 = await accounts[1].mu.lock();\n", ""],
      [
        "  const sum =",
        "  using _1 = await accounts[1].mu.lock();\n  using _2 = await accounts[0].mu.lock();\n  const sum =",
      ],
    ],
    says: "deadlock",
  },
  "lost-wakeup": {
    title: "the bell rings for all",
    edits: [["bell.signal()", "bell.broadcast()"]],
    says: "deadlock",
  },
  "lost-job": {
    title: "quit comes a little later",
    edits: [
      ["select, sync", "select, sync, time"],
      ["  go(() => quit.close());", "  await time.sleep(1000);\n  go(() => quit.close());"],
    ],
    says: "a job was lost",
  },
  "charged-twice": {
    title: "the shop waits for a minute",
    edits: [["time.after(1 * time.second)", "time.after(1 * time.minute)"]],
    says: "the card was charged 2 times",
  },
};

const ofChapters: Readonly<Record<string, FalseRepair>> = {
  goroutine: {
    title: "main sleeps for a while",
    edits: [
      ["gosched, main", "gosched, main, time"],
      ["  go(work);", "  go(work);\n  await time.sleep(1000);"],
    ],
    says: "it prints",
  },
  channel: {
    title: "main sleeps for a while",
    edits: [
      ["gosched, main", "gosched, main, time"],
      ["  console.log", "  await time.sleep(1000);\n  console.log"],
    ],
    says: "it prints",
  },
  "close-and-range": {
    title: "each closes when it is done",
    edits: [
      [
        "for (let n = from; n < from + 2; n++) await numbers.send(n);",
        "for (let n = from; n < from + 2; n++) await numbers.send(n);\n  numbers.close();",
      ],
    ],
    says: "closed channel",
  },
  pipelines: {
    title: "the lines have room for one more",
    edits: [["chan<string>()", "chan<string>(1)"]],
    says: "goroutines are left",
  },
  locks: {
    title: "the writer looks at the balance once more, without the lock",
    edits: [["  const before = await read();", "  let before = await read();\n  before = balance;"]],
    says: "it prints",
  },
  testing: {
    title: "a buyer who has paid looks again, and has paid for nothing",
    edits: [["  seats--;", "  if (seats === 0) throw new Error('paid for nothing');\n  seats--;"]],
    says: "paid for nothing",
  },
};

describe("a false repair is refused", () => {
  test.each(levels)("level $name", async ({ name, check }) => {
    const wrong = ofLevels[name];
    expect(wrong, `test/site/teaching.test.ts has none for ${name}`).toBeDefined();
    const source = repaired(join("levels", name, "start.ts"), wrong as FalseRepair);
    expect(await failure(source, check), wrong?.title).toContain(wrong?.says);
  });

  test.each(Object.keys(ofChapters))("chapter %s", async (name) => {
    const { check } = chapters.find((chapter) => chapter.name === name) as { check: Check };
    const wrong = ofChapters[name] as FalseRepair;
    expect(await failure(repaired(join("lessons", name, "task.ts"), wrong), check), wrong.title).toContain(wrong.says);
  });
});

describe("a twin fails in the way that its page says, whatever the seed", () => {
  test.each(patterns)("$name", async ({ name, twin }) => {
    const source = readFileSync(join(root, "examples", name, twin.file ?? "twin.ts"), "utf8");
    const f = checked(
      compile(source, tools, (module) => module in all),
      all,
      undefined,
    );
    for (const seed of [2, 3, 4]) {
      const options = { runs: 3000, seed, slow: twin.slow === true }; // as many as the page tries
      const found: unknown = await explore(f, options).catch((error: unknown) => error);
      expect((found as ExploreError).kind).toBe(twin.fails);
      expect((found as ExploreError).message).toContain(twin.says ?? "");
    }
  });
});

describe("the site has what its home page counts", () => {
  test("24 patterns, 14 chapters, 12 levels", () => {
    expect([patterns.length, chapters.length, levels.length]).toEqual([24, 14, 12]);
  });
});

describe("a level needs its player", () => {
  test.each(levels)("$name does not reach its goal in the order of reference", async ({ name, reached, slow }) => {
    const printed: string[] = [];
    const source = readFileSync(join(root, "examples", "levels", name, "start.ts"), "utf8");
    const run = compile(source, tools, (module) => module in all).bind({
      modules: all,
      print: (_, values) => printed.push(values.join(" ")),
    });
    const { exhausted } = await explore(run, { strategy: "bounded:0", slow: slow === true });
    expect(exhausted).toBe(false); // there is something to choose
    if (reached.prints !== undefined) expect(printed).not.toContain(reached.prints);
  });
});

describe("the lecturer's page", () => {
  const page = readFileSync(join(root, "site", "content", "teaching.md"), "utf8");
  const rows = page.split("\n").filter((row) => row.startsWith("|"));

  test.each(levels)("tells what $name teaches", ({ name, title, teaches, difficulty }) => {
    const dots = "●".repeat(difficulty) + "○".repeat(3 - difficulty);
    expect(rows.map(cells)).toContainEqual([`[${title}](./levels/${name}.md)`, dots, teaches]);
  });

  test.each(chapters)("has the task of $name", ({ name, title, task }) => {
    const found = rows
      .map(cells)
      .find(([first, , third]) => first === `[${title}](./tour/${name}.md)` && third === task);
    expect(found?.[1]).toMatch(/^●+○*$/);
  });

  function cells(row: string): string[] {
    return row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  }
});
