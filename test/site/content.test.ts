// What the pages of the site say about their programs, without a browser: each broken twin fails as its page says, each
// repair and each solution is clean under all schedules, each task is unsolved, each level can be reached and repaired.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { explore, type ExploreError } from "gocsp/explore";
import { parseAst } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { root, temporaryFolder } from "../../scripts/project.ts";
import { chapters } from "../../site/content/chapters.ts";
import { levels } from "../../site/content/levels.ts";
import { patterns } from "../../site/content/patterns.ts";
import type { Check } from "../../site/content/types.ts";
import { checked } from "../../site/engine/check.ts";
import { compile, type Program } from "../../site/engine/compile.ts";
import { line } from "../../site/engine/inspect.ts";
import { all } from "../../site/engine/more-modules.ts";
import { buildGo, goProblem, run } from "../examples/programs.ts";

const content = join(root, "site", "content");
const read = (...path: string[]): string => readFileSync(join(root, "examples", ...path), "utf8");
const tools = { strip: (code: string) => stripTypeScriptTypes(code), parse: (code: string): unknown => parseAst(code) };

function program(...path: string[]): Program {
  return compile(read(...path), tools, (name) => name in all);
}

/** Explores a program as its check says. Returns the failure, or how far it was looked at. */
async function proof(of: Program, check: Check): Promise<string> {
  const f = checked(of, all, check);
  const slow = check.slow === true;
  try {
    if (check.explored === "all") {
      const { exhausted, runs } = await explore.all(f, { slow });
      return exhausted ? "clean" : `there are more than ${runs} schedules`;
    }
    await explore(f, { slow, runs: check.explored, seed: 1 });
    return "clean";
  } catch (error) {
    return (error as ExploreError).kind === undefined ? String(error) : (error as Error).message;
  }
}

async function failure(f: () => unknown, slow: boolean): Promise<ExploreError | undefined> {
  try {
    await explore(f, { runs: 5000, seed: 1, slow });
  } catch (error) {
    return error as ExploreError;
  }
  return undefined;
}

/** The tags that the text of a page of this kind has, each once. */
const tags = {
  patterns: ["<Programs />", "<Twin />", "<Repair />"],
  tour: ["<Program />", "<Task />"],
  levels: ["<Schedule />", "<Repair />"],
};

const pages = [
  ...patterns.map(({ name, title }) => ({ kind: "patterns", name, title }) as const),
  ...chapters.map(({ name, title }) => ({ kind: "tour", name, title }) as const),
  ...levels.map(({ name, title }) => ({ kind: "levels", name, title }) as const),
];

describe("texts", () => {
  test.each(pages)("$kind/$name has a title and its living parts", ({ kind, name, title }) => {
    const text = readFileSync(join(content, kind, `${name}.md`), "utf8");
    expect(text.split("\n")[0]).toBe(`# ${title}`);
    for (const tag of tags[kind]) expect(text.split("\n").filter((one) => one === tag)).toEqual([tag]);
  });

  test.each(patterns.filter(({ proof }) => proof.explored !== "all"))(
    "patterns/$name says how far its repair was explored",
    ({ name, proof }) => {
      const [, repair = ""] = readFileSync(join(content, "patterns", `${name}.md`), "utf8").split("## The repair");
      expect(repair).toMatch(new RegExp(`\\b${proof.explored.toLocaleString("en")} schedules`));
    },
  );

  test.each(Object.keys(tags) as (keyof typeof tags)[])("every text of %s has its metadata", (kind) => {
    const files = readdirSync(join(content, kind)).filter((file) => file.endsWith(".md") && file !== "index.md");
    const known = pages.filter((page) => page.kind === kind).map(({ name }) => `${name}.md`);
    expect(files.toSorted()).toEqual(known.toSorted());
  });
});

