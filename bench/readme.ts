// Puts the table of bench/results/node-26.md into the README: npm run bench:readme
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";

const path = join(root, "README.md");
const readme = readFileSync(path, "utf8");
const table = readFileSync(join(root, "bench", "results", "node-26.md"), "utf8").trim();
const [before, rest] = readme.split("<!-- bench -->\n");
const after = rest?.split("<!-- end of bench -->\n")[1];
if (before === undefined || after === undefined) throw new Error("README.md has no place for the table");
writeFileSync(path, `${before}<!-- bench -->\n\n${table}\n\n<!-- end of bench -->\n${after}`);
