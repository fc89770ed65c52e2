// Checks the package as a user gets it: packs it, installs the tarball in a new project, and compiles programs there.
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { check, finish, skip } from "../../scripts/checks.ts";
import {
  installOnce,
  mustRun,
  packAndInstall,
  type Result,
  root,
  run,
  temporaryFolder,
} from "../../scripts/project.ts";

const here = import.meta.dirname;
const consumer = packAndInstall();
const installed = join(consumer.folder, "node_modules", "gocsp");
const files = readdirSync(installed, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(installed, join(entry.parentPath, entry.name)).split(sep).join("/"));
const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
  exports: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
};

/** Tells whether a file belongs to a package for Node, Bun and Deno alone, which no other package may import. */
function needsNode(file: string): boolean {
  return /^dist\/(http|exec|port|golib\/(http|httptest|net|os|testing|url)|(sql|topic)\/(sqlite|postgres|mysql|jetstream)|(explore|trace)\/register\.)/.test(
    file,
  );
}

await check("the tarball holds the build, its sources and the papers, nothing else", () => {
  // The translator is packed as Go sources, which the command builds where it runs.
  const translator = "port\\/\\w+\\.go|port\\/go\\.(mod|sum)|port\\/golib\\.json";
  const papers = "package\\.json|LICENSE|README\\.md|CHANGELOG\\.md|llms\\.txt|skills/gocsp/SKILL\\.md";
  const expected = new RegExp(`^(dist/.+\\.(js|d\\.ts)(\\.map)?|src/.+\\.ts|${translator}|${papers})$`);
  const unexpected = files.filter((file) => !expected.test(file));
  if (unexpected.length > 0) throw new Error(`unexpected: ${unexpected.join(", ")}`);
  for (const paper of ["LICENSE", "README.md", "CHANGELOG.md", "llms.txt", "skills/gocsp/SKILL.md"]) {
    if (!files.includes(paper)) throw new Error(`${paper} is missing`);
  }
});

await check("the package has one dependency, and only sync has it; only what needs Node imports its modules", () => {
  const names = Object.keys(manifest.dependencies ?? {}).join(" ");
  if (names !== "async-mutex") throw new Error(names);
  for (const file of files.filter((name) => name.startsWith("dist/") && name.endsWith(".js"))) {
    const imports = readFileSync(join(installed, file), "utf8").match(/^import .* from "[^.].*"/gm) ?? [];
    const foreign = needsNode(file) ? imports.filter((line) => !/ from "node:\w+"/.test(line)) : imports;
    if (foreign.length > 0 && !file.startsWith("dist/sync/")) throw new Error(`${file}: ${foreign.join(" ")}`);
  }
});

await check("every source map leads to a file of the tarball", () => {
  for (const file of files.filter((name) => name.endsWith(".map"))) {
    const map = JSON.parse(readFileSync(join(installed, file), "utf8")) as { sources: string[] };
    for (const source of map.sources) statSync(join(installed, dirname(file), source));
  }
});

/** Packages without a subpath: those that the library's own tools use, and the command. */
const internal = new Set(["./conductor", "./port"]);
/** Modules to preload, and related modules. These subpaths are not packages. */
const preloads = ["./trace/register", "./explore/register", "./explore/vite", "./explore/points"];

await check("the subpaths are the folders of src that have an entry file, and all lead to files", () => {
  const entries = files.map((file) => /^src\/((?:[^/]+\/)*([^/]+))\/\2\.ts$/.exec(file)?.[1]);
  const folders = entries
    .filter((folder) => folder !== undefined)
    .map((folder) => `./${folder}`)
    .filter((folder) => !internal.has(folder));
  const others = new Set([".", "./package.json", ...preloads]);
  const subpaths = Object.keys(manifest.exports).filter((name) => !others.has(name));
  const got = subpaths.toSorted().join(" ");
  const want = folders.toSorted().join(" ");
  if (got !== want) throw new Error(`exports:         ${got}\nfolders in src:  ${want}`);
  for (const target of Object.values(manifest.exports).flatMap((entry) =>
    Object.values(typeof entry === "string" ? [entry] : entry),
  )) {
    statSync(join(installed, target));
  }
});

const tool = (name: string, ...path: string[]): string => join(root, "node_modules", name, ...path);

