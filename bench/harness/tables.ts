// Where the documents show what the benchmarks have measured: between two comments.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/project.ts";

/** Puts a table between `<!-- name -->` and `<!-- end of name -->` of a document. */
export function putTable(document: string, name: string, table: string): void {
  const path = join(root, document);
  const [before, rest] = readFileSync(path, "utf8").split(`<!-- ${name} -->\n`);
  const after = rest?.split(`<!-- end of ${name} -->\n`)[1];
  if (before === undefined || after === undefined) throw new Error(`${document} has no place for the table "${name}"`);
  writeFileSync(path, `${before}<!-- ${name} -->\n\n${table.trim()}\n\n<!-- end of ${name} -->\n${after}`);
}
