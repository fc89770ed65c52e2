/** Bundles the worker: a classic script of its own, because a sandboxed frame may load no module from the site. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

export const site: string = fileURLToPath(new URL("..", import.meta.url));
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>;
  readonly browser: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** Resolves the library to its build, with the replacements for browsers, as a bundler does for those who install it. */
const library: Plugin = {
  name: "gocsp",
  setup(build) {
    const silenced = (path: string): string => {
      const replacement = manifest.browser[`./${relative(root, path)}`];
      return replacement === undefined ? path : join(root, replacement);
    };
    build.onResolve({ filter: /^gocsp(\/|$)/ }, ({ path }) => {
      const entry = manifest.exports[path.replace("gocsp", ".")];
      if (typeof entry !== "object") return { errors: [{ text: `${path} is no subpath` }] };
      return { path: silenced(join(root, entry.default)), sideEffects: false };
    });
    build.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path, importer }) => {
      if (!importer.startsWith(join(root, "dist"))) return undefined;
      return { path: silenced(join(dirname(importer), path)), sideEffects: false };
    });
  },
};

export async function buildEngine(folder: string): Promise<void> {
  if (!existsSync(join(root, "dist", "index.js")))
    throw new Error("dist is missing: run `npm run build` in the root first");
  await build({
    entryPoints: { engine: join(site, "engine/worker-core.ts"), "engine-all": join(site, "engine/worker-all.ts") },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    plugins: [library],
    nodePaths: [join(site, "node_modules")],
    logLevel: "warning",
  });
}
