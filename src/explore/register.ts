/**
 * Makes plain awaits points of explorations in a program that Node runs: `node --import gocsp/explore/register test.ts`.
 * Does for Node what `gocsp/explore/vite` does for Vitest. Modules in `node_modules` are left as they are. Needs Node 22.15
 * or later, and the package `vite`, whose parser it uses.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import * as nodeModule from "node:module";
import { instrument } from "./instrument.ts";

interface Parser {
  parseAst(code: string): unknown;
}

interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: string | ArrayBuffer | Uint8Array | undefined;
}

type Load = (url: string, context: object, next: (url: string, context: object) => Loaded) => Loaded;

/** What newer Nodes have. */
const { registerHooks, stripTypeScriptTypes } = nodeModule as {
  registerHooks?: (hooks: { load: Load }) => unknown;
  stripTypeScriptTypes?: (code: string) => string;
};

async function loadParser(): Promise<Parser> {
  try {
    const module: unknown = await import("vite");
    return module as Parser;
  } catch (error) {
    throw new Error("gocsp/explore/register needs the package vite, run npm install --save-dev vite", { cause: error });
  }
}

if (registerHooks === undefined) throw new Error("gocsp/explore/register needs Node 22.15 or later");
const { parseAst } = await loadParser();
const own = new URL("../", import.meta.url).href;

function textOf(source: Loaded["source"]): string {
  return typeof source === "string" ? source : Buffer.from((source ?? "") as Uint8Array).toString();
}

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const { format } = loaded;
    if (url.startsWith(own) || url.includes("/node_modules/") || !url.startsWith("file:")) return loaded;
    if (format !== "module" && format !== "module-typescript") return loaded;
    const text = textOf(loaded.source);
    const code = format === "module" ? text : (stripTypeScriptTypes?.(text) ?? text);
    const instrumented = instrument(code, parseAst);
    if (instrumented === undefined) return loaded;
    const map = Buffer.from(JSON.stringify({ ...instrumented.map, sources: [url] })).toString("base64");
    return {
      ...loaded,
      format: "module",
      source: `${instrumented.code}\n//# sourceMappingURL=data:application/json;base64,${map}`,
    };
  },
});
