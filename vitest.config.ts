import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^gocsp$/, replacement: source("index.ts") },
      { find: /^gocsp\/explore\/(points|vite)$/, replacement: source("explore/$1.ts") },
      // A subpath is a folder whose entry file has the folder's name: gocsp/sql/sqlite is src/sql/sqlite/sqlite.ts.
      { find: /^gocsp\/((?:[^/]+\/)*)([^/]+)$/, replacement: `${source("")}$1$2/$2.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**"],
    // Machines are shared: a test that hangs is ended, a slow one is not.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The memory tests compare heaps after a collection.
    pool: "forks",
    // Many tests wait for servers and programs: a processor kept free for vitest itself, its default, would stay idle.
    maxWorkers: "100%",
    execArgv: ["--expose-gc"],
  },
});
