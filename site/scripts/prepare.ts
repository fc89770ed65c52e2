/**
 * Makes the pages that the generator reads: texts and programs put together. Everything goes to `.generated/`, which is
 * made anew each time.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { chapters } from "../content/chapters.ts";
import { levels } from "../content/levels.ts";
import { patterns } from "../content/patterns.ts";
import { align } from "../model/align.ts";
import { apiPages, folder as reference, writeApi } from "./api.ts";
import { benchmarks, type Document, guides } from "./documents.ts";
import { buildEngine, root, site } from "./engine.ts";
import { buildHints } from "./hints.ts";
import { record } from "./record.ts";
import { anchorsMended, type Lookup, lookupIn, subjectOf } from "./symbols.ts";

const generated = join(site, ".generated");
const pages = join(generated, "pages");
const open = join(generated, "public");
const content = join(site, "content");

function read(...path: string[]): string {
  return readFileSync(join(...path), "utf8");
}

function example(...path: string[]): string {
  return read(root, "examples", ...path).trimEnd();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(pages, path)), { recursive: true });
  writeFileSync(join(pages, path), text);
}

function fence(language: string, code: string): string {
  return `\n\`\`\`\`${language}\n${code}\n\`\`\`\`\n`;
}

/** A page with the data of its living parts, each of which takes the place of a tag. */
function living(path: string, text: string, data: object, parts: Readonly<Record<string, string>>): void {
  let page = text;
  for (const [tag, part] of Object.entries(parts)) page = page.replace(`\n${tag}\n`, () => `\n${part}\n`);
  // Vue reads the script as text: what would end it is written otherwise.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const [front = ""] = /^---\n[\s\S]*?\n---\n/.exec(page) ?? [];
  write(path, `${front}<script setup>\nconst data = ${json};\n</script>\n\n${page.slice(front.length)}`);
}

function writePatterns(): void {
  for (const pattern of patterns) {
    const { name, twin, repair = "main.ts", proof, views, staticOnly } = pattern;
    const [ts, go] = [example(name, "main.ts"), example(name, "main.go")];
    const broken = example(name, twin.file ?? "twin.ts");
    const repaired = example(name, repair);
    const data = {
      ts,
      broken,
      repaired,
      repair,
      twin,
      proof,
      views,
      staticOnly,
      output: staticOnly === true ? example(name, "output.txt") : "",
      pairs: align(go, ts),
    };
    living(`patterns/${name}.md`, read(content, "patterns", `${name}.md`), data, {
      "<Programs />": `<Programs name="${name}" :ts="data.ts" :pairs="data.pairs" :views="data.views" :static-only="data.staticOnly" :output="data.output">
<template #go>
${fence("go", go)}
</template>
<template #ts>
${fence("ts", ts)}
</template>
</Programs>`,
      "<Twin />": `<Twin :ts="data.broken" :twin="data.twin">
${fence("ts", broken)}
</Twin>`,
      "<Repair />": `<Repair :ts="data.repaired" :file="data.repair" :check="data.proof">
${fence("ts", repaired)}
</Repair>`,
    });
  }
}

function writeTour(): void {
  for (const chapter of chapters) {
    const { name, program, task, check, views } = chapter;
    const path = program?.split("/") ?? ["lessons", name, "main.ts"];
    const [ts, go] = [example(...path), example(...path.slice(0, -1), "main.go")];
    const data = {
      ts,
      start: example("lessons", name, "task.ts"),
      solution: example("lessons", name, "solution.ts"),
      check,
      views,
      title: `Your task: ${task}`,
    };
    const text = read(content, "tour", `${name}.md`);
    living(`tour/${name}.md`, text, data, {
      "<Program />": `<Program :ts="data.ts" :views="data.views">
${fence("ts", ts)}
<template #go>
${fence("go", go)}
</template>
</Program>`,
      "<Task />": `<Exercise id="tour.${name}" :title="data.title" :start="data.start" :solution="data.solution" :check="data.check" />`,
    });
  }
}

