// What new users of the library read first: the page of packages, and llms.txt.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  exports: Record<string, string | { default: string }>;
};
const subpaths = Object.keys(manifest.exports).filter((name) => name !== "./package.json");

test("docs/packages.md names every subpath, and no other", () => {
  const page = read("docs/packages.md");
  for (const name of subpaths) {
    // Those of golib are a list of their own.
    const short = /^\.\/golib\/(\w+)$/.exec(name)?.[1];
    expect
      .soft(page, name)
      .toContain(
        short === undefined ? `\`gocsp${name.slice(1)}\`` : `\`${short === "assert" ? "gocsp/golib/assert" : short}\``,
      );
  }
  for (const [, path] of page.matchAll(/`(?:jsr:@gocsp\/)?gocsp(\/[\w/]+)`/g)) {
    expect.soft([...subpaths, "./gocsp"], path).toContain(`.${path}`);
  }
});

test("llms.txt leads to every page of docs, at most over another one, and to nothing that is not there", () => {
  const text = read("llms.txt");
  const links = [...text.matchAll(/\]\(https:\/\/github\.com\/gocsp\/gocsp\/blob\/main\/([^)]+)\)/g)].map(
    ([, path]) => path as string,
  );
  for (const path of links) expect.soft(existsSync(new URL(path, root)), path).toBe(true);
  // Or to a page that names it.
  const named = text + links.map(read).join("\n");
  for (const page of readdirSync(new URL("docs/", root)).filter((name) => name.endsWith(".md"))) {
    expect.soft(named.includes(page), page).toBe(true);
  }
});
