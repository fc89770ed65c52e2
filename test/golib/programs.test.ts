import * as golib from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as bufio from "gocsp/golib/bufio";
import * as bytes from "gocsp/golib/bytes";
import * as io from "gocsp/golib/io";
import * as list from "gocsp/golib/list";
import * as log from "gocsp/golib/log";
import * as ring from "gocsp/golib/ring";
import * as strings from "gocsp/golib/strings";
import { describe } from "vitest";
import { replay, stepsOn } from "./replay.ts";

/** A reader that returns its text in parts. */
function chunks(parts: readonly string[]): io.Reader {
  const left = parts.map((part) => golib.toBytes(part));
  return {
    read(p) {
      const [first] = left;
      if (first === undefined) return [0, io.eof];
      const n = golib.copy(p, first);
      if (n < first.length) left[0] = first.subarray(n);
      else left.shift();
      return [n, undefined];
    },
  };
}

describe("readers and writers", () => {
  let target = new strings.Builder();
  replay(
    "readers.jsonl",
    "[B9]",
    {
      "strings.newReader": stepsOn(strings.newReader),
      "strings.Builder": stepsOn(() => new strings.Builder()),
      "bytes.newReader": stepsOn(bytes.newReader),
      "bytes.newBuffer": stepsOn(bytes.newBuffer),
      "bytes.newBufferString": stepsOn(bytes.newBufferString),
      "bufio.newReader": stepsOn((parts: string[]) => bufio.newReader(chunks(parts))),
      "bufio.newWriterSize": async (size: number, steps: [string, ...unknown[]][]) => {
        target = new strings.Builder();
        const writer = bufio.newWriterSize(target, size);
        const found = await stepsOn(() => writer)(...([steps] as never[]));
        await writer.flush();
        return [...found, target.string()];
      },
    },
    {
      several: [
        "strings.newReader",
        "strings.Builder",
        "bytes.newReader",
        "bytes.newBuffer",
        "bytes.newBufferString",
        "bufio.newReader",
        "bufio.newWriterSize",
      ],
    },
  );
});

const splits: Record<string, bufio.SplitFunc> = {
  scanLines: bufio.scanLines,
  scanWords: bufio.scanWords,
  scanRunes: bufio.scanRunes,
};

describe("io", () => {
  type Copied = [n: number, err: Error | undefined];
  /** Calls what copies to a writer, and returns its results with what was written. */
  const written = async (f: (target: strings.Builder) => Promise<Copied>): Promise<unknown[]> => {
    const target = new strings.Builder();
    return [...(await f(target)), target.string()];
  };
  /** Calls what fills a buffer, and returns what is in it. */
  const filled = async (length: number, f: (p: Uint8Array) => Promise<Copied>): Promise<unknown[]> => {
    const p = new Uint8Array(length);
    const [n, err] = await f(p);
    return [p.slice(0, n), err];
  };

  const functions = {
    readAll: (parts: string[]) => io.readAll(chunks(parts)),
    readFull: (parts: string[], length: number) => filled(length, (p) => io.readFull(chunks(parts), p)),
    readAtLeast: (parts: string[], length: number, least: number) =>
      filled(length, (p) => io.readAtLeast(chunks(parts), p, least)),
    copy: (parts: string[]) => written((to) => io.copy(to, chunks(parts))),
    copyBuffer: (parts: string[], size: number) =>
      written((to) => io.copyBuffer(to, chunks(parts), new Uint8Array(size))),
    copyN: (text: string, n: number) => written((to) => io.copyN(to, strings.newReader(text), n)),
    limitReader: (text: string, n: number) => io.readAll(io.limitReader(strings.newReader(text), n)),
    multiReader: (a: string[], b: string[]) => io.readAll(io.multiReader(chunks(a), chunks(b))),
    multiWriter: (text: string) => {
      const other = new strings.Builder();
      return written(async (to) => io.writeString(io.multiWriter(to, other), text)).then((found) => [
        ...found,
        other.string(),
      ]);
    },
    teeReader: async (parts: string[]) => {
      const tee = new strings.Builder();
      return [...(await io.readAll(io.teeReader(chunks(parts), tee))), tee.string()];
    },
    writeString: (text: string) => io.writeString(io.discard, text),
    nopCloser: (parts: string[]) => io.readAll(io.nopCloser(chunks(parts))),
    scanner: async (parts: string[], split: string, limit: number) => {
      const scanner = bufio.newScanner(chunks(parts));
      scanner.buffer(golib.makeBytes(0, limit), limit);
      scanner.split(splits[split] as bufio.SplitFunc);
      const tokens: string[] = [];
      while (await scanner.scan()) tokens.push(scanner.text());
      return [tokens, scanner.err()];
    },
  };
  replay("io.jsonl", "[B15]", functions, { several: Object.keys(functions) });
});