function writeLevels(): void {
  for (const level of levels) {
    const { name, check, goal, reached, slow, views } = level;
    const ts = example("levels", name, "start.ts");
    const data = {
      ts,
      solution: example("levels", name, "solution.ts"),
      check,
      level: { goal, reached, slow, views },
      title: "Repair it",
    };
    living(`levels/${name}.md`, read(content, "levels", `${name}.md`), data, {
      "<Schedule />": `<Schedule id="levels.${name}" :ts="data.ts" :level="data.level">
${fence("ts", ts)}
</Schedule>`,
      "<Repair />": `<Exercise id="levels.${name}" :title="data.title" :start="data.ts" :solution="data.solution" :check="data.check" />`,
    });
  }
}

function writeIndexes(): void {
  const card = ({
    name,
    title,
    summary,
    ...rest
  }: {
    name: string;
    title: string;
    summary: string;
    group?: string;
    difficulty?: number;
  }) => {
    const { group, difficulty } = rest;
    return { name, title, summary, group, difficulty };
  };
  const index = (folder: string, cards: readonly object[], numbered: boolean): void => {
    const text = read(content, folder, "index.md");
    living(
      `${folder}/index.md`,
      text,
      { cards },
      {
        "<Cards />": `<Cards folder="${folder}" :cards="data.cards" ${numbered ? "numbered" : ""} />`,
      },
    );
  };
  index("patterns", patterns.map(card), false);
  index("tour", chapters.map(card), true);
  index("levels", levels.map(card), true);
}

function writePlayground(): void {
  const samples = patterns.filter(({ staticOnly }) => staticOnly !== true).map(({ name, title }) => ({ name, title }));
  const first = patterns.find(({ name }) => name === "fan-in") ?? patterns[0];
  living(
    "playground.md",
    read(content, "playground.md"),
    { samples, start: example(first?.name ?? "", "main.ts") },
    {
      "<Playground />": `<Playground :samples="data.samples" :start="data.start" />`,
    },
  );
  mkdirSync(join(open, "programs"), { recursive: true });
  for (const { name } of samples) {
    const program = { ts: example(name, "main.ts"), go: example(name, "main.go") };
    writeFileSync(join(open, "programs", `${name}.json`), JSON.stringify(program));
  }
}

/** A fixed order would teach a falsehood: each visit begins with one of these, and goes on with others. */
const homeSeeds = [1, 2, 3];

async function writeHome(): Promise<void> {
  const ts = read(content, "home.ts").trimEnd();
  const recorded = await record(join(open, "engine.js"), ts, homeSeeds);
  writeFileSync(join(generated, "home.json"), JSON.stringify(recorded));
  living(
    "index.md",
    read(content, "index.md"),
    { ts, recorded },
    {
      "<Live />": `<Live :ts="data.ts" :recorded="data.recorded">
${fence("ts", ts)}
</Live>`,
    },
  );
}

/** Where the pages of the repository's documents are; others are files of the repository. */
const pageOf = new Map<string, string>([
  ...guides.map(({ path, page }) => [path, `guides/${page}.md`] as const),
  ...benchmarks.map(({ path, page }) => [path, `benchmarks/${page}.md`] as const),
  ["site/COMPARISON.md", "comparison.md"],
  ["bench/README.md", "benchmarks/index.md"],
]);

const repository = "https://github.com/gocsp/gocsp";

