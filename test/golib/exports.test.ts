import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as golib from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as bits from "gocsp/golib/bits";
import * as bufio from "gocsp/golib/bufio";
import * as bytes from "gocsp/golib/bytes";
import * as cmp from "gocsp/golib/cmp";
import * as debug from "gocsp/golib/debug";
import * as fmt from "gocsp/golib/fmt";
import * as heap from "gocsp/golib/heap";
import * as io from "gocsp/golib/io";
import * as list from "gocsp/golib/list";
import * as log from "gocsp/golib/log";
import * as maps from "gocsp/golib/maps";
import * as math from "gocsp/golib/math";
import * as os from "gocsp/golib/os";
import * as rand from "gocsp/golib/rand";
import * as reflect from "gocsp/golib/reflect";
import * as ring from "gocsp/golib/ring";
import * as runtime from "gocsp/golib/runtime";
import * as slices from "gocsp/golib/slices";
import * as sort from "gocsp/golib/sort";
import * as strconv from "gocsp/golib/strconv";
import * as strings from "gocsp/golib/strings";
import * as time from "gocsp/golib/time";
import * as unicode from "gocsp/golib/unicode";
import * as utf8 from "gocsp/golib/utf8";
import { describe, expect, test } from "vitest";
import { allExports } from "../../port/exports.ts";
import { root } from "../../scripts/project.ts";
import { recorded, replay } from "./replay.ts";

const packages: Readonly<Record<string, object>> = {
  golib,
  atomic,
  bits,
  bufio,
  bytes,
  cmp,
  debug,
  fmt,
  heap,
  io,
  list,
  log,
  maps,
  math,
  os,
  rand,
  reflect,
  ring,
  runtime,
  slices,
  sort,
  strconv,
  strings,
  time,
  unicode,
  utf8,
};

/** The packages whose tests are those of what they mirror: no function of Go's standard library. */
const elsewhere = ["assert", "goleak", "http", "httptest", "net", "require", "testing", "url"];

/** The recorded files of each package. */
const files: Readonly<Record<string, readonly string[]>> = {
  golib: ["text", "values", "math", "slices", "aliasing"],
  atomic: ["atomic"],
  bits: ["math"],
  bufio: ["bytes"],
  bytes: ["bytes"],
  fmt: ["fmt"],
  io: ["io"],
  maps: ["maps"],
  math: ["math"],
  slices: ["slices"],
  sort: ["sort"],
  strconv: ["strconv"],
  strings: ["strings"],
  time: ["time"],
  unicode: ["unicode"],
  utf8: ["utf8"],
};

/** What is recorded under another name, or as part of a program: the name in the file. */
const within: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  golib: { KeyMap: "values/KeyMap", hashKey: "values/KeyMap", Slice: "aliasing/Slice", typed: "fmt/sprintf" },
  atomic: Object.fromEntries(
    ["add", "compareAndSwap", "load", "store", "swap"].flatMap((name) =>
      ["Int32", "Int64", "Uint32", "Uint64"].map((type) => [name + type, "atomic/variables"]),
    ),
  ),
  bufio: {
    Reader: "readers/bufio.newReader",
    Scanner: "io/scanner",
    Writer: "readers/bufio.newWriterSize",
    newReader: "readers/bufio.newReader",
    newScanner: "io/scanner",
    newWriter: "readers/bufio.newWriterSize",
    newWriterSize: "readers/bufio.newWriterSize",
    newReaderSize: "readers/bufio.newReader",
  },
  bytes: {
    Buffer: "readers/bytes.newBuffer",
    Reader: "readers/bytes.newReader",
    newBuffer: "readers/bytes.newBuffer",
    newBufferString: "readers/bytes.newBufferString",
    newReader: "readers/bytes.newReader",
  },
  cmp: { compare: "slices/cmpCompare", less: "slices/cmpLess", or: "slices/cmpOr" },
  heap: Object.fromEntries(["fix", "init", "pop", "push", "remove"].map((name) => [name, "sort/heap"])),
  io: { LimitedReader: "io/limitReader", discard: "io/writeString" },
  list: Object.fromEntries(["Element", "List", "new", "newList", "new_"].map((name) => [name, "lists/list"])),
  log: Object.fromEntries(["Logger", "lmsgprefix", "new", "newLogger", "new_"].map((name) => [name, "log/new"])),
  rand: Object.fromEntries(["PCG", "Rand", "newPCG", "newRand", "new", "new_"].map((name) => [name, "rand/PCG"])),
  reflect: { deepEqual: "values/deepEqual" },
  ring: Object.fromEntries(["Ring", "new", "newRing", "new_"].map((name) => [name, "lists/ring"])),
  slices: { delete: "slices/delete", sortStableFunc: "sort/sortStableFunc" },
  sort: { intSlice: "sort/reverse" },
  strings: {
    Builder: "readers/strings.Builder",
    Reader: "readers/strings.newReader",
    Replacer: "strings/replacer",
    newReader: "readers/strings.newReader",
    newReplacer: "strings/replacer",
  },
  strconv: { NumError: "strconv/parseInt" },
  time: {
    date: "time/format",
    fromNanoseconds: "time/nanoseconds",
    Time: "time/compareTimes",
    zero: "time/format",
    utc: "time/format",
  },
};

