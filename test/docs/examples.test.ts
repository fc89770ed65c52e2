import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { examples, isFree, joined, moduleOf, preambleNames } from "./examples.ts";

const all = examples();
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = new URL(`.examples-${process.pid}/`, import.meta.url);

/** The compiler's complaints, by file. */
const complaints = new Map<string, string[]>();

beforeAll(() => {
  mkdirSync(folder);
  for (const example of all) writeFileSync(new URL(example.file, folder), moduleOf(example));
  const config = {
    extends: "../../../tsconfig.test.json",
    // An example may declare what it does not use, and leave early.
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, noImplicitReturns: false },
    include: ["*.ts"],
  };
  writeFileSync(new URL("tsconfig.json", folder), JSON.stringify(config));
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const args = [tsc, "--noEmit", "--pretty", "false", "-p", fileURLToPath(folder)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  for (const line of `${stdout}${stderr}`.split("\n").filter((line) => line !== "")) {
    const file = /([\w-]+\.ts)\(\d+,\d+\)/.exec(line)?.[1] ?? "";
    complaints.set(file, [...(complaints.get(file) ?? []), line]);
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the example of", () => {
  test.each(all)("$name", async ({ file, output }) => {
    expect(complaints.get(file) ?? []).toEqual([]);
    if (output === undefined) return;
    const log = vi.spyOn(console, "log").mockReturnValue();
    try {
      const { example } = (await import(new URL(file, folder).href)) as { example: () => Promise<void> };
      await example();
      expect(joined(log.mock.calls.map((args) => format(...args)).join(" "))).toBe(output);
    } finally {
      log.mockRestore();
    }
  });
});

test("the compiler complains about nothing but examples", () => {
  const files = new Set(all.map(({ file }) => file));
  expect([...complaints].filter(([file]) => !files.has(file)).flatMap(([, lines]) => lines)).toEqual([]);
});

test("every name of the preamble is needed", () => {
  expect(preambleNames.filter((name) => !all.some(({ code }) => isFree(name, code)))).toEqual([]);
});

/** Folders without a subpath, which the library's own tools use. */
const internal = new Set(["conductor"]);
const folders = readdirSync(new URL("../../src/", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !internal.has(entry.name))
  .map(({ name }) => name);

test.each(folders)("every function and method of gocsp/%s has an example", async (folder) => {
  const symbols = new Set(
    all.filter(({ name }) => name.startsWith(`${folder}/`)).map(({ name }) => name.split(" ")[1]),
  );
  const entry = (await import(new URL(`../../src/${folder}/${folder}.ts`, import.meta.url).href)) as object;
  expect(
    Object.entries(entry)
      .flatMap(([name, value]) => symbolsOf(name, value))
      .filter((s) => !symbols.has(s)),
  ).toEqual([]);
});

/** Names a function, or the methods of a class, without `toString` and `toJSON`, which need no example. */
function symbolsOf(name: string, value: unknown): string[] {
  if (typeof value !== "function") return [];
  const members = Object.getOwnPropertyNames((value.prototype as object | undefined) ?? {});
  const inherited = value.prototype instanceof Map ? Object.getOwnPropertyNames(Map.prototype) : [];
  const methods = members.filter(
    (member) => !["constructor", "name", "toString", "toJSON", ...inherited].includes(member),
  );
  return /^[a-z]/.test(name) ? [name] : methods.map((method) => `${name}.${method}`);
}
