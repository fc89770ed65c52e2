/** A program pays for what it uses of golib: bundles of programs that use one function each. */

import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { describe, expect, test } from "vitest";
import { root } from "../../scripts/project.ts";

const dist = join(root, "dist");

/** Bundles a program as a page would be: returns the modules of which something is left, and the code. */
async function bundle(module: string, call: string): Promise<{ modules: string[]; code: string }> {
  const path = module === "golib" ? "golib/golib.js" : `golib/${module}/${module}.js`;
  const entry = "\0program";
  const output = (await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "program",
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry ? `import * as m from ${JSON.stringify(join(dist, path))}; console.log(${call});` : undefined,
      },
    ],
    build: { write: false, target: "esnext", minify: true, rolldownOptions: { input: entry } },
  })) as Rolldown.RolldownOutput;
  const [chunk] = output.output;
  const modules = Object.entries(chunk.modules)
    .filter(([id, { renderedLength }]) => id !== entry && renderedLength > 0)
    .map(([id]) => relative(dist, id).replaceAll("\\", "/").replace(/\.js$/, ""));
  return { modules: modules.sort(), code: chunk.code };
}
const strconvFloat = ["golib/strconv/decimal", "golib/strconv/float"];
const panics = ["golib/panics", "runtime/panic"];
const boxes = ["golib/boxed", "golib/types"];
const sharing = ["golib/append", "golib/grow", "golib/host", "golib/slice", "golib/space", "golib/text"];
const fmt = [
  ...["directives", "flags", "fmt", "printer", "scalar"].map((file) => `golib/fmt/${file}`),
  "golib/grow",
  "golib/host",
  "golib/integers",
  "golib/slice",
  "golib/strconv/quote",
  "golib/text",
  ...boxes,
  ...panics,
  ...strconvFloat,
];

/** A call, the modules of which something may be left, and how many bytes a minified bundle may have. */
const programs: readonly (readonly [module: string, call: string, modules: readonly string[], bytes: number])[] = [
  ["golib", "m.div(7, 2)", ["golib/integers", "runtime/panic"], 300],
  ["golib", "m.len('é')", ["golib/append", "golib/text"], 400],
  ["golib", "m.append([1], 2)", [...sharing, ...panics], 5500],
  ["golib", "m.equal(1, 2)", ["golib/equal", "runtime/panic", ...boxes], 6500],
  ["strings", "m.contains('a', 'b')", ["golib/strings/search"], 100],
  ["strings", "m.toUpper('a')", ["golib/strings/change", "golib/text", "golib/unicode/case"], 600],
  ["strconv", "m.itoa(1)", ["golib/integers", "golib/strconv/integer"], 400],
  ["strconv", "m.formatFloat(1, 'g', -1, 64)", strconvFloat, 4000],
  ["strconv", "m.quote('a')", ["golib/strconv/quote", "golib/text"], 900],
  ["fmt", "m.sprintf('%d', 1)", fmt, 27_000],
  ["sort", "m.ints([1])", ["golib/cmp/cmp", "golib/integers", "golib/sort/sort"], 620],
  ["slices", "m.sort([1])", ["golib/cmp/cmp", "golib/integers", "golib/slices/slices"], 620],
  ["maps", "m.keys(new Map())", ["golib/maps/maps"], 100],
  ["math", "m.abs(1)", ["golib/math/math"], 60],
  ["bits", "m.len(1)", ["golib/bits/bits"], 150],
  ["unicode", "m.isLetter(1)", ["golib/text", "golib/unicode/unicode"], 250],
  ["utf8", "m.runeCountInString('a')", ["golib/utf8/utf8"], 100],
  ["bytes", "m.equal(m.clone(), m.clone())", ["golib/bytes/bytes"], 350],
  ["list", "m.new_()", ["golib/list/list"], 1600],
  ["heap", "m.init({ len: () => 0 })", ["golib/heap/heap"], 300],
  ["atomic", "new m.Int32()", ["golib/atomic/atomic", "golib/integers"], 800],
  ["rand", "m.newPCG(1, 2)", ["golib/rand/pcg"], 700],
  ["time", "m.parseDuration('1s')", ["golib/host", "golib/text", "golib/time/parse"], 1300],
  ["http", "m.statusText(404)", ["golib/http/status"], 5000],
  ["url", "m.queryEscape('a')", ["golib/host", "golib/text", "golib/url/escape", "golib/url/url"], 1500],
  ["runtime", "m.numCPU()", ["golib/runtime/runtime"], 60],
];

describe("a program that uses one function of golib", () => {
  test.each(programs)("%s: %s brings only what it needs [B15]", async (module, call, modules, bytes) => {
    const bundled = await bundle(module, call);
    console.log(`gocsp/golib ${module} ${call}: ${bundled.code.length} B, ${gzipSync(bundled.code).length} B gzipped`);
    expect(bundled.modules).toEqual(modules.toSorted());
    expect(bundled.code.length).toBeLessThanOrEqual(bytes);
  });

  test("a program that uses a whole package is much larger [B15]", async () => {
    const [one, all] = [await bundle("strings", "m.contains('a', 'b')"), await bundle("strings", "m[location.hash]")];
    expect(all.code.length).toBeGreaterThan(20 * one.code.length);
  });
});
