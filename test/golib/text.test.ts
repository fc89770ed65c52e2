import * as golib from "gocsp/golib";
import * as utf8 from "gocsp/golib/utf8";
import { describe } from "vitest";
import { replay } from "./replay.ts";

describe("strings as bytes", () => {
  replay("text.jsonl", "[B2]", {
    len: golib.len,
    byteAt: golib.byteAt,
    substring: golib.substring,
    toBytes: golib.toBytes,
    toRunes: golib.toRunes,
    fromRune: golib.fromRune,
    fromRunes: golib.fromRunes,
    fromBytes: golib.fromBytes,
    runes: (text: string) => [...golib.runes(text)],
  });
});

describe("utf8", () => {
  replay(
    "utf8.jsonl",
    "[B2]",
    {
      runeCount: utf8.runeCount,
      runeCountInString: utf8.runeCountInString,
      valid: utf8.valid,
      validString: utf8.validString,
      validRune: utf8.validRune,
      runeLen: utf8.runeLen,
      decodeRune: utf8.decodeRune,
      decodeRuneInString: utf8.decodeRuneInString,
      decodeLastRune: utf8.decodeLastRune,
      decodeLastRuneInString: utf8.decodeLastRuneInString,
      fullRune: utf8.fullRune,
      runeStart: utf8.runeStart,
      appendRune: utf8.appendRune,
      encodeRune: (rune: number) => {
        const bytes = new Uint8Array(4);
        return [utf8.encodeRune(bytes, rune), bytes];
      },
    },
    { several: ["decodeRune", "decodeRuneInString", "decodeLastRune", "decodeLastRuneInString", "encodeRune"] },
  );
});
