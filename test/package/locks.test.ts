import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

interface Lock {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
}

// A lockfile made without access to the packages of some platforms lacks them, and `npm ci` then fails everywhere.
test.each([".", "bench", "test/guide", "test/package", "test/runtimes", "test/world"])(
  "the lockfile of %s is complete and names no registry",
  (folder) => {
    const { packages } = JSON.parse(readFileSync(join(root, folder, "package-lock.json"), "utf8")) as Lock;
    const names = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
    for (const [path, { resolved, optionalDependencies }] of Object.entries(packages)) {
      expect.soft(resolved, path).toBeUndefined();
      for (const name of Object.keys(optionalDependencies ?? {})) expect.soft(names, path).toContain(name);
    }
  },
);

test("dependencies are pinned to exact versions", () => {
  for (const folder of [".", "test/guide", "test/package", "test/runtimes", "test/world"]) {
    const manifest = readFileSync(join(root, folder, "package.json"), "utf8");
    const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
    for (const [name, version] of Object.entries(devDependencies)) {
      expect.soft(version, name).toMatch(/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  }
});