describe("lists", () => {
  type Step = [name: string, value: number, a: number, b: number];

  function runList(steps: Step[]): unknown[] {
    const l = list.new<number>();
    const elements: list.Element<number>[] = [];
    const keep = (e: list.Element<number> | undefined): void => {
      if (e !== undefined) elements.push(e);
    };
    return steps.map(([name, value, at, other]) => {
      const [a, b] = [elements[at], elements[other]] as [list.Element<number>, list.Element<number>];
      if (name === "pushFront" || name === "pushBack") keep(l[name](value));
      else if (name === "insertBefore" || name === "insertAfter") keep(l[name](value, a));
      else if (name === "remove" || name === "moveToFront" || name === "moveToBack") l[name](a);
      else if (name === "moveBefore" || name === "moveAfter") l[name](a, b);
      else if (name === "pushBackList" || name === "pushFrontList") l[name](l);
      const values = [l.len()];
      for (let e = l.front(); e !== undefined; e = e.next()) values.push(e.value);
      for (let e = l.back(); e !== undefined; e = e.prev()) values.push(e.value);
      return values;
    });
  }

  function runRing([first, second]: [number, number], steps: [name: string, n: number][]): unknown[] {
    let one = ring.new<number>(first) as ring.Ring<number>;
    let two = ring.new<number>(second) as ring.Ring<number>;
    for (let i = 0; i < first + second; i++) {
      if (i < first) {
        one.value = i;
        one = one.next();
      } else {
        two.value = i;
        two = two.next();
      }
    }
    return steps.map(([name, n]) => {
      if (name === "move") one = one.move(n);
      else if (name === "unlink") two = one.unlink(n) ?? two;
      else if (name === "link") two = one.link(two);
      else if (name === "next") one = one.next();
      else two = two.prev();
      const values: unknown[] = [one.len(), two.len()];
      one.do((value) => values.push(value));
      two.do((value) => values.push(value));
      return values;
    });
  }

  replay("lists.jsonl", "[B15]", { list: runList, ring: runRing });
});

describe("atomic", () => {
  type Call = [name: string, result: unknown, ...operands: number[]];
  const functions = atomic as unknown as Record<string, (...args: unknown[]) => unknown>;
  replay(
    "atomic.jsonl",
    "[B15]",
    {
      Int32: stepsOn(() => new atomic.Int32()),
      Int64: stepsOn(() => new atomic.Int64()),
      Uint32: stepsOn(() => new atomic.Uint32()),
      Uint64: stepsOn(() => new atomic.Uint64()),
      Bool: stepsOn(() => new atomic.Bool()),
      Value: stepsOn(() => new atomic.Value()),
      variables: (_kind: string, calls: Call[]) => {
        const variable = golib.ref(0);
        for (const [name, result, ...operands] of calls) {
          const found = functions[name]?.(variable, ...operands);
          if (found !== result)
            throw new Error(`${name}(${operands.join(", ")}): ${String(found)}, ${String(result)} in Go`);
        }
        return undefined;
      },
    },
    { several: ["Int32", "Int64", "Uint32", "Uint64", "Bool", "Value"] },
  );
});

describe("log", () => {
  let out = new strings.Builder();
  replay(
    "log.jsonl",
    "[B15]",
    {
      new: stepsOn(
        (prefix: string, flags: number) => {
          out = new strings.Builder();
          return log.new(out, prefix, flags);
        },
        () => [out.string()],
      ),
    },
    { several: ["new"] },
  );
});
