// Writes jsr.json, the manifest for JSR, from package.json: part of `npm run build`. `deno publish --dry-run` checks it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./project.ts";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  license: string;
  exports: Record<string, string | { default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** The exports. JSR publishes the sources, so each one is a file of src, not of dist. */
const sources = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === "string"
    ? []
    : [[name, target.default.replace("./dist/", "./src/").replace(/\.js$/, ".ts")] as const],
);
const packages = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
const jsr = {
  $schema: "https://jsr.io/schema/config-file.v1.json",
  name: `@${manifest.name}/${manifest.name}`,
  version: manifest.version,
  license: manifest.license,
  exports: Object.fromEntries(sources),
  imports: Object.fromEntries(packages.map(([name, range]) => [name, `npm:${name}@${range}`])),
  // The command is only for npm: it needs Go's tools and the files of dist.
  publish: {
    include: ["src/**/*.ts", "README.md", "CHANGELOG.md", "LICENSE", "llms.txt", "skills"],
    exclude: ["src/port"],
  },
};
writeFileSync(join(root, "jsr.json"), `${JSON.stringify(jsr, null, 2)}\n`);
