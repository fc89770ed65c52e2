import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
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

test("the README shows its two commands first", () => {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]?.trim());
  expect(blocks).toEqual(["npm ci && npm start", "npm ci && npm test"]);
});

test("every file and subpath that the README names exists", () => {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { exports: object };
  for (const [, subpath] of readme.matchAll(/`gocsp\/(\w+)`/g)) expect(Object.keys(exports)).toContain(`./${subpath}`);
  for (const [, path] of readme.matchAll(/`([\w/]+\.md|\w+\/)`/g)) {
    expect(existsSync(new URL(path as string, root)), path).toBe(true);
  }
});