/** Links of a document lead to pages where there are any, otherwise to the repository. */
function linked(text: string, path: string, page: string): string {
  return text.replace(/(\]\()([^)\s]+)(\))/g, (whole, before: string, target: string, after: string) => {
    if (/^(https?:|mailto:|#)/.test(target)) return whole;
    const [file = "", hash] = target.split("#");
    const to = posix.normalize(posix.join(posix.dirname(path), file));
    const known = pageOf.get(to);
    const suffix = hash === undefined ? "" : `#${hash}`;
    if (known !== undefined) return `${before}${relativeTo(page, known)}${suffix}${after}`;
    if (/\.(svg|png)$/.test(to) && existsSync(join(root, to))) {
      mkdirSync(join(open, "pictures"), { recursive: true });
      const name = to.replaceAll("/", "-");
      cpSync(join(root, to), join(open, "pictures", name));
      return `${before}/pictures/${name}${after}`;
    }
    return `${before}${repository}/blob/main/${to}${suffix}${after}`;
  });
}

function relativeTo(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** Names of the API in a guide's prose lead to where the reference tells them: modules, and what is in them. */
function namesLinked(text: string, page: string, lookup: Lookup): string {
  const byName = new Map(apiPages().map(({ name, page }) => [name, `${page}.md`]));
  const subject = subjectOf(text);
  return text
    .split(/(^```[\s\S]*?^```|^#.*$|\[[^\]]*\]\([^)]*\))/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part.replace(/`([^`\n]+)`/g, (whole, name: string) => {
            const found = byName.get(name) ?? lookup(name, subject);
            return found === undefined ? whole : `[${whole}](${relativeTo(page, `api/${found}`)})`;
          }),
    )
    .join("");
}