/** What has no recorded calls, and the folders whose tests or programs use it instead. */
const apart: Readonly<Record<string, readonly (readonly [why: string, where: string, names: string])[]>> = {
  golib: [
    [
      "changes the flow of control, or stands for a type or a variable of Go",
      "test/golib",
      "Boxed BoxedError Duration Float Once Panic PortError asError assertType asserted assignMap assignSlice bound box boxError caughtError cloneArray deferring deferringSync deref duration first flight flightChan float64 has interned must nilMap noPanic orZero panic panicIndex panicNil passing pull pull2 push pushAll pushing recovered ref refOf refTo sameOrZero seq setEntry sliceOf throwing unbox unported unsigned zero",
    ],
  ],
  atomic: [
    [
      "compares by identity, or is not of Go's library",
      "test/golib/host.test.ts",
      "Duration Error Float64 Pointer String Uintptr addUintptr compareAndSwapPointer loadPointer loadUintptr storePointer storeUintptr swapPointer",
    ],
  ],
  debug: [["shows the host", "test/golib/host.test.ts", "freeOSMemory printStack setGCPercent stack"]],
  fmt: [["prints", "port/testdata", "print printf println"]],
  io: [["waits for another goroutine", "test/golib", "PipeReader PipeWriter pipe readSome"]],
  log: [
    [
      "prints, or ends the process",
      "test/golib/host.test.ts",
      "defaultLogger default_ fatal fatalf fatalln flags panic panicf panicln prefix print printf println setFlags setOutput setPrefix writer",
    ],
  ],
  os: [
    [
      "shows the host",
      "test/golib",
      "File PathError Process args environ exit findProcess getenv getpid getwd hostname isExist isNotExist lookupEnv mkdir mkdirAll mkdirTemp readFile remove removeAll rename setenv stderr stdin stdout tempDir unsetenv writeFile",
    ],
  ],
  rand: [
    [
      "is another each time; the methods of a PCG are recorded",
      "test/golib/host.test.ts",
      "expFloat64 float32 float64 int int31 int31n int32 int32N int63 int63n int64 int64N intN intn n newSource normFloat64 perm read seed shuffle uint32 uint32N uint64 uint64N",
    ],
  ],
  runtime: [
    [
      "shows the host",
      "test/golib/host.test.ts",
      "Frame Frames callers callersFrames gc goarch goexit gomaxprocs goos gosched keepAlive lockOSThread numCPU numGoroutine stack unlockOSThread version",
    ],
  ],
  slices: [["is not of Go's library", "test/golib/slices.test.ts", "byLess"]],
  time: [
    ["reads the clock", "test/golib", "local now since sub until"],
    ["waits", "test/time", "Ticker Timer after afterFunc newTicker newTimer sleep tick"],
    ["stands for a deadline or a time that may be missing", "port/testdata", "at deadline"],
  ],
};

/** The text of all TypeScript files of a folder, or of a file. */
function textOf(where: string): string {
  const path = join(root, where);
  if (where.endsWith(".ts")) return readFileSync(path, "utf8");
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules") && !name.endsWith("exports.test.ts"))
    .map((name) => readFileSync(join(path, name), "utf8"))
    .join("\n");
}

describe("what golib exports", () => {
  const constants = new Set(recorded("constants.jsonl").map(({ name }) => name));
  const names = new Map<string, Set<string>>();
  const isRecorded = (file: string, name: string): boolean => {
    if (!names.has(file)) names.set(file, new Set(recorded(`${file}.jsonl`).map((call) => call.name)));
    return names.get(file)?.has(name) === true;
  };

  test("all packages are looked at [B15]", () => {
    const found = Object.keys(allExports()).filter((name) => /^gocsp\/golib(\/\w+)?$/.test(name));
    const known = [...Object.keys(packages), ...elsewhere];
    expect(found.map((name) => name.replace(/.*\//, "")).sort()).toEqual(known.sort());
  });

  test.each(Object.keys(packages))("every export of %s has recorded calls, or a reason why not [B15]", (name) => {
    const exported = Object.keys(packages[name] as object);
    const left = exported.filter((each) => {
      if (constants.has(`${name}.${each}`)) return false;
      if ((files[name] ?? []).some((file) => isRecorded(file, each))) return false;
      const [file = "", call = ""] = within[name]?.[each]?.split("/") ?? [];
      return file === "" || !isRecorded(file, call);
    });
    const listed = (apart[name] ?? []).flatMap(([, , names]) => names.split(" "));
    expect(left.sort()).toEqual(listed.sort());
  });

  test("what has no recorded calls is used where the list says [B15]", () => {
    const texts = new Map<string, string>();
    const unused: string[] = [];
    for (const [name, groups] of Object.entries(apart)) {
      for (const [, where, names] of groups) {
        const text = texts.get(where) ?? textOf(where);
        texts.set(where, text);
        for (const each of names.split(" ")) {
          const imported = new RegExp(`import \\{[^}]*\\b${each}\\b[^}]*\\} from "gocsp/golib"`);
          if (!new RegExp(`\\b${name}\\.${each}\\b`).test(text) && !imported.test(text))
            unused.push(`${name}.${each} in ${where}`);
        }
      }
    }
    expect(unused).toEqual([]);
  });
});

describe("constants", () => {
  replay(
    "constants.jsonl",
    "[B15]",
    Object.fromEntries(
      recorded("constants.jsonl").map(({ name }) => {
        const [module = "", constant = ""] = name.split(".");
        return [name, () => (packages[module] as Record<string, unknown>)[constant]];
      }),
    ),
  );
});
