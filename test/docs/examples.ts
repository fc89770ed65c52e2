import { globSync, readdirSync, readFileSync } from "node:fs";

/** The program of one `@example`. */
export interface Example {
  /** The source file and the symbol, as `chan/chan.ts ReceiveChan.receive`. */
  name: string;
  /** The name of the file to put the program in. */
  file: string;
  code: string;
  /** What it prints, by the comments behind its `console.log`s; undefined if it cannot run by itself. */
  output: string | undefined;
}

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** The subpaths that are used under their own name, as in `import * as rate from "gocsp/rate"`. */
const subpaths = [
  "errgroup",
  "semaphore",
  "singleflight",
  "rate",
  "signal",
  "synctest",
  "trace",
  "pprof",
  "events",
  "stream",
  "exec",
  "diagnostics",
  "http",
  "http/httptest",
  "sql",
  "sql/driver",
  "sql/drivertest",
  "topic",
  "topic/topictest",
  "lint",
];
/** The drivers, each a function of the same name, and what else is imported from them by name. */
const drivers = {
  sqlite: "SqliteError",
  postgres: "PostgresError, copyFrom, copyRow, copyTo, listen",
  mysql: "MysqlError",
};

const preamble = [...read("test/docs/preamble.ts").matchAll(/^export (?:declare )?(const|function|interface) (\w+)/gm)];
export const preambleNames: string[] = preamble.map(([, , name = ""]) => name);

/** Returns the names that an entry file exports from others, types with their keyword. */
function exported(entry: string): string[] {
  const found = read(entry).matchAll(/^export (?:(type )?\{([^}]*)\}|\* as (\w+)) from/gm);
  return [...found].flatMap(([, type = "", list = "", namespace]) => {
    if (namespace !== undefined) return [namespace];
    const names = list.split(",").map((name) => name.trim());
    return names.filter((name) => name !== "").map((name) => type + name);
  });
}

/** Returns the imports of what an example of golib uses: the language's functions by their names, packages by theirs. */
function golibImports(code: string): string[] {
  const functions = exported("src/golib/golib.ts").filter((name) => isUsed(name.replace("type ", ""), code));
  const packages = readdirSync(new URL("src/golib/", root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isUsed(entry.name, code))
    .map(({ name }) => `import * as ${name} from "gocsp/golib/${name}";`);
  return [`import { ${functions.join(", ")} } from "gocsp/golib";`, ...packages];
}

function isUsed(name: string, code: string): boolean {
  return new RegExp(`(?<!\\w|(?<!\\.\\.)\\.)${name}\\b`).test(code);
}

/** Returns the module for an example: a function with the public names and those of the preamble above it. */
export function moduleOf({ name, code, output }: Example): string {
  const golib = name.startsWith("golib/") ? golibImports(code) : [];
  const isOfGolib = (name: string): boolean => golib.some((line) => line.includes(`* as ${name} `));
  // A package of Go's library takes the place of ours of the same name.
  const flat = exported("src/index.ts").filter((name) => !isOfGolib(name));
  const runtime = exported("src/runtime/runtime.ts").filter((name) => !flat.includes(name));
  const assumed = preamble
    .filter(([, , name = ""]) => !isOfGolib(name))
    .map(([, kind, name]) => (kind === "interface" ? `type ${name}` : name));
  return [
    ...golib,
    `import { ${flat.join(", ")} } from "gocsp";`,
    `import { ${runtime.join(", ")} } from "gocsp/runtime";`,
    ...subpaths
      .filter((path) => !isOfGolib(path.slice(path.lastIndexOf("/") + 1)))
      .map((path) => `import * as ${path.slice(path.lastIndexOf("/") + 1)} from "gocsp/${path}";`),
    `import { explore, type ExploreError, replay, Session } from "gocsp/explore";`,
    `import { points } from "gocsp/explore/vite";`,
    ...Object.entries(drivers)
      .filter(([driver]) => !name.startsWith(`topic/${driver}/`))
      .map(([name, error]) => `import { ${name}, ${error} } from "gocsp/sql/${name}";`),
    // Two drivers have a function of this name.
    /^sql\/(postgres|mysql)\//.test(name) ? `import { clientOf } from "gocsp/${name.split("/", 2).join("/")}";` : "",
    // The engine for topics has the driver's name.
    name.startsWith("topic/postgres/")
      ? `import { postgres, SchemaError, schemaSQL } from "gocsp/topic/postgres";`
      : "",
    `import { jetstream } from "gocsp/topic/jetstream";`,
    // An example that runs does not use them: these names have no implementation.
    output === undefined ? `import { ${assumed.join(", ")} } from "../preamble.ts";` : "",
    `export async function example() {\n${code}}\n`,
  ].join("\n");
}

/** Returns the examples of all source files. */
export function examples(): Example[] {
  const files = globSync("src/**/*.ts", { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  return files.sort().flatMap((file) => examplesOf(file.slice("src/".length), read(file)));
}

function examplesOf(file: string, source: string): Example[] {
  const found: Example[] = [];
  for (const { 0: comment, index } of source.matchAll(/^ *\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n/gm)) {
    const text = comment.replaceAll(/^ *\* ?/gm, "");
    for (const [, code = ""] of text.matchAll(/^@example\n```ts\n([\s\S]*?)^```/gm)) {
      const symbol = symbolAt(source, index + comment.length);
      const same = found.filter(({ name }) => name.split(" ")[1] === symbol).length;
      const name = same === 0 ? `${file} ${symbol}` : `${file} ${symbol} ${same + 1}`;
      found.push({ name, file: `${name.replaceAll(/\W+/g, "-")}.ts`, code, output: outputOf(code) });
    }
  }
  return found;
}

const keywords =
  /\b(?:export|abstract|async|static|readonly|protected|override|get|function\*?|class|interface|const) /g;

/** Returns the name of what is declared at an index, with the class or interface around it. */
function symbolAt(source: string, index: number): string {
  const [line = ""] = /^(?! *\/\/).+/m.exec(source.slice(index)) ?? [];
  const [, name = line] = /(\[[\w.]+\]|\w+)/.exec(line.replaceAll(keywords, "")) ?? [];
  if (!line.startsWith(" ")) return name;
  const types = source.slice(0, index).matchAll(/^(?:export )?(?:abstract )?(?:class|interface) (\w+)/gm);
  return `${[...types].at(-1)?.[1]}.${name}`;
}

/**
 * Returns what an example prints: only if it has a `console.log`, each has its output behind it, and it needs nothing but
 * the library and lets the process live.
 */
function outputOf(code: string): string | undefined {
  const logs = [...code.matchAll(/console\.log\(.*/g)].map(([line]) => /\); \/\/ (.*)$/.exec(line)?.[1]);
  if (logs.length === 0 || logs.includes(undefined)) return undefined;
  const plain = code.replaceAll(/"[^"]*"|\/\/.*/g, "");
  const runs = !/\bmain\(/.test(plain) && !preambleNames.some((name) => isFree(name, plain));
  return runs ? joined(logs.join(" ")) : undefined;
}

/** Tells whether a program uses a name that it does not declare. */
export function isFree(name: string, code: string): boolean {
  const used = new RegExp(`(?<![.\\w])${name}\\b(?!:)`);
  const declared = new RegExp(`\\b(?:const|let) (?:\\[[^\\]]*)?\\b${name}\\b|\\(${name}: |catch \\(${name}\\b`);
  return used.test(code) && !declared.test(code);
}

/** Makes one line of a text. */
export function joined(text: string): string {
  return text.trim().split(/\s+/).join(" ");
}