/** Vue must not read what a document writes in braces or angle brackets. */
function plain(text: string): string {
  return text
    .split(/(^(?:```|~~~)[\s\S]*?^(?:```|~~~)$|`[^`\n]*`)/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replaceAll("{{", "&#123;&#123;")
            .replace(/<(?!!--|\/?(?:https?:|br|sup|sub|details|summary|img|a)\b)(?=[A-Za-z/])/g, "&lt;"),
    )
    .join("");
}

function writeDocuments(folder: string, documents: readonly Document[], index: string): void {
  const lookup = lookupIn(reference, apiPages());
  for (const { path, page, title } of documents) {
    const text = read(root, path);
    const titled = /^# /m.test(text) ? text : `# ${title}\n\n${text}`;
    const picture = path.replace(/\.md$/, ".svg");
    const pictured =
      folder === "benchmarks" && existsSync(join(root, picture)) && !titled.includes(".svg")
        ? `${titled}\n\n![${title}](./${posix.basename(picture)})\n`
        : titled;
    const out = `${folder}/${page}.md`;
    write(out, namesLinked(linked(plain(pictured), path, out), out, lookup).replaceAll(/^(```\w+) .*$/gm, "$1"));
  }
  write(`${folder}/index.md`, index);
}

/** The texts for programs that read: an index, and each document as plain Markdown beside its page. */
function writePlain(): void {
  const lines = [
    "# gocsp",
    "",
    "> Go's concurrency for TypeScript and JavaScript. This is the site; every page is here as plain Markdown too.",
    "",
  ];
  const add = (heading: string, entries: readonly (readonly [path: string, title: string, text: string])[]): void => {
    lines.push(`## ${heading}`, "");
    for (const [path, title, text] of entries) {
      lines.push(`- [${title}](md/${path})`);
      mkdirSync(dirname(join(open, "md", path)), { recursive: true });
      writeFileSync(join(open, "md", path), text);
    }
    lines.push("");
  };
  const code = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
  add(
    "Guides",
    guides.map(({ path, page, title }) => [`guides/${page}.md`, title, read(root, path)]),
  );
  add(
    "Patterns",
    patterns.map(({ name, title, twin, repair }) => [
      `patterns/${name}.md`,
      title,
      read(content, "patterns", `${name}.md`)
        .replace(
          "<Programs />",
          () => `${code("go", example(name, "main.go"))}\n\n${code("ts", example(name, "main.ts"))}`,
        )
        .replace("<Twin />", () => code("ts", example(name, twin.file ?? "twin.ts")))
        .replace("<Repair />", () => code("ts", example(name, repair ?? "main.ts"))),
    ]),
  );
  add(
    "Tour",
    chapters.map(({ name, title, program }) => [
      `tour/${name}.md`,
      title,
      read(content, "tour", `${name}.md`)
        .replace("<Program />", () => {
          const path = program?.split("/") ?? ["lessons", name, "main.ts"];
          return `${code("go", example(...path.slice(0, -1), "main.go"))}\n\n${code("ts", example(...path))}`;
        })
        .replace("<Task />", () => code("ts", example("lessons", name, "task.ts"))),
    ]),
  );
  add(
    "Levels",
    levels.map(({ name, title }) => [
      `levels/${name}.md`,
      title,
      read(content, "levels", `${name}.md`)
        .replace("<Schedule />", () => code("ts", example("levels", name, "start.ts")))
        .replace("<Repair />", ""),
    ]),
  );
  add(
    "Benchmarks",
    benchmarks.map(({ path, page, title }) => [`benchmarks/${page}.md`, title, read(root, path)]),
  );
  writeFileSync(join(open, "llms.txt"), lines.join("\n"));
}

/** TypeDoc's pages as the generator wants them. */
function mendApi(): void {
  const files = readdirSync(reference, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
  const texts = new Map(files.map((file) => [file.replaceAll("\\", "/"), plain(read(reference, file))]));
  const textOf = (page: string): string => texts.get(page) ?? "";
  for (const [page, text] of texts) {
    // A module may share its title's anchor with what it exports.
    const titled = text.replace(/^# ([\w-]+)$/m, "# $1 {#module-$1}");
    writeFileSync(join(reference, page), anchorsMended(titled, page, textOf));
  }
}

/** Keeps the reference and the type hints of the last time: they take longest. */
const fast = process.argv.includes("--fast");
/** Leaves out the documents: for those who work on the living parts. */
const small = process.env["SITE_SMALL"] === "1";
if (!fast) rmSync(generated, { recursive: true, force: true });
mkdirSync(open, { recursive: true });
cpSync(join(site, "public"), open, { recursive: true });
if (small) {
  for (const folder of ["guides", "benchmarks", "api"]) rmSync(join(pages, folder), { recursive: true, force: true });
} else if (!fast || !existsSync(reference)) {
  await writeApi();
  mendApi();
}
writePatterns();
writeTour();
writeLevels();
writeIndexes();
writePlayground();
if (!small)
  writeDocuments(
    "guides",
    guides,
    `# Guides\n\n${guides.map(({ page, title }) => `- [${title}](./${page}.md)`).join("\n")}\n`,
  );
/** Whoever reads wants the results; whoever runs them finds the commands below. */
const readme = linked(plain(read(root, "bench/README.md")), "bench/README.md", "benchmarks/index.md");
const list = benchmarks.map(({ page, title }) => `- [${title}](./${page}.md)`).join("\n");
const newest = benchmarks.findLast(({ page }) => page.startsWith("node-"));
const plot = `![${newest?.title}](./results/${newest?.page}.svg)`;
const picture = linked(plot, "bench/README.md", "benchmarks/index.md");
if (!small)
  writeDocuments(
    "benchmarks",
    benchmarks,
    readme.replace(/^# .*$/m, (title) => `${title}\n\n${picture}\n\n${list}\n\n## How to run them`),
  );
for (const [name, path] of [
  ["teaching.md", "site/content/teaching.md"],
  ["comparison.md", "site/COMPARISON.md"],
] as const) {
  if (!existsSync(join(root, path))) continue;
  const front = name === "comparison.md" ? "---\naside: false\npageClass: wide\n---\n\n" : "";
  write(
    name,
    front + linked(plain(read(root, path)), path === "site/content/teaching.md" ? "teaching.md" : path, name),
  );
}
writePlain();
await buildEngine(open);
await writeHome();
if (!fast || !existsSync(join(open, "hints.js"))) await buildHints(open);
