/** Builds the site into `.vitepress/dist`, a plain folder that works under any path of any static host. */

import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "vitepress";
import { root, site } from "./engine.ts";
import { makeRelative } from "./relative.ts";

export const dist: string = join(site, ".vitepress", "dist");

function run(...args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: site, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** Writes the list of all files into the worker that keeps them. What is large is kept when it was asked for. */
function writeServiceWorker(): void {
  const files: string[] = [];
  const hash = createHash("sha256");
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(dist, path).replaceAll("\\", "/");
    hash.update(name).update(readFileSync(path));
    if (!/^(hints\.|md\/|sw\.js)/.test(name)) files.push(`./${name}`);
  }
  const code = readFileSync(join(site, "client/service-worker.js"), "utf8")
    .replace("__VERSION__", hash.digest("hex").slice(0, 12))
    .replace("__FILES__", JSON.stringify(files.toSorted()));
  writeFileSync(join(dist, "sw.js"), code);
}

if (!existsSync(join(root, "dist", "index.js")))
  throw new Error("the library is not built: run `npm run build` in the root");
run("scripts/prepare.ts", ...process.argv.slice(2));
await build(site);
makeRelative(dist);
writeServiceWorker();
console.log(`built: ${relative(process.cwd(), dist)}`);