describe.each(patterns)("pattern $name", ({ name, twin, repair = "main.ts", proof: claim, staticOnly }) => {
  test("its program prints what Go has printed", async () => {
    expect(existsSync(join(root, "examples", name, "main.go"))).toBe(true);
    if (staticOnly === true) return;
    const printed: string[] = [];
    const run = program(name, "main.ts").bind({ modules: all, print: (_, values) => printed.push(line(values)) });
    const recorded = read(name, "output.txt");
    const failed = await explore.once(run, 1).catch((error: Error) => error);
    // One that fails has run again for its report.
    const text = `${printed.join("\n")}\n`;
    if (existsSync(join(root, "examples", name, "stderr.txt"))) expect(failed).toBeInstanceOf(Error);
    else expect(failed).toBe(undefined);
    expect(text.startsWith(recorded) || text === `\n${recorded}`).toBe(true);
  });

  test("its twin fails as the page says", async () => {
    const found = await failure(checked(program(name, twin.file ?? "twin.ts"), all, undefined), twin.slow === true);
    expect(found?.kind, found?.message).toBe(twin.fails);
    expect(found?.message).toContain(twin.says ?? "");
  });

  test("its repair is clean", async () => {
    expect(await proof(program(name, repair), claim)).toBe("clean");
  });
});

describe.each(chapters)("chapter $name", ({ name, program: shown, check }) => {
  test("its program runs", async () => {
    const of = shown === undefined ? program("lessons", name, "main.ts") : program(...shown.split("/"));
    await explore.once(of.bind({ modules: all, print: () => undefined }), 1);
  });

  test("its task is unsolved, and its solution is clean", async () => {
    expect(await proof(program("lessons", name, "task.ts"), check)).not.toBe("clean");
    expect(await proof(program("lessons", name, "solution.ts"), check)).toBe("clean");
  });
});

test("the prime sieve with one filter has as many schedules as its page says, and each is clean", async () => {
  const source = read("prime-sieve", "main.ts").replace("const count = 25;", "const count = 1;");
  const of = compile(source, tools, (name) => name in all);
  const f = checked(of, all, { output: ["2", "all goroutines ended"], explored: "all" });
  const { runs, exhausted } = await explore.all(f);
  expect(exhausted).toBe(true);
  expect(readFileSync(join(content, "patterns", "prime-sieve.md"), "utf8")).toContain(`there are ${runs}`);
});

const missing = goProblem();

describe(`chapters in Go${missing === undefined ? "" : ` (${missing})`}`, () => {
  const binaries = temporaryFolder();
  const shown = chapters.filter((chapter) => chapter.program === undefined).map(({ name }) => name);

  beforeAll(() => {
    if (missing === undefined) buildGo(binaries, join(root, "examples", "lessons"), shown);
  }, 300_000);

  test.skipIf(missing !== undefined).each(shown)(
    "%s prints what TypeScript prints under some schedule",
    async (name) => {
      const { stdout, stderr, status } = await run(join(binaries, process.platform === "win32" ? `${name}.exe` : name));
      expect([status, stderr]).toEqual([0, ""]);
      const of = program("lessons", name, "main.ts");
      const same = Symbol("the same");
      const seen = new Set<string>();
      const f = async (): Promise<void> => {
        const printed: string[] = [];
        await of.bind({ modules: all, print: (_, values) => printed.push(line(values)) })();
        seen.add(printed.join("\n"));
        if (`${printed.join("\n")}\n` === stdout) throw same;
      };
      const found = await failure(f, true);
      expect(found?.cause, `Go prints\n${stdout}TypeScript prints\n${[...seen].join("\nor\n")}`).toBe(same);
    },
  );
});

describe.each(levels)("level $name", ({ name, reached, slow, check }) => {
  test("its goal can be reached", async () => {
    const start = program("levels", name, "start.ts");
    const wanted = Symbol("reached");
    const f = async (): Promise<void> => {
      const printed: string[] = [];
      await start.bind({ modules: all, print: (_, values) => printed.push(line(values)) })();
      const { prints } = reached;
      if (reached.kind === "returned" && (prints === undefined || printed.includes(prints))) throw wanted;
    };
    const found = await failure(f, slow === true);
    if (reached.kind === "returned") expect(found?.cause).toBe(wanted);
    else expect(found?.kind).toBe(reached.kind);
    expect(found?.message).toContain(reached.says ?? "");
  });

  test("it is broken, and its solution is clean", async () => {
    expect(await proof(program("levels", name, "start.ts"), check)).not.toBe("clean");
    expect(await proof(program("levels", name, "solution.ts"), check)).toBe("clean");
  });
});
