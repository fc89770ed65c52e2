import * as bufio from "gocsp/golib/bufio";
import * as bytes from "gocsp/golib/bytes";
import * as strings from "gocsp/golib/strings";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";

const { scanLines, scanWords, scanRunes, scanBytes } = bufio;
const splits: Record<string, bufio.SplitFunc> = { scanLines, scanWords, scanRunes, scanBytes };

describe("bytes", () => {
  replay(
    "bytes.jsonl",
    "[B9]",
    {
      compare: bytes.compare,
      equal: bytes.equal,
      index: bytes.index,
      lastIndex: bytes.lastIndex,
      indexByte: bytes.indexByte,
      contains: bytes.contains,
      hasPrefix: bytes.hasPrefix,
      hasSuffix: bytes.hasSuffix,
      count: bytes.count,
      split: bytes.split,
      splitN: bytes.splitN,
      replace: bytes.replace,
      trimPrefix: bytes.trimPrefix,
      trimSuffix: bytes.trimSuffix,
      join: bytes.join,
      trimSpace: bytes.trimSpace,
      fields: bytes.fields,
      toUpper: bytes.toUpper,
      trim: bytes.trim,
      clone: bytes.clone,
      cut: (text: Uint8Array, separator: Uint8Array) => {
        const [before, after = new Uint8Array(0), found] = bytes.cut(text, separator);
        return [before, after, found];
      },
      equalFold: bytes.equalFold,
      lastIndexByte: bytes.lastIndexByte,
      repeat: bytes.repeat,
      replaceAll: bytes.replaceAll,
      runes: bytes.runes,
      toLower: bytes.toLower,
      trimLeft: bytes.trimLeft,
      trimRight: bytes.trimRight,
      ...Object.fromEntries(Object.entries(splits).map(([name, split]) => [name, (text: string) => scan(text, split)])),
    },
    { several: ["cut"] },
  );
});

async function scan(text: string, by: bufio.SplitFunc): Promise<string[]> {
  const scanner = bufio.newScanner(strings.newReader(text));
  scanner.split(by);
  const tokens: string[] = [];
  while (await scanner.scan()) tokens.push(scanner.text());
  expect(scanner.err()).toBeUndefined();
  return tokens;
}

describe("bufio", () => {
  test("a token that is too long stops the scanner [B9]", async () => {
    const scanner = bufio.newScanner(strings.newReader("x".repeat(100_000)));
    expect(await scanner.scan()).toBe(false);
    expect(scanner.err()).toBe(bufio.errTooLong);
    expect(scanner.text()).toBe("");
  });

  test("characters that are cut by a read are put together again [B9]", async () => {
    const data = new TextEncoder().encode("aé😀");
    let at = 0;
    const scanner = bufio.newScanner({
      read(p) {
        if (at >= data.length) return [0, bufioEnd()];
        p[0] = data[at++] as number;
        return [1, undefined];
      },
    });
    scanner.split(bufio.scanRunes);
    const found: string[] = [];
    while (await scanner.scan()) found.push(scanner.text());
    expect(found).toEqual(["a", "é", "😀"]);
  });

  test("a reader reads lines, characters and bytes, and takes one back [B9]", async () => {
    const r = bufio.newReader(strings.newReader("one\ntwo\r\né!"));
    expect(await r.readString(10)).toEqual(["one\n", undefined]);
    expect((await r.readLine())[0]).toEqual(new TextEncoder().encode("two"));
    expect(await r.readRune()).toEqual([233, 2, undefined]);
    expect(await r.readByte()).toEqual([33, undefined]);
    expect(r.unreadByte()).toBeUndefined();
    expect(await r.readString(10)).toEqual(["!", bufioEnd()]);
  });
});

function bufioEnd(): Error {
  return strings.newReader("").readByte()[1] as Error;
}