await check("declarations import each other as the code does", () => {
  for (const file of files.filter((name) => name.startsWith("dist/") && name.endsWith(".d.ts"))) {
    const text = readFileSync(join(installed, file), "utf8").replace(/\/\*[^]*?\*\//g, "");
    for (const [, specifier] of text.matchAll(/(?:from |import\()"([^"]+)"/g)) {
      if (specifier === "async-mutex" && file.startsWith("dist/sync/")) continue;
      if (specifier?.startsWith("node:") && needsNode(file)) continue;
      if (!/^\.\.?\/.+\.js$/.test(specifier ?? "")) throw new Error(`${file} imports ${specifier}`);
      statSync(join(installed, dirname(file), specifier ?? ""));
    }
  }
});

await check("publint", () => {
  mustRun(process.execPath, [tool("publint", "src", "cli.js"), consumer.tarball, "--strict"]);
});

await check("are the types wrong", () => {
  // The package is ESM only by intent; the profile leaves out what only CommonJS callers and old resolvers would see.
  mustRun(process.execPath, [
    tool("@arethetypeswrong/cli", "dist", "index.js"),
    consumer.tarball,
    "--profile",
    "esm-only",
  ]);
});

installOnce(here);
const compilers = {
  "5.9.3": join(here, "node_modules", "typescript5", "bin", "tsc"),
  "6.0.3": join(here, "node_modules", "typescript6", "bin", "tsc"),
  "7.0.2": tool("typescript", "bin", "tsc"),
};
const resolutions = {
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};
for (const program of ["correct.ts", "mistakes.ts", "minimal.ts", "databases.ts", "servers.ts"]) {
  copyFileSync(join(here, "consumer", program), join(consumer.folder, program));
}

for (const [version, compiler] of Object.entries(compilers)) {
  await check(`TypeScript ${version} is installed`, () => {
    const printed = mustRun(process.execPath, [compiler, "--version"]);
    if (printed.trim() !== `Version ${version}`) throw new Error(printed);
  });
  for (const [resolution, options] of Object.entries(resolutions)) {
    const compile = (program: string, lib: readonly string[], types: readonly string[] = []): void => {
      const compilerOptions = {
        ...options,
        target: "es2022",
        lib,
        types,
        typeRoots: [join(root, "node_modules", "@types")],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      const project = join(consumer.folder, "tsconfig.json");
      writeFileSync(project, JSON.stringify({ compilerOptions, files: [program] }));
      const { code, stdout, stderr } = run(process.execPath, [compiler, "-p", project], consumer.folder);
      if (code !== 0) throw new Error(stdout + stderr);
    };
    await check(`TypeScript ${version}, ${resolution}: a correct program compiles with exact types`, () => {
      compile("correct.ts", ["es2022", "esnext.disposable", "dom"]);
    });
    await check(`TypeScript ${version}, ${resolution}: the declarations need no more than ES2022`, () => {
      compile("minimal.ts", ["es2022"]);
    });
    await check(`TypeScript ${version}, ${resolution}: databases need no more than disposables`, () => {
      compile("databases.ts", ["es2022", "esnext.disposable"]);
    });
    await check(`TypeScript ${version}, ${resolution}: HTTP needs the types of Node`, () => {
      compile("servers.ts", ["es2022", "esnext.disposable"], ["node"]);
    });
    await check(`TypeScript ${version}, ${resolution}: every mistake is found`, () => {
      compile("mistakes.ts", ["es2022", "esnext.disposable", "dom"]);
    });
  }
}

const packages = join(consumer.folder, "stack");
cpSync(join(here, "consumer", "stack"), packages, { recursive: true });
const command = join(consumer.folder, "node_modules", ".bin", "gocsp");

/** Runs the installed command with this PATH, as `npx gocsp port` does. */
function port(args: readonly string[], path: string): Result {
  const env = { ...process.env, PATH: path, GOTOOLCHAIN: "local" };
  return run(process.execPath, [command, "port", ...args], packages, 300_000, env);
}

const seconds = ({ milliseconds }: Result): string => (milliseconds / 1000).toFixed(1);

/** A `go` command that says it is of another version. */
function otherGo(script: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "go"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

/** Fails unless the command has ended with status 1, and has printed one sentence. */
function mustRefuse({ code, stdout, stderr }: Result, sentence: RegExp): void {
  if (code !== 1 || stdout !== "" || !sentence.test(stderr)) throw new Error(`exit ${code}\n${stdout}${stderr}`);
}

const translates = "gocsp port translates a package with the installed Go, and no compiler; the output runs";
const paths = process.env["PATH"] ?? "";
const hasGo = paths.split(delimiter).some((folder) => existsSync(join(folder, "go")));
if (!hasGo && process.env["CI"] === undefined) skip(translates, "no go in PATH");
else {
  await check(translates, () => {
    const out = join(consumer.folder, "ported");
    const first = port(["--tests", "-o", out, "."], paths);
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    if (!/100(\.0+)? ?%/.test(first.stdout)) throw new Error(`not all is translated:\n${first.stdout}`);
    const again = port(["--tests", "-o", join(consumer.folder, "again"), "."], paths);
    if (again.code !== 0 || /building/.test(again.stderr)) throw new Error(`it is built again:\n${again.stderr}`);
    console.log(`      the first run took ${seconds(first)} s, the next one ${seconds(again)} s`);
    const tests = mustRun(process.execPath, ["--test", join(out, "stack.test.ts")], consumer.folder);
    if (!/^(?:ℹ|#) pass 2$/m.test(tests) || !/^(?:ℹ|#) fail 0$/m.test(tests)) throw new Error(tests);
  });
}

await check("gocsp port without Go says so in one sentence, and ends with status 1", () => {
  mustRefuse(
    port(["."], temporaryFolder()),
    /^gocsp port needs Go 1\.\d+ or newer: there is no go command \(see https:\/\/go\.dev\/dl\/\)\n$/,
  );
});

await check("gocsp port with a Go that is too old says so in one sentence, and ends with status 1", () => {
  const old = otherGo("echo go1.20.3; echo /tmp");
  mustRefuse(port(["."], old), /^gocsp port needs Go 1\.\d+ or newer: this is go1\.20\.3\n$/);
});

finish();
