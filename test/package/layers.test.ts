import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const linter = join(root, "node_modules", "oxlint", "bin", "oxlint");

/** Lints a repository that consists of these files with our rules: returns the violated rules, by file. */
function lint(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-lint-"));
  try {
    copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, types: [] } }));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const options = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 } as const;
    const { stdout, stderr } = spawnSync(process.execPath, [linter, "--format=json"], options);
    if (!stdout.startsWith("{")) throw new Error(stdout + stderr);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
    const found = new Map<string, string[]>([...files.keys()].map((path) => [path, []]));
    for (const { filename, code } of diagnostics) found.get(filename.replaceAll("\\", "/"))?.push(code);
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The layers of the design, lowest first: what each folder may import besides itself. */
const layers: Record<string, readonly string[]> = {
  runtime: [],
  errors: ["runtime"],
  chan: ["runtime"],
  select: ["runtime", "chan"],
  time: ["runtime", "chan", "select"],
  context: ["runtime", "chan", "select", "time"],
};
for (const [name, more] of Object.entries({
  sync: [],
  errgroup: ["sync"],
  semaphore: ["sync"],
  singleflight: ["sync"],
  rate: ["sync"],
  signal: ["sync"],
  events: ["sync"],
  stream: ["sync"],
  diagnostics: [],
  conductor: [],
  synctest: ["conductor"],
  trace: ["conductor"],
  explore: ["conductor", "trace"],
  pprof: ["conductor", "trace"],
})) {
  layers[name] = ["runtime", "chan", "select", "time", "context", ...more];
}
/** Folders that no other imports: tools, and the bridges to events and streams. */
const tools = new Set(["conductor", "synctest", "trace", "explore", "pprof", "events", "stream"]);
const everything = Object.keys(layers).filter((name) => !tools.has(name));
layers["lint"] = [];
for (const name of ["exec", "http", "sql"]) layers[name] = everything;
layers["topic"] = [...everything, "sql"];
layers["golib"] = ["runtime", "errors", "chan", "select", "time", "context", "sync"];
const folders = Object.keys(layers);
const restricted = "eslint(no-restricted-imports)";

test("each folder imports only from its lower layers", () => {
  const files = new Map<string, string>();
  const allowed = new Map<string, boolean>();
  const add = (from: string, text: string, ok: boolean): void => {
    const path = `src/${from}/file${files.size}.ts`;
    files.set(path, text);
    allowed.set(path, ok);
  };
  for (const [from, below] of Object.entries(layers)) {
    for (const to of folders.filter((name) => name !== from)) {
      const specifier = `"../${to}/${to}.ts"`;
      add(from, `export * from ${specifier};\n`, below.includes(to));
      add(from, `import { x } from ${specifier};\nexport const y: unknown = x;\n`, below.includes(to));
      add(from, `import type { X } from ${specifier};\nexport type Y = X;\n`, below.includes(to));
    }
    add(from, `export * from "./other.ts";\n`, true);
    add(from, `export * from "node:fs";\n`, from === "http" || from === "exec");
    for (const specifier of ["fs", "fast-check", "gocsp", "gocsp/runtime", "./other", "./other.js", ".."]) {
      add(from, `export * from "${specifier}";\n`, false);
    }
  }
  for (const [path, rules] of lint(files)) {
    expect.soft(!rules.includes(restricted), `${path}: ${files.get(path)}`).toBe(allowed.get(path));
  }
});

test("promises that float are errors everywhere, any is one in src", () => {
  const floating = "export async function f(): Promise<void> {}\nf();\n[1].forEach(async () => f());\n";
  const paths = ["src/chan/file.ts", "test/file.test.ts", "examples/file.ts"];
  const found = lint(
    new Map([...paths.map((path) => [path, floating] as const), ["src/any.ts", "export let x: any;"]]),
  );
  for (const path of paths) {
    expect.soft(found.get(path), path).toContain("typescript(no-floating-promises)");
    expect.soft(found.get(path), path).toContain("typescript(no-misused-promises)");
  }
  expect(found.get("src/any.ts")).toContain("typescript(no-explicit-any)");
});

test("every folder of src is one of the layers", () => {
  const paths = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const present = new Set(paths.map((path) => path.split(/[\\/]/)).flatMap(([folder, file]) => (file ? [folder] : [])));
  // No folder may import the command.
  present.delete("port");
  expect(folders).toEqual(expect.arrayContaining([...present]));
});

test("the parts of sql keep to their own layers, and only drivers, exec and http import Node's modules", () => {
  const cases: [from: string, specifier: string, ok: boolean][] = [
    ["http", "./httptest/httptest.ts", false],
    ["http/httptest", "../http.ts", true],
    ["http/httptest", "../../sql/sql.ts", false],
    ["sql", "./driver/driver.ts", true],
    ["sql", "./sqlite/sqlite.ts", false],
    ["sql", "../http/http.ts", false],
    ["sql/driver", "../sql.ts", false],
    ["sql/driver", "../../context/context.ts", true],
    ["sql/driver", "node:net", false],
    ["sql/drivertest", "../sql.ts", true],
    ["sql/drivertest", "../pool.ts", false],
    ["sql/drivertest", "vitest", false],
    ["sql/sqlite", "../driver/driver.ts", true],
    ["sql/sqlite", "../sql.ts", false],
    ["sql/sqlite", "../postgres/postgres.ts", false],
    ["sql/sqlite", "node:worker_threads", true],
    ["sql/postgres", "pg", true],
    ["sql/postgres", "fast-check", false],
    ["sql", "../topic/topic.ts", false],
    ["topic", "./postgres/postgres.ts", false],
    ["topic", "../sql/pool.ts", false],
    ["topic", "../sql/postgres/postgres.ts", false],
    ["topic", "node:crypto", false],
    ["topic/topictest", "../topic.ts", true],
    ["topic/topictest", "../memory.ts", false],
    ["topic/postgres", "../../sql/postgres/postgres.ts", true],
    ["topic/postgres", "../jetstream/jetstream.ts", false],
    ["topic/jetstream", "@nats-io/jetstream", true],
  ];
  const files = new Map(
    cases.map(([from, specifier], i) => [`src/${from}/file${i}.ts`, `export * from "${specifier}";\n`]),
  );
  const found = [...lint(files).values()];
  cases.forEach(([from, specifier, ok], i) => {
    expect.soft(!found[i]?.includes(restricted), `${from} imports ${specifier}`).toBe(ok);
  });
});

test("dynamic imports, which the linter does not look at, stay inside their folder or load a driver's peer", () => {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  const peers = new Set(Object.keys(peerDependencies).map((name) => `"${name}"`));
  for (const path of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts")) continue;
    const text = readFileSync(join(root, "src", path), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    for (const [, argument = ""] of text.matchAll(/\bimport\(([^)]*)\)/g)) {
      // A variable that hides a package's name from bundlers counts as that name.
      const specifier = new RegExp(`const ${argument} = ("[^"]*");`).exec(text)?.[1] ?? argument;
      if (/^((sql|topic)[\\/]\w+[\\/]|explore[\\/]register\.ts$)/.test(path) && peers.has(specifier)) continue;
      if (/^"node:\w+"$/.test(specifier) && /^(http|golib[\\/]http|(sql|topic)[\\/]\w+)[\\/]/.test(path)) continue;
      expect.soft(specifier, path).toMatch(/^"\.\/[^/]+\.ts"$/);
    }
  }
});
