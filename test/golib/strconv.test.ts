import * as strconv from "gocsp/golib/strconv";
import { describe } from "vitest";
import { replay } from "./replay.ts";

describe("strconv", () => {
  replay(
    "strconv.jsonl",
    "[B3]",
    {
      formatFloat: strconv.formatFloat,
      formatInt: strconv.formatInt,
      formatUint: strconv.formatUint,
      itoa: strconv.itoa,
      atoi: strconv.atoi,
      parseInt: strconv.parseInt,
      parseUint: strconv.parseUint,
      parseFloat: strconv.parseFloat,
      parseBool: strconv.parseBool,
      formatBool: strconv.formatBool,
      quote: strconv.quote,
      quoteToASCII: strconv.quoteToASCII,
      quoteToGraphic: strconv.quoteToGraphic,
      quoteRune: strconv.quoteRune,
      quoteRuneToASCII: strconv.quoteRuneToASCII,
      canBackquote: strconv.canBackquote,
      isPrint: strconv.isPrint,
      isGraphic: strconv.isGraphic,
      unquote: strconv.unquote,
      unquoteChar: strconv.unquoteChar,
      parseInt64: strconv.parseInt64,
      parseUint64: strconv.parseUint64,
    },
    {
      several: [
        "atoi",
        "parseInt",
        "parseUint",
        "parseFloat",
        "parseBool",
        "unquote",
        "unquoteChar",
        "parseInt64",
        "parseUint64",
      ],
    },
  );
});
