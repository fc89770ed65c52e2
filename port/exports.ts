// Writes port/golib.json: what each module of the package exports. The translator marks uses of other names. Run it
// after a change to the exports of src: node port/exports.ts
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Returns the names that a module exports. */
export function exportsOf(file: string): string[] {
  const names = new Set<string>();
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  for (const [, name] of text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm,
  )) {
    names.add(name as string);
  }
  for (const [, list] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const entry of (list as string).split(",")) {
      const name = entry
        .trim()
        .replace(/^type /, "")
        .split(/ as /)
        .pop()
        ?.trim();
      if (name !== undefined && name !== "") names.add(name);
    }
  }
  for (const [, name] of text.matchAll(/^export \* as (\w+) from/gm)) names.add(name as string);
  for (const [, path] of text.matchAll(/^export \* from "(\.[^"]+)"/gm)) {
    for (const name of exportsOf(join(dirname(file), path as string))) names.add(name);
  }
  return [...names].toSorted();
}

/**
 * Returns the members of the classes and interfaces in the files of a folder: the translator marks uses of others. Those
 * that extend something unknown are left out.
 */
export function membersOf(folder: string): Record<string, string[]> {
  const found: Record<string, { base: string | undefined; names: string[] }> = {};
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(folder, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, name, rest, body] of text.matchAll(
      /^export (?:abstract )?(?:class|interface) (\w+)([^{]*)\{\n([\s\S]*?)^\}$/gm,
    )) {
      const names = [
        ...(body as string).matchAll(
          /^ {2}(?:(?:static|readonly|override|abstract|async|get|set|declare) )*\*?(\w+)[(<?:!= ]/gm,
        ),
      ];
      const base = /extends (\w+)/.exec(rest as string)?.[1];
      found[name as string] = { base, names: names.map(([, member]) => member as string) };
    }
  }
  const all: Record<string, string[]> = {};
  for (const name of Object.keys(found)) {
    const members = new Set<string>();
    let at: string | undefined = name;
    while (at !== undefined) {
      const known: { base: string | undefined; names: string[] } | undefined = found[at];
      if (known === undefined) break;
      for (const member of known.names) members.add(member);
      at = known.base;
    }
    const prototype =
      at === undefined
        ? {}
        : (globalThis as unknown as Record<string, { prototype?: object } | undefined>)[at]?.prototype;
    if (prototype === undefined) continue;
    for (const member of Object.getOwnPropertyNames(prototype)) members.add(member);
    members.delete("constructor");
    all[name] = [...members].toSorted();
  }
  return all;
}

/** Returns the exports of all modules that translated code may import. */
export function allExports(): Record<string, string[]> {
  const all: Record<string, string[]> = { gocsp: exportsOf(join(root, "src/index.ts")) };
  const visit = (folder: string, name: string): void => {
    const entry = join(root, "src", folder, `${folder.split("/").pop()}.ts`);
    if (existsSync(entry)) {
      const names = exportsOf(entry);
      all[`gocsp/${name}`] = names;
      for (const [type, members] of Object.entries(membersOf(join(root, "src", folder)))) {
        if (names.includes(type)) all[`gocsp/${name}#${type}`] = members;
      }
    }
    for (const child of readdirSync(join(root, "src", folder))) {
      if (statSync(join(root, "src", folder, child)).isDirectory()) visit(`${folder}/${child}`, `${name}/${child}`);
    }
  };
  for (const folder of readdirSync(join(root, "src"))) {
    if (statSync(join(root, "src", folder)).isDirectory()) visit(folder, folder);
  }
  return all;
}

if (import.meta.main) {
  const lines = Object.entries(allExports())
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, names]) => `  ${JSON.stringify(name)}: ${JSON.stringify(names)}`);
  writeFileSync(join(root, "port/golib.json"), `{\n${lines.join(",\n")}\n}\n`);
}
