/** Bundles what knows types: the compiler, the declarations of the library, and those of the language. Loaded when asked for. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root, site } from "./engine.ts";

export async function buildHints(folder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const lib = dirname(require.resolve("typescript"));
  const files: Record<string, string> = {};
  for (const file of readdirSync(lib)) {
    // A worker has no page: console and timers are declared below.
    if (/^lib\.(es\d+|esnext|decorators)[\w.]*\.d\.ts$/.test(file))
      files[`/lib/${file}`] = readFileSync(join(lib, file), "utf8");
  }
  files["/globals.d.ts"] = [
    "declare const console: Record<'log' | 'info' | 'warn' | 'error' | 'debug', (...values: unknown[]) => void>;",
    "declare class AbortSignal { readonly aborted: boolean; readonly reason: unknown }",
    "declare class AbortController { readonly signal: AbortSignal; abort(reason?: unknown): void }",
    "declare function setTimeout(callback: () => void, delay?: number): unknown;",
    "declare function clearTimeout(timeout: unknown): void;",
    "declare function queueMicrotask(callback: () => void): void;",
    "declare const performance: { now(): number };",
  ].join("\n");
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, { types?: string } | string>;
  };
  const paths: Record<string, string[]> = {};
  for (const [name, entry] of Object.entries(exports)) {
    if (typeof entry === "object" && entry.types !== undefined)
      paths[name.replace(".", "gocsp")] = [entry.types.replace("./dist", "/gocsp")];
  }
  const take = (path: string): void => {
    for (const entry of readdirSync(join(root, "dist", path), { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) take(inner);
      else if (entry.name.endsWith(".d.ts")) files[`/gocsp${inner}`] = readFileSync(join(root, "dist", inner), "utf8");
    }
  };
  take("");
  writeFileSync(join(folder, "hints.json"), JSON.stringify({ files, paths }));
  await build({
    entryPoints: [join(site, "client/hints-worker.ts")],
    outfile: join(folder, "hints.js"),
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    external: ["fs", "path", "os", "crypto", "inspector", "perf_hooks", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    nodePaths: [join(site, "node_modules")],
    logLevel: "error",
  });
}
