import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";

test("the program in the README prints what its comments say", () => {
  const output = execFileSync(process.execPath, ["--input-type=module-typescript", "-e", program], {
    cwd: root,
    encoding: "utf8",
  });
  const promised = [...program.matchAll(/console\.log\(.*?\/\/ (.*)$/gm)].map((match) => match[1]);
  expect(output.trim().split(/\s+/).join(" ")).toBe(promised.join(" "));
});

test("the other programs in the README compile", () => {
  const [, ...others] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  expect(others).not.toEqual([]);
  const folder = new URL(`.readme-${process.pid}/`, import.meta.url);
  mkdirSync(folder);
  try {
    for (const [i, code] of others.entries()) writeFileSync(new URL(`program${i}.ts`, folder), code);
    writeFileSync(
      new URL("tsconfig.json", folder),
      JSON.stringify({ extends: "../../../tsconfig.test.json", include: ["*.ts"] }),
    );
    const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
    const { stdout } = spawnSync(process.execPath, [tsc, "--pretty", "false", "-p", fileURLToPath(folder)], {
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the README shows its two commands first", () => {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]?.trim());
  expect(blocks.slice(0, 2)).toEqual(["npm ci && npm start", "npm ci && npm test"]);
});

test("the table in the README is the one that was measured", () => {
  const table = readFileSync(new URL("bench/results/node-26.md", root), "utf8").trim();
  expect(/<!-- bench -->\n\n([\s\S]*?)\n\n<!-- end of bench -->/.exec(readme)?.[1]).toBe(table);
});

test("every file and subpath that the README names exists", () => {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { exports: object };
  for (const [, subpath] of readme.matchAll(/`gocsp\/([\w/]+)`/g))
    expect(Object.keys(exports)).toContain(`./${subpath}`);
  for (const [, path] of readme.matchAll(/`([\w/]+\.md|\w+\/)`/g)) {
    expect(existsSync(new URL(path as string, root)), path).toBe(true);
  }
});

test("the README lists every package, and ARCHITECTURE.md every folder", () => {
  const folders = readdirSync(new URL("src/", root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { exports: object };
  const packages = folders.filter((name) => Object.keys(exports).includes(`./${name}`));
  expect(packages.filter((name) => !readme.includes(`| \`gocsp/${name}\``))).toEqual([]);
  const [, list = ""] = readFileSync(new URL("ARCHITECTURE.md", root), "utf8").split("```");
  expect(folders.filter((name) => !new RegExp(`(^src/| )${name}/`, "m").test(list))).toEqual([]);
});
