/** The reference: TypeDoc writes Markdown of each public module, with the library's own comments. */

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, site } from "./engine.ts";
import type { ApiPage } from "./symbols.ts";

export const folder: string = join(site, ".generated", "pages", "api");

/** The public modules, as package.json lists them. */
export function apiPages(): ApiPage[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, unknown>;
  };
  return Object.keys(exports)
    .filter((name) => name !== "./package.json" && !/\/(register|vite|points|plugin)$/.test(name))
    .map((name) => {
      const path = name === "." ? "" : name.slice(2);
      // One that has namespaces of its own is a folder.
      const page = path === "http" ? "http/index" : path.replaceAll("/", "-");
      return { name: path === "" ? "gocsp" : `gocsp/${path}`, page: path === "" ? "gocsp" : page };
    });
}

/** Writes a page for each module. */
export async function writeApi(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const { Application } = await import("typedoc");
  const { load } = await import("typedoc-plugin-markdown");
  const pages = apiPages();
  const entryOf = ({ name }: ApiPage): string => {
    const path = name === "gocsp" ? "" : name.slice("gocsp/".length);
    return path === "" ? join(root, "src/index.ts") : join(root, "src", path, `${path.split("/").at(-1)}.ts`);
  };
  const application = await Application.bootstrap({
    entryPoints: pages.map(entryOf),
    tsconfig: join(site, "tsconfig.api.json"),
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    readme: "none",
    logLevel: "Error",
    disableSources: true,
    hideGenerator: true,
  });
  load(application);
  const own = {
    router: "module",
    markdown: folder,
    entryFileName: "index",
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    parametersFormat: "table",
  };
  for (const [name, value] of Object.entries(own)) application.options.setValue(name as never, value as never);
  const project = await application.convert();
  if (project === undefined) throw new Error("typedoc: the sources could not be read");
  // The name of a module is its folder's.
  for (const child of project.children ?? []) {
    child.name = child.name === "index" ? "gocsp" : child.name.replace(/\/[^/]+$/, "").replaceAll("/", "-");
  }
  await application.generateOutputs(project);
  if (!existsSync(folder) || readdirSync(folder).length < 10) throw new Error("typedoc: no pages were written");
}
