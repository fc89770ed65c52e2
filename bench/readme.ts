// Puts the table of bench/results/node-26.md into the README: npm run bench:readme
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/project.ts";
import { putTable } from "./harness/tables.ts";

putTable("README.md", "bench", readFileSync(join(root, "bench", "results", "node-26.md"), "utf8"));
