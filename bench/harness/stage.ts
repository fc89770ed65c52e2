// Stages: temporary folders in which the measuring processes run. There the library is a package as for its users,
// in node_modules; so several builds of it can be measured side by side, and by versions of Node that read no TypeScript.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { installOnce, root, temporaryFolder } from "../../scripts/project.ts";

const bench = join(root, "bench");

/** Makes a stage with the library in the folder `dist`, and with the rivals if they are wanted. */
export function stage(dist: string, withRivals: boolean): string {
  if (!existsSync(join(dist, "index.js"))) throw new Error("the library is not built: npm run build");
  const folder = temporaryFolder();
  const modules = join(folder, "node_modules");
  const library = join(modules, "gocsp");
  mkdirSync(library, { recursive: true });
  cpSync(dist, join(library, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(library, "package.json"));
  link(join(root, "node_modules"), modules, ["async-mutex", "tslib"]);
  if (withRivals) {
    installOnce(bench);
    const installed = join(bench, "node_modules");
    link(
      installed,
      modules,
      readdirSync(installed).filter((name) => !name.startsWith(".")),
    );
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const part of ["harness", "subjects", "probes"]) translate(join(bench, part), join(folder, part));
  return folder;
}

function link(from: string, to: string, names: readonly string[]): void {
  for (const name of names) if (!existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name), "junction");
}

function translate(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (entry.isDirectory()) {
      translate(path, join(to, entry.name));
    } else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) {
      const code = quietly(() => stripTypeScriptTypes(readFileSync(path, "utf8")));
      const rewritten = code.replace(/(from |import )"(\.[^"]+)\.ts"/g, '$1"$2.js"');
      writeFileSync(join(to, entry.name.replace(/ts$/, "js")), rewritten);
    }
  }
}

/** Calls `f` without Node's warning about an experimental function. */
function quietly<T>(f: () => T): T {
  const original = Object.getOwnPropertyDescriptor(process, "emitWarning");
  process.emitWarning = () => undefined;
  try {
    return f();
  } finally {
    if (original !== undefined) Object.defineProperty(process, "emitWarning", original);
  }
}
