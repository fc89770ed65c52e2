/** Builds the site and serves it, from a fresh clone on: installs what is missing, and builds the library. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Nothing is imported that has to be installed first.
const site = fileURLToPath(new URL("..", import.meta.url));
const root = join(site, "..");

export function run(folder: string, program: string, ...args: string[]): void {
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs npm, the one that runs this if there is one. */
function npm(folder: string, ...args: string[]): void {
  const cli = process.env["npm_execpath"];
  if (cli === undefined) run(folder, "npm", ...args);
  else run(folder, process.execPath, cli, ...args);
}

/** Installs and builds what the build of the site stands on. */
export function prepareSite(): void {
  if (!existsSync(join(root, "node_modules", "typescript"))) npm(root, "ci");
  if (!existsSync(join(site, "node_modules", "vitepress"))) npm(site, "ci");
  if (!existsSync(join(root, "dist", "index.js"))) npm(root, "run", "--silent", "build");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  prepareSite();
  run(site, process.execPath, "scripts/build.ts");
  run(site, process.execPath, "scripts/serve.ts");
}
