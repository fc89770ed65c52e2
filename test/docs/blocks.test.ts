import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

/** A program of a page: what it is to do, and what the page says that it prints. */
interface Block {
  readonly page: string;
  readonly kind: "fails" | "passes" | "prints" | "compiles";
  readonly name: string;
  readonly code: string;
  readonly output: string | undefined;
}

const root = new URL("../../", import.meta.url);
const pages = [
  "README.md",
  "docs/testing.md",
  "docs/exploring.md",
  "docs/tracing.md",
  "docs/topics.md",
  "docs/streams.md",
];
const pattern =
  /^<!-- (fails|passes|prints|compiles): (\w+) -->\n```ts\n([\s\S]*?)^```\n(?:(?:(?!^```|^#)[\s\S])*?^```text\n([\s\S]*?)^```$)?/gm;
const blocks = pages.flatMap((page) =>
  [...readFileSync(new URL(page, root), "utf8").matchAll(pattern)].map(
    ([, kind, name = "", code = "", output]): Block => ({ page, kind: kind as Block["kind"], name, code, output }),
  ),
);
const folder = new URL(`.blocks-${process.pid}/`, import.meta.url);
const file = ({ page, name }: Block): string => `${page.replaceAll(/\W/g, "-")}-${name}.ts`;

/** What the programs' own tests are handed to. */
const tests: (() => unknown)[] = [];

let complaints = "";
beforeAll(() => {
  vi.stubGlobal("gocspTest", (_: string, f: () => unknown) => tests.push(f));
  mkdirSync(folder);
  for (const block of blocks) {
    // The first line is another one, but the lines stay where they are.
    const code = block.code.replace(
      /^import \{ (?:(expect), )?test \} from "vitest";$/m,
      (_, wanted: string | undefined) =>
        `${wanted === undefined ? "" : 'import { expect } from "vitest"; '}declare const gocspTest: (name: string, f: () => unknown) => void;`,
    );
    writeFileSync(new URL(file(block), folder), code.replaceAll(/^test\(/gm, "gocspTest("));
  }
  writeFileSync(
    new URL("tsconfig.json", folder),
    JSON.stringify({ extends: "../../../tsconfig.test.json", include: ["*.ts"] }),
  );
  const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
  const args = [tsc, "--pretty", "false", "-p", fileURLToPath(folder)];
  complaints = spawnSync(process.execPath, args, { encoding: "utf8" }).stdout;
}, 120_000);
afterAll(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => void tests.splice(0));

test("the programs of the pages about testing compile", () => {
  expect(complaints).toBe("");
});

/** The seed is chosen at random. */
function withoutSeed(text: string): string {
  return text.replace(/ of seed \d+\)/, " of seed 1)");
}

/** Lines of a transcript, with the file's name as the page has it. */
function asOnPage(text: string, block: Block): string {
  return withoutSeed(text)
    .replaceAll(file(block), `${block.name}.test.ts`)
    .replaceAll(fileURLToPath(folder), "")
    .trim();
}

describe.each(pages)("in %s", (page) => {
  const own = blocks.filter((block) => block.page === page);
  const of = (kind: Block["kind"]): Block[] => own.filter((block) => block.kind === kind);

  test.each(of("fails"))("the test $name fails as the page says", async (block) => {
    const failure: unknown = await run(block).catch((error: unknown) => error);
    expect(asOnPage(String(failure), block)).toBe(withoutSeed(block.output ?? "").trim());
  });

  test.each(of("passes"))("the test $name passes", async (block) => {
    await run(block);
  });

  test.each(of("prints"))("the program $name prints what the page says", (block) => {
    const args = [fileURLToPath(new URL(file(block), folder))];
    const printed = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(printed.replaceAll(file(block), `${block.name}.ts`).trim()).toBe(block.output?.trim());
  });

  test("there is something to try", () => {
    expect(own).not.toEqual([]);
  });
});

/** Runs the one test of a block. */
async function run(block: Block): Promise<void> {
  await import(new URL(file(block), folder).href);
  expect(tests.length).toBe(1);
  await tests[0]?.();
}
