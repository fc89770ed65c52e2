// The last step of `npm run build`, after the compiler has written dist.
//
// Files without a source are removed only now, not before compiling: a program that runs from dist at the same time
// finds every file at every moment.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./project.ts";

const dist = join(root, "dist");

for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
  const module = /^(.+?)(\.d\.ts|\.js)(\.map)?$/.exec(path)?.[1];
  if (module === undefined) continue;
  const file = join(dist, path);
  if (!existsSync(join(root, "src", `${module}.ts`))) {
    rmSync(file);
  } else if (path.endsWith(".d.ts")) {
    // The compiler rewrites "./x.ts" in the code only. Compilers find the declarations either way, other tools may not.
    const text = readFileSync(file, "utf8");
    const rewritten = text.replace(/(from |import\()"(\.\.?\/[^"]+)\.ts"/g, '$1"$2.js"');
    if (rewritten !== text) writeFileSync(file, rewritten);
  }
}
